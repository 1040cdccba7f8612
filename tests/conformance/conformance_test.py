"""Runs every scenario against a whole region, prints the verdict for each clause, and counts each scenario as a test."""

import io
import os
import sys

from tests.conformance.conform import TokenCommand, print_table, run_all
from tests.conformance.runner import Endpoints
from tests.harness.region_harness import Process, Region, eventually, program

# Owners before their readers.
SERVICES = ("card", "ecard", "status")
# The outside systems that a service is connected to, as simulators: the flag that names them.
SIMULATORS = {"ecard": ("face_simulator", "--face-match")}


class WholeRegion(Region):
    """All services, and a simulator for each outside system."""

    def start(self):
        self.simulators = [self._simulator(service, *SIMULATORS[service]) for service in SERVICES if service in SIMULATORS]
        super().start()

    def _simulator(self, service, name, flag):
        process = Process(name, [program(f"tools/{name}/{name}")], os.path.join(self.folder, f"{name}.log"))
        eventually(lambda: process.text().startswith("ready "), f"{name} is ready")
        self.flags.setdefault(service, []).extend([flag, "127.0.0.1:" + process.text().split()[1]])
        return process

    def stop(self):
        super().stop()
        self._end_simulators()

    def destroy(self):
        self._end_simulators()
        super().destroy()

    def _end_simulators(self):
        for process in getattr(self, "simulators", []):
            if process.runs():
                process.kill(15)
                process.wait()


def _line(number, outcome):
    name = f"{outcome.scenario['id']}: {outcome.scenario['title']}"
    if outcome.state == "absent":
        return f"# not offered: {name}"
    return f"{'ok' if outcome.state == 'passed' else 'not ok'} {number} - {name}"


def main():
    with WholeRegion(SERVICES) as region:
        endpoints = Endpoints([region.target(name) for name in SERVICES])
        tokens = TokenCommand(f"{program('tools/devkeys/devkeys')} token --dir {region.keys}")
        count, outcomes = 0, []
        for outcome in run_all(endpoints, tokens, sys.argv[1:], report=outcomes.append):
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
