"""A sandbox region of real processes: virtual time over RPC, and production binaries that do not know it."""

import base64
import datetime
import os
import subprocess
import threading
import time
import unittest

from google.protobuf import descriptor_pb2

from tests.harness.region_cards import Desk
from tests.harness.region_client import PARENT, POOL, Client, Refused
from tests.harness.region_harness import Process, Region, eventually, program
from tests.harness.region_tap import main

SERVICE = "sscard.dev.v1.SandboxService"
CHINA = datetime.timezone(datetime.timedelta(hours=8))
DAY = 24 * 3600
DAYS = 60
HOLDERS = 1000
TARGET_SECONDS = 1.0
STATES = POOL.FindEnumTypeByName("sscard.card.v1.CardState").values_by_number


def learn_sandbox():
    """Adds the proto of the sandbox, which no other test knows, to the pool."""
    files = descriptor_pb2.FileDescriptorSet()
    with open(program("proto/sandbox_descriptors.binpb"), "rb") as file:
        files.ParseFromString(file.read())
    for file in files.file:
        if file.name.startswith("sscard/dev/"):
            POOL.Add(file)


learn_sandbox()


class Sandbox(Region):
    """The same region, of the binaries that have a virtual clock."""

    def command_of(self, name):
        command = super().command_of(name)
        return [command[0] + "_sandbox", *command[1:], "--sandbox-clock", self.clock]

    @property
    def clock(self):
        return os.path.join(self.folder, "clock")


class Clock:
    """What people do with the clock."""

    def __init__(self, region):
        self.region = region
        self.client = Client(region.target("card"), SERVICE)
        self.token = region.token("SYSTEM")

    def close(self):
        self.client.close()

    def call(self, method, token=None, timeout=30, **values):
        return self.client.call(method, {"name": PARENT, **values}, token or self.token, timeout=timeout)

    def get(self):
        return self.call("GetClock")

    def advance(self, days=0, **values):
        return self.call("AdvanceClock", **(values or {"by": f"{days * DAY}s"}))


def instant(timestamp):
    return timestamp.seconds * 1000 + timestamp.nanos // 1000000


def text_of(instant_ms):
    return datetime.datetime.fromtimestamp(instant_ms / 1000, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def day_of(instant_ms, more=0):
    """A google.type.Date, so many days after the day in China of that instant."""
    day = datetime.datetime.fromtimestamp(instant_ms / 1000, CHINA).date() + datetime.timedelta(days=more)
    return {"year": day.year, "month": day.month, "day": day.day}


def midnight(instant_ms, days):
    """00:00 in China, so many days after the day of that instant."""
    day = day_of(instant_ms, days)
    return int(datetime.datetime(day["year"], day["month"], day["day"], tzinfo=CHINA).timestamp() * 1000)


class Population:
    """A thousand cards, and what sixty days bring to each, reckoned from the paper."""

    def __init__(self, desk, today_ms, holders=HOLDERS):
        self.expected = {}
        cards, promises = [], []
        for i in range(holders):
            day = 1 + i // 4 % DAYS
            far = {"expiresOn": day_of(today_ms, 9 * 365), "issuedOn": {"year": 2016, "month": 1, "day": 1}}
            if i % 4 == 1:  # R32: renewal opens 60 days before the last day
                far["expiresOn"] = day_of(today_ms, day + 60)
                promises.append([("card.expiring", midnight(today_ms, day))])
            elif i % 4 == 2:  # R29: the last day counts in; that it expires soon is told at once
                far["expiresOn"] = day_of(today_ms, day - 1)
                promises.append([("card.expired", midnight(today_ms, day))])
            elif i % 4 == 3 and day > 1:  # A3: a day before its end the holder is told
                far["tempLossUntil"] = text_of(midnight(today_ms, day))
                promises.append([("card.temp_loss_ending", midnight(today_ms, day - 1)),
                                 ("card.recovered", midnight(today_ms, day))])
            else:
                promises.append([])
            cards.append(desk.imported_card("TEMP_LOST" if "tempLossUntil" in far else "NORMAL", **far))
        self.names = []
        for first in range(0, holders, 500):
            answer = desk.import_holders([desk.imported(card) for card in cards[first:first + 500]])
            self.names += [verdict.cards[0] for verdict in answer.verdicts]
        for name, events in zip(self.names, promises):
            for event, at in events:
                self.expected[name, event] = at


class SandboxCase(unittest.TestCase):
    def setUp(self):
        self.region = Sandbox(("card", "status"))
        self.region.__enter__()
        self.addCleanup(self.region.destroy)
        self.desk = Desk(self.region)
        self.clock = Clock(self.region)
        self.cursor = b""

    def end(self):
        self.clock.close()
        self.desk.close()
        self.region.stop()

    def again(self):
        """New connections, after a restart."""
        self.desk.again()
        self.clock.close()
        self.clock = Clock(self.region)

    def refused(self, status, reason, method="AdvanceClock", **values):
        with self.assertRaises(Refused) as caught:
            self.clock.call(method, **values)
        self.assertEqual((caught.exception.status, caught.exception.reason), (status, reason))
        return caught.exception

    def news(self):
        """What the feed says since the last time: events in its order."""
        values = {"name": PARENT, "fromBeginning": True, "cursor": base64.b64encode(self.cursor).decode()}
        watch = self.desk.client.stream("Watch", values, self.region.token("SYSTEM"))
        events = []
        for response in watch:
            events += response.events
            self.cursor = response.cursor
            if response.caught_up:
                break
        watch.cancel()
        return events

    def populate(self, holders=HOLDERS):
        """What is overdue when it comes is told at once; the expectation is about what follows."""
        population = Population(self.desk, instant(self.clock.get().now), holders)
        self.clock.advance(0)
        self.news()
        return population

    def assert_as_expected(self, population):
        events = self.news()
        happened = [(event.name, event.event_type) for event in events if event.name in set(population.names)]
        self.assertEqual(len(happened), len(set(happened)), "something happened twice")
        at = {(event.name, event.event_type): instant(event.at) for event in events}
        self.assertEqual(at, population.expected)

    def status_of(self, name):
        with Client(self.region.target("status"), "sscard.status.v1.StatusService") as client:
            return client.call("GetCardStatus", {"name": name, "readOptions": {"channel": "CHANNEL_BRANCH"}},
                               self.region.token("OPERATOR"))


class SixtyDaysTest(SandboxCase):
    def test_N12_sixty_days_of_a_thousand_cards_happen_once_in_order_and_at_their_instants(self):
        population = self.populate()
        before = instant(self.clock.get().now)
        began = time.monotonic()
        answer = self.clock.advance(DAYS)
        seconds = time.monotonic() - began
        print(f"# N12: {DAYS} days of {HOLDERS} cards, {answer.timers_fired} timers, in {seconds:.3f} s; "
              f"target <= {TARGET_SECONDS:g} s", flush=True)
        self.assertEqual(answer.timers_fired, len(population.expected))
        moved = instant(answer.clock.now) - before
        self.assertTrue(DAYS * DAY * 1000 <= moved <= DAYS * DAY * 1000 + 60_000, moved)
        self.assert_as_expected(population)
        self.assertEqual(self.clock.advance(1).timers_fired, 0)
        self.end()
        code, text = self.region.audit_verify("card")
        self.assertEqual(code, 0, text)

    def test_N12_virtual_time_survives_a_restart_and_a_kill(self):
        reached = instant(self.clock.advance(60).clock.now)
        for end in (self.region.stop_service, self.region.kill_service):
            for name in ("status", "card"):
                end(name)
            for name in ("card", "status"):
                self.region.start_service(name)
            self.again()
            now = instant(self.clock.get().now)
            self.assertTrue(reached <= now < reached + 600_000, (reached, now))
        self.end()

    def test_N12_status_sees_the_new_time_at_once(self):
        card = self.desk.normal()
        lost = self.desk.report_loss(card.name)
        self.assertEqual(STATES[self.status_of(card.name).state].name, "CARD_STATE_TEMP_LOST")
        until = instant(lost.temp_loss_until)
        almost = self.clock.advance(until=text_of(until - 60_000)).clock
        status = self.status_of(card.name)
        self.assertEqual(STATES[status.state].name, "CARD_STATE_TEMP_LOST")
        self.assertGreaterEqual(instant(status.as_of), instant(almost.now))
        self.clock.advance(by="60s")
        status = self.status_of(card.name)
        self.assertEqual(STATES[status.state].name, "CARD_STATE_NORMAL")
        self.assertGreaterEqual(instant(status.as_of), until)
        self.assertEqual(STATES[self.desk.get(card.name).state].name, "CARD_STATE_NORMAL")
        self.end()

    def test_N12_an_advance_that_runs_out_of_time_says_how_far_it_got_and_is_finished_by_the_next(self):
        population = self.populate()
        until = text_of(instant(self.clock.get().now) + DAYS * DAY * 1000)
        broken_off = []
        for _ in range(200):
            try:
                self.clock.call("AdvanceClock", until=until, timeout=0.15)
                break
            except Refused as refusal:
                if refusal.reason == "CLOCK_ADVANCE_BACKWARD":  # it had got there; the answer came too late
                    break
                self.assertEqual(refusal.status, "DEADLINE_EXCEEDED", refusal)
                if refusal.reason:  # else the client gave up before the answer came
                    self.assertEqual(refusal.reason, "CLOCK_ADVANCE_UNFINISHED")
                    broken_off.append(int(refusal.metadata["now_unix_ms"]))
        else:
            self.fail("never got there")
        self.assertEqual(broken_off, sorted(broken_off))
        self.assert_as_expected(population)
        self.end()

    def test_N12_a_kill_under_way_leaves_no_clock_standing_and_nothing_undone(self):
        population = self.populate()
        until = text_of(instant(self.clock.get().now) + DAYS * DAY * 1000)
        began = instant(self.clock.get().now)

        def advance():
            try:
                self.clock.call("AdvanceClock", until=until)
            except Refused:
                pass

        thread = threading.Thread(target=advance)
        thread.start()
        limit = time.monotonic() + 20
        while self.time_in_file() < began + DAY * 1000 and time.monotonic() < limit:
            pass
        self.region.kill_service("card")
        thread.join()
        self.region.start_service("card")
        self.again()
        first = instant(self.clock.get().now)
        eventually(lambda: instant(self.clock.get().now) > first, "the clock goes")
        try:
            self.clock.advance(until=until)
        except Refused as refusal:  # the kill came too late
            self.assertEqual(refusal.reason, "CLOCK_ADVANCE_BACKWARD")
        events = self.news()
        happened = [(event.name, event.event_type) for event in events]
        self.assertEqual(len(happened), len(set(happened)), "something happened twice")
        self.assertEqual(set(happened), set(population.expected))
        self.end()

    def test_N12_of_two_who_move_the_clock_at_once_one_is_told_to_wait(self):
        population = self.populate()
        until = text_of(instant(self.clock.get().now) + DAYS * DAY * 1000)
        outcomes = []

        def advance():
            try:
                self.clock.call("AdvanceClock", until=until)
                outcomes.append("OK")
            except Refused as refusal:
                outcomes.append(refusal.reason)

        threads = [threading.Thread(target=advance) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(outcomes.count("OK"), 1)
        self.assertLessEqual(set(outcomes), {"OK", "CLOCK_ADVANCE_RUNNING", "CLOCK_ADVANCE_BACKWARD"})
        self.assert_as_expected(population)
        self.end()

    def time_in_file(self):
        """What the mapped clock shows, as another process reads it."""
        with open(self.region.clock, "rb") as file:
            word = int.from_bytes(file.read()[8:], "little", signed=True)
        return (word >> 1) + (0 if word & 1 else int(time.time() * 1000))


class TargetTest(SandboxCase):
    def test_N12_the_clock_goes_by_a_span_to_an_instant_and_to_the_next_timer(self):
        start = instant(self.clock.get().now)
        self.assertLess(abs(start - time.time() * 1000), 60_000)
        self.assertEqual(self.clock.get().timers_waiting, 0)
        self.assertFalse(self.clock.get().HasField("next_timer_at"))
        self.assertGreaterEqual(instant(self.clock.advance(by="90s").clock.now), start + 90_000)
        lost = self.desk.report_loss(self.desk.normal().name)
        end = instant(lost.temp_loss_until)
        shown = self.clock.get()
        self.assertEqual((shown.timers_waiting > 2, instant(shown.next_timer_at)), (True, end - DAY * 1000))
        answer = self.clock.advance(nextTimer=True)
        self.assertEqual(answer.timers_fired, 1)
        self.assertEqual(instant(answer.clock.next_timer_at), end)
        self.assertLess(instant(answer.clock.now) - (end - DAY * 1000), 60_000)
        self.end()

    def test_N12_the_clock_never_goes_backwards_or_nowhere(self):
        self.refused("INVALID_ARGUMENT", "CLOCK_ADVANCE_REQUIRED")
        self.refused("INVALID_ARGUMENT", "CLOCK_ADVANCE_REQUIRED", nextTimer=False)
        self.refused("INVALID_ARGUMENT", "CLOCK_ADVANCE_BACKWARD", by="-1s")
        self.refused("INVALID_ARGUMENT", "CLOCK_ADVANCE_BACKWARD", until="2020-01-01T00:00:00Z")
        self.refused("INVALID_ARGUMENT", "CLOCK_ADVANCE_TOO_FAR", until="2200-01-01T00:00:00Z")
        self.refused("INVALID_ARGUMENT", "CLOCK_ADVANCE_TOO_FAR", by="315576000000s")
        self.refused("INVALID_ARGUMENT", "CLOCK_ADVANCE_BACKWARD", by="-315576000000s")
        self.refused("INVALID_ARGUMENT", "RESOURCE_NAME_MISSING", "GetClock", name="")
        self.refused("INVALID_ARGUMENT", "RESOURCE_NAME_INVALID", "GetClock",
                     name=f"{PARENT}/cards/01JAAAAAAAAAAAAAAAAAAAAAAA")
        self.refused("NOT_FOUND", "REGION_UNKNOWN", "GetClock", name="regions/110000")
        self.refused("PERMISSION_DENIED", "ROLE_NOT_ALLOWED", token=self.region.token("OPERATOR"), by="1s")
        self.assertLess(instant(self.clock.get().now) - time.time() * 1000, 60_000)
        self.end()


class ProductionTest(unittest.TestCase):
    def test_N12_production_services_know_no_call_that_moves_the_clock(self):
        with Region(("card", "status")) as region:
            for name in ("card", "status"):
                with Client(region.target(name), SERVICE) as client:
                    for method in ("GetClock", "AdvanceClock"):
                        with self.assertRaises(Refused) as caught:
                            client.call(method, {"name": PARENT}, region.token("SYSTEM"))
                        self.assertEqual(caught.exception.status, "UNIMPLEMENTED")

    def test_N12_nothing_of_the_sandbox_is_in_a_production_binary(self):
        for name, has_it in (("card", False), ("status", False), ("card_sandbox", True), ("status_sandbox", True)):
            with open(program(f"services/{name.partition('_')[0]}/{name}"), "rb") as file:
                content = file.read()
            for word in (b"SandboxService", b"AdvanceClock", b"sandbox-clock", b"CLOCK_FOREIGN"):
                self.assertEqual(word in content, has_it, (name, word))

    def test_N12_a_production_binary_refuses_the_option_of_the_clock(self):
        for name in ("card", "status"):
            done = subprocess.run([program(f"services/{name}/{name}"), "--sandbox-clock", "/nowhere"],
                                  capture_output=True, text=True)
            self.assertEqual(done.returncode, 2)
            self.assertIn("sandbox-clock", done.stderr)

    def test_N12_a_file_that_is_no_clock_is_left_alone(self):
        with Sandbox(("card",), redis=False) as region:
            region.stop_service("card")
            with open(region.clock, "wb") as file:
                file.write(b"not a clock, but")
            process = Process("card", region.command_of("card"), os.path.join(region.folder, "again.log"))
            self.assertEqual(process.wait(), 1)
            self.assertIn("CLOCK_FOREIGN", process.text())
            with open(region.clock, "rb") as file:
                self.assertEqual(file.read(), b"not a clock, but")


if __name__ == "__main__":
    main()
