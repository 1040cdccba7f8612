"""Banks that are slow, silent, wrong, late, forgetful or away, and a bank service that dies meanwhile."""

import unittest

from tests.harness.region_bank import BankDesk, BankRegion, request_of, short
from tests.harness.region_client import Refused
from tests.harness.region_harness import eventually
from tests.harness.region_tap import main


class GatewayTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.region = BankRegion()
        cls.region.__enter__()
        cls.desk = BankDesk(cls.region)

    @classmethod
    def tearDownClass(cls):
        cls.desk.close()
        cls.region.__exit__(None, None, None)

    def setUp(self):
        self.desk.banks_are("NORMAL")

    def request(self, card, kind="ACTIVATE"):
        return request_of(self.desk.link(card), kind)

    def has_problem(self, card, problem):
        request = self.request(card)
        return request if request.attempts > 0 and short(request, "problem") == problem else None

    def asked_once(self, card, method="ActivateAccount"):
        """One reference, carried out once, however often it was asked."""
        asked = self.desk.asked(card, method)
        self.assertEqual([one.carried_out for one in asked], [1])
        return asked[0]

    def test_a_slow_bank_is_waited_for_and_holds_nobody_up(self):
        slow, other = self.desk.loaded(), self.desk.loaded()
        self.desk.banks_are("SLOW", delay=1500)
        self.desk.activate(slow.name)
        self.assertEqual(self.desk.state(slow.name), "LOADED")
        self.desk.change("ConfirmBankLoss", other.name, evidence=())  # a write of somebody else goes on
        self.desk.change("ConfirmBankLoss", slow.name, evidence=())  # of the same link, too
        self.desk.wait_for(slow.name, "ACTIVE")
        self.assertEqual(short(self.desk.link(slow.name), "loss"), "CONFIRMED")
        self.asked_once(slow.name)

    def test_a_silent_bank_is_asked_again_under_the_same_reference(self):
        card = self.desk.loaded()
        self.desk.banks_are("SILENT")
        self.desk.activate(card.name)
        request = eventually(lambda: self.has_problem(card.name, "TIMEOUT"), "the bank did not answer in time")
        self.assertEqual(short(request, "state"), "OPEN")
        self.assertTrue(request.next_attempt_at.seconds > 0)
        self.desk.banks_are("NORMAL")
        self.desk.wait_for(card.name, "ACTIVE")
        self.assertEqual(self.request(card.name).reference, request.reference)
        self.assertGreaterEqual(self.asked_once(card.name).attempts, 2)

    def test_a_bank_that_is_away_loses_nothing(self):
        card = self.desk.loaded()
        self.desk.banks_are("AWAY")
        self.desk.activate(card.name)
        eventually(lambda: self.has_problem(card.name, "UNREACHABLE"), "the bank is away")
        self.desk.banks_are("NORMAL")
        self.desk.wait_for(card.name, "ACTIVE")
        self.asked_once(card.name)

    def test_answers_that_make_no_sense_are_not_believed(self):
        for behaviour in ("WRONG", "NONSENSE"):
            card = self.desk.loaded()
            self.desk.banks_are(behaviour)
            self.desk.activate(card.name)
            eventually(lambda name=card.name: self.has_problem(name, "MALFORMED"), f"a {behaviour} answer is seen through")
            self.assertEqual(self.desk.state(card.name), "LOADED")
            self.desk.banks_are("NORMAL")
            self.desk.wait_for(card.name, "ACTIVE")

    def test_a_bank_that_refuses_says_why_and_may_be_asked_anew(self):
        card = self.desk.loaded()
        self.desk.banks_are("REFUSES", reason="DOCUMENT_UNREADABLE")
        self.desk.activate(card.name)
        eventually(lambda: short(self.request(card.name), "state") == "REFUSED", "the bank refuses")
        self.assertEqual(self.request(card.name).reason, "DOCUMENT_UNREADABLE")
        self.assertEqual(self.desk.state(card.name), "LOADED")
        first = self.request(card.name).reference
        self.desk.banks_are("NORMAL")
        self.assertTrue(self.desk.activate(card.name).changed)
        self.desk.wait_for(card.name, "ACTIVE")
        self.assertNotEqual(self.request(card.name).reference, first)

    def test_a_late_answer_counts_when_it_comes(self):
        card = self.desk.loaded()
        self.desk.banks_are("LATE", delay=1000)
        self.desk.activate(card.name)
        eventually(lambda: short(self.request(card.name), "state") == "ACCEPTED", "the bank has taken it")
        self.assertEqual(self.request(card.name).reason, "IN_PROGRESS")
        self.assertEqual(self.desk.state(card.name), "LOADED")
        self.desk.wait_for(card.name, "ACTIVE")
        self.asked_once(card.name)

    def test_an_answer_that_comes_three_times_counts_once(self):
        card = self.desk.loaded()
        self.desk.banks_are("TWICE")
        self.desk.activate(card.name)
        link = self.desk.wait_for(card.name, "ACTIVE")
        reference = request_of(link, "ACTIVATE").reference
        more = {"reference": reference, "answer": "BANK_ANSWER_DONE"}
        for _ in range(3):
            result = self.desk.change("ReportBankAnswer", card.name, "SYSTEM", (), "PLATFORM", more)
            self.assertFalse(result.changed)
        self.assertEqual(self.desk.link(card.name).version, link.version)
        more = {"reference": reference, "answer": "BANK_ANSWER_REFUSED"}
        with self.assertRaises(Refused) as caught:
            self.desk.change("ReportBankAnswer", card.name, "SYSTEM", (), "PLATFORM", more)
        self.assertEqual(caught.exception.reason, "ANSWER_CONTRADICTS")
        self.assertEqual(self.desk.state(card.name), "ACTIVE")

    def test_an_answer_that_is_lost_is_fetched_by_repeating(self):
        card = self.desk.loaded()
        self.desk.banks_are("FORGETFUL")
        self.desk.activate(card.name)
        self.desk.wait_for(card.name, "ACTIVE")
        self.assertGreaterEqual(self.asked_once(card.name).attempts, 2)

    def test_kill_of_the_bank_service_at_any_moment_loses_and_doubles_nothing(self):
        cards = [self.desk.loaded() for _ in range(4)]
        self.desk.banks_are("SLOW", delay=300)
        for card in cards:
            self.desk.activate(card.name)
            self.region.kill_service("bank")
            self.region.start_service("bank")
            self.desk.bank_again()
        self.desk.banks_are("NORMAL")
        for card in cards:
            self.desk.wait_for(card.name, "ACTIVE")
            self.asked_once(card.name)

    def test_S6_S8_what_happened_while_the_bank_service_was_away_is_caught_up_with(self):
        lost, ended, made = self.desk.active(), self.desk.active(), self.desk.apply()
        self.region.stop_service("bank")
        self.desk.report_loss(lost.name)
        self.desk.recover(lost.name)
        self.desk.cancel(ended.name)
        self.desk.start(made.name)
        self.desk.complete(made.name)
        self.region.start_service("bank")
        self.desk.bank_again()
        self.assertEqual(self.desk.state(ended.name), "CLOSURE_PENDING")
        self.desk.wait_for(made.name, "LOADED")
        # Lost and found between two looks: only the feed knows, and the bank is asked all the same.
        eventually(lambda: short(self.desk.link(lost.name), "loss") == "CONFIRMED", "the bank was asked about the loss")
        self.asked_once(lost.name, "ConfirmLoss")

    def test_the_age_of_what_is_half_done_is_measured(self):
        card = self.desk.loaded()
        self.desk.banks_are("AWAY")
        self.desk.activate(card.name)

        def waiting():
            _, text = self.region.operations("bank", "/metrics")
            lines = dict(line.rsplit(" ", 1) for line in text.splitlines() if line.startswith("sscard_bank_case"))
            return float(lines.get('sscard_bank_cases_open{kind="request"}', 0)) >= 1
        eventually(waiting, "the open request is counted")
        self.assertGreaterEqual(self.request(card.name).age_seconds, 0)

    def test_the_card_service_away_is_said_and_nothing_is_guessed(self):
        card = self.desk.loaded()
        self.region.stop_redis()
        self.region.stop_service("card")
        with self.assertRaises(Refused) as caught:
            self.desk.link(card.name)
        self.assertEqual((caught.exception.status, caught.exception.reason), ("UNAVAILABLE", "OWNER_UNAVAILABLE"))
        self.region.start_redis()
        self.region.start_service("card")
        self.desk.again()
        eventually(lambda: self._answers(card.name), "the link can be read again")

    def _answers(self, card):
        try:
            return self.desk.link(card)
        except Refused as refusal:
            self.assertEqual(refusal.status, "UNAVAILABLE")
            return None


if __name__ == "__main__":
    main()
