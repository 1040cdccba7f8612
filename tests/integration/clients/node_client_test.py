"""Starts a region and lets the foreign client in Node talk to it; its TAP lines are this test's."""

import json
import os
import shutil
import subprocess
import sys

from tests.harness.region_cards import Desk
from tests.harness.region_client import new_id
from tests.harness.region_harness import Region, identity_number, program

RUN_SECONDS = 100


def main():
    node = os.environ.get("SUITE_NODE") or shutil.which("node", path="/usr/local/bin:/usr/bin:/bin")
    if not node:
        print("#\n# SKIPPED: Node.js is not on this machine, so its foreign client was not tried\n#")
        return 0
    modules = os.environ.get("SUITE_NODE_MODULES", "")
    if not os.path.isdir(os.path.join(modules, "@grpc", "grpc-js")):
        print("not ok 1 - the npm packages of the foreign client are there")
        print("#   ./suite test installs them (tools/lint/package.json) and sets SUITE_NODE_MODULES")
        return 1
    with Region(("card", "status")) as region:
        desk = Desk(region)
        number = identity_number()
        answer = desk.import_holders([desk.imported(desk.imported_card(), number=number)])
        world = {"card": region.target("card"), "status": region.target("status"), "operator": region.token("OPERATOR"),
                 "normal": answer.verdicts[0].cards[0], "person": number, "made": desk.made().name, "ids": [new_id() for _ in range(3)]}
        desk.close()
        command = [node, program("tests/integration/clients/node_client.cjs"), modules, json.dumps(world)]
        return subprocess.run(command, timeout=RUN_SECONDS, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
