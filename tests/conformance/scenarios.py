"""Reads scenarios: what is given, what is done, what must come back. Must never call anything.

A file of scenarios that does not hold to its form is refused with its name and the word that is wrong.
"""

import os
import re

import yaml

FOLDER = os.path.dirname(os.path.abspath(__file__))
CLAUSE = re.compile(r"^(R([1-9]|[1-4][0-9])|S([1-9]|1[0-3])|N([1-9]|1[0-4]))$")
SCENARIO_WORDS = {"id", "proves", "title", "people", "born", "needs", "steps"}
STEP_WORDS = {"use", "as", "of", "claims", "at", "evidence", "call", "request", "answer", "refused", "save", "request_id", "language",
              "for_each", "replayed", "take", "eventually", "approved_by", "same_bytes_as", "save_bytes", "set", "anonymous", "printed"}
REFUSED_WORDS = {"status", "reason", "rule", "next_steps", "next_steps_start", "fields", "metadata", "text", "retry"}


class Malformed(Exception):
    """A scenario file that is not one."""


def _unknown(words, known, where):
    wrong = sorted(set(words) - known)
    if wrong:
        raise Malformed(f"{where}: unknown word {wrong[0]!r}; known: {', '.join(sorted(known))}")


def _check_step(step, where):
    _unknown(step, STEP_WORDS, where)
    if not {"use", "call", "set"} & set(step):
        raise Malformed(f"{where}: a step says call, use or set")
    if "refused" in step:
        _unknown(step["refused"], REFUSED_WORDS, where)
    if "refused" in step and "answer" in step:
        raise Malformed(f"{where}: a call is answered or refused, not both")


def _load(path):
    with open(path, encoding="utf-8") as file:
        return yaml.safe_load(file)


def _read_file(path):
    for scenario in _load(path):
        where = f"{os.path.basename(path)}: {scenario.get('id', 'no id')}"
        _unknown(scenario, SCENARIO_WORDS, where)
        for word in ("id", "proves", "title", "steps"):
            if word not in scenario:
                raise Malformed(f"{where}: `{word}` is missing")
        for clause in scenario["proves"]:
            if not CLAUSE.match(clause):
                raise Malformed(f"{where}: {clause} is no clause")
        for number, step in enumerate(scenario["steps"], 1):
            _check_step(step, f"{where}, step {number}")
        yield scenario


def read_scenarios(folder=None):
    """All scenarios, in the order of their files' names."""
    folder = folder or os.path.join(FOLDER, "scenarios")
    found, ids = [], set()
    for name in sorted(os.listdir(folder)):
        if name.endswith(".yaml"):
            for scenario in _read_file(os.path.join(folder, name)):
                if scenario["id"] in ids:
                    raise Malformed(f"{name}: {scenario['id']} is there twice")
                ids.add(scenario["id"])
                found.append(scenario)
    return found


def read_procedures():
    """{name: {set: {…}, steps: […]}}: what several scenarios do first."""
    procedures = _load(os.path.join(FOLDER, "procedures.yaml"))
    for name, procedure in procedures.items():
        _unknown(procedure, {"about", "set", "steps"}, f"procedures.yaml: {name}")
        for number, step in enumerate(procedure.get("steps", []), 1):
            _check_step(step, f"procedures.yaml: {name}, step {number}")
    return procedures


def read_actors():
    return _load(os.path.join(FOLDER, "actors.yaml"))


def read_values():
    """Named values that every scenario may use: kinds of evidence, addresses."""
    return _load(os.path.join(FOLDER, "values.yaml"))


def needs_of(scenario, procedures):
    """The services that a scenario calls, by the first word of a call: CardService."""
    found = set(scenario.get("needs", []))

    def walk(steps):
        for step in steps:
            if "call" in step:
                found.add(step["call"].partition("/")[0])
            if "use" in step:
                if step["use"] not in procedures:
                    raise Malformed(f"{scenario['id']}: no procedure {step['use']!r}")
                walk(procedures[step["use"]].get("steps", []))

    walk(scenario["steps"])
    return found
