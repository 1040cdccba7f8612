#!/bin/sh
# Runs one test program in Python, with Debian's interpreter (the one that has grpcio), from its runfiles.
exec env PYTHONPATH=. PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 /usr/bin/python3 -X faulthandler "$@"
