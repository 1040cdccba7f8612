"""What can be done with an account is what happens when it is tried (N1, S11): listed over RPC, then done over RPC."""

import itertools
import unittest

from tests.harness.region_bank import IN_PERSON, BankDesk, BankRegion, link_of, short
from tests.harness.region_cards import (
    AGENT_ID_DOCUMENT, CARD_PRESENTED, ID_DOCUMENT, MANDATE, MOBILITY_GROUND, PROCEDURE, context)
from tests.harness.region_client import Client, Refused
from tests.harness.region_tap import main

# An answer to nothing in particular cannot be tried; what a bank says by itself needs no evidence.
OPERATIONS = ("LoadAccount", "ActivateFinancialFunction", "ConfirmBankLoss", "ClearBankLoss", "RequestClosure", "ConfirmClosed")
EVIDENCE = {
    "none": [],
    "in person": [ID_DOCUMENT, CARD_PRESENTED, IN_PERSON],
    "at the door": [ID_DOCUMENT, CARD_PRESENTED, PROCEDURE, MOBILITY_GROUND],
    "agent without ground": [ID_DOCUMENT, CARD_PRESENTED, MANDATE, AGENT_ID_DOCUMENT, PROCEDURE],
}
WHO = {
    "clerk": ("BANK_OPERATOR", "BANK_BRANCH", {}),
    "clerk at the door": ("BANK_OPERATOR", "HOME_VISIT", {"channels": "BANK_BRANCH,HOME_VISIT"}),
    "bank's system": ("PLATFORM", "SYSTEM", {"bank": "102"}),
    "agency": ("OPERATOR", "BRANCH", {}),
    "hotline": ("HOTLINE", "PHONE_12333", {}),
}


class AccountActionsTest(unittest.TestCase):
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

    def listed(self, card, who, evidence, operations=OPERATIONS):
        role, channel, _ = WHO[who]
        values = {"name": card, "role": f"ROLE_{role}", "channel": f"CHANNEL_{channel}", "operations": list(operations),
                  "evidence": EVIDENCE[evidence], "readOptions": {"channel": "CHANNEL_BRANCH", "caseReference": "CASE-1"}}
        answer = self.status.call("ListAllowedActions", values, self.desk.token("OPERATOR"), "en")
        return {action.operation: action for action in answer.actions}

    def tried(self, card, operation, who, evidence):
        """The reason, or OK; nothing is changed."""
        role, channel, claims = WHO[who]
        values = {"name": link_of(card), "context": {**context(channel, EVIDENCE[evidence]), "validateOnly": True}}
        try:
            self.desk.at_bank(operation, values, role, **claims)
            return "OK"
        except Refused as refusal:
            return refusal.reason

    def compare(self, card):
        count = 0
        for who, evidence in itertools.product(WHO, EVIDENCE):
            actions = self.listed(card, who, evidence)
            self.assertEqual(set(actions), set(OPERATIONS))
            for operation, action in actions.items():
                reason = self.tried(card, operation, who, evidence)
                if reason in ("ROLE_NOT_ALLOWED", "CHANNEL_NOT_ALLOWED") and action.reason in ("ROLE_NOT_ALLOWED", "CHANNEL_NOT_ALLOWED"):
                    continue  # said by the access row or by the rule, as the credentials list the channel or not
                self.assertEqual(action.reason or "OK", reason, f"{operation} by {who} with {evidence}: {action}")
                self.assertEqual(short(action, "verdict") == "ALLOWED", reason == "OK")
                self.assertTrue(action.title)
                count += 1
        return count

    def test_N1_S11_what_is_listed_is_what_happens(self):
        self.desk.banks_are("AWAY")
        none = self.desk.normal().name
        self.desk.banks_are("NORMAL")
        loaded, active = self.desk.loaded().name, self.desk.active().name
        lost, closed = self.desk.active().name, self.desk.loaded().name
        self.desk.report_loss(lost, "FORMAL")
        self.desk.cancel(closed)
        self.desk.wait_for(closed, "CLOSED")
        count = sum(self.compare(card) for card in (none, loaded, active, lost, closed))
        print(f"# N1: {count} cells listed and tried")
        self.assertGreater(count, 250)

    def test_N1_the_block_says_what_lifts_it_and_doing_that_lifts_it(self):
        card = self.desk.loaded().name
        action = self.listed(card, "hotline", "in person", ["ActivateFinancialFunction"])["ActivateFinancialFunction"]
        self.assertEqual((action.reason, action.rule), ("IN_PERSON_REQUIRED", "R8"))
        self.assertIn("sscard.bank.v1.BankLinkService/ActivateFinancialFunction", [step.method for step in action.lifted_by])
        self.assertEqual(self.tried(card, "ActivateFinancialFunction", "clerk", "in person"), "OK")
        needs = self.listed(card, "clerk", "agent without ground", ["ActivateFinancialFunction"])["ActivateFinancialFunction"]
        self.assertEqual((short(needs, "verdict"), len(needs.needs)), ("NEEDS", 1))

    def test_N1_without_the_bank_service_it_depends(self):
        card = self.desk.loaded().name
        self.region.stop_redis()
        self.region.stop_service("bank")
        action = self.listed(card, "clerk", "in person", ["ActivateFinancialFunction"])["ActivateFinancialFunction"]
        self.assertEqual((short(action, "verdict"), list(action.depends_on)), ("DEPENDS", ["BANK_LINK"]))
        self.region.start_redis()
        self.region.start_service("bank")
        self.desk.bank_again()


if __name__ == "__main__":
    main()
