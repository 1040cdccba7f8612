"""Bytes that no gRPC library would send, clients that vanish, slow readers, a thousand streams on one connection.

After each of them others are served, the process is the same, memory and descriptors are back, nothing that was acknowledged is lost.
"""

import os
import random
import struct
import threading
import unittest

from tests.harness.region_cards import AT_THE_COUNTER, Desk
from tests.harness.region_client import PARENT, Client
from tests.harness.region_harness import Region, eventually
from tests.harness.region_http2 import (
    CONTINUATION, DATA, END_HEADERS, END_STREAM, GOAWAY, HEADERS, INITIAL_WINDOW_SIZE, PING, PREFACE, RST_STREAM, SETTINGS,
    WINDOW_UPDATE, Connection, encode_headers, frame, grpc_message)
from tests.harness.region_tap import main

SEED = 6
CARD = "/sscard.card.v1.CardService/"
UNDER_SANITIZER = "ASAN_OPTIONS" in os.environ
GROWTH_KIB_MAX = 24 * 1024
CANCEL = 8
STREAMS = 1000


class WireTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.region = Region()
        cls.region.__enter__()
        cls.port = cls.region.ports["card"][0]
        cls.process = cls.region.services["card"]
        cls.desk = Desk(cls.region)
        cls.operator, cls.system = cls.region.token("OPERATOR"), cls.region.token("SYSTEM")
        cls.names = cls.desk.import_normal(20)
        cls.get = cls.desk.client.request("GetCard", {"name": cls.names[0], "readOptions": AT_THE_COUNTER}).SerializeToString()
        cls.watch = cls.desk.client.request("Watch", {"name": PARENT, "fromBeginning": True}).SerializeToString()
        with Connection(cls.port) as warm:  # what the first burst allocates is not growth
            for stream in [warm.call(CARD + "GetCard", cls.get, cls.operator) for _ in range(300)]:
                warm.finish(stream)
        cls.resident, cls.descriptors = cls.process.resident_kib(), cls.process.descriptors()

    @classmethod
    def tearDownClass(cls):
        cls.desk.close()
        cls.region.__exit__(None, None, None)

    def tearDown(self):
        self.assertTrue(self.process.runs(), f"card ended:\n{self.process.tail()}")
        self.assertEqual(self.desk.get(self.names[0]).state, 4)
        with Connection(self.port) as another:
            self.assertEqual(another.finish(another.call(CARD + "GetCard", self.get, self.operator)).grpc_status, 0)
        eventually(lambda: self.process.descriptors() <= self.descriptors + 4, "connections are closed", 20)
        if not UNDER_SANITIZER:
            eventually(lambda: self.process.resident_kib() - self.resident <= GROWTH_KIB_MAX,
                       f"memory returns: {self.process.resident_kib()} KiB, was {self.resident}", 20)

    def status_of(self, message=None, path=CARD + "GetCard", token=None, raw=None, **options):
        """gRPC status of one call on a connection of its own; "reset" or "closed" when there is none."""
        with Connection(self.port) as connection:
            stream = connection.headers(path, token or self.operator, **options)
            if raw is not None:
                connection.data(stream, raw)
            elif message is not None:
                connection.data(stream, grpc_message(message))
            end = connection.finish(stream)
            if end.grpc_status is not None:
                return end.grpc_status
            return "reset" if end.reset is not None else "closed" if connection.gone else "nothing"

    # ---- calls that are not quite calls ----

    def test_a_plain_call_by_hand(self):
        self.assertEqual(self.status_of(self.get), 0)

    def test_wrong_content_types_are_answered_or_tolerated(self):
        for kind in ("text/html", "application/json", "application/grpc+json", "application/grpc-web", "application/x-www-form-urlencoded",
                     "", None, "x" * 5000):
            self.assertIn(self.status_of(self.get, replace=[("content-type", kind)]), (0, 3, 12, 13, "reset"), kind)

    def test_unknown_methods_and_paths_are_UNIMPLEMENTED(self):
        for path in (CARD + "NoSuchMethod", "/no.such.Service/GetCard", "/", "//", "/sscard.card.v1.CardService", CARD + "GetCard/", "*",
                     CARD + "getcard", CARD + "G" * 8000, "/" + "%00" * 100, CARD + "GetCard?x=1", "/grpc.health.v1.Health/NoSuch"):
            self.assertIn(self.status_of(self.get, path=path), (12, 8, "reset", "closed"), path[:60])

    def test_other_verbs_schemes_and_missing_headers(self):
        for replace in ([(":method", "GET")], [(":method", "PUT")], [(":method", "x")], [(":scheme", "ftp")], [(":path", None)], [("te", None)],
                        [("te", "gzip")], [(":method", None)], [(":authority", None)], [(":scheme", None)], [("grpc-timeout", "nonsense")],
                        [("grpc-timeout", "-1S")], [("grpc-timeout", "99999999999999999999H")], [("grpc-encoding", "gzip")], [("grpc-encoding", "nonsense")]):
            self.assertNotEqual(self.status_of(self.get, replace=replace), "nothing", replace)

    def test_deadline_that_is_over_already(self):
        for timeout in ("0n", "1n", "1u", "0S"):
            self.assertIn(self.status_of(self.get, replace=[("grpc-timeout", timeout)]), (0, 1, 4, "reset"))

    def test_messages_whose_length_lies(self):
        for raw in (b"", b"\0", b"\0\0\0\0", grpc_message(self.get, length=len(self.get) + 1), grpc_message(self.get, length=len(self.get) - 1),
                    grpc_message(self.get, length=0xFFFFFFFF), grpc_message(self.get, length=5 << 20), grpc_message(self.get, compressed=1),
                    grpc_message(self.get, compressed=7), grpc_message(self.get) * 2, grpc_message(b"") * 1000, b"\xff" * 5, b"\xff" * 50000):
            self.assertIn(self.status_of(raw=raw), (0, 3, 8, 12, 13, "reset"), raw[:20])

    def test_call_without_a_body(self):
        self.assertIn(self.status_of(end=True), (3, 13))

    def test_headers_that_are_strange(self):
        for more in ([("x", "y" * 7000)], [("x" * 2000, "y")], [("grpc-status", "0")], [(":status", "200")], [("connection", "keep-alive")],
                     [("X-Upper", "a")], [("sscard-bin", "!!not base64!!")], [("authorization", "Bearer a")], [("accept-language", "\xff" * 300)],
                     [("a b", "c")], [("x", "a\r\nb: c")], [("x", "\0")], [(f"k{i}", "v") for i in range(150)], [("accept-language", "en," * 1500)]):
            self.assertNotEqual(self.status_of(self.get, more=more), "nothing", str(more)[:60])

    def test_headers_beyond_the_limit_do_not_reach_anybody(self):
        self.assertIn(self.status_of(self.get, more=[(f"k{i}", "v" * 4000) for i in range(4)]), (2, 8, 13, "reset", "closed"))

    # ---- connections that are not quite connections ----

    def noise(self, raw, seconds=0.2):
        connection = Connection(self.port, hello=False)
        connection.send(raw)
        connection.receive(seconds, lambda c: c.gone)
        connection.close()

    def test_other_protocols_on_the_port(self):
        dice = random.Random(SEED)
        for raw in (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"POST / HTTP/1.1\r\nUpgrade: h2c\r\nHTTP2-Settings: AAA\r\n\r\n",
                    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + dice.randbytes(500), b"SSH-2.0-x\r\n", b"*1\r\n$4\r\nPING\r\n", b"\0" * 1000,
                    dice.randbytes(100000), PREFACE[:10], PREFACE, PREFACE + b"\0" * 9, PREFACE + dice.randbytes(5000), b"PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n"):
            self.noise(raw)

    def test_frames_that_break_the_rules(self):
        headers = encode_headers([(":method", "POST"), (":scheme", "http"), (":path", CARD + "GetCard"), ("content-type", "application/grpc")])
        greeting = PREFACE + frame(SETTINGS, 0, 0)
        for name, raw in {
                "data on stream 0": frame(DATA, 0, 0, b"x"), "headers on stream 0": frame(HEADERS, END_HEADERS, 0, headers),
                "headers on an even stream": frame(HEADERS, END_HEADERS, 2, headers), "data on an idle stream": frame(DATA, 0, 9, b"x" * 100),
                "reset of an idle stream": frame(RST_STREAM, 0, 99, struct.pack(">I", CANCEL)), "settings of 5 bytes": frame(SETTINGS, 0, 0, b"12345"),
                "settings acknowledged with a payload": frame(SETTINGS, 1, 0, b"123456"), "window of 0": frame(WINDOW_UPDATE, 0, 0, b"\0\0\0\0"),
                "window beyond its end": frame(WINDOW_UPDATE, 0, 0, struct.pack(">I", 2**31 - 1)) * 3, "ping of 7 bytes": frame(PING, 0, 0, b"1234567"),
                "lone continuation": frame(CONTINUATION, END_HEADERS, 1, headers), "unknown kind": frame(0xEE, 0xFF, 1, b"x" * 1000),
                "goaway": frame(GOAWAY, 0, 0, b"\0" * 8), "priority of itself": frame(2, 0, 1, struct.pack(">IB", 1, 0)),
                "push promise": frame(5, END_HEADERS, 1, struct.pack(">I", 2) + headers), "frame of 16 MiB": b"\xff\xff\xff\0\0\0\0\0\1" + b"x" * 70000,
                "padding longer than the frame": frame(DATA, 8, 1, b"\xff"), "header table of 4 GiB": frame(SETTINGS, 0, 0, struct.pack(">HI", 1, 2**32 - 1)),
                "initial window beyond its end": frame(SETTINGS, 0, 0, struct.pack(">HI", INITIAL_WINDOW_SIZE, 2**32 - 1)),
                "index beyond the table": frame(HEADERS, END_HEADERS | END_STREAM, 1, b"\xff\xff\xff\x07"), "cut header block": frame(HEADERS, END_HEADERS, 1, headers[:20]),
                "huffman of nothing": frame(HEADERS, END_HEADERS, 1, b"\0\x84\xff\xff\xff\xff\0"), "headers twice": frame(HEADERS, END_HEADERS, 1, headers) * 2,
                "streams downwards": frame(HEADERS, END_HEADERS, 5, headers) + frame(HEADERS, END_HEADERS, 3, headers)}.items():
            with self.subTest(name):
                self.noise(greeting + raw, 0.1)
                self.assertTrue(self.process.runs(), name)

    def test_floods_of_pings_settings_and_resets(self):
        for raw in (frame(PING, 0, 0, b"12345678") * 5000, frame(SETTINGS, 0, 0) * 5000, frame(WINDOW_UPDATE, 0, 0, struct.pack(">I", 1)) * 5000):
            self.noise(PREFACE + frame(SETTINGS, 0, 0) + raw)

    def test_mutated_frames_of_a_good_call(self):
        dice = random.Random(SEED)
        with Connection(self.port, hello=False) as recorder:
            sent = []
            recorder.send = sent.append
            recorder.streams = {}
            recorder.call(CARD + "GetCard", self.get, self.operator)
        good = PREFACE + frame(SETTINGS, 0, 0) + b"".join(sent)
        for _ in range(150):
            raw = bytearray(good)
            for _ in range(dice.randrange(1, 6)):
                raw[dice.randrange(len(PREFACE), len(raw))] = dice.randrange(256)
            connection = Connection(self.port, hello=False)
            connection.send(bytes(raw))
            connection.receive(0.01, lambda c: c.gone)
            connection.abort()

    # ---- clients that vanish ----

    def test_clients_that_vanish_mid_call(self):
        loss = lambda name: self.desk.client.request("ReportLoss", self.desk.loss(name)).SerializeToString()
        for turn in range(60):
            connection = Connection(self.port)
            for name in self.names[1:6]:
                connection.call(CARD + "ReportLoss", loss(name), self.operator)
            connection.call(CARD + "GetCard", self.get, self.operator)
            connection.call(CARD + "Watch", self.watch, self.system)
            half = connection.headers(CARD + "GetCard", self.operator)
            connection.data(half, grpc_message(self.get)[:7], end=False)
            if turn % 3 == 0:
                connection.abort()
            elif turn % 3 == 1:
                connection.close()
            else:
                for stream in list(connection.streams):
                    connection.send(frame(RST_STREAM, 0, stream, struct.pack(">I", CANCEL)))
                connection.close()
        for name in self.names[1:6]:  # done or not done, never half
            card = self.desk.get(name)
            history = self.desk.history(name)
            self.assertEqual(card.version, len(history))
            self.assertEqual(card.version, 2 if card.state == 5 else 1)

    def test_rapid_resets_of_a_thousand_calls(self):
        with Connection(self.port) as connection:
            for _ in range(STREAMS):
                stream = connection.call(CARD + "GetCard", self.get, self.operator)
                connection.send(frame(RST_STREAM, 0, stream, struct.pack(">I", CANCEL)))
            connection.receive(0.5, lambda c: c.gone)

    def test_connections_that_say_nothing(self):
        silent = [Connection(self.port, hello=False) for _ in range(200)]
        self.assertEqual(self.status_of(self.get), 0)
        for connection in silent:
            connection.close()

    # ---- slow readers ----

    def test_slow_readers_of_the_feed_hold_up_nobody(self):
        self.desk.import_normal(1500)
        slow = []
        for _ in range(20):
            connection = Connection(self.port, settings=[(INITIAL_WINDOW_SIZE, 0)], window=0)
            connection.call(CARD + "Watch", self.watch, self.system)
            slow.append(connection)
        grown = self.process.resident_kib()
        for name in self.names[6:12]:
            self.desk.report_loss(name)
            self.assertEqual(self.desk.recover(name).state, 4)
        if not UNDER_SANITIZER:
            self.assertLess(self.process.resident_kib() - grown, 64 * 1024)
        # One of them wakes up and gets everything from where it stood.
        patient = slow.pop()
        patient.send(frame(SETTINGS, 0, 0, struct.pack(">HI", INITIAL_WINDOW_SIZE, 1 << 24)) + frame(WINDOW_UPDATE, 0, 0, struct.pack(">I", 1 << 24)))
        self.assertTrue(patient.receive(20, lambda c: len(c.streams[1].data) > 500000))
        for connection in [*slow, patient]:
            connection.abort()

    def test_readers_that_take_a_byte_at_a_time(self):
        with Connection(self.port, settings=[(INITIAL_WINDOW_SIZE, 1)], window=0) as connection:
            stream = connection.call(CARD + "GetCard", self.get, self.operator)
            for _ in range(40):
                connection.receive(0.02, lambda c: c.streams[stream].ended)
                connection.send(frame(WINDOW_UPDATE, 0, stream, struct.pack(">I", 1)))
            self.assertGreater(len(connection.streams[stream].data), 20)
            connection.send(frame(WINDOW_UPDATE, 0, stream, struct.pack(">I", 1 << 20)))
            self.assertEqual(connection.finish(stream).grpc_status, 0)

    # ---- a thousand streams ----

    def test_a_thousand_calls_at_once_on_one_connection_are_all_answered(self):
        with Connection(self.port) as connection:
            connection.receive(2, lambda c: 0 in c.streams)
            streams = [connection.headers(CARD + "GetCard", self.operator) for _ in range(STREAMS)]
            for stream in streams:
                connection.data(stream, grpc_message(self.get))
            connection.receive(60, lambda c: all(c.streams[s].ended or c.streams[s].reset is not None for s in streams))
            statuses = [connection.streams[stream].grpc_status for stream in streams]
            self.assertLessEqual(set(statuses), {0, 8, None})
            self.assertGreater(statuses.count(0), STREAMS * 9 // 10)
            for stream in streams:
                if connection.streams[stream].grpc_status is None:
                    self.assertEqual(connection.streams[stream].reset, 7)  # REFUSED_STREAM: may be sent again

    def test_a_thousand_watchers_on_one_connection(self):
        watch = self.desk.client.request("Watch", {"name": self.names[15]}).SerializeToString()
        with Connection(self.port) as connection:
            streams = [connection.call(CARD + "Watch", watch, self.system) for _ in range(STREAMS - 10)]
            self.assertTrue(connection.receive(60, lambda c: all(c.streams[s].data or c.streams[s].reset is not None for s in streams)))
            accepted = [stream for stream in streams if connection.streams[stream].data]
            self.assertGreater(len(accepted), STREAMS * 9 // 10)
            before = {stream: len(connection.streams[stream].data) for stream in accepted}
            self.desk.report_loss(self.names[15])
            self.assertTrue(connection.receive(60, lambda c: all(len(c.streams[s].data) > before[s] for s in accepted)))

    def test_hundred_connections_with_ten_calls_each_under_writes(self):
        wrong = []

        def client(number):
            with Client(f"127.0.0.1:{self.port}") as mine:
                for i in range(10):
                    name = self.names[16 + (number + i) % 4]
                    if mine.call("GetCard", {"name": name, "readOptions": AT_THE_COUNTER}, self.operator).name != name:
                        wrong.append(name)

        threads = [threading.Thread(target=client, args=(number,)) for number in range(100)]
        for thread in threads:
            thread.start()
        for _ in range(10):
            self.desk.report_loss(self.names[14])
            self.desk.recover(self.names[14])
        for thread in threads:
            thread.join()
        self.assertEqual(wrong, [])


if __name__ == "__main__":
    main()
