"""The kit itself: it notices what is wrong, and no clause is without a scenario."""

import copy
import os
import tempfile
import unittest

from tests.conformance import conform, expect, people, scenarios
from tests.harness.region_tap import main

ANSWER = {"card": {"state": "NORMAL", "version": "7", "steps": [{"code": "A"}, {"code": "B"}]}, "changed": False}


class ExpectTest(unittest.TestCase):
    def test_what_fits_is_silent(self):
        for path, wanted in (("card.state", "NORMAL"), ("card.version", 7), ("card.steps[1].code", "B"), ("changed", False),
                             ("card.steps[*].code", ["A", "B"]), ("card.steps", {"count": 2}), ("card.steps[*].code", {"contains": "A"}),
                             ("card.nothing", {"empty": True}), ("card.state", {"matches": "^NOR"}), ("card.state", {"not": "LOST"})):
            self.assertEqual(expect.differences(ANSWER, {path: wanted}), [], path)

    def test_what_does_not_fit_is_named(self):
        for path, wanted in (("card.state", "LOST"), ("card.version", 8), ("card.steps[2].code", "C"), ("changed", True),
                             ("card.steps[*].code", ["A"]), ("card.steps", {"count": 3}), ("card.steps[*].code", {"contains": "C"}),
                             ("card.state", {"empty": True}), ("card.state", {"lacks_match": "NOR"}), ("nothing", "x"),
                             ("card.steps[*].code", {"lacks": "A"}), ("card.state", {"one_of": ["LOST", "REQUESTED"]})):
            wrong = expect.differences(ANSWER, {path: wanted})
            self.assertEqual(len(wrong), 1, path)
            self.assertIn(path, wrong[0])


class ScenariosTest(unittest.TestCase):
    def malformed(self, text):
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, "x.yaml"), "w", encoding="utf-8") as file:
                file.write(text)
            with self.assertRaises(scenarios.Malformed) as caught:
                scenarios.read_scenarios(folder)
        return str(caught.exception)

    def test_a_misspelt_word_is_refused_by_name(self):
        step = "steps: [{call: CardService/GetCard, anser: {}}]"
        self.assertIn("anser", self.malformed(f"[{{id: a, proves: [R1], title: t, {step}}}]"))
        self.assertIn("stepz", self.malformed("[{id: a, proves: [R1], title: t, stepz: []}]"))
        self.assertIn("resaon", self.malformed("[{id: a, proves: [R1], title: t, steps: [{call: A/B, refused: {resaon: X}}]}]"))

    def test_a_clause_that_does_not_exist_is_refused(self):
        self.assertIn("R50", self.malformed("[{id: a, proves: [R50], title: t, steps: []}]"))

    def test_an_id_is_there_once(self):
        one = "{id: a, proves: [R1], title: t, steps: []}"
        self.assertIn("twice", self.malformed(f"[{one}, {one}]"))

    def test_procedures_actors_and_scenarios_fit_together(self):
        procedures, actors = scenarios.read_procedures(), scenarios.read_actors()
        for scenario in scenarios.read_scenarios():
            self.assertTrue(scenarios.needs_of(scenario, procedures), scenario["id"])
            for step in scenario["steps"]:
                if "as" in step and "$" not in step["as"]:
                    self.assertIn(step["as"], actors, scenario["id"])

    def test_no_clause_is_without_a_scenario(self):
        proved = {clause for scenario in scenarios.read_scenarios() for clause in scenario["proves"]}
        elsewhere = {*conform.WITH_FEDERATION, *conform.NOT_VISIBLE}
        self.assertEqual([clause for clause in conform.CLAUSES if clause not in proved and clause not in elsewhere], [])


class VerdictTest(unittest.TestCase):
    SCENARIO = {"id": "x", "proves": ["R4"], "title": "t"}

    def verdict(self, *states):
        outcomes = []
        for number, state in enumerate(states):
            scenario = copy.deepcopy(self.SCENARIO)
            scenario["id"] = f"x{number}"
            outcomes.append(conform.Outcome(scenario, state, "BankService" if state == "absent" else ""))
        return conform.verdict("R4", outcomes)

    def test_one_failure_fails_the_clause(self):
        self.assertEqual(self.verdict("passed", "failed"), ("FAILED", 2, "x1"))

    def test_what_is_not_offered_is_never_called_passed(self):
        self.assertEqual(self.verdict("absent")[0], "not offered")
        self.assertEqual(self.verdict("passed", "absent"), ("passed", 1, "also needs BankService"))

    def test_a_clause_without_scenarios_says_so(self):
        self.assertEqual(self.verdict()[0], "no scenario")


class PeopleTest(unittest.TestCase):
    def test_numbers_pass_their_check_and_do_not_repeat(self):
        source = people.People(7)
        numbers = [source.identity_number() for _ in range(3000)]
        self.assertEqual(len(set(numbers)), 3000)
        for number in numbers:
            weights = [pow(2, 17 - place, 11) for place in range(17)]
            total = sum(weight * int(digit) for weight, digit in zip(weights, number))
            self.assertEqual("10X98765432"[total % 11], number[17])


if __name__ == "__main__":
    main()
