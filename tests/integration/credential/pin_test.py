"""The card PIN over RPC, event by event as state-machines.md 2.2 has it."""

import os
import unittest

from tests.harness.region_cards import CARD_PRESENTED, ID_DOCUMENT, Desk, context
from tests.harness.region_client import PARENT, POOL, Refused
from tests.harness.region_harness import Region, eventually, identity_number
from tests.harness.region_pins import BANK, SOCIAL, PinDesk
from tests.harness.region_tap import main

STATES = POOL.FindEnumTypeByName("sscard.credential.v1.CredentialState").values_by_number
NEW, OTHER = "904172", "317509"


def wrong(pin):
    """Another PIN than this one."""
    return f"{(int(pin) + 1) % 1000000:06d}"


class PinTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.region = Region(("card", "credential"))
        cls.region.__enter__()
        cls.desk = Desk(cls.region)
        cls.pins = PinDesk(cls.region)

    @classmethod
    def tearDownClass(cls):
        cls.pins.close()
        cls.desk.close()
        cls.region.__exit__(None, None, None)

    def card(self, **more):
        """A NORMAL card with its first PIN."""
        card = self.desk.normal(**more).name
        return card, self.pins.issue(card)

    def active(self):
        card, first = self.card()
        self.pins.change(card, first, NEW)
        return card

    def state(self, card):
        return STATES[self.pins.get(card).state].name.removeprefix("CREDENTIAL_STATE_")

    def refused(self, reason, call, *arguments, status="FAILED_PRECONDITION", **more):
        with self.assertRaises(Refused) as caught:
            call(*arguments, **more)
        self.assertEqual((caught.exception.status, caught.exception.reason), (status, reason), str(caught.exception))
        return caught.exception

    def lock(self, card, pin=NEW):
        for left in range(5, -1, -1):
            refusal = self.refused("PIN_WRONG", self.pins.verify, card, wrong(pin))
            self.assertEqual(refusal.metadata["remaining_attempts"], str(left))

    # ---- issue ----

    def test_R17_first_pin_is_issued_once_made_and_asks_to_be_changed(self):
        card = self.desk.apply().name
        self.refused("CARD_NOT_ISSUED", self.pins.issue, card)
        self.desk.start(card)
        self.desk.complete(card)
        first = self.pins.issue(card)
        self.assertRegex(first, r"^[0-9]{6}$")
        again = self.pins.do("IssueCredential", self.pins.issue_request(card), "PLATFORM")
        self.assertFalse(again.changed)
        self.assertEqual(again.sealed_pin.sealed, b"")
        self.desk.collect(card, enable=True)
        answer = self.pins.verify(card, first)
        self.assertTrue(answer.must_change)
        self.assertEqual([step.code for step in answer.credential.next_steps], ["CHANGE_INITIAL_PIN"])

    def test_R17_a_card_without_a_pin_says_so(self):
        card = self.desk.normal().name
        self.refused("CREDENTIAL_NOT_SET", self.pins.verify, card, NEW)
        self.assertEqual(self.state(card), "NONE")

    # ---- checking ----

    def test_R19_sixth_wrong_guess_locks_and_a_right_one_does_not_help_any_more(self):
        card = self.active()
        self.lock(card)
        self.assertEqual(self.state(card), "LOCKED")
        refusal = self.refused("CREDENTIAL_LOCKED", self.pins.verify, card, NEW)
        self.assertEqual(refusal.rule, "R19")
        self.assertEqual(refusal.steps, ["UNLOCK_PIN", "RESET_PIN"])
        self.refused("CREDENTIAL_LOCKED", self.pins.change, card, NEW, OTHER)

    def test_R19_a_right_guess_starts_the_count_anew(self):
        card = self.active()
        for _ in range(5):
            self.refused("PIN_WRONG", self.pins.verify, card, wrong(NEW))
        self.assertEqual(self.pins.get(card).remaining_attempts, 1)
        self.assertEqual(self.pins.verify(card, NEW).credential.remaining_attempts, 6)

    def test_R19_a_repeated_wrong_guess_counts_once(self):
        card = self.active()
        request = self.pins.verify_request(card, wrong(NEW))
        answers = {str(self.refused("PIN_WRONG", self.pins.do, "VerifyPin", request)) for _ in range(4)}
        self.assertEqual(len(answers), 1)
        self.assertEqual(self.pins.get(card).remaining_attempts, 5)
        other = dict(request, pin=NEW)
        self.refused("REQUEST_ID_REUSED", self.pins.do, "VerifyPin", other, status="ALREADY_EXISTS")

    def test_R19_a_stranger_with_a_card_number_locks_nobody_out(self):
        card = self.active()
        request = self.pins.verify_request(card, wrong(NEW), "MEDICAL_POS")
        self.refused("MISSING_EVIDENCE", self.pins.do, "VerifyPin", request, "PLATFORM", channels="MEDICAL_POS")
        number = identity_number()
        request = self.pins.verify_request(card, wrong(NEW), "SELF_SERVICE")
        self.refused("NOT_YOUR_RESOURCE", self.pins.do, "VerifyPin", request, "HOLDER", status="PERMISSION_DENIED",
                     actor_id_number=number)
        self.assertEqual(self.pins.get(card).remaining_attempts, 6)

    def test_R21_the_bank_password_is_the_banks(self):
        card = self.active()
        for request, method in ((self.pins.verify_request(card, NEW), "VerifyPin"),
                                (self.pins.counter_request(card), "ResetPin")):
            refusal = self.refused("BANK_MANAGED", self.pins.do, method, dict(request, password=BANK))
            self.assertEqual(refusal.rule, "R21")
        self.refused("PASSWORD_KIND_REQUIRED", self.pins.do, "VerifyPin",
                     dict(self.pins.verify_request(card, NEW), password=0), status="INVALID_ARGUMENT")

    # ---- changing ----

    def test_R18_change_and_weak_ones_refused_without_counting(self):
        number = identity_number(born="19850327")
        card, first = self.card(number=number)
        birth = number[8:14]
        for weak, why in (("000000", "REPEATED"), ("456789", "SEQUENTIAL"), (birth, "BIRTH_DATE"), (first, "SAME")):
            refusal = self.refused("WEAK_PASSWORD", self.pins.change, card, first, weak)
            self.assertEqual(refusal.metadata["weakness"], why)
        self.assertTrue(self.pins.change(card, first, NEW).changed)
        self.assertEqual(self.state(card), "ACTIVE")
        refusal = self.refused("WEAK_PASSWORD", self.pins.change, card, NEW, first)
        self.assertEqual(refusal.metadata["weakness"], "INITIAL")
        self.assertEqual(self.pins.get(card).remaining_attempts, 6)
        self.refused("PIN_WRONG", self.pins.change, card, wrong(NEW), OTHER)
        self.assertEqual(self.pins.get(card).remaining_attempts, 5)
        self.refused("PIN_WRONG", self.pins.verify, card, first)
        self.pins.verify(card, NEW)

    def test_R18_channels_and_malformed_pins(self):
        card = self.active()
        request = self.pins.change_request(card, NEW, OTHER, "PHONE_12333")
        self.refused("CHANNEL_NOT_GRANTED", self.pins.do, "ChangePin", request, status="PERMISSION_DENIED")
        request = self.pins.change_request(card, NEW, OTHER, "MEDICAL_POS", [CARD_PRESENTED])
        self.refused("CHANNEL_NOT_ALLOWED", self.pins.do, "ChangePin", request, "PLATFORM", channels="MEDICAL_POS",
                     status="PERMISSION_DENIED")
        for bad in ("", "12345", "1234567", "12345a"):
            self.refused("PIN_MALFORMED", self.pins.verify, card, bad, status="INVALID_ARGUMENT")

    # ---- at the counter ----

    def test_R20_unlock_gives_back_what_it_was(self):
        card = self.active()
        self.lock(card)
        self.refused("MISSING_EVIDENCE", self.pins.do, "UnlockPin",
                     {"name": self.pins.name(card), "context": context("BRANCH"), "password": SOCIAL})
        result = self.pins.unlock(card)
        self.assertEqual((result.changed, result.credential.unlocks), (True, 1))
        self.assertFalse(self.pins.unlock(card).changed)
        self.pins.verify(card, NEW)

    def test_R20_reset_hands_out_a_temporary_pin_once(self):
        card = self.active()
        self.lock(card)
        request = self.pins.counter_request(card)
        first = self.pins.do("ResetPin", request)
        temporary = self.pins.printed(first)
        again = self.pins.client.send("ResetPin", request, self.region.token("OPERATOR"))
        self.assertTrue(again.replayed)
        self.assertEqual(again.message.sealed_pin.sealed, b"")
        self.assertEqual(again.message.credential, first.credential)
        self.refused("PIN_WRONG", self.pins.verify, card, NEW)
        self.assertTrue(self.pins.verify(card, temporary).must_change)

    def test_R20_only_an_operator_at_a_branch(self):
        card = self.active()
        for role in ("HOLDER", "KIOSK", "HOTLINE", "BANK_OPERATOR", "PLATFORM"):
            with self.assertRaises(Refused) as caught:
                self.pins.do("ResetPin", self.pins.counter_request(card), role)
            self.assertEqual(caught.exception.status, "PERMISSION_DENIED")

    # ---- the card's state ----

    def test_S6_a_lost_card_is_refused_at_once_and_keeps_its_count(self):
        card = self.active()
        self.refused("PIN_WRONG", self.pins.verify, card, wrong(NEW))
        for kind, reason in (("TEMPORARY", "CARD_TEMP_LOST"), ("FORMAL", "CARD_LOST")):
            self.desk.report_loss(card, kind)
            self.refused(reason, self.pins.verify, card, NEW)
            self.refused(reason, self.pins.change, card, NEW, OTHER)
            credential = self.pins.get(card)
            self.assertTrue(credential.suspended)
            self.assertEqual(credential.remaining_attempts, 5)
        self.desk.recover(card)
        self.pins.verify(card, NEW)

    def test_S6_ten_losses_in_a_row_are_seen_by_the_next_call(self):
        card = self.active()
        for _ in range(10):
            self.desk.report_loss(card)
            self.refused("CARD_TEMP_LOST", self.pins.verify, card, NEW)
            self.desk.recover(card)
            self.pins.verify(card, NEW)

    def test_a_cancelled_card_ends_its_pin_at_once_and_the_feed_makes_it_durable(self):
        card = self.active()
        self.desk.cancel(card)
        self.refused("CARD_CANCELLED", self.pins.verify, card, NEW)
        self.assertEqual(self.state(card), "VOID")
        self.assertIn("credential.void", eventually(lambda: self.events(card, "credential.void"), "the feed catches up"))

    def events(self, card, wanted):
        call = self.pins.client.stream("Watch", {"name": PARENT, "fromBeginning": True}, self.region.token("SYSTEM"))
        found = []
        for message in call:
            found += [event.event_type for event in message.events if event.name == self.pins.name(card)]
            if message.caught_up:
                break
        call.cancel()
        return found if wanted in found else None

    def test_S6_nothing_is_evaluated_when_the_card_cannot_be_asked(self):
        card = self.active()
        self.region.stop_redis(9)
        self.region.kill_service("card")
        try:
            eventually(lambda: self.owner_is_away(card), "the owner is away")
        finally:
            self.region.start_redis()
            self.region.start_service("card")
            self.desk.again()
        eventually(lambda: self.verified(card), "it is back")
        self.assertEqual(self.pins.get(card).remaining_attempts, 6)

    def owner_is_away(self, card):
        try:
            self.pins.verify(card, wrong(NEW))
        except Refused as refusal:
            return refusal.reason == "OWNER_UNAVAILABLE"
        return False

    def verified(self, card):
        try:
            return self.pins.verify(card, NEW)
        except Refused:
            return None

    # ---- promises ----

    def test_S3_previews_evaluate_and_count_nothing(self):
        card = self.active()
        before = self.pins.get(card).version
        answer = self.pins.verify(card, wrong(NEW), validateOnly=True)
        self.assertEqual([change.kind for change in answer.preview.changes], ["credential"])
        answer = self.pins.change(card, wrong(NEW), OTHER, validateOnly=True)
        self.assertTrue(answer.changed)
        answer = self.pins.do("ResetPin", self.pins.counter_request(card, validateOnly=True))
        self.assertEqual(answer.sealed_pin.sealed, b"")
        self.assertEqual(self.pins.get(card).version, before)
        self.pins.verify(card, NEW)

    def test_S2_etag(self):
        card = self.active()
        etag = self.pins.get(card).etag
        self.pins.verify(card, NEW, etag=etag)
        self.refused("VERSION_CONFLICT", self.pins.verify, card, NEW, etag=etag, status="ABORTED")

    def test_S7_no_pin_stands_anywhere(self):
        card, first = self.card()
        secret = "640917"
        self.pins.change(card, first, secret)
        self.refused("PIN_WRONG", self.pins.verify, card, "640918")
        self.region.restart_service("credential")
        self.pins.close()
        type(self).pins = PinDesk(self.region)
        data = os.path.join(self.region.folder, "data", "credential")
        places = [os.path.join(data, name) for name in os.listdir(data) if os.path.isfile(os.path.join(data, name))]
        for place in places + [os.path.join(self.region.folder, "credential.log")]:
            with open(place, "rb") as file:
                content = file.read()
            for pin in (secret, "640918"):
                self.assertNotIn(pin.encode(), content, place)

    def test_S7_chain_verifies_offline(self):
        self.region.stop_service("credential")
        code, text = self.region.audit_verify("credential")
        self.region.start_service("credential")
        self.pins.close()
        type(self).pins = PinDesk(self.region)
        self.assertEqual(code, 0, text)


if __name__ == "__main__":
    main()
