"""What the platform promises about every change: request ids (S1), versions (S2), previews (S3), lost answers."""

import os
import sqlite3
import threading
import time
import unittest

from google.protobuf import json_format

from tests.harness.region_cards import AT_THE_COUNTER, ID_DOCUMENT, Desk, context
from tests.harness.region_client import PARENT, POOL, Refused, new_id, unpack
from tests.harness.region_harness import Region, card_number, identity_number
from tests.harness.region_tap import main

SERVICE = "sscard.card.v1.CardService"
DONE, RUNNING, NOT_COMMITTED, EXPIRED = 1, 2, 3, 4


def now(offset_seconds=0):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + offset_seconds))


class PromiseTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.region = Region()
        cls.region.__enter__()
        cls.desk = Desk(cls.region)
        cls.operator = cls.region.token("OPERATOR")

    @classmethod
    def tearDownClass(cls):
        cls.desk.close()
        cls.region.__exit__(None, None, None)

    def send(self, method, values, token=None, language=None):
        return self.desk.client.send(method, values, token or self.operator, language)

    def refused(self, status, reason, method, values, token=None):
        with self.assertRaises(Refused) as caught:
            self.send(method, values, token)
        refusal = caught.exception
        self.assertEqual((refusal.status, refusal.reason), (status, reason), str(refusal))
        return refusal

    def normal(self):
        return self.desk.import_normal(1)[0]

    def rows(self):
        """How many rows each table of the service has, but for the audit of reads and who reads what."""
        with sqlite3.connect(f"file:{self.region.folder}/data/card/card.db?mode=ro", uri=True) as database:
            names = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            return {name: database.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in names}

    def heads(self):
        with sqlite3.connect(f"file:{self.region.folder}/data/card/card.db?mode=ro", uri=True) as database:
            return database.execute("SELECT part, seq, chain FROM part_head ORDER BY part").fetchall()

    # ---- S1 ----

    def test_S1_a_repeat_gets_the_first_answer_and_says_so(self):
        values = self.desk.loss(self.normal())
        first = self.send("ReportLoss", values)
        second = self.send("ReportLoss", values)
        self.assertEqual((first.replayed, second.replayed), (False, True))
        self.assertEqual(first.bytes, second.bytes)
        self.assertTrue(second.message.changed)

    def test_S1_a_repeat_gets_the_first_answer_after_the_card_has_changed(self):
        name = self.normal()
        values = self.desk.loss(name)
        first = self.send("ReportLoss", values)
        self.desk.recover(name)
        second = self.send("ReportLoss", values)
        self.assertEqual(first.bytes, second.bytes)
        self.assertEqual(self.desk.get(name).state, 4)

    def test_S1_a_repeated_application_makes_one_card(self):
        number = identity_number()
        values = self.desk.application(number)
        first, second = self.send("ApplyCard", values), self.send("ApplyCard", values)
        self.assertEqual(first.bytes, second.bytes)
        cards = self.desk.do("ListCards", {"parent": first.message.card.holder, "readOptions": AT_THE_COUNTER}).cards
        self.assertEqual(len(cards), 1)

    def test_S1_an_answer_that_nothing_changed_is_repeated_too(self):
        name = self.normal()
        self.desk.report_loss(name)
        values = self.desk.loss(name)
        first = self.send("ReportLoss", values)
        self.assertFalse(first.message.changed)
        self.desk.recover(name)
        second = self.send("ReportLoss", values)
        self.assertEqual((second.replayed, second.bytes), (True, first.bytes))
        self.assertEqual(self.desk.get(name).state, 4)

    def test_S1_the_same_key_with_another_request_is_refused(self):
        name = self.normal()
        values = self.desk.loss(name)
        self.send("ReportLoss", values)
        refusal = self.refused("ALREADY_EXISTS", "REQUEST_ID_REUSED", "ReportLoss", {**values, "kind": "LOSS_KIND_FORMAL"})
        self.assertEqual(refusal.rule, "S1")
        again = dict(values, context={**values["context"], "operatorNote": "another note"})
        self.refused("ALREADY_EXISTS", "REQUEST_ID_REUSED", "ReportLoss", again)
        self.assertTrue(self.send("ReportLoss", values).replayed)

    def test_S1_the_key_belongs_to_its_caller_and_its_method(self):
        name = self.normal()
        values = self.desk.loss(name)
        self.send("ReportLoss", values)
        other = self.region.token("OPERATOR", subject="operator-7", operator_id="op-7")
        self.assertFalse(self.send("ReportLoss", values, other).replayed)
        recovery = self.desk.recovery(name, requestId=values["context"]["requestId"])
        self.assertFalse(self.send("RecoverCard", recovery).replayed)

    def test_S1_a_refusal_is_not_kept(self):
        card = self.desk.made()
        values = {"name": card.name, "context": context("BRANCH", [ID_DOCUMENT])}
        self.refused("FAILED_PRECONDITION", "NOT_COLLECTED", "EnableSocialFunction", values)
        self.desk.collect(card.name)
        self.assertTrue(self.send("EnableSocialFunction", values).message.changed)

    def test_S1_answers_are_kept_over_a_restart_and_over_kill_9(self):
        lost, same = self.normal(), self.normal()
        self.desk.report_loss(same)
        kept = []
        for values in (self.desk.loss(lost), self.desk.loss(same), self.desk.loss(self.normal(), "FORMAL")):
            kept.append((values, self.send("ReportLoss", values).bytes))
        for way in (self.region.stop_service, self.region.kill_service):
            way("card")
            self.region.start_service("card")
            self.desk.again()
            for values, first in kept:
                repeat = self.send("ReportLoss", values)
                self.assertEqual((repeat.replayed, repeat.bytes), (True, first))

    def test_S1_one_of_many_simultaneous_repeats_is_carried_out(self):
        values = self.desk.loss(self.normal())
        answers, refusals = [], []

        def repeat():
            try:
                answers.append(self.send("ReportLoss", values).bytes)
            except Refused as refusal:
                refusals.append(refusal.reason)

        threads = [threading.Thread(target=repeat) for _ in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(len(set(answers)), 1)
        self.assertLessEqual(set(refusals), {"OPERATION_RUNNING"})
        self.assertEqual(len(self.desk.history(values["name"])), 2)

    def test_S1_request_ids_that_are_missing_or_malformed_are_refused(self):
        values = self.desk.loss(self.normal())
        for request_id, reason in (("", "REQUEST_ID_REQUIRED"), ("short", "REQUEST_ID_MALFORMED"),
                                   ("x" * 65, "REQUEST_ID_MALFORMED"), ("has a space in its middle", "REQUEST_ID_MALFORMED")):
            values["context"]["requestId"] = request_id
            refusal = self.refused("INVALID_ARGUMENT", reason, "ReportLoss", values)
            self.assertEqual(refusal.fields, ["context.request_id"])

    # ---- S2 ----

    def test_S2_a_change_meant_for_another_version_is_refused_with_the_current_one(self):
        name = self.normal()
        before = self.desk.get(name).etag
        after = self.desk.report_loss(name, etag=before).etag
        self.assertNotEqual(before, after)
        refusal = self.refused("ABORTED", "VERSION_CONFLICT", "RecoverCard", self.desk.recovery(name, etag=before))
        self.assertEqual((refusal.metadata["current_etag"], refusal.rule), (after, "S2"))
        self.assertEqual(self.desk.recover(name, etag=after).state, 4)

    def test_S2_a_stale_etag_is_refused_even_where_nothing_would_change(self):
        name = self.normal()
        before = self.desk.get(name).etag
        self.desk.report_loss(name)
        self.refused("ABORTED", "VERSION_CONFLICT", "ReportLoss", self.desk.loss(name, etag=before))

    def test_S2_an_etag_that_is_none_is_a_bad_request(self):
        for etag in ("nonsense", "W/\"1\"", "1'; DROP TABLE card; --", "九", "-1", "99999999999999999999999"):
            refusal = self.refused("INVALID_ARGUMENT", "ETAG_INVALID", "ReportLoss", self.desk.loss(self.normal(), etag=etag))
            self.assertEqual(refusal.fields, ["context.etag"])

    def test_S2_a_person_has_an_etag_of_her_own(self):
        name = self.normal()
        holder = self.desk.holder(self.desk.get(name).holder)
        values = {"name": holder.name, "context": context("SYSTEM", etag=holder.etag),
                  "entitlement": {"standing": "ENTITLEMENT_STANDING_NONE", "asOf": "2025-01-01T00:00:00Z"}}
        platform = self.region.token("PLATFORM")
        self.assertTrue(self.send("SetEntitlement", values, platform).message.changed)
        values = {**values, "context": context("SYSTEM", etag=holder.etag)}
        self.refused("ABORTED", "VERSION_CONFLICT", "SetEntitlement", values, platform)
        self.assertEqual(self.desk.get(name).version, 1)

    # ---- S3 ----

    IDS_AND_TIMES = {"name", "asOf", "requestedAt", "stateSince", "collectedAt", "tempLossUntil", "givenAt", "issuedOn",
                     "supersedes", "supersededBy", "etag", "holder"}

    def plain(self, message, preview=False):
        """A message without what a preview cannot know."""
        def strip(value, key=""):
            if isinstance(value, dict):
                return {k: strip(v, k) for k, v in value.items() if k not in self.IDS_AND_TIMES and k != "preview"}
            return [strip(each, key) for each in value] if isinstance(value, list) else value

        self.assertEqual(message.HasField("preview"), preview)
        return strip(json_format.MessageToDict(message, descriptor_pool=POOL))

    def check_preview(self, method, values, role="OPERATOR"):
        token = self.region.token(role)
        rows, heads = self.rows(), self.heads()
        preview = self.send(method, {**values, "context": {**values["context"], "validateOnly": True, "requestId": ""}}, token)
        self.assertEqual((self.rows(), self.heads()), (rows, heads))
        done = self.send(method, values, token)
        self.assertFalse(done.replayed)
        self.assertEqual(self.plain(preview.message, preview=True), self.plain(done.message))
        return preview.message.preview, done.message

    def test_S3_previews_equal_the_changes_and_leave_nothing_behind(self):
        number = identity_number()
        preview, done = self.check_preview("ApplyCard", self.desk.application(number))
        self.assertEqual([(change.kind, change.name[-2:]) for change in preview.changes], [("card", "/-"), ("holder", "/-")])
        name = done.card.name
        platform = "PLATFORM"
        self.check_preview("StartProduction", {"name": name, "context": context("SYSTEM")}, platform)
        self.check_preview("CompleteProduction", self.desk.completion(name), platform)
        at_branch = lambda: {"name": name, "context": context("BRANCH", [ID_DOCUMENT])}
        self.check_preview("CollectCard", at_branch())
        self.check_preview("EnableSocialFunction", at_branch())
        preview, _ = self.check_preview("ReportLoss", self.desk.loss(name))
        self.assertEqual([event for change in preview.changes for event in change.events], ["card.temp_lost"])
        self.check_preview("RecoverCard", self.desk.recovery(name))
        self.check_preview("ReportLoss", self.desk.loss(name, "FORMAL"))
        preview, done = self.check_preview("ReplaceCard", self.desk.replacement(name))
        self.assertEqual(sorted(change.name.endswith("/-") for change in preview.changes), [False, True])
        successor = done.card.name
        self.desk.start(successor)
        self.desk.complete(successor)
        preview, _ = self.check_preview(
            "CollectCard", {"name": successor, "context": context("BRANCH", [ID_DOCUMENT]), "enable": True})
        states = {change.name: unpack(change.after).state for change in preview.changes}
        self.assertEqual(states, {name: 7, successor: 4})
        self.check_preview("CancelCard", self.desk.holder_cancellation(successor))

    def test_S3_a_preview_of_a_card_number_that_another_card_has_refuses_as_the_call_does(self):
        taken = card_number()
        self.desk.complete(self.started().name, taken)
        values = self.desk.completion(self.started().name, taken)
        for validate_only in (True, False):
            values["context"]["validateOnly"] = validate_only
            self.refused("ALREADY_EXISTS", "CARD_NUMBER_IN_USE", "CompleteProduction", values, self.region.token("PLATFORM"))

    def started(self):
        card = self.desk.apply()
        return self.desk.start(card.name)

    def test_S3_a_preview_names_the_event_of_a_person(self):
        values = self.desk.application(identity_number())
        values["context"]["validateOnly"] = True
        preview = self.send("ApplyCard", values).message.preview
        self.assertEqual([list(change.events) for change in preview.changes], [["card.requested"], ["person.registered"]])

    def test_S3_a_preview_shows_before_and_after_with_events_and_masks(self):
        number = identity_number()
        card = self.desk.normal(number=number)
        values = self.desk.loss(card.name, validateOnly=True)
        change = self.send("ReportLoss", values).message.preview.changes[0]
        before, after = unpack(change.before), unpack(change.after)
        self.assertEqual((before.state, after.state, after.version), (4, 5, before.version + 1))
        self.assertTrue(change.notices)
        for text in ("http", "www.", number):
            self.assertNotIn(text, str(change))

    def test_S3_a_preview_of_no_change_is_empty(self):
        name = self.normal()
        self.desk.report_loss(name)
        answer = self.send("ReportLoss", self.desk.loss(name, validateOnly=True)).message
        self.assertFalse(answer.changed)
        self.assertEqual(len(answer.preview.changes), 0)

    def test_S3_a_preview_refuses_what_the_change_would_refuse(self):
        name = self.normal()
        self.refused("FAILED_PRECONDITION", "NOT_LOST", "RecoverCard", self.desk.recovery(name, validateOnly=True))
        self.refused("ABORTED", "VERSION_CONFLICT", "ReportLoss",
                     self.desk.loss(name, validateOnly=True, etag=self.desk.get(self.desk.normal().name).etag))

    def test_S3_a_preview_claims_no_card_number(self):
        first, second = self.desk.start(self.desk.apply().name), self.desk.start(self.desk.apply().name)
        values = self.desk.completion(first.name)
        values["context"]["validateOnly"] = True
        self.send("CompleteProduction", values, self.region.token("PLATFORM"))
        self.assertEqual(self.desk.complete(second.name, values["cardNumber"]).state, 3)

    def test_S3_a_preview_of_an_import_stores_nothing(self):
        rows, heads = self.rows(), self.heads()
        holders = [self.desk.imported(self.desk.imported_card()) for _ in range(20)]
        answer = self.desk.import_holders(holders, validateOnly=True)
        self.assertEqual(answer.imported_count, 20)
        self.assertEqual((self.rows(), self.heads()), (rows, heads))
        self.assertEqual(self.desk.import_holders(holders).imported_count, 20)

    # ---- a lost answer ----

    def operation(self, subject, method, request_id, sent_at=None, token=None):
        return self.send("GetOperation", {**subject, "method": f"{SERVICE}/{method}", "requestId": request_id,
                                          "sentAt": sent_at or now()}, token).message

    def test_GetOperation_of_a_change_tells_its_answer(self):
        name = self.normal()
        values = self.desk.loss(name)
        answer = self.send("ReportLoss", values)
        found = self.operation({"name": name}, "ReportLoss", values["context"]["requestId"])
        self.assertEqual(found.state, DONE)
        self.assertEqual(unpack(found.answer).SerializeToString(deterministic=True), answer.bytes)
        self.assertTrue(found.HasField("committed_at"))

    def test_GetOperation_of_an_application_is_asked_by_the_person(self):
        number = identity_number()
        values = self.desk.application(number)
        card = self.send("ApplyCard", values).message.card
        found = self.operation({"identityNumber": number}, "ApplyCard", values["context"]["requestId"])
        self.assertEqual((found.state, unpack(found.answer).card.name), (DONE, card.name))

    def test_GetOperation_of_what_never_arrived_is_NOT_COMMITTED(self):
        found = self.operation({"name": self.normal()}, "ReportLoss", new_id())
        self.assertEqual((found.state, found.WhichOneof("outcome")), (NOT_COMMITTED, None))

    def test_GetOperation_of_a_refused_request_is_NOT_COMMITTED(self):
        values = self.desk.recovery(self.normal())
        self.refused("FAILED_PRECONDITION", "NOT_LOST", "RecoverCard", values)
        found = self.operation({"name": values["name"]}, "RecoverCard", values["context"]["requestId"])
        self.assertEqual(found.state, NOT_COMMITTED)

    def test_GetOperation_asked_after_71_hours_is_EXPIRED(self):
        found = self.operation({"name": self.normal()}, "ReportLoss", new_id(), now(-72 * 3600))
        self.assertEqual(found.state, EXPIRED)

    def test_GetOperation_answers_the_caller_that_sent_it_only(self):
        values = self.desk.loss(self.normal())
        self.send("ReportLoss", values)
        other = self.region.token("OPERATOR", subject="operator-8", operator_id="op-8")
        found = self.operation({"name": values["name"]}, "ReportLoss", values["context"]["requestId"], token=other)
        self.assertEqual(found.state, NOT_COMMITTED)

    def test_GetOperation_needs_method_id_time_and_subject(self):
        name = self.normal()
        good = {"name": name, "method": f"{SERVICE}/ReportLoss", "requestId": new_id(), "sentAt": now()}
        for field in good:
            values = {key: value for key, value in good.items() if key != field}
            with self.assertRaises(Refused) as caught:
                self.send("GetOperation", values)
            self.assertEqual(caught.exception.status, "INVALID_ARGUMENT", field)
            self.assertTrue(caught.exception.fields)

    def test_GetOperation_of_an_import_tells_what_became_of_it(self):
        values = {"parent": PARENT, "context": context("SYSTEM"), "holders": [self.desk.imported(self.desk.imported_card())]}
        platform = self.region.token("PLATFORM")
        first = self.send("ImportHolders", values, platform)
        found = self.operation({"parent": PARENT}, "ImportHolders", values["context"]["requestId"], token=platform)
        self.assertEqual(found.state, DONE)
        self.assertEqual(unpack(found.answer).SerializeToString(deterministic=True), first.bytes)

    def test_S7_reads_are_written_down_and_refused_ones_too(self):
        file = os.path.join(self.region.folder, "data", "card", "card-reads.db")

        def count():
            with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as database:
                return database.execute("SELECT count(*) FROM read_audit").fetchone()[0]

        name = self.normal()
        before = count()
        self.desk.get(name)
        self.assertEqual(count(), before + 1)
        stranger = self.desk.holder_token(identity_number())
        with self.assertRaises(Refused):
            self.send("GetCard", {"name": name, "readOptions": AT_THE_COUNTER}, stranger)
        self.assertEqual(count(), before + 2)
        self.send("ReportLoss", self.desk.loss(name, validateOnly=True))
        self.assertEqual(count(), before + 3)


if __name__ == "__main__":
    main()
