"""The change feed (S8), history (S7), and lists with their pages."""

import base64
import itertools
import random
import time
import unittest

import grpc

from tests.harness.region_cards import AT_THE_COUNTER, Desk
from tests.harness.region_client import PARENT, Refused, unpack
from tests.harness.region_harness import Region, identity_number
from tests.harness.region_tap import main

WAIT_SECONDS = 20


class FeedTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.region = Region()
        cls.region.__enter__()
        cls.desk = Desk(cls.region)
        cls.system = cls.region.token("SYSTEM")
        cls.auditor = cls.region.token("AUDITOR")

    @classmethod
    def tearDownClass(cls):
        cls.desk.close()
        cls.region.__exit__(None, None, None)

    def watch(self, token=None, **values):
        return self.desk.client.stream("Watch", {"name": PARENT, **values}, token or self.system, timeout=WAIT_SECONDS)

    def read(self, enough, token=None, **values):
        """Messages of a Watch until `enough(events)`; the events and the last cursor."""
        events, cursor = [], values.get("cursor", "")
        call = self.watch(token, **values)
        try:
            for message in call:
                events += message.events
                cursor = base64.b64encode(message.cursor).decode()
                if enough(events):
                    break
        finally:
            call.cancel()
        return events, cursor

    def everything(self):
        """All events so far, from the beginning."""
        call = self.watch(fromBeginning=True)
        events = []
        for message in call:
            events += message.events
            if message.caught_up:
                break
        call.cancel()
        return events

    def invalid(self, reason, **values):
        with self.assertRaises(grpc.RpcError) as caught:
            next(iter(self.watch(**values)))
        refusal = Refused(caught.exception)
        self.assertEqual((refusal.status, refusal.reason), ("INVALID_ARGUMENT", reason), str(refusal))
        return refusal

    # ---- Watch ----

    def test_S8_feed_from_the_beginning_has_every_version_of_every_thing_once(self):
        names = self.desk.import_normal(30)
        for name in names[:10]:
            self.desk.report_loss(name)
            self.desk.recover(name)
        events = self.everything()
        versions = {}
        for event in events:
            versions.setdefault(event.name, []).append(event.version)
        self.assertGreaterEqual(len(versions), 60)
        for name, seen in versions.items():
            self.assertEqual(seen, list(range(1, len(seen) + 1)), name)
        self.assertTrue(all(versions[name] == [1, 2, 3] for name in names[:10]))
        history = self.desk.history(names[0])
        feed = [event for event in events if event.name == names[0]]
        self.assertEqual([(e.version, e.event_type) for e in history], [(e.version, e.event_type) for e in feed])

    def test_S8_consumer_goes_on_behind_its_cursor_without_gap_or_repeat(self):
        _, cursor = self.read(lambda events: len(events) >= 2, name=PARENT, **self.begun(2))
        whole = []
        for _ in range(5):
            name = self.desk.import_normal(1)[0]
            events, cursor = self.read(lambda seen: len(seen) >= 2, cursor=cursor)
            whole += events
            self.assertEqual({event.name for event in events if "/cards/" in event.name}, {name})
        self.assertEqual(len(whole), 10)

    def begun(self, count):
        """Two events to begin with, so that there is a cursor."""
        self.desk.import_normal(count)
        return {"fromBeginning": True}

    def test_S8_cursor_survives_restart_and_kill_9(self):
        self.desk.import_normal(1)
        events, cursor = self.read(lambda seen: True, fromBeginning=True)
        while True:
            more, cursor = self.read(lambda seen: True, cursor=cursor) if len(events) % 500 == 0 else ([], cursor)
            events += more
            if not more:
                break
        self.region.kill_service("card")
        self.region.start_service("card")
        self.desk.again()
        name = self.desk.import_normal(1)[0]
        self.region.restart_service("card")
        self.desk.again()
        self.desk.report_loss(name)
        events, _ = self.read(lambda seen: len(seen) >= 3, cursor=cursor)
        self.assertEqual([(e.version, e.event_type) for e in events if e.name == name][-1], (2, "card.temp_lost"))

    def test_S8_watch_without_cursor_begins_now_and_says_where_that_is(self):
        name = self.desk.import_normal(1)[0]
        call = self.watch()
        first = next(iter(call))
        self.assertEqual((len(first.events), first.caught_up), (0, True))
        self.assertTrue(first.cursor)
        self.desk.report_loss(name)
        second = next(iter(call))
        self.assertEqual([(e.name, e.event_type) for e in second.events], [(name, "card.temp_lost")])
        call.cancel()
        events, _ = self.read(lambda seen: True, cursor=base64.b64encode(first.cursor).decode())
        self.assertEqual([e.event_type for e in events], ["card.temp_lost"])

    def test_S8_event_has_record_time_and_request_masked(self):
        number = identity_number()
        card = self.desk.normal(number=number)
        values = self.desk.loss(card.name)
        self.desk.do("ReportLoss", values)
        events, _ = self.read(lambda seen: len(seen) >= 5, name=card.name, fromBeginning=True)
        event = events[-1]
        self.assertEqual((event.version, event.event_type, event.request_id), (5, "card.temp_lost", values["context"]["requestId"]))
        self.assertEqual(unpack(event.record).state, 5)
        self.assertGreater(event.at.seconds, 0)
        self.assertNotIn(number, str(events))
        holder, _ = self.read(lambda seen: True, name=card.holder, fromBeginning=True)
        self.assertEqual((holder[0].event_type, unpack(holder[0].record).name), ("person.registered", card.holder))
        self.assertNotIn(number, str(unpack(holder[0].record)))

    def test_S8_watch_of_some_types_shows_these_only(self):
        name = self.desk.import_normal(1)[0]
        self.desk.report_loss(name)
        events, _ = self.read(lambda seen: len(seen) >= 1, eventTypes=["card.temp_lost"], name=name, fromBeginning=True)
        self.assertEqual([e.event_type for e in events], ["card.temp_lost"])

    def test_S8_many_watchers_see_the_same_in_the_order_of_each_thing(self):
        calls = [self.watch() for _ in range(8)]
        streams = [iter(call) for call in calls]
        for stream in streams:
            next(stream)
        names = self.desk.import_normal(20)
        for name in names:
            self.desk.report_loss(name)
        seen = []
        for stream in streams:
            events = []
            while len(events) < 60:
                events += next(stream).events
            seen.append({name: [e.version for e in events if e.name == name] for name in names})
        for call in calls:
            call.cancel()
        self.assertTrue(all(each == {name: [1, 2] for name in names} for each in seen))

    def test_S8_forged_cursor_is_refused(self):
        _, cursor = self.read(lambda seen: True, **self.begun(1))
        raw = bytearray(base64.b64decode(cursor))
        dice = random.Random(8)
        forged = [b"nonsense", b"\0" * len(raw), bytes(raw[:-1]), bytes(raw) + b"A", b"A" * 5000]
        for _ in range(40):
            other = bytearray(raw)
            place = dice.randrange(len(other))
            other[place] = ord("A") if other[place] != ord("A") else ord("B")
            forged.append(bytes(other))
        for each in forged:
            refusal = self.invalid("CURSOR_INVALID", cursor=base64.b64encode(each).decode())
            self.assertEqual(refusal.fields, ["cursor"])

    def test_S8_holder_and_staff_may_not_watch(self):
        for role in ("HOLDER", "OPERATOR", "PLATFORM", "KIOSK"):
            with self.assertRaises(grpc.RpcError) as caught:
                next(iter(self.watch(self.region.token(role))))
            self.assertEqual(caught.exception.code(), grpc.StatusCode.PERMISSION_DENIED)
        call = self.watch(self.auditor, fromBeginning=True)
        self.assertTrue(next(iter(call)).events)
        call.cancel()

    # ---- history ----

    def test_S7_history_comes_in_pages_both_ways(self):
        name = self.desk.import_normal(1)[0]
        for _ in range(6):
            self.desk.report_loss(name)
            self.desk.recover(name)
        for order, expected in (("version", list(range(1, 14))), ("version desc", list(range(13, 0, -1))), ("", list(range(13, 0, -1)))):
            seen, token = [], ""
            for _ in range(10):
                values = {"parent": name, "orderBy": order, "pageSize": 3, "pageToken": token, "readOptions": AT_THE_COUNTER}
                answer = self.desk.do("ListCardHistory", values)
                self.assertLessEqual(len(answer.entries), 3)
                seen += [entry.version for entry in answer.entries]
                token = answer.next_page_token
                if not token:
                    break
            self.assertEqual(seen, expected)

    def test_S7_holder_sees_history_without_request_ids_and_references(self):
        number = identity_number()
        card = self.desk.normal(number=number)
        entries = self.desk.client.call("ListCardHistory", {"parent": card.name, "readOptions": AT_THE_COUNTER},
                                        self.desk.holder_token(number)).entries
        self.assertEqual(len(entries), 4)
        self.assertFalse(any(entry.request_id for entry in entries))
        self.assertFalse(any(evidence.reference for entry in entries for evidence in entry.evidence))

    # ---- lists ----

    def pages(self, method, field, values, size):
        seen, token = [], ""
        for _ in itertools.count():
            answer = self.desk.do(method, {**values, "pageSize": size, "pageToken": token, "readOptions": AT_THE_COUNTER})
            part = getattr(answer, field)
            self.assertLessEqual(len(part), size)
            seen += part
            token = answer.next_page_token
            if not token:
                return seen

    def span(self, first, last):
        return {"parent": PARENT, "expiresFrom": {"year": first, "month": 1, "day": 1},
                "expiresTo": {"year": last, "month": 12, "day": 31}}

    def expiring(self, count, year):
        holders = [self.desk.imported(self.desk.imported_card(expiresOn={"year": year, "month": 1 + i % 12, "day": 1 + i % 5}))
                   for i in range(count)]
        return [verdict.cards[0] for verdict in self.desk.import_holders(holders).verdicts]

    def test_R32_expiring_cards_come_in_order_each_once_over_pages(self):
        names = self.expiring(57, 2041)
        for size in (1, 10, 56, 57, 500):
            cards = self.pages("ListExpiringCards", "cards", self.span(2041, 2041), size)
            self.assertEqual(sorted(card.name for card in cards), sorted(names))
            days = [(card.expires_on.year, card.expires_on.month, card.expires_on.day) for card in cards]
            self.assertEqual(days, sorted(days))

    def test_R32_ended_cards_are_not_listed_as_expiring(self):
        names = self.expiring(3, 2043)
        self.desk.cancel(names[1])
        cards = self.pages("ListExpiringCards", "cards", self.span(2043, 2043), 10)
        self.assertEqual(sorted(card.name for card in cards), sorted([names[0], names[2]]))

    def test_R43_cards_of_a_person_are_listed_newest_first_or_oldest_first(self):
        number = identity_number()
        first = self.desk.normal(number=number)
        self.desk.cancel(first.name)
        second = self.desk.apply(number)
        listed = lambda order, **more: [card.name for card in self.pages(
            "ListCards", "cards", {"parent": first.holder, "orderBy": order, **more}, 1)]
        self.assertEqual(listed(""), [second.name, first.name])
        self.assertEqual(listed("requested_at"), [first.name, second.name])
        self.assertEqual(listed("requested_at desc", liveOnly=True), [second.name])

    def test_page_token_that_was_forged_or_belongs_elsewhere_is_refused(self):
        self.expiring(4, 2045)
        values = {**self.span(2045, 2045), "pageSize": 2, "readOptions": AT_THE_COUNTER}
        token = self.desk.do("ListExpiringCards", values).next_page_token
        self.assertTrue(token)
        self.assertEqual(len(self.desk.do("ListExpiringCards", {**values, "pageToken": token}).cards), 2)
        flip = lambda place: token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1:]
        bad = [flip(place) for place in range(0, len(token), 3)] + ["nonsense", token[:-2], token + "AA", "中文", "A" * 4000]
        cases = [({**values, "pageToken": each}, {}) for each in bad]
        cases.append(({**values, **self.span(2045, 2046), "pageToken": token}, {}))  # another filter
        cases.append(({**values, "pageToken": token}, {"subject": "operator-9", "operator_id": "op-9"}))  # another caller
        for request, claims in cases:
            with self.assertRaises(Refused) as caught:
                self.desk.do("ListExpiringCards", request, **claims)
            refusal = caught.exception
            self.assertEqual((refusal.status, refusal.reason, refusal.fields),
                             ("INVALID_ARGUMENT", "PAGE_TOKEN_MALFORMED", ["page_token"]))

    def test_page_sizes_that_are_huge_are_cut_and_negative_ones_refused(self):
        self.expiring(3, 2047)
        values = {**self.span(2047, 2047), "readOptions": AT_THE_COUNTER}
        self.assertEqual(len(self.desk.do("ListExpiringCards", {**values, "pageSize": 2147483647}).cards), 3)
        with self.assertRaises(Refused) as caught:
            self.desk.do("ListExpiringCards", {**values, "pageSize": -1})
        self.assertEqual((caught.exception.status, caught.exception.fields), ("INVALID_ARGUMENT", ["page_size"]))

    def test_order_that_is_none_is_refused(self):
        card = self.desk.apply()
        for method, parent in (("ListCards", card.holder), ("ListCardHistory", card.name)):
            with self.assertRaises(Refused) as caught:
                self.desk.do(method, {"parent": parent, "orderBy": "name; DROP TABLE card", "readOptions": AT_THE_COUNTER})
            self.assertEqual((caught.exception.status, caught.exception.fields), ("INVALID_ARGUMENT", ["order_by"]))

    def test_R32_span_that_ends_before_it_begins_is_refused(self):
        with self.assertRaises(Refused) as caught:
            self.desk.do("ListExpiringCards", {**self.span(2045, 2040), "readOptions": AT_THE_COUNTER})
        self.assertEqual(caught.exception.reason, "DATE_IMPOSSIBLE")


if __name__ == "__main__":
    main()
