"""The password of a card in the status query (R15, R17, R19): as the credential service's record says, with what the card's own
adds."""

import unittest

from tests.harness.region_cards import Desk
from tests.harness.region_client import POOL, Client, Refused
from tests.harness.region_harness import Region, eventually
from tests.harness.region_pins import PinDesk
from tests.harness.region_tap import main

PINS = POOL.FindEnumTypeByName("sscard.credential.v1.CredentialState").values_by_number
DISPLAYS = POOL.FindEnumTypeByName("sscard.status.v1.DisplayStatus").values_by_number
USABLE = POOL.FindEnumTypeByName("sscard.status.v1.Usability").values_by_number
NEW = "904172"


class PinStatusTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.region = Region(("card", "credential", "status"))
        cls.region.__enter__()
        cls.desk = Desk(cls.region)
        cls.pins = PinDesk(cls.region, waits=True)
        cls.status = Client(cls.region.target("status"), "sscard.status.v1.StatusService")

    @classmethod
    def tearDownClass(cls):
        cls.status.close()
        cls.pins.close()
        cls.desk.close()
        cls.region.__exit__(None, None, None)

    def ask(self, card):
        values = {"name": card, "readOptions": {"channel": "CHANNEL_BRANCH", "caseReference": "CASE-1"}}
        return self.status.call("GetCardStatus", values, self.region.token("OPERATOR"))

    def pin(self, card):
        answer = self.ask(card)
        return PINS[answer.pin.state].name.removeprefix("CREDENTIAL_STATE_"), answer.pin.remaining_attempts

    def display(self, card):
        return DISPLAYS[self.ask(card).display_status].name.removeprefix("DISPLAY_STATUS_")

    def usable(self, card, purpose="MEDICAL"):
        values = {"name": card, "purpose": f"PURPOSE_{purpose}"}
        answer = self.status.call("CheckUsable", values, self.region.token("PLATFORM"))
        return USABLE[answer.usability].name.removeprefix("USABILITY_")

    def lock(self, card):
        for _ in range(6):
            with self.assertRaises(Refused):
                self.pins.verify(card, "917263")

    def test_R19_every_change_is_seen_by_the_next_question(self):
        card = self.desk.normal().name
        self.assertEqual(self.pin(card), ("NONE", 0))
        first = self.pins.issue(card)
        self.assertEqual(self.pin(card), ("INITIAL", 6))
        self.assertIn("CHANGE_INITIAL_PIN", [step.code for step in self.ask(card).next_steps])
        self.pins.change(card, first, NEW)
        self.assertEqual(self.pin(card), ("ACTIVE", 6))
        with self.assertRaises(Refused):
            self.pins.verify(card, "917263")
        self.assertEqual(self.pin(card), ("ACTIVE", 5))
        self.pins.verify(card, NEW)
        self.assertEqual(self.pin(card), ("ACTIVE", 6))

    def test_R15_a_locked_password_shows_and_asks_the_holder(self):
        card = self.desk.normal().name
        self.pins.change(card, self.pins.issue(card), NEW)
        self.assertEqual((self.display(card), self.usable(card)), ("NORMAL", "USABLE"))
        self.lock(card)
        self.assertEqual((self.display(card), self.usable(card)), ("LOCKED", "ASK_HOLDER"))
        self.assertEqual(self.usable(card, "TRANSIT"), "USABLE")
        self.assertIn("UNLOCK_OR_RESET_PASSWORD", [step.code for step in self.ask(card).next_steps])
        self.pins.unlock(card)
        self.assertEqual((self.display(card), self.usable(card)), ("NORMAL", "USABLE"))

    def test_S6_loss_and_end_of_the_card_count_at_once(self):
        card = self.desk.normal().name
        self.pins.issue(card)
        self.desk.report_loss(card)
        answer = self.ask(card)
        self.assertTrue(answer.pin.suspended)
        self.desk.recover(card)
        self.assertFalse(self.ask(card).pin.suspended)
        self.desk.cancel(card)
        self.assertEqual(self.pin(card), ("VOID", 0))

    def test_R7_both_at_once(self):
        card = self.desk.made().name
        self.desk.collect(card)
        first = self.pins.issue(card)
        self.assertEqual((self.display(card), self.pin(card)[0]), ("ARCHIVED", "INITIAL"))
        self.pins.pharmacy_change(card, first, NEW)
        self.assertEqual((self.display(card), self.pin(card)[0]), ("NORMAL", "ACTIVE"))

    def test_S6_a_service_that_does_not_answer_is_not_taken_for_an_unlocked_password(self):
        card = self.desk.normal().name
        self.pins.issue(card)
        self.region.kill_service("credential")
        try:
            eventually(lambda: not self.ask(card).HasField("pin"), "its lease is over")
            with self.assertRaises(Refused) as caught:
                self.usable(card)
            self.assertEqual(caught.exception.reason, "OWNER_UNAVAILABLE")
            self.assertEqual(self.display(card), "NORMAL")
        finally:
            self.region.start_service("credential")
        # Of somebody whom no cache knows: the answer is the owner's own, so status has reached it again.
        unknown = self.desk.normal().name
        eventually(lambda: self.ask(unknown).HasField("pin"), "it is back")


if __name__ == "__main__":
    main()
