"""How a service ends: in order, with exit code 0, however often it is told to."""

import contextlib
import re
import signal
import subprocess
import threading
import unittest

import grpc

from tests.harness.region_cards import Desk
from tests.harness.region_client import PARENT
from tests.harness.region_harness import Region, eventually
from tests.harness.region_tap import main

ROUNDS = 12


class ShutdownTest(unittest.TestCase):
    def events(self, process):
        return re.findall(r'"event":"([^"]*)"', process.text())

    def test_signals_that_keep_coming_while_a_service_ends_do_not_change_its_exit_code(self):
        with Region(flags={"card": ["--drain-grace", "20ms"]}) as region:
            for turn in range(ROUNDS):
                process = region.services.pop("card")
                number = (signal.SIGTERM, signal.SIGINT)[turn % 2]
                while process.runs():  # to the last moment: no pause in between
                    process.kill(number)
                self.assertEqual(process.wait(), 0, process.tail())
                events = self.events(process)
                self.assertEqual(events.count("draining"), 1, process.tail())
                self.assertEqual(events[-1], "stopped", process.tail())
                region.start_service("card")

    def test_signals_that_keep_coming_find_an_open_stream_ended_with_UNAVAILABLE(self):
        with Region() as region, contextlib.closing(Desk(region)) as desk:
            process = region.services.pop("card")
            ended = []
            stream = desk.client.stream("Watch", {"name": PARENT, "fromBeginning": True}, region.token("SYSTEM"))
            next(stream)  # it stands
            listener = threading.Thread(target=lambda: ended.append(self.end_of(stream)))
            listener.start()
            while process.runs():
                process.kill(signal.SIGTERM)
            listener.join()
            self.assertEqual((process.wait(), ended), (0, ["UNAVAILABLE"]), process.tail())

    def end_of(self, stream):
        try:
            for _ in stream:
                pass
            return "OK"
        except grpc.RpcError as error:
            return error.code().name

    def test_no_grace_and_no_limit_are_allowed(self):
        with Region(flags={"card": ["--drain-grace", "0ms", "--drain-limit", "0ms"]}) as region:
            process = region.stop_service("card")
            self.assertEqual(self.events(process)[-2:], ["draining", "stopped"])

    def test_calls_are_served_during_the_grace_while_readiness_says_no(self):
        with Region(flags={"card": ["--drain-grace", "1m"]}) as region, contextlib.closing(Desk(region)) as desk:
            name = desk.import_normal(1)[0]
            region.services["card"].kill(signal.SIGTERM)
            eventually(lambda: region.operations("card", "/readyz")[0] == 503, "readiness says no")
            self.assertEqual(desk.get(name).state, 4)
            region.kill_service("card")

    def test_durations_below_nothing_are_refused(self):
        with Region(redis=False) as region:
            for flags in (["--drain-grace", "-1ms"], ["--drain-limit", "-1s"], ["--drain-grace", "61s"]):
                done = subprocess.run([*region.command_of("card"), *flags], capture_output=True, text=True, timeout=30)
                self.assertEqual(done.returncode, 2, done.stderr)
                self.assertIn(flags[0], done.stderr)


if __name__ == "__main__":
    main()
