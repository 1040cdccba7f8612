"""Runs every scenario against a whole region, prints the verdict for each clause, and counts each scenario as a test."""

import io
import os
import sys

from tests.conformance.conform import Printer, TokenCommand, print_table, run_all
from tests.conformance.runner import Endpoints
from tests.harness.region_bank import BankRegion
from tests.harness.region_harness import Process, eventually, program

# Owners before their readers.
SERVICES = ("card", "credential", "ecard", "bank", "status")


class WholeRegion(BankRegion):
    """All services, and a simulator for each outside system."""

    face = None

    def start(self):
        self.face = Process("face", [program("tools/face_simulator/face_simulator")], os.path.join(self.folder, "face.log"))
        eventually(lambda: self.face.text().startswith("ready "), "the simulator of face checks is ready")
        self.flags["ecard"] = ["--peer", "face_match=127.0.0.1:" + self.face.text().split()[1]]
        super().start()

    def stop(self):
        super().stop()
        self._end_face()

    def destroy(self):
        self._end_face()
        super().destroy()

    def _end_face(self):
        if self.face and self.face.runs():
            self.face.kill(15)
            self.face.wait()


def _line(number, outcome):
    name = f"{outcome.scenario['id']}: {outcome.scenario['title']}"
    if outcome.state == "absent":
        return f"# not offered: {name}"
    return f"{'ok' if outcome.state == 'passed' else 'not ok'} {number} - {name}"


def main():
    with WholeRegion(SERVICES) as region:
        endpoints = Endpoints([region.target(name) for name in SERVICES])
        devkeys = program("tools/devkeys/devkeys")
        tokens = TokenCommand(f"{devkeys} token --dir {region.keys}")
        printer = Printer(f"{devkeys} print-pin --dir {region.keys}")
        count, outcomes = 0, []
        for outcome in run_all(endpoints, tokens, printer, sys.argv[1:], report=outcomes.append):
            count += outcome.state != "absent"
            print(_line(count, outcome))
            if outcome.text:
                print(f"#   {outcome.text}")
        endpoints.close()
    table = io.StringIO()
    print_table(outcomes, table)
    print("".join(f"#| {line}\n" for line in table.getvalue().splitlines()))
    print(f"1..{count}", flush=True)
    os._exit(0 if count > 0 and all(outcome.state != "failed" for outcome in outcomes) else 1)


main()
