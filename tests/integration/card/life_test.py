"""The whole life of a card over RPC, event by event as state-machines.md 2.1 has it."""

import unittest

from tests.harness.region_cards import (
    AGENT_ID_DOCUMENT, AT_THE_COUNTER, AUTHORITY_DOCUMENT, CARD_PRESENTED, DEATH_RECORD, DELIVERY_RECEIPT, FACE_MATCH, GUARDIANSHIP,
    ID_DOCUMENT, MANDATE, NO_LOCAL_ENTITLEMENTS, PHONE_PROOF, Desk, context)
from tests.harness.region_client import PARENT, POOL, Refused
from tests.harness.region_harness import Region, card_number, identity_number
from tests.harness.region_tap import main

STATES = POOL.FindEnumTypeByName("sscard.card.v1.CardState").values_by_number
DELIVERIES = POOL.FindEnumTypeByName("sscard.card.v1.DeliveryState").values_by_number
REASONS = POOL.FindEnumTypeByName("sscard.card.v1.CancelReason").values_by_number


def state(card):
    return STATES[card.state].name.removeprefix("CARD_STATE_")


def delivery(card):
    return DELIVERIES[card.delivery.state].name.removeprefix("DELIVERY_STATE_")


def cancel_reason(card):
    return REASONS[card.cancel_reason].name.removeprefix("CANCEL_REASON_")


class LifeTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.region = Region()
        cls.region.__enter__()
        cls.desk = Desk(cls.region)

    @classmethod
    def tearDownClass(cls):
        cls.desk.close()
        cls.region.__exit__(None, None, None)

    def refused(self, status, reason, method, values, role="OPERATOR", **claims):
        with self.assertRaises(Refused) as caught:
            self.desk.do(method, values, role, **claims)
        refusal = caught.exception
        self.assertEqual((refusal.status, refusal.reason), (status, reason), str(refusal))
        return refusal

    def precondition(self, reason, method, values, role="OPERATOR", **claims):
        refusal = self.refused("FAILED_PRECONDITION", reason, method, values, role, **claims)
        self.assertRegex(refusal.rule, r"^[RSA]\d+$")
        return refusal

    def named(self, name, evidence=(), channel="BRANCH", **more):
        return {"name": name, "context": context(channel, evidence), **more}

    # ---- applying ----

    def test_R1_application_of_a_person_makes_a_holder_and_a_requested_card(self):
        number = identity_number()
        card = self.desk.apply(number)
        self.assertEqual((state(card), card.version, card.aaz502, card.card_number), ("REQUESTED", 1, "", ""))
        holder = self.desk.do("FindHolder", {"parent": PARENT, "identityNumber": number, "readOptions": AT_THE_COUNTER})
        self.assertEqual(holder.name, card.holder)
        self.assertNotIn(number, str(holder))
        self.assertEqual(holder.identity_number[-4:], number[-4:])

    def test_R1_identity_number_with_a_wrong_check_digit_is_refused(self):
        number = identity_number()
        wrong = number[:-1] + ("1" if number[-1] != "1" else "2")
        refusal = self.refused("INVALID_ARGUMENT", "ID_CHECKSUM", "ApplyCard", self.desk.application(wrong))
        self.assertEqual(refusal.rule, "R1")
        self.assertIn("identity_number", refusal.fields)
        self.assertNotIn(wrong, str(refusal) + refusal.raw.decode("utf-8", "replace"))

    def test_R42_second_application_of_the_same_person_is_refused(self):
        number = identity_number()
        self.desk.apply(number)
        refusal = self.refused("ALREADY_EXISTS", "ALREADY_HAS_CARD", "ApplyCard", self.desk.application(number))
        self.assertEqual(refusal.rule, "R42")

    def test_R42_after_withdrawal_a_person_may_apply_anew(self):
        number = identity_number()
        first = self.desk.apply(number)
        self.desk.do("WithdrawApplication", self.named(first.name, [ID_DOCUMENT]))
        second = self.desk.apply(number)
        self.assertNotEqual(first.name, second.name)
        self.assertEqual(first.holder, second.holder)

    def test_R31_holder_applies_online_for_herself_and_for_nobody_else(self):
        number = identity_number()
        values = self.desk.application(number, channel="ECARD", evidence=())
        card = self.desk.client.call("ApplyCard", values, self.desk.holder_token(number)).card
        self.assertEqual(state(card), "REQUESTED")
        stranger = self.desk.holder_token(identity_number())
        with self.assertRaises(Refused) as caught:
            self.desk.client.call("ApplyCard", self.desk.application(identity_number(), "ECARD", ()), stranger)
        self.assertEqual(caught.exception.reason, "NOT_YOUR_RESOURCE")

    def test_R31_guardian_applies_for_a_child_and_not_for_a_grown_up(self):
        child, grown_up = identity_number(born="20200301"), identity_number()
        values = self.desk.application(child, "LOCAL_ONLINE", [GUARDIANSHIP])
        card = self.desk.client.call("ApplyCard", values, self.desk.holder_token(child, "GUARDIAN")).card
        self.assertEqual(state(card), "REQUESTED")
        values = self.desk.application(grown_up, "LOCAL_ONLINE", [GUARDIANSHIP])
        with self.assertRaises(Refused) as caught:
            self.desk.client.call("ApplyCard", values, self.desk.holder_token(grown_up, "GUARDIAN"))
        self.assertEqual(caught.exception.reason, "GUARDIAN_AGE_LIMIT")

    def test_R31_agent_applies_with_mandate_and_own_document_only(self):
        number = identity_number()
        token = self.desk.holder_token(number, "AGENT")
        with self.assertRaises(Refused) as caught:
            self.desk.client.call("ApplyCard", self.desk.application(number, evidence=[MANDATE]), token)
        self.assertEqual(caught.exception.reason, "MISSING_EVIDENCE")
        self.assertIn("AGENT_ID_DOCUMENT", caught.exception.metadata["evidence"])
        values = self.desk.application(number, evidence=[MANDATE, AGENT_ID_DOCUMENT])
        self.assertEqual(state(self.desk.client.call("ApplyCard", values, token).card), "REQUESTED")

    def test_R31_application_on_a_channel_that_is_none_of_its_own_is_refused_with_those_that_are(self):
        number = identity_number()
        values = self.desk.application(number, channel="SELF_SERVICE", evidence=())
        with self.assertRaises(Refused) as caught:
            self.desk.client.call("ApplyCard", values, self.desk.holder_token(number))
        self.assertEqual((caught.exception.status, caught.exception.reason), ("PERMISSION_DENIED", "CHANNEL_NOT_ALLOWED"))
        self.assertIn("ECARD", caught.exception.metadata["allowed_channels"])

    def test_R32_application_without_consent_is_refused(self):
        values = self.desk.application(identity_number())
        del values["consent"]
        refusal = self.precondition("CONSENT_REQUIRED", "ApplyCard", values)
        self.assertEqual(refusal.rule, "R32")

    def test_R30_application_without_photo_bank_or_fulfilment_is_refused(self):
        for field in ("photoReference", "bankCode"):
            values = self.desk.application(identity_number())
            del values[field]
            self.precondition("MISSING_EVIDENCE", "ApplyCard", values)
        values = self.desk.application(identity_number())
        del values["fulfilment"]
        self.refused("INVALID_ARGUMENT", "FULFILMENT_REQUIRED", "ApplyCard", values)

    # ---- making ----

    def test_R37_withdrawal_ends_the_application_and_nothing_moves_it_any_more(self):
        card = self.desk.apply()
        card = self.desk.do("WithdrawApplication", self.named(card.name, [ID_DOCUMENT])).card
        self.assertEqual((state(card), card.version), ("WITHDRAWN", 2))
        self.precondition("APPLICATION_ENDED", "StartProduction", self.named(card.name, channel="SYSTEM"), "PLATFORM")
        self.precondition("APPLICATION_ENDED", "WithdrawApplication", self.named(card.name, [ID_DOCUMENT]))
        self.precondition("APPLICATION_ENDED", "CancelCard", self.desk.holder_cancellation(card.name))

    def test_note_1_application_in_production_cannot_be_withdrawn(self):
        card = self.desk.start(self.desk.apply().name)
        self.assertEqual((state(card), delivery(card)), ("PRODUCING", "IN_PRODUCTION"))
        self.precondition("ALREADY_IN_PRODUCTION", "WithdrawApplication", self.named(card.name, [ID_DOCUMENT]))
        self.precondition("ALREADY_IN_PRODUCTION", "CancelCard", self.desk.holder_cancellation(card.name))

    def test_production_that_failed_returns_the_application(self):
        card = self.desk.start(self.desk.apply().name)
        failure = self.named(card.name, channel="SYSTEM", failure="PRODUCTION_FAILURE_PHOTO")
        card = self.desk.do("FailProduction", failure, "PLATFORM").card
        self.assertEqual((state(card), card.version), ("REQUESTED", 3))
        self.precondition("NOT_IN_PRODUCTION", "FailProduction",
                          self.named(card.name, channel="SYSTEM", failure="PRODUCTION_FAILURE_PHOTO"), "PLATFORM")
        self.precondition("NOT_IN_PRODUCTION", "CompleteProduction", self.desk.completion(card.name), "PLATFORM")

    def test_R36_a_card_that_is_made_is_archived_and_waits_at_an_outlet(self):
        card = self.desk.made()
        self.assertEqual((state(card), delivery(card), card.aaz502), ("ARCHIVED", "AT_OUTLET", "0"))
        self.assertEqual((card.state_text, card.delivery.outlet.code), ("封存", "330100-0001"))
        self.assertFalse(card.contributions_affected)
        self.assertRegex(card.card_number, r"^T\*+\d{3}$|^T.*\*")

    def test_production_is_not_repeated_once_the_card_is_made(self):
        card = self.desk.collect(self.desk.made().name)
        for method, more in (("StartProduction", {}), ("FailProduction", {"failure": "PRODUCTION_FAILURE_FACTORY"})):
            self.precondition("ALREADY_PRODUCED", method, self.named(card.name, channel="SYSTEM", **more), "PLATFORM")

    def test_CARD_NUMBER_IN_USE_when_two_cards_are_to_carry_one_number(self):
        number = card_number()
        first, second = self.desk.apply(), self.desk.apply()
        for card in (first, second):
            self.desk.start(card.name)
        self.desk.complete(first.name, number)
        values = self.desk.completion(second.name, number)
        values["chip"]["chipId"] = "another-chip"
        self.refused("ALREADY_EXISTS", "CARD_NUMBER_IN_USE", "CompleteProduction", values, "PLATFORM")
        self.assertEqual(state(self.desk.get(second.name)), "PRODUCING")
        self.assertEqual(state(self.desk.complete(second.name)), "ARCHIVED")

    def test_CHIP_IN_USE_when_two_cards_are_to_carry_one_chip(self):
        first, second = self.desk.apply(), self.desk.apply()
        for card in (first, second):
            self.desk.start(card.name)
        chip = {"chipId": f"chip-of-{first.name[-10:]}"}
        self.desk.complete(first.name, chip=chip)
        self.refused("ALREADY_EXISTS", "CHIP_IN_USE", "CompleteProduction", self.desk.completion(second.name, chip=chip),
                     "PLATFORM")

    def test_number_resolves_to_the_card_that_carries_it(self):
        number = card_number()
        card = self.desk.apply()
        self.desk.start(card.name)
        with self.assertRaises(Refused) as caught:
            self.desk.do("ResolveCard", {"parent": PARENT, "cardNumber": number, "readOptions": AT_THE_COUNTER})
        self.assertEqual(caught.exception.status, "NOT_FOUND")
        self.desk.complete(card.name, number)
        answer = self.desk.do("ResolveCard", {"parent": PARENT, "cardNumber": number, "readOptions": AT_THE_COUNTER})
        self.assertEqual((answer.card, answer.holder), (card.name, card.holder))

    # ---- handing over and enabling ----

    def test_R38_an_archived_card_is_enabled_after_it_is_collected(self):
        card = self.desk.made()
        refusal = self.precondition("NOT_COLLECTED", "EnableSocialFunction", self.named(card.name, [ID_DOCUMENT]))
        self.assertEqual(refusal.rule, "R37")
        self.assertIn("COLLECT_CARD", refusal.steps)
        card = self.desk.collect(card.name)
        self.assertEqual((state(card), delivery(card)), ("ARCHIVED", "COLLECTED"))
        self.assertEqual(state(self.desk.enable(card.name)), "NORMAL")

    def test_R6_hand_over_and_enabling_are_one_act(self):
        made = self.desk.made()
        card = self.desk.collect(made.name, enable=True)
        self.assertEqual((state(card), delivery(card), card.version), ("NORMAL", "COLLECTED", made.version + 1))

    def test_R38_holder_enables_online(self):
        number = identity_number()
        card = self.desk.collect(self.desk.made(number=number).name)
        for_herself = self.desk.holder_token(number)
        answer = self.desk.client.call("EnableSocialFunction", self.named(card.name, channel="NATIONAL_HRSS"), for_herself)
        self.assertEqual(state(answer.card), "NORMAL")

    def test_R38_telephone_does_not_enable_unless_the_region_says_so(self):
        card = self.desk.collect(self.desk.made().name)
        self.refused("PERMISSION_DENIED", "CHANNEL_NOT_ALLOWED", "EnableSocialFunction",
                     self.named(card.name, [PHONE_PROOF], "PHONE_12333"), "HOTLINE")

    def test_R33_mail_is_handed_over_by_the_carrier_with_a_receipt(self):
        card = self.desk.apply(fulfilment="FULFILMENT_MAIL", mailAddress={"address": "杭州市西湖区某路1号"})
        self.desk.start(card.name)
        card = self.desk.complete(card.name, mailReference="EX123")
        self.assertEqual(delivery(card), "IN_MAIL")
        self.precondition("MISSING_EVIDENCE", "CollectCard", self.named(card.name, channel="SYSTEM"), "PLATFORM")
        card = self.desk.do("CollectCard", self.named(card.name, [DELIVERY_RECEIPT], "SYSTEM"), "PLATFORM").card
        self.assertEqual(delivery(card), "COLLECTED")

    def test_R37_card_lost_in_delivery_is_cancelled_and_later_it_is_too_late(self):
        card = self.desk.made()
        card = self.desk.do("ReportLostInDelivery", self.named(card.name)).card
        self.assertEqual((state(card), cancel_reason(card), delivery(card)),
                         ("CANCELLED", "LOST_IN_DELIVERY", "LOST_IN_DELIVERY"))
        collected = self.desk.collect(self.desk.made().name)
        self.precondition("ALREADY_COLLECTED", "ReportLostInDelivery", self.named(collected.name))

    # ---- loss ----

    def test_R13_temporary_loss_is_recovered_to_what_it_was(self):
        for enable, prior in ((True, "NORMAL"), (False, "ARCHIVED")):
            card = self.desk.collect(self.desk.made().name, enable=enable)
            lost = self.desk.report_loss(card.name)
            self.assertEqual((state(lost), lost.aaz502, STATES[lost.prior].name), ("TEMP_LOST", "4", f"CARD_STATE_{prior}"))
            self.assertGreater(lost.temp_loss_until.seconds, lost.as_of.seconds + 9 * 86400)
            self.assertEqual(state(self.desk.recover(card.name)), prior)

    def test_note_6_a_second_temporary_report_does_not_extend_the_first(self):
        card = self.desk.normal()
        first = self.desk.do("ReportLoss", self.desk.loss(card.name))
        second = self.desk.do("ReportLoss", self.desk.loss(card.name))
        self.assertEqual((first.changed, second.changed), (True, False))
        self.assertEqual(second.card.temp_loss_until, first.card.temp_loss_until)
        self.assertEqual(second.card.version, first.card.version)

    def test_R13_hotline_reports_a_loss_by_telephone_with_proof_of_identity(self):
        card = self.desk.normal()
        values = {"name": card.name, "context": context("PHONE_12333", [PHONE_PROOF]), "kind": "LOSS_KIND_TEMPORARY"}
        self.assertEqual(state(self.desk.do("ReportLoss", values, "HOTLINE").card), "TEMP_LOST")

    def test_R44_formal_loss_needs_a_document_at_a_counter(self):
        card = self.desk.normal()
        values = {"name": card.name, "context": context(), "kind": "LOSS_KIND_FORMAL"}
        self.precondition("MISSING_EVIDENCE", "ReportLoss", values)
        values = {"name": card.name, "context": context("PHONE_12333", [ID_DOCUMENT]), "kind": "LOSS_KIND_FORMAL"}
        self.refused("PERMISSION_DENIED", "ROLE_NOT_ALLOWED", "ReportLoss", values, "HOTLINE")
        lost = self.desk.report_loss(card.name, "FORMAL")
        self.assertEqual((state(lost), lost.aaz502), ("LOST", "2"))
        self.assertEqual(state(self.desk.report_loss(card.name)), "LOST")

    def test_A2_formal_loss_is_recovered_until_a_replacement_is_requested(self):
        card = self.desk.normal()
        self.desk.report_loss(card.name, "FORMAL")
        self.assertEqual(state(self.desk.recover(card.name)), "NORMAL")
        self.desk.report_loss(card.name, "FORMAL")
        self.desk.replace(card.name)
        self.precondition("REPLACEMENT_ALREADY_REQUESTED", "RecoverCard", self.desk.recovery(card.name))

    def test_note_7_a_card_that_is_not_lost_is_not_recovered(self):
        refusal = self.precondition("NOT_LOST", "RecoverCard", self.desk.recovery(self.desk.normal().name))
        self.assertEqual(refusal.rule, "R13")

    def test_recovery_needs_the_card_in_hand_and_online_a_face(self):
        number = identity_number()
        card = self.desk.normal(number=number)
        self.desk.report_loss(card.name)
        refusal = self.precondition("MISSING_EVIDENCE", "RecoverCard", self.named(card.name, [ID_DOCUMENT]))
        self.assertIn("CARD_PRESENTED", refusal.metadata["evidence"])
        token = self.desk.holder_token(number, assurance=2)
        with self.assertRaises(Refused):
            self.desk.client.call("RecoverCard", self.named(card.name, [CARD_PRESENTED], "ECARD"), token)
        answer = self.desk.client.call("RecoverCard", self.named(card.name, [FACE_MATCH], "ECARD"), token)
        self.assertEqual(state(answer.card), "NORMAL")

    def test_notes_4_and_5_a_card_nobody_holds_is_not_reported_lost(self):
        requested = self.desk.apply()
        self.precondition("CARD_NOT_ISSUED", "ReportLoss", self.desk.loss(requested.name))
        refusal = self.precondition("NOT_COLLECTED", "ReportLoss", self.desk.loss(self.desk.made().name))
        self.assertIn("REPORT_LOST_IN_DELIVERY", refusal.steps)

    # ---- replacement ----

    def test_R30_successor_that_is_enabled_cancels_its_predecessor_in_the_same_act(self):
        old = self.desk.normal()
        self.desk.report_loss(old.name, "FORMAL")
        new = self.desk.replace(old.name)
        self.assertEqual((state(new), new.supersedes), ("REQUESTED", old.name))
        before = self.desk.get(old.name)
        self.assertEqual((state(before), before.superseded_by), ("LOST", new.name))
        self.desk.start(new.name)
        self.desk.complete(new.name)
        self.assertEqual(state(self.desk.get(old.name)), "LOST")
        answer = self.desk.do("CollectCard", self.named(new.name, [ID_DOCUMENT], enable=True))
        self.assertEqual([card.name for card in answer.other_cards], [old.name])
        after = self.desk.get(old.name)
        self.assertEqual((state(after), cancel_reason(after)), ("CANCELLED", "REPLACED_AFTER_LOSS"))

    def test_note_11_replacement_for_loss_needs_a_formal_report_first(self):
        card = self.desk.normal()
        self.precondition("FORMAL_LOSS_REQUIRED", "ReplaceCard", self.desk.replacement(card.name))
        self.desk.report_loss(card.name)
        refusal = self.precondition("FORMAL_LOSS_REQUIRED", "ReplaceCard", self.desk.replacement(card.name))
        self.assertIn("REPORT_FORMAL_LOSS", refusal.steps)
        step = refusal.refusal.next_steps[refusal.steps.index("REPORT_FORMAL_LOSS")]
        self.assertEqual(step.method, "sscard.card.v1.CardService/ReportLoss")

    def test_note_10_a_second_replacement_is_refused_until_the_first_ends(self):
        card = self.desk.normal()
        first = self.desk.replace(card.name, "DAMAGED")
        self.precondition("REPLACEMENT_ALREADY_REQUESTED", "ReplaceCard", self.desk.replacement(card.name, "DAMAGED"))
        self.desk.do("WithdrawApplication", self.named(first.name, [ID_DOCUMENT]))
        self.assertEqual(self.desk.get(card.name).superseded_by, "")
        self.assertNotEqual(self.desk.replace(card.name, "DAMAGED").name, first.name)

    def test_note_9_a_card_that_is_not_collected_is_not_replaced(self):
        self.precondition("COLLECT_FIRST", "ReplaceCard", self.desk.replacement(self.desk.made().name, "DAMAGED"))

    def test_R32_renewal_opens_sixty_days_before_expiry(self):
        card = self.desk.normal()
        refusal = self.precondition("RENEWAL_WINDOW_NOT_OPEN", "ReplaceCard", self.desk.replacement(card.name, "EXPIRING"))
        self.assertRegex(refusal.metadata["opens_on"], r"^\d{4}-\d\d-\d\d$")
        self.assertEqual(refusal.rule, "R32")

    def test_R29_an_expired_card_keeps_working_and_may_be_renewed(self):
        old = self.desk.imported_card(expiresOn={"year": 2024, "month": 1, "day": 1})
        name = self.desk.import_holders([self.desk.imported(old)]).verdicts[0].cards[0]
        card = self.desk.get(name)
        self.assertEqual((state(card), card.validity), ("NORMAL", 3))
        self.assertIn("NEVER_CLICK_EXPIRY_LINKS", [warning.code for warning in card.warnings])
        self.assertEqual(state(self.desk.replace(name, "EXPIRING")), "REQUESTED")
        self.assertEqual(state(self.desk.get(name)), "NORMAL")

    def test_R28_new_photo_is_required_when_the_photo_is_the_reason(self):
        card = self.desk.normal()
        self.precondition("MISSING_EVIDENCE", "ReplaceCard", self.desk.replacement(card.name, "PHOTO_OUTDATED"))
        new = self.desk.replace(card.name, "PHOTO_OUTDATED", photoReference="photo-new")
        self.assertEqual(self.desk.holder(new.holder).photo_reference, "photo-new")

    def test_A7_a_change_of_bank_ends_the_old_card_when_the_new_one_is_collected(self):
        old = self.desk.normal()
        new = self.desk.replace(old.name, "BANK_CHANGE", bankCode="103")
        self.assertEqual(new.bank_code, "103")
        self.desk.start(new.name)
        self.desk.complete(new.name)
        self.desk.collect(new.name)
        after = self.desk.get(old.name)
        self.assertEqual((state(after), cancel_reason(after)), ("CANCELLED", "REPLACED"))

    # ---- end ----

    def test_R45_holder_cancels_with_the_declaration_and_a_cancelled_card_stays_so(self):
        card = self.desk.normal()
        values = self.desk.holder_cancellation(card.name)
        values["byHolder"] = {}
        self.precondition("MISSING_EVIDENCE", "CancelCard", values)
        card = self.desk.cancel(card.name)
        self.assertEqual((state(card), cancel_reason(card), card.aaz502), ("CANCELLED", "HOLDER", "9"))
        self.assertFalse(self.desk.do("CancelCard", self.desk.holder_cancellation(card.name)).changed)
        for method, values in (("EnableSocialFunction", self.named(card.name, [ID_DOCUMENT])),
                               ("ReportLoss", self.desk.loss(card.name)),
                               ("RecoverCard", self.desk.recovery(card.name)),
                               ("ReplaceCard", self.desk.replacement(card.name, "DAMAGED")),
                               ("CollectCard", self.named(card.name, [ID_DOCUMENT]))):
            refusal = self.precondition("CARD_CANCELLED", method, values)
            self.assertIn("APPLY_ANEW", refusal.steps)

    def test_R46_card_of_a_holder_who_draws_local_benefits_is_kept(self):
        card = self.desk.normal()
        values = {"name": card.holder, "context": context("SYSTEM"),
                  "entitlement": {"standing": "ENTITLEMENT_STANDING_DRAWN", "kinds": ["pension"], "asOf": "2025-01-02T00:00:00Z"}}
        self.assertTrue(self.desk.do("SetEntitlement", values, "PLATFORM").changed)
        refusal = self.precondition("LOCAL_ENTITLEMENTS_IN_USE", "CancelCard", self.desk.holder_cancellation(card.name))
        self.assertEqual(refusal.rule, "R46")
        older = {"name": card.holder, "context": context("SYSTEM"),
                 "entitlement": {"standing": "ENTITLEMENT_STANDING_NONE", "asOf": "2025-01-01T00:00:00Z"}}
        self.precondition("ENTITLEMENT_OUTDATED", "SetEntitlement", older, "PLATFORM")
        newer = {"name": card.holder, "context": context("SYSTEM"),
                 "entitlement": {"standing": "ENTITLEMENT_STANDING_NONE", "asOf": "2025-01-03T00:00:00Z"}}
        self.desk.do("SetEntitlement", newer, "PLATFORM")
        self.assertEqual(state(self.desk.cancel(card.name)), "CANCELLED")

    def test_note_13_a_temporary_loss_is_resolved_before_the_holder_cancels(self):
        card = self.desk.normal()
        self.desk.report_loss(card.name)
        self.precondition("RESOLVE_LOSS_FIRST", "CancelCard", self.desk.holder_cancellation(card.name))

    def authority(self, name, **more):
        return {"name": name, "context": context("BRANCH", [AUTHORITY_DOCUMENT], **more),
                "byAuthority": {"reason": "CANCEL_REASON_EMIGRATION"}}

    def test_S7_cancelling_by_authority_takes_two_persons(self):
        card = self.desk.normal()
        refusal = self.precondition("SECOND_PERSON_REQUIRED", "CancelCard", self.authority(card.name))
        request_hash = refusal.metadata["request_hash"]
        preview = self.desk.do("CancelCard", self.authority(card.name, validateOnly=True, approval={
            "token": self.desk.token("OPERATOR", subject="operator-2", request_hash=request_hash)}))
        self.assertEqual(preview.preview.request_hash, request_hash)
        same = self.desk.token("OPERATOR", request_hash=request_hash)
        self.refused("PERMISSION_DENIED", "APPROVAL_INVALID", "CancelCard", self.authority(card.name, approval={"token": same}))
        other = self.desk.apply()
        for another in (self.desk.token("OPERATOR", subject="operator-2"),
                        self.desk.token("OPERATOR", subject="operator-2", request_hash="A" * 43)):
            with self.assertRaises(Refused):
                self.desk.do("CancelCard", self.authority(card.name, approval={"token": another}))
        second = self.desk.token("OPERATOR", subject="operator-2", request_hash=request_hash)
        with self.assertRaises(Refused):
            self.desk.do("CancelCard", self.authority(other.name, approval={"token": second}))
        done = self.desk.do("CancelCard", self.authority(card.name, approval={"token": second})).card
        self.assertEqual((state(done), cancel_reason(done)), ("CANCELLED", "EMIGRATION"))

    def test_R1_death_cancels_every_card_and_the_dead_apply_for_none(self):
        number = identity_number()
        card = self.desk.normal(number=number)
        values = {"name": card.holder, "context": context("BRANCH", [DEATH_RECORD]),
                  "diedOn": {"year": 2025, "month": 3, "day": 4}}
        answer = self.desk.do("RecordDeath", values)
        self.assertEqual([cancel_reason(each) for each in answer.cards], ["DEATH"])
        self.assertEqual(answer.holder.died_on.year, 2025)
        self.assertEqual(cancel_reason(self.desk.get(card.name)), "DEATH")
        self.precondition("PERSON_DEAD", "ApplyCard", self.desk.application(number))

    def test_I3_versions_rise_by_one_and_history_tells_every_change(self):
        card = self.desk.apply()
        self.desk.start(card.name)
        self.desk.complete(card.name)
        self.desk.collect(card.name, enable=True)
        self.desk.report_loss(card.name)
        self.desk.report_loss(card.name)
        self.desk.recover(card.name)
        self.desk.cancel(card.name)
        entries = self.desk.history(card.name)
        self.assertEqual([entry.version for entry in entries], list(range(1, 8)))
        self.assertEqual([STATES[entry.state_after].name.removeprefix("CARD_STATE_") for entry in entries],
                         ["REQUESTED", "PRODUCING", "ARCHIVED", "NORMAL", "TEMP_LOST", "NORMAL", "CANCELLED"])
        self.assertEqual([entry.state_before for entry in entries[1:]], [entry.state_after for entry in entries[:-1]])
        self.assertEqual([entry.event_type for entry in entries][0], "card.requested")
        self.assertEqual(entries[4].outlet, "330100-0001")
        self.assertEqual([each.kind for each in entries[5].evidence], [2, 1])
        self.assertTrue(all(entry.request_id for entry in entries))

    def test_R49_staff_without_a_case_and_strangers_are_shown_nothing(self):
        card = self.desk.normal()
        with self.assertRaises(Refused) as caught:
            self.desk.do("GetCard", {"name": card.name, "readOptions": AT_THE_COUNTER}, case_ref=None)
        self.assertEqual(caught.exception.reason, "CASE_REFERENCE_REQUIRED")
        with self.assertRaises(Refused) as caught:
            self.desk.client.call("GetCard", {"name": card.name, "readOptions": AT_THE_COUNTER}, self.desk.holder_token(identity_number()))
        self.assertEqual(caught.exception.reason, "NOT_YOUR_RESOURCE")

    def test_R45_declaration_may_be_given_as_evidence(self):
        card = self.desk.normal()
        values = self.desk.holder_cancellation(card.name)
        values["byHolder"] = {}
        values["context"]["evidence"].append(NO_LOCAL_ENTITLEMENTS)
        self.assertEqual(state(self.desk.do("CancelCard", values).card), "CANCELLED")


if __name__ == "__main__":
    main()
