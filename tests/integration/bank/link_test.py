"""The link of a card to its bank account over RPC, event by event as state-machines.md 2.4 has it."""

import unittest

from tests.harness.region_bank import R9_EVIDENCE, BankDesk, BankRegion, link_of, request_of, short
from tests.harness.region_cards import (
    AGENT_ID_DOCUMENT, CARD_PRESENTED, ID_DOCUMENT, MANDATE, MOBILITY_GROUND, PROCEDURE, context)
from tests.harness.region_client import PARENT, Refused, unpack
from tests.harness.region_harness import eventually, identity_number
from tests.harness.region_tap import main


class LinkTest(unittest.TestCase):
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

    def refused(self, status, reason, call, *arguments, **more):
        with self.assertRaises(Refused) as caught:
            call(*arguments, **more)
        refusal = caught.exception
        self.assertEqual((refusal.status, refusal.reason), (status, reason), str(refusal))
        self.assertRegex(refusal.rule, r"^[RSA]\d+$")
        self.assertTrue(refusal.localized.message)
        return refusal

    # ---- opening ----

    def test_R3_a_made_card_has_an_account_opened_in_advance_that_is_not_active(self):
        card = self.desk.made()
        link = self.desk.wait_for(card.name, "LOADED")
        self.assertEqual((link.bank_code, link.bank_name), ("102", "中国工商银行"))
        self.assertFalse(link.benefit_payout_ready)
        self.assertRegex(link.account_reference, r"^\*\*\*\*.{4}$")
        self.assertEqual(link.holder, card.holder)
        asked = self.desk.asked(card.name, "PreOpenAccount")
        self.assertEqual([one.carried_out for one in asked], [1])

    def test_R3_a_card_that_is_not_made_has_a_link_without_account(self):
        card = self.desk.apply()
        link = self.desk.link(card.name)
        self.assertEqual((short(link, "state"), link.version, link.etag), ("NONE", 0, ""))
        self.refused("FAILED_PRECONDITION", "NO_ACCOUNT", self.desk.activate, card.name)

    def test_R3_a_bank_tells_of_an_account_by_itself(self):
        self.desk.banks_are("AWAY")
        card = self.desk.made()
        result = self.desk.change("LoadAccount", card.name, "SYSTEM", (), "PLATFORM", {"accountReference": "ACCOUNT-1234"})
        self.assertEqual(short(result.link, "state"), "LOADED")
        self.assertEqual(result.link.account_reference, "****1234")
        self.refused("FAILED_PRECONDITION", "ACCOUNT_REFERENCE_DIFFERS", self.desk.change, "LoadAccount", card.name, "SYSTEM",
                     (), "PLATFORM", {"accountReference": "ACCOUNT-5678"})

    # ---- activation ----

    def test_R8_R9_the_holder_activates_in_person_at_the_counter(self):
        card = self.desk.loaded()
        result = self.desk.activate(card.name)
        self.assertTrue(result.changed)
        self.assertEqual(short(request_of(result.link, "ACTIVATE"), "state"), "OPEN")
        link = self.desk.wait_for(card.name, "ACTIVE")
        self.assertTrue(link.benefit_payout_ready)
        self.assertEqual(short(request_of(link, "ACTIVATE"), "state"), "DONE")
        again = self.desk.activate(card.name)
        self.assertFalse(again.changed)

    def test_R8_no_online_or_telephone_channel_activates(self):
        number = identity_number()
        card = self.desk.loaded(number=number)
        for channel in ("ECARD", "NATIONAL_SI", "NATIONAL_HRSS", "NATIONAL_GOV", "LOCAL_ONLINE", "POCKET_12333", "PHONE_12333"):
            values = {"name": link_of(card.name), "context": context(channel, R9_EVIDENCE)}
            with self.assertRaises(Refused) as caught:
                self.desk.bank.call("ActivateFinancialFunction", values, self.desk.holder_token(number))
            refusal = caught.exception
            self.assertEqual((refusal.status, refusal.reason, refusal.rule),
                             ("PERMISSION_DENIED", "IN_PERSON_REQUIRED", "R8"), channel)
            self.assertIn("ACTIVATE_FINANCIAL_FUNCTION", refusal.steps)

    def test_R8_a_stranger_is_told_nothing(self):
        card = self.desk.loaded()
        values = {"name": link_of(card.name), "context": context("ECARD")}
        with self.assertRaises(Refused) as caught:
            self.desk.bank.call("ActivateFinancialFunction", values, self.desk.holder_token(identity_number()))
        self.assertEqual(caught.exception.reason, "NOT_YOUR_RESOURCE")

    def test_R9_missing_evidence_is_named(self):
        card = self.desk.loaded()
        without_card = [one for one in R9_EVIDENCE if one != CARD_PRESENTED]
        refusal = self.refused("FAILED_PRECONDITION", "MISSING_EVIDENCE", self.desk.activate, card.name, evidence=without_card)
        self.assertEqual(refusal.metadata["evidence"], "CARD_PRESENTED")
        expired = {**ID_DOCUMENT, "validUntil": {"year": 2001, "month": 1, "day": 1}}
        refusal = self.refused("FAILED_PRECONDITION", "MISSING_EVIDENCE", self.desk.activate, card.name,
                               evidence=[expired, *R9_EVIDENCE[1:]])
        self.assertEqual(refusal.metadata["evidence"], "ID_DOCUMENT")

    def test_R10_another_bank_is_told_the_right_one_and_any_outlet_of_the_same_will_do(self):
        card = self.desk.loaded()
        refusal = self.refused("FAILED_PRECONDITION", "WRONG_BANK", self.desk.activate, card.name, bank="105")
        self.assertEqual(refusal.metadata["right_bank"], "102")
        self.assertEqual(refusal.metadata["bank_name"], "中国工商银行")
        self.assertTrue(self.desk.activate(card.name, outlet="440100-0777").changed)

    def test_R11_home_visit_and_agent_need_a_ground_and_a_procedure(self):
        card = self.desk.loaded()
        papers = [ID_DOCUMENT, CARD_PRESENTED]
        at_home = {"channel": "HOME_VISIT", "channels": "BANK_BRANCH,HOME_VISIT"}
        self.refused("FAILED_PRECONDITION", "MOBILITY_GROUND_REQUIRED", self.desk.activate, card.name,
                     evidence=[*papers, PROCEDURE], **at_home)
        self.assertTrue(self.desk.activate(card.name, evidence=[*papers, PROCEDURE, MOBILITY_GROUND], **at_home).changed)

        card = self.desk.loaded()
        agent = [*papers, MANDATE, AGENT_ID_DOCUMENT]
        self.refused("FAILED_PRECONDITION", "MOBILITY_GROUND_REQUIRED", self.desk.activate, card.name, evidence=[*agent, PROCEDURE])
        self.assertTrue(self.desk.activate(card.name, evidence=[*agent, PROCEDURE, MOBILITY_GROUND]).changed)

    # ---- loss ----

    def test_R13_S6_a_loss_shows_in_the_link_at_once_and_the_bank_is_asked(self):
        card = self.desk.active()
        self.desk.banks_are("SILENT")
        self.desk.report_loss(card.name)
        link = self.desk.link(card.name)  # at once, whatever the feed has told
        self.assertEqual(short(link, "loss"), "UNKNOWN")
        self.assertIn("REPORT_TO_BANK_TOO", [step.code for step in link.next_steps])
        self.desk.banks_are("NORMAL")
        eventually(lambda: short(self.desk.link(card.name), "loss") == "CONFIRMED", "the bank confirms the loss")
        self.desk.recover(card.name)
        self.assertEqual(short(self.desk.link(card.name), "loss"), "CONFIRMED")
        result = self.desk.change("ClearBankLoss", card.name, evidence=())
        self.assertEqual((result.changed, short(result.link, "loss")), (True, "NO"))

    def test_R8_a_lost_card_is_not_activated(self):
        card = self.desk.loaded()
        self.desk.report_loss(card.name)
        refusal = self.refused("FAILED_PRECONDITION", "CARD_TEMP_LOST", self.desk.activate, card.name)
        self.assertIn("RECOVER_CARD", refusal.steps)
        recover = next(step for step in refusal.refusal.next_steps if step.code == "RECOVER_CARD")
        self.assertEqual(recover.method, "sscard.card.v1.CardService/RecoverCard")
        self.desk.report_loss(card.name, "FORMAL")
        self.refused("FAILED_PRECONDITION", "CARD_LOST", self.desk.activate, card.name)

    # ---- closing ----

    def test_R45_S6_a_cancelled_card_closes_in_two_legs(self):
        card = self.desk.active()
        self.desk.banks_are("SILENT")
        self.desk.cancel(card.name)
        link = self.desk.link(card.name)  # at once
        self.assertEqual(short(link, "state"), "CLOSURE_PENDING")
        self.assertFalse(link.benefit_payout_ready)
        self.assertEqual(short(link.closure.agency, "state"), "DONE")
        self.refused("FAILED_PRECONDITION", "CLOSURE_IN_PROGRESS", self.desk.activate, card.name)
        self.desk.banks_are("NORMAL")

        def refused_by_bank():
            link = self.desk.link(card.name)
            request = request_of(link, "CLOSE")
            return link if request and short(request, "state") == "REFUSED" else None
        link = eventually(refused_by_bank, "the bank wants the holder to come")
        self.assertEqual(request_of(link, "CLOSE").reason, "HOLDER_REQUIRED")
        self.assertEqual((short(link.closure.bank, "state"), short(link.closure.bank, "waits_for")), ("PENDING", "HOLDER"))
        self.assertIn("CLOSE_BANK_ACCOUNT_AT_COUNTER", [step.code for step in link.next_steps])
        case = link.closure.case_id
        self.assertTrue(self.desk.change("RequestClosure", card.name, evidence=[ID_DOCUMENT]).changed)
        link = self.desk.wait_for(card.name, "CLOSED")
        self.assertEqual((link.closure.case_id, link.closure.done), (case, True))
        self.assertEqual(short(link.closure.bank, "state"), "DONE")

    def test_R44_the_account_of_a_valid_card_is_not_closed_and_of_a_lost_one_only_at_the_counter(self):
        number = identity_number()
        card = self.desk.active(number=number)
        self.refused("FAILED_PRECONDITION", "CARD_STILL_VALID", self.desk.change, "RequestClosure", card.name)
        self.desk.report_loss(card.name, "FORMAL")
        self.refused("FAILED_PRECONDITION", "WRONG_BANK", self.desk.change, "RequestClosure", card.name, bank="105")
        values = {"name": link_of(card.name), "context": context("ECARD", [ID_DOCUMENT])}
        with self.assertRaises(Refused) as caught:
            self.desk.bank.call("RequestClosure", values, self.desk.holder_token(number))
        self.assertEqual(caught.exception.reason, "CHANNEL_NOT_ALLOWED")
        self.assertEqual(caught.exception.metadata["allowed_channels"], "BANK_BRANCH")
        self.desk.change("RequestClosure", card.name, evidence=[ID_DOCUMENT])
        link = self.desk.wait_for(card.name, "CLOSED")
        self.assertEqual(short(link.closure, "cause"), "AT_COUNTER")

    def test_an_account_that_was_never_active_is_closed_by_the_bank_alone(self):
        card = self.desk.loaded()
        self.desk.cancel(card.name)
        self.desk.wait_for(card.name, "CLOSED")

    def test_a_bank_that_closes_the_account_of_a_card_in_use_raises_an_alarm(self):
        card = self.desk.active()
        result = self.desk.change("ConfirmClosed", card.name, "SYSTEM", (), "PLATFORM", bank="102")
        self.assertEqual(short(result.link, "state"), "CLOSED")
        eventually(lambda: "a bank did what it was not asked for" in self.region.services["bank"].text(), "the alarm is logged")

    def test_R30_a_replacement_has_a_link_of_its_own_and_the_old_one_closes(self):
        card = self.desk.active()
        self.desk.report_loss(card.name, "FORMAL")
        new = self.desk.replace(card.name)
        self.desk.start(new.name)
        self.desk.complete(new.name)
        self.desk.wait_for(new.name, "LOADED")
        self.assertEqual(self.desk.state(card.name), "ACTIVE")
        self.desk.collect(new.name, enable=True)
        self.assertEqual(self.desk.state(card.name), "CLOSURE_PENDING")
        values = {"parent": new.holder, "readOptions": {"channel": "CHANNEL_BANK_BRANCH"}}
        links = self.desk.at_bank("ListBankLinks", values).links
        self.assertEqual({link.card for link in links}, {card.name, new.name})
        self.assertEqual(list(self.desk.at_bank("ListBankLinks", values, bank="105").links), [])

    def test_a_change_of_bank_closes_the_old_account_when_the_new_card_is_collected(self):
        card = self.desk.active()
        new = self.desk.replace(card.name, "BANK_CHANGE", bankCode="105")
        self.desk.start(new.name)
        self.desk.complete(new.name)
        self.desk.collect(new.name)
        link = eventually(lambda: self._closing(card.name), "the old link closes because the bank changed")
        self.assertEqual(short(link.closure, "cause"), "BANK_CHANGED")
        self.assertEqual(self.desk.link(new.name, bank="105").bank_code, "105")

    def _closing(self, card):
        link = self.desk.link(card)
        return link if link.closure.case_id else None

    # ---- R21, R5 ----

    def test_R21_anything_about_the_banks_password_is_the_banks(self):
        number = identity_number()
        card = self.desk.active(number=number)
        for service in ("UNSPECIFIED", "SET", "CHANGE", "RESET", "UNLOCK", "VERIFY"):
            values = {"name": link_of(card.name), "readOptions": {"channel": "CHANNEL_ECARD"},
                      "service": f"PASSWORD_SERVICE_{service}"}
            with self.assertRaises(Refused) as caught:
                self.desk.bank.call("RequestPasswordService", values, self.desk.holder_token(number), "en")
            refusal = caught.exception
            self.assertEqual((refusal.status, refusal.reason, refusal.rule), ("FAILED_PRECONDITION", "BANK_MANAGED", "R21"))
            self.assertEqual(refusal.metadata["bank_name"], "Industrial and Commercial Bank of China")
            self.assertEqual(refusal.metadata["bank_phone"], "95588")

    def test_R5_benefits_need_an_active_account(self):
        card = self.desk.loaded()

        def check(**more):
            values = {"name": link_of(card.name), "readOptions": {"channel": "CHANNEL_SYSTEM"}, **more}
            return self.desk.at_bank("CheckPayoutReadiness", values, "PLATFORM")
        answer = check()
        self.assertEqual((short(answer, "verdict"), answer.reason, answer.rule), ("NOT_READY", "FINANCIAL_NOT_ACTIVATED", "R5"))
        self.assertIn("ACTIVATE_FINANCIAL_FUNCTION", [step.code for step in answer.next_steps])
        self.refused("FAILED_PRECONDITION", "FINANCIAL_NOT_ACTIVATED", check, refuseIfNotReady=True)
        self.desk.activate(card.name)
        self.desk.wait_for(card.name, "ACTIVE")
        self.assertEqual(short(check(refuseIfNotReady=True), "verdict"), "READY")

    # ---- S ----

    def test_S1_a_repeat_gets_the_first_answer_and_another_request_under_its_id_is_refused(self):
        card = self.desk.loaded()
        values = {"name": link_of(card.name), "context": context("BANK_BRANCH", R9_EVIDENCE)}
        token = self.desk.token("BANK_OPERATOR")
        first = self.desk.bank.send("ActivateFinancialFunction", values, token)
        self.desk.wait_for(card.name, "ACTIVE")
        again = self.desk.bank.send("ActivateFinancialFunction", values, token)
        self.assertTrue(again.replayed)
        self.assertEqual(first.bytes, again.bytes)
        other = {**values, "context": {**values["context"], "evidence": []}}
        with self.assertRaises(Refused) as caught:
            self.desk.bank.call("ActivateFinancialFunction", other, token)
        self.assertEqual((caught.exception.status, caught.exception.reason), ("ALREADY_EXISTS", "REQUEST_ID_REUSED"))

    def test_S2_an_old_etag_is_refused(self):
        card = self.desk.loaded()
        etag = self.desk.link(card.name).etag
        self.desk.change("ConfirmBankLoss", card.name, evidence=())
        values = {"name": link_of(card.name), "context": {**context("BANK_BRANCH", R9_EVIDENCE), "etag": etag}}
        refusal = self.refused("ABORTED", "VERSION_CONFLICT", self.desk.at_bank, "ActivateFinancialFunction", values)
        self.assertEqual(refusal.metadata["current_etag"], self.desk.link(card.name).etag)

    def test_S3_a_preview_says_what_would_change_and_changes_nothing(self):
        card = self.desk.loaded()
        before = self.desk.link(card.name)
        values = {"name": link_of(card.name), "context": {**context("BANK_BRANCH", R9_EVIDENCE), "validateOnly": True}}
        result = self.desk.at_bank("ActivateFinancialFunction", values)
        change = result.preview.changes[0]
        self.assertEqual((change.kind, list(change.events)), ("bank_link", ["bank.activation_requested"]))
        self.assertEqual(unpack(change.before).version + 1, unpack(change.after).version)
        after = self.desk.link(card.name)
        self.assertEqual((after.version, len(after.requests)), (before.version, len(before.requests)))
        self.assertEqual(self.desk.asked(card.name, "ActivateAccount"), [])

    def test_S8_every_change_is_in_the_feed_in_order(self):
        card = self.desk.active()
        stream = self.desk.bank.stream("Watch", {"name": link_of(card.name), "fromBeginning": True}, self.desk.token("AUDITOR"))
        seen = []
        for batch in stream:
            seen += batch.events
            if any(event.event_type == "bank.active" for event in seen):
                break
        stream.cancel()
        self.assertEqual([event.version for event in seen], list(range(1, len(seen) + 1)))
        types = [event.event_type for event in seen]
        self.assertEqual([one for one in types if one in ("bank.loaded", "bank.active")], ["bank.loaded", "bank.active"])
        last = unpack(seen[-1].record)
        self.assertEqual((short(last, "state"), last.holder), ("ACTIVE", card.holder))

    def test_S9_no_answer_shows_the_accounts_whole_reference(self):
        card = self.desk.active()
        link = self.desk.link(card.name)
        self.assertNotIn("SIM-", str(link))
        self.assertNotIn("SIM-", self.region.services["bank"].text())

    # ---- data and bad input ----

    def test_R10_banks_and_outlets_of_the_region_are_listed_page_by_page(self):
        token = self.desk.token("HOLDER", actor_id_number=identity_number())
        banks = self.desk.bank.call("ListBanks", {"parent": PARENT, "pageSize": 500}, token, "en").banks
        self.assertIn(("102", "Industrial and Commercial Bank of China", "95588"),
                      [(bank.code, bank.display_name, bank.phone) for bank in banks])
        codes, page = [], ""
        while True:
            answer = self.desk.bank.call(
                "ListOutlets", {"parent": PARENT, "bankCode": "102", "pageSize": 1, "pageToken": page}, token)
            codes += [outlet.code for outlet in answer.outlets]
            self.assertTrue(all(outlet.bank_code == "102" for outlet in answer.outlets))
            page = answer.next_page_token
            if not page:
                break
        self.assertEqual(codes, sorted(set(codes)))
        self.assertTrue(codes)

    def test_requests_that_make_no_sense_are_refused_with_the_field(self):
        card = self.desk.loaded()
        for values, field in (
                ({"name": card.name}, "name"),
                ({"name": f"{card.name}/credential"}, "name"),
                ({"name": "regions/330000/cards/x/bankLink"}, "name"),
                ({"name": ""}, "name")):
            with self.assertRaises(Refused) as caught:
                self.desk.at_bank("GetBankLink", {**values, "readOptions": {"channel": "CHANNEL_BANK_BRANCH"}})
            self.assertEqual(caught.exception.status, "INVALID_ARGUMENT", values)
            self.assertIn(field, caught.exception.fields)
        for more, reason in (
                ({"reference": "x", "answer": "BANK_ANSWER_DONE"}, "REFERENCE_MALFORMED"),
                ({"reference": "01J00000000000000000000000"}, "ANSWER_REQUIRED"),
                ({"reference": "01J00000000000000000000000", "answer": "BANK_ANSWER_REFUSED", "reason": "nötig"},
                 "REASON_MALFORMED"),
                ({"reference": "01J00000000000000000000000", "answer": "BANK_ANSWER_DONE", "accountReference": "x" * 65},
                 "TEXT_TOO_LONG")):
            with self.assertRaises(Refused) as caught:
                self.desk.change("ReportBankAnswer", card.name, "SYSTEM", (), "PLATFORM", more)
            self.assertEqual((caught.exception.status, caught.exception.reason), ("INVALID_ARGUMENT", reason))
        unknown = f"regions/330000/cards/01J000000000000000000000{card.name[-2:]}/bankLink"
        with self.assertRaises(Refused) as caught:
            self.desk.at_bank("GetBankLink", {"name": unknown, "readOptions": {"channel": "CHANNEL_BANK_BRANCH"}})
        self.assertEqual(caught.exception.status, "NOT_FOUND")

    def test_R49_staff_of_another_bank_and_staff_without_a_case_read_nothing(self):
        card = self.desk.loaded()
        for claims, reason in (({"bank": "105"}, "NOT_YOUR_BANK"), ({"case_ref": None}, "CASE_REFERENCE_REQUIRED")):
            with self.assertRaises(Refused) as caught:
                self.desk.link(card.name, **claims)
            self.assertEqual((caught.exception.status, caught.exception.reason), ("PERMISSION_DENIED", reason))

    def test_a_request_id_is_needed(self):
        card = self.desk.loaded()
        values = {"name": link_of(card.name), "context": {**context("BANK_BRANCH", R9_EVIDENCE), "requestId": ""}}
        self.refused_field("REQUEST_ID_REQUIRED", values)
        values["context"]["requestId"] = "not an id"
        self.refused_field("REQUEST_ID_MALFORMED", values)

    def refused_field(self, reason, values):
        with self.assertRaises(Refused) as caught:
            self.desk.at_bank("ActivateFinancialFunction", values)
        self.assertEqual((caught.exception.status, caught.exception.reason), ("INVALID_ARGUMENT", reason))


if __name__ == "__main__":
    main()
