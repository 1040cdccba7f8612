"""The financial function in the status query (R3, R5): as the bank service's record says, with what the card's own adds."""

import unittest

from tests.harness.region_bank import BankDesk, BankRegion, short
from tests.harness.region_client import Client
from tests.harness.region_harness import eventually, identity_number
from tests.harness.region_tap import main


class AccountTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.region = BankRegion(services=("card", "bank", "status"))
        cls.region.__enter__()
        cls.desk = BankDesk(cls.region)
        cls.status = Client(cls.region.target("status"), "sscard.status.v1.StatusService")

    @classmethod
    def tearDownClass(cls):
        cls.status.close()
        cls.desk.close()
        cls.region.__exit__(None, None, None)

    def setUp(self):
        self.desk.banks_are("NORMAL")

    def ask(self, name, channel="BRANCH", **more):
        values = {"name": name, "readOptions": {"channel": f"CHANNEL_{channel}", "caseReference": "CASE-1"}, **more}
        return self.status.call("GetCardStatus", values, self.desk.token("OPERATOR"))

    def financial(self, name):
        answer = self.ask(name)
        return short(answer, "financial_status"), short(answer, "benefit_payout_ready")

    def test_R3_R5_the_account_goes_its_own_way_beside_the_card(self):
        card = self.desk.apply()
        self.assertEqual(self.financial(card.name), ("NONE", "NOT_READY"))
        self.desk.start(card.name)
        self.desk.complete(card.name)
        self.desk.wait_for(card.name, "LOADED")
        self.assertEqual(self.financial(card.name), ("LOADED", "NOT_READY"))
        self.desk.collect(card.name)
        answer = self.ask(card.name)
        self.assertEqual(short(answer, "social_status"), "NOT_ENABLED")
        steps = {step.code: step for step in answer.next_steps}
        self.assertEqual(steps["ACTIVATE_FINANCIAL_FUNCTION"].method,
                         "sscard.bank.v1.BankLinkService/ActivateFinancialFunction")
        self.assertEqual(steps["ACTIVATE_FINANCIAL_FUNCTION"].contact.phone, "95588")
        self.desk.activate(card.name)
        self.desk.wait_for(card.name, "ACTIVE")
        self.assertEqual(self.financial(card.name), ("ACTIVE", "READY"))
        self.assertEqual(short(self.ask(card.name), "social_status"), "NOT_ENABLED")
        self.assertFalse(self.ask(card.name).contributions_affected)

    def test_S6_a_cancelled_cards_account_is_closing_at_once(self):
        card = self.desk.active()
        self.assertEqual(self.financial(card.name), ("ACTIVE", "READY"))  # warm
        self.desk.banks_are("SILENT")
        self.desk.cancel(card.name)
        self.assertEqual(self.financial(card.name), ("CLOSURE_PENDING", "NOT_READY"))
        self.desk.banks_are("NORMAL")

    def test_S6_an_activation_that_was_read_at_the_bank_is_read_here(self):
        for _ in range(5):
            card = self.desk.loaded()
            self.assertEqual(self.financial(card.name)[0], "LOADED")
            self.desk.activate(card.name)
            self.desk.wait_for(card.name, "ACTIVE")
            self.assertEqual(self.financial(card.name), ("ACTIVE", "READY"))

    def test_R5_a_benefit_asks_the_holder_until_the_account_is_active(self):
        card = self.desk.loaded()

        def usable():
            values = {"name": card.name, "purpose": "PURPOSE_BENEFIT_PAYMENT", "readOptions": {"channel": "CHANNEL_SYSTEM"}}
            return short(self.status.call("CheckUsable", values, self.desk.token("PLATFORM")), "usability")
        self.assertEqual(usable(), "ASK_HOLDER")
        self.desk.activate(card.name)
        self.desk.wait_for(card.name, "ACTIVE")
        self.assertEqual(usable(), "USABLE")

    def test_R13_the_bank_is_to_be_told_until_it_confirms(self):
        card = self.desk.active()
        self.desk.banks_are("SILENT")
        self.desk.report_loss(card.name)
        self.assertIn("REPORT_TO_BANK_TOO", [step.code for step in self.ask(card.name).next_steps])
        self.desk.banks_are("NORMAL")
        eventually(lambda: short(self.desk.link(card.name), "loss") == "CONFIRMED", "the bank confirms")
        self.assertNotIn("REPORT_TO_BANK_TOO", [step.code for step in self.ask(card.name).next_steps])

    def test_S6_the_bank_service_away_is_unknown_and_never_a_guess(self):
        number = identity_number()
        card = self.desk.active(number=number)
        self.region.stop_redis()
        self.region.stop_service("bank")
        answer = eventually(lambda: self._unknown(card.name), "the account is unknown")
        self.assertEqual(short(answer, "benefit_payout_ready"), "UNKNOWN")
        self.assertEqual(short(answer, "social_status"), "ENABLED")
        self.region.start_redis()
        self.region.start_service("bank")
        self.desk.bank_again()
        eventually(lambda: self.financial(card.name) == ("ACTIVE", "READY"), "the account is known again")

    def _unknown(self, name):
        answer = self.ask(name)
        return answer if short(answer, "financial_status") == "UNKNOWN" else None

    def test_R21_guidance_explains_what_the_bank_refuses(self):
        guidance = self.status.call("GetGuidance", {"reason": "BANK_MANAGED"}, self.desk.token("OPERATOR"), "en")
        self.assertIn("bank", guidance.text)
        self.assertIn("ASK_BANK", [step.code for step in guidance.next_steps])


if __name__ == "__main__":
    main()
