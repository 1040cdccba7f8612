"""Does an endpoint obey the rules? Runs scenarios from outside and prints a verdict for each clause.

    PYTHONPATH=. /usr/bin/python3 tests/conformance/conform.py \\
        --endpoint 127.0.0.1:9601 --endpoint 127.0.0.1:9605 \\
        --token-command 'devkeys token --dir var/keys'

Exit code: 0 all scenarios that could run passed, 1 some failed, 2 wrong usage.
"""

import argparse
import json
import shlex
import subprocess
import sys

from tests.conformance.people import People
from tests.conformance.runner import Endpoints, Failed, Scenario
from tests.conformance.scenarios import Malformed, needs_of, read_actors, read_procedures, read_scenarios, read_values

CLAUSES = [f"R{number}" for number in range(1, 50)] + [f"S{number}" for number in range(1, 14)]
# What only several regions together can show.
WITH_FEDERATION = {"R34": "routing to the issuing region", "S4": "any region's endpoint", "S5": "cards in all regions"}

# What cannot be seen from outside.
NOT_VISIBLE = {"S13": "how a region's rule pack is loaded"}


class TokenCommand:
    """Tokens by a program: claims become flags, what it prints is the token. Equal claims are asked for once."""

    def __init__(self, command):
        self._command = shlex.split(command)
        self._tokens = {}

    def __call__(self, claims):
        flags = tuple(word for key, value in sorted(claims.items()) for word in (f"--{key}", str(value)))
        if flags not in self._tokens:
            done = subprocess.run([*self._command, *flags], capture_output=True, text=True, check=False)
            if done.returncode != 0:
                raise Failed(f"the token command ended with {done.returncode}: {done.stderr.strip()[-300:]}")
            self._tokens[flags] = done.stdout.strip()
        return self._tokens[flags]


class Printer:
    """The printer of PINs by a program: it opens what was sealed for it. Without one no PIN can be known."""

    def __init__(self, command):
        self._command = shlex.split(command or "")

    def __call__(self, sealed):
        if not self._command:
            raise Failed("a sealed PIN must be opened: give --printer-command")
        text = sealed.replace("+", "-").replace("/", "_").rstrip("=")
        done = subprocess.run([*self._command, "--sealed", text], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise Failed(f"the printer command ended with {done.returncode}: {done.stderr.strip()[-300:]}")
        return done.stdout.strip()


class Outcome:
    def __init__(self, scenario, state, text=""):
        self.scenario, self.state, self.text = scenario, state, text


def run_all(endpoints, tokens, printer, only=(), seed=None, report=lambda outcome: None):
    """One Outcome for each scenario: passed, failed, or absent when the endpoints do not offer what it calls."""
    procedures, actors, values = read_procedures(), read_actors(), read_values()
    people, outcomes = People(seed), []
    for scenario in read_scenarios():
        if only and not any(word == scenario["id"] or word in scenario["proves"] for word in only):
            continue
        absent = sorted(needs_of(scenario, procedures) - set(endpoints.services))
        if absent:
            outcome = Outcome(scenario, "absent", ", ".join(absent))
        else:
            outcome = Outcome(scenario, "passed")
            try:
                Scenario(scenario, endpoints, tokens, printer, people, procedures, actors, values).run()
            except Failed as error:
                outcome = Outcome(scenario, "failed", str(error))
        outcomes.append(outcome)
        report(outcome)
    return outcomes


def verdict(clause, outcomes):
    """(verdict, number of scenarios that ran, what to add)."""
    about = [outcome for outcome in outcomes if clause in outcome.scenario["proves"]]
    ran = [outcome for outcome in about if outcome.state != "absent"]
    failed = [outcome.scenario["id"] for outcome in ran if outcome.state == "failed"]
    absent = sorted({outcome.text for outcome in about if outcome.state == "absent"})
    if failed:
        return "FAILED", len(ran), ", ".join(failed)
    if not ran:
        if absent:
            return "not offered", 0, ", ".join(absent)
        for word, clauses in (("with federation", WITH_FEDERATION), ("not visible", NOT_VISIBLE)):
            if clause in clauses:
                return word, 0, clauses[clause]
        return "no scenario", 0, ""
    notes = [f"also needs {each}" for each in absent]
    if clause in WITH_FEDERATION:
        notes.append(f"with federation: {WITH_FEDERATION[clause]}")
    return "passed", len(ran), "; ".join(notes)


def print_table(outcomes, out):
    print("clause  verdict          scenarios  ", file=out)
    for clause in CLAUSES:
        word, count, note = verdict(clause, outcomes)
        print(f"{clause:<7} {word:<16} {count:>9}  {note}".rstrip(), file=out)
    states = [outcome.state for outcome in outcomes]
    print(f"scenarios: {states.count('passed')} passed, {states.count('failed')} failed, {states.count('absent')} not offered", file=out)


def as_json(outcomes):
    clauses = {}
    for clause in CLAUSES:
        word, count, note = verdict(clause, outcomes)
        clauses[clause] = {"verdict": word, "scenarios": count, "note": note}
    return {"clauses": clauses, "scenarios": [
        {"id": each.scenario["id"], "proves": each.scenario["proves"], "state": each.state, "text": each.text} for each in outcomes]}


def _arguments(words):
    parser = argparse.ArgumentParser(description="Runs the conformance scenarios against running services.")
    parser.add_argument("--endpoint", action="append", required=True, metavar="HOST:PORT",
                        help="a gRPC endpoint with reflection; may be repeated")
    parser.add_argument("--token-command", required=True, metavar="COMMAND",
                        help="prints a token for the claims that it gets as flags")
    parser.add_argument("--printer-command", metavar="COMMAND",
                        help="opens a sealed PIN (`--sealed TEXT`), as the printer of the factory does")
    parser.add_argument("--seed", type=int, help="of the people; by default new ones every time")
    parser.add_argument("--json", metavar="FILE", help="also write the outcome there")
    parser.add_argument("only", nargs="*", metavar="CLAUSE|ID", help="only these clauses or scenarios")
    return parser.parse_args(words)


def main(words):
    arguments = _arguments(words)
    tally = sys.stderr if arguments.json == "-" else sys.stdout

    def report(outcome):
        mark = {"passed": "ok", "failed": "FAILED", "absent": "not offered"}[outcome.state]
        print(f"{mark:<12} {outcome.scenario['id']}: {outcome.scenario['title']}", file=tally, flush=True)
        if outcome.text:
            print(f"             {outcome.text}", file=tally)

    endpoints = Endpoints(arguments.endpoint)
    try:
        outcomes = run_all(endpoints, TokenCommand(arguments.token_command), Printer(arguments.printer_command),
                           arguments.only, arguments.seed, report)
    except Malformed as error:
        print(error, file=sys.stderr)
        return 2
    finally:
        endpoints.close()
    print_table(outcomes, tally)
    if arguments.json:
        text = json.dumps(as_json(outcomes), ensure_ascii=False, indent=2)
        if arguments.json == "-":
            print(text)
        else:
            with open(arguments.json, "w", encoding="utf-8") as file:
                file.write(text + "\n")
    return 1 if any(outcome.state == "failed" for outcome in outcomes) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
