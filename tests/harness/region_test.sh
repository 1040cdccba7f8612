#!/bin/sh
# Runs one test program in Python, with Debian's interpreter (the one that has grpcio), from its runfiles.
# Tests fork while they call; grpcio's own handlers for that abort now and then, and nobody calls in a child.
exec env GRPC_ENABLE_FORK_SUPPORT=false PYTHONPATH=. PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 /usr/bin/python3 -X faulthandler "$@"
