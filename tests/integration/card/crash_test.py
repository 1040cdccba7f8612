"""kill -9 of the card service at random moments during concurrent writes.

What was acknowledged is there, a repeated request id gets the first answer and has one effect, the chain verifies, the feed has
no gap (S1, S7, S8). CRASH_SEEDS=17,18 runs those; else two that are always the same and one of the day.
"""

import os
import random
import threading
import time
import unittest

from tests.harness.region_cards import AT_THE_COUNTER, Desk
from tests.harness.region_client import PARENT, Client, Refused
from tests.harness.region_harness import Region, identity_number
from tests.harness.region_tap import main

SEEDS = [int(seed) for seed in os.environ.get("CRASH_SEEDS", f"9,10,{random.randrange(11, 1000000)}").split(",")]
KILLS = 6
WRITERS = 6
CARDS_OF_A_WRITER = 6
SHARED_CARDS = 3
OK, REFUSED, UNKNOWN = "OK", "REFUSED", "UNKNOWN"


class Operation:
    """One request, sent until its outcome is known."""

    def __init__(self, method, values, name):
        self.method, self.values, self.name = method, values, name
        self.answer = self.outcome = None

    @property
    def request_id(self):
        return self.values["context"]["requestId"]


class Writer(threading.Thread):
    """Reports and recovers losses, and applies for cards; each operation once. Remembers what it was told."""

    def __init__(self, world, number):
        super().__init__(daemon=True)
        self.world, self.dice = world, random.Random(world.seed * 1000 + number)
        self.client = world.connect()
        self.names = world.own[number] + world.shared
        self.operations = []

    def next_operation(self):
        desk, name = self.world.desk, self.dice.choice(self.names)
        choice = self.dice.random()
        if choice < 0.1:
            return Operation("ApplyCard", desk.application(identity_number()), None)
        if choice < 0.55:
            return Operation("ReportLoss", desk.loss(name), name)
        return Operation("RecoverCard", desk.recovery(name), name)

    def run(self):
        while not self.world.over.is_set():
            operation = self.next_operation()
            self.operations.append(operation)
            try:
                operation.answer = self.client.send(operation.method, operation.values, self.world.token)
                operation.outcome = OK
                operation.name = operation.answer.message.card.name
            except Refused as refusal:
                operation.outcome = REFUSED if refusal.raw else UNKNOWN
                if operation.outcome == UNKNOWN:
                    assert refusal.status in ("UNAVAILABLE", "CANCELLED", "INTERNAL", "UNKNOWN"), str(refusal)


class Crashes:
    """One run by one seed, and what must hold after it."""

    seed = 0

    @classmethod
    def setUpClass(cls):
        cls.region = Region()
        cls.region.__enter__()
        cls.desk = Desk(cls.region)
        cls.token = cls.region.token("OPERATOR")
        names = cls.desk.import_normal(WRITERS * CARDS_OF_A_WRITER + SHARED_CARDS)
        cls.shared = names[:SHARED_CARDS]
        own = names[SHARED_CARDS:]
        cls.own = [own[i::WRITERS] for i in range(WRITERS)]
        cls.over = threading.Event()
        cls.connect = lambda self: Client(cls.region.target("card"), waits=True)
        cls.writers = []
        cls.run_writers()

    @classmethod
    def run_writers(cls):
        world = cls("test_S8_feed_has_every_version_once_and_history_agrees")
        cls.writers = [Writer(world, number) for number in range(WRITERS)]
        dice = random.Random(cls.seed)
        for writer in cls.writers:
            writer.start()
        for _ in range(KILLS):
            time.sleep(dice.uniform(0.05, 0.4))  # the moment of the crash, not a wait for anything
            cls.region.kill_service("card")
            cls.region.start_service("card")
        time.sleep(0.2)
        cls.over.set()
        for writer in cls.writers:
            writer.join(30)
            writer.client.close()
            assert not writer.is_alive()
        cls.desk.again()
        cls.operations = [operation for writer in cls.writers for operation in writer.operations]
        counts = {each: sum(o.outcome == each for o in cls.operations) for each in (OK, REFUSED, UNKNOWN)}
        print(f"# seed {cls.seed} (CRASH_SEEDS={cls.seed} repeats it): {KILLS} kills, {counts}")

    @classmethod
    def tearDownClass(cls):
        cls.desk.close()
        cls.region.__exit__(None, None, None)

    def effects(self):
        """request id → [(name, version)] from the feed, the whole of it."""
        call = self.desk.client.stream("Watch", {"name": PARENT, "fromBeginning": True}, self.region.token("SYSTEM"))
        found, versions = {}, {}
        for message in call:
            for event in message.events:
                found.setdefault(event.request_id, []).append((event.name, event.version))
                versions.setdefault(event.name, []).append(event.version)
            if message.caught_up:
                break
        call.cancel()
        return found, versions

    def test_the_run_was_one(self):
        outcomes = [operation.outcome for operation in self.operations]
        self.assertGreater(outcomes.count(OK), 50)
        self.assertGreater(outcomes.count(UNKNOWN), 0)

    def test_S1_every_acknowledged_write_is_there_once(self):
        found, _ = self.effects()
        for operation in self.operations:
            cards = [effect for effect in found.get(operation.request_id, ()) if "/cards/" in effect[0]]
            self.assertLessEqual(len(cards), 1, operation.values)
            if operation.outcome == REFUSED:
                self.assertEqual(cards, [], operation.values)
            if operation.outcome == OK:
                expected = [operation.name] if operation.answer.message.changed else []
                self.assertEqual([name for name, _ in cards], expected, operation.values)

    def test_S1_every_repeated_request_id_gets_the_first_answer(self):
        before, _ = self.effects()
        for operation in self.operations:
            if operation.outcome == OK:
                again = self.desk.client.send(operation.method, operation.values, self.token)
                self.assertTrue(again.replayed)
                self.assertEqual(again.bytes, operation.answer.bytes)
        after, _ = self.effects()
        self.assertEqual(before, after)

    def test_S1_a_write_of_unknown_outcome_is_settled_by_repeating_it(self):
        settled = {OK: 0, REFUSED: 0}
        for operation in self.operations:
            if operation.outcome != UNKNOWN:
                continue
            try:
                first = self.desk.client.send(operation.method, operation.values, self.token)
                second = self.desk.client.send(operation.method, operation.values, self.token)
                self.assertEqual((second.replayed, second.bytes), (True, first.bytes))
                settled[OK] += 1
            except Refused as refusal:
                self.assertTrue(refusal.raw, str(refusal))
                settled[REFUSED] += 1
        found, _ = self.effects()
        for operation in self.operations:
            cards = [effect for effect in found.get(operation.request_id, ()) if "/cards/" in effect[0]]
            self.assertLessEqual(len(cards), 1)
        print(f"# unknown outcomes: {settled}")

    def test_S8_feed_has_every_version_once_and_history_agrees(self):
        _, versions = self.effects()
        for name, seen in versions.items():
            self.assertEqual(seen, list(range(1, len(seen) + 1)), name)
        for name in self.shared + self.own[0]:
            card = self.desk.get(name)
            self.assertEqual(card.version, versions[name][-1])
            entries, token = [], ""
            while True:
                answer = self.desk.do("ListCardHistory", {"parent": name, "orderBy": "version", "pageSize": 500, "pageToken": token,
                                                          "readOptions": AT_THE_COUNTER})
                entries += [entry.version for entry in answer.entries]
                token = answer.next_page_token
                if not token:
                    break
            self.assertEqual(entries, versions[name])

    def test_S7_chain_verifies_offline_and_the_service_starts_again(self):
        self.region.stop_service("card")
        code, text = self.region.audit_verify("card")
        self.assertEqual(code, 0, text)
        self.assertIn("whole", text)
        self.region.start_service("card")
        self.desk.again()
        self.assertIn(self.desk.get(self.shared[0]).state, (4, 5))


for each in SEEDS:
    name = f"CrashTest{each}"
    globals()[name] = type(name, (Crashes, unittest.TestCase), {"seed": each})


if __name__ == "__main__":
    main()
