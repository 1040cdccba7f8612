"""Runs every scenario against a whole region, prints the verdict for each clause, and counts each scenario as a test."""

import io
import os
import sys

from tests.conformance.conform import TokenCommand, print_table, run_all
from tests.conformance.runner import Endpoints
from tests.harness.region_harness import Region, program

SERVICES = ("card", "status")


def _line(number, outcome):
    name = f"{outcome.scenario['id']}: {outcome.scenario['title']}"
    if outcome.state == "absent":
        return f"# not offered: {name}"
    return f"{'ok' if outcome.state == 'passed' else 'not ok'} {number} - {name}"


def main():
    with Region(SERVICES) as region:
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
