"""The platform's server as a foreign client meets it: grpcio, knowing nothing but what reflection tells."""

import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

from tests.harness import region_tap

ECHO = "/sscard.test.v1.EchoService/Echo"
ECHO_STREAM = "/sscard.test.v1.EchoService/EchoStream"
COUNT = "/sscard.test.v1.EchoService/Count"
SECONDS = 20
MIB = 1 << 20


def eventually(condition, what, seconds=SECONDS):
    until = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > until:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.01)


def fields(packed):
    """The fields of a packed message as {number: [values]}; enough to read a Status without its .proto."""

    def varint(at):
        value = shift = 0
        while True:
            byte = packed[at]
            value |= (byte & 0x7F) << shift
            at += 1
            shift += 7
            if not byte & 0x80:
                return value, at

    found, at = {}, 0
    while at < len(packed):
        key, at = varint(at)
        if key & 7 == 0:
            value, at = varint(at)
        elif key & 7 == 2:
            length, at = varint(at)
            value, at = packed[at : at + length], at + length
        else:
            raise AssertionError(f"wire type {key & 7}")
        found.setdefault(key >> 3, []).append(value)
    return found


def details_of(error):
    """{type name: packed detail} of an error's google.rpc.Status, in their order."""
    packed = dict(error.trailing_metadata())["grpc-status-details-bin"]
    status = fields(packed)
    assert status[1][0] == error.code().value[0]
    found = {}
    for detail in status.get(3, []):
        any_ = fields(detail)
        found[any_[1][0].decode().removeprefix("type.googleapis.com/")] = any_[2][0]
    return found


class Server:
    """One echo_server process."""

    def __init__(self, *arguments):
        self.process = subprocess.Popen(
            ["tests/harness/echo_server", *arguments], stdout=subprocess.PIPE, text=True)
        self.port = int(re.fullmatch(r"ready (\d+)\n", self.process.stdout.readline()).group(1))
        self.target = f"127.0.0.1:{self.port}"
        self.told = False

    def resident(self):
        """Resident bytes; 0 under a sanitizer, whose memory says nothing about ours."""
        with open(f"/proc/{self.process.pid}/maps", encoding="utf-8") as file:
            if re.search(r"/lib[at]san\.so", file.read()):
                return 0
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as file:
            return int(re.search(r"VmRSS:\s+(\d+) kB", file.read()).group(1)) << 10

    def tell_to_end(self):
        """Once: a second signal may meet a process that has given its handlers back."""
        if not self.told and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.told = True

    def stop(self):
        """Ends it; its last words as {name: number}."""
        self.tell_to_end()
        words = self.process.stdout.read().split()
        self.process.stdout.close()
        assert self.process.wait(SECONDS) == 0, f"echo_server ended with {self.process.returncode}"
        return dict(zip(words[::2], map(int, words[1::2])))


class RpcTest(unittest.TestCase):
    arguments = ()

    def setUp(self):
        self.server = Server(*self.arguments)
        self.channel = grpc.insecure_channel(self.server.target)
        self.counts = None

    def tearDown(self):
        self.channel.close()
        if self.counts is None:
            self.counts = self.server.stop()
        self.assertEqual(self.counts["begun"], self.counts["finished"])
        self.assertEqual(self.counts["promised"], self.counts["kept"])
        self.assertEqual(self.counts["stacks"], self.counts["spare"])

    def call(self, method, request=b"", timeout=SECONDS, **more):
        return self.channel.unary_unary(method)(request, timeout=timeout, wait_for_ready=True, **more)

    def fails(self, code, method, request=b"", **more):
        with self.assertRaises(grpc.RpcError) as caught:
            self.call(method, request, **more)
        self.assertEqual(caught.exception.code(), code)
        return caught.exception

    def still_serves(self):
        self.assertEqual(self.call(ECHO, b"\x0a\x02ok"), b"\x0a\x02ok")


class Reflection(RpcTest):
    def ask(self, version, *requests):
        method = f"/grpc.reflection.{version}.ServerReflection/ServerReflectionInfo"
        return list(self.channel.stream_stream(method)(iter(requests), timeout=SECONDS))

    def pool(self):
        pool = descriptor_pool.DescriptorPool()
        [answer] = self.ask("v1alpha", b"\x22\x1asscard.test.v1.EchoService")
        files = [descriptor_pb2.FileDescriptorProto.FromString(f) for f in fields(fields(answer)[4][0])[1]]
        waiting = {file.name: file for file in files}

        def add(name):
            file = waiting.pop(name, None)
            if file is None:
                return
            for dependency in file.dependency:
                add(dependency)
            pool.Add(file)

        for file in files:
            add(file.name)
        return pool, files

    def test_both_versions_list_the_services(self):
        for version in ("v1", "v1alpha"):
            [answer] = self.ask(version, b"\x3a\x00")
            names = [fields(s)[1][0].decode() for s in fields(fields(answer)[6][0])[1]]
            self.assertIn("sscard.test.v1.EchoService", names)
            self.assertIn("grpc.health.v1.Health", names)
            self.assertIn("grpc.reflection.v1.ServerReflection", names)

    def test_a_client_that_knows_only_reflection_calls_with_dynamic_messages(self):
        pool, _ = self.pool()
        service = pool.FindServiceByName("sscard.test.v1.EchoService")
        echo = service.methods_by_name["Echo"]
        request_type = message_factory.MessageFactory(pool).GetPrototype(echo.input_type)
        response_type = message_factory.MessageFactory(pool).GetPrototype(echo.output_type)
        request = request_type(text="您好", payload=b"\x00\xff", reply_bytes=5)
        response = response_type.FromString(self.call(ECHO, request.SerializeToString()))
        self.assertEqual(response.text, "您好")
        self.assertEqual(response.payload, b"\x00\xff\x00\x00\x00")

    def test_comments_are_kept(self):
        _, files = self.pool()
        [echo] = [f for f in files if f.name == "sscard/test/v1/echo_service.proto"]
        comments = [location.leading_comments for location in echo.source_code_info.location]
        self.assertTrue(any("Says what it is told." in comment for comment in comments))

    def test_what_is_not_there_is_answered_as_not_found_and_the_stream_goes_on(self):
        missing, unknown, services = self.ask("v1", b"\x1a\x07x.proto", b"\x22\x05a.B.C", b"\x3a\x00")
        for answer in (missing, unknown):
            self.assertEqual(fields(fields(answer)[7][0])[1], [5])
        self.assertIn(6, fields(services))

    def test_extensions_are_found(self):
        [numbers] = self.ask("v1", b"\x32\x1dgoogle.protobuf.MethodOptions")
        self.assertIn(5, fields(numbers))

    def test_a_broken_question_ends_the_stream_with_invalid_argument(self):
        with self.assertRaises(grpc.RpcError) as caught:
            self.ask("v1", b"\x22\x02\xff\xff")
        self.assertEqual(caught.exception.code(), grpc.StatusCode.INVALID_ARGUMENT)


class RichErrors(RpcTest):
    def test_details_stand_in_their_order_with_reason_rule_and_retry(self):
        error = self.fails(grpc.StatusCode.UNAVAILABLE, ECHO, b"\x20\x0e")
        details = details_of(error)
        self.assertEqual(list(details), [
            "google.rpc.ErrorInfo", "sscard.common.v1.Refusal", "google.rpc.RetryInfo", "google.rpc.LocalizedMessage"])
        info = fields(details["google.rpc.ErrorInfo"])
        self.assertEqual(info[1], [b"AS_YOU_WISH"])
        self.assertEqual(info[2], [b"sscard"])
        self.assertEqual(fields(fields(details["google.rpc.RetryInfo"])[1][0]), {1: [1], 2: [500000000]})
        self.assertEqual(error.details(), "The request asked for this failure.")

    def test_the_language_is_the_callers(self):
        for language, locale, text in (
            ("en-GB,en;q=0.9", b"en", "Failed as asked."), ("zh-CN", b"zh-CN", "按要求失败。"), ("fr", b"zh-CN", "按要求失败。")):
            error = self.fails(grpc.StatusCode.ABORTED, ECHO, b"\x20\x0a", metadata=[("accept-language", language)])
            localized = fields(details_of(error)["google.rpc.LocalizedMessage"])
            self.assertEqual(localized, {1: [locale], 2: [text.encode()]})

    def test_every_status_code_arrives(self):
        for code in range(1, 17):
            error = self.fails(list(grpc.StatusCode)[code], ECHO, bytes([0x20, code]))
            self.assertIn("google.rpc.ErrorInfo", details_of(error))


class BadInput(RpcTest):
    def test_rubbish_is_invalid_argument_with_a_field_violation(self):
        for request, reason, field in (
            (b"\x0a\x50hello", b"MALFORMED_MESSAGE", None), (b"\xff", b"MALFORMED_MESSAGE", None),
            (b"\x0a\x02\xc3\x28", b"INVALID_UTF8", b"text"), (b"\x0a\x03a\x00b", b"TEXT_WITH_NUL", b"text"),
            (b"\x2a\x01a\x2a\x01\xff", b"INVALID_UTF8", b"read_keys[1]"), (b"\x0d\x00\x00\x00\x00", b"MALFORMED_MESSAGE", b"")):
            details = details_of(self.fails(grpc.StatusCode.INVALID_ARGUMENT, ECHO, request))
            violation = fields(fields(details["google.rpc.BadRequest"])[1][0])
            self.assertEqual(violation[3], [reason])
            if field:
                self.assertEqual(violation[1], [field])
        self.still_serves()

    def test_four_mebibytes_of_garbage_are_refused_and_memory_comes_back(self):
        self.still_serves()
        before = self.server.resident()
        garbage = os.urandom(4 * MIB - 100)
        for request in (garbage, b"\x2a\x00" * (2 * MIB - 100), b"\x0a\x00" * (2 * MIB - 100)):
            self.fails(grpc.StatusCode.INVALID_ARGUMENT, ECHO, request)
        eventually(lambda: self.server.resident() < before + 24 * MIB, "memory comes back")
        self.still_serves()

    def test_a_compressed_request_is_unimplemented_and_never_inflated(self):
        self.still_serves()
        before = self.server.resident()
        options = [("grpc.max_send_message_length", -1)]
        with grpc.insecure_channel(self.server.target, options=options) as channel:
            for request in (b"\x12\x64" + bytes(100), bytes(64 * MIB)):
                with self.assertRaises(grpc.RpcError) as caught:
                    channel.unary_unary(ECHO)(request, timeout=SECONDS, compression=grpc.Compression.Gzip)
                self.assertEqual(caught.exception.code(), grpc.StatusCode.UNIMPLEMENTED)
        with open(f"/proc/{self.server.process.pid}/status", encoding="ascii") as file:
            peak = int(re.search(r"VmHWM:\s+(\d+) kB", file.read()).group(1)) << 10
        if before:
            self.assertLess(peak, before + 16 * MIB)
        self.still_serves()

    def test_more_than_the_limit_is_resource_exhausted(self):
        self.fails(grpc.StatusCode.RESOURCE_EXHAUSTED, ECHO, b"\x12\x80\x80\xc0\x02" + bytes(5 * MIB))
        self.still_serves()

    def test_unknown_methods_and_services_are_unimplemented_at_once(self):
        for method in ("/sscard.test.v1.EchoService/Nothing", "/x.Y/Z", "/", "/x", "/sscard.test.v1.EchoService/"):
            self.fails(grpc.StatusCode.UNIMPLEMENTED, method, b"x")
        self.still_serves()

    def test_unknown_fields_and_empty_requests_are_tolerated(self):
        self.assertEqual(self.call(ECHO, b""), b"")
        self.assertEqual(self.call(ECHO, b"\x0a\x01a\xf8\x3f\x01"), b"\x0a\x01a")

    def test_no_message_or_two_messages_are_an_error(self):
        for requests in ([], [b"\x0a\x01a", b"\x0a\x01b"]):
            call = self.channel.stream_unary(ECHO)
            try:
                call(iter(requests), timeout=3)
            except grpc.RpcError as error:
                self.assertNotEqual(error.code(), grpc.StatusCode.OK)
        self.still_serves()

    def test_long_metadata_is_read_or_refused_by_core(self):
        self.call(ECHO, b"\x0a\x01a", metadata=[("x-long", "v" * 4000)])
        with grpc.insecure_channel(self.server.target) as channel, self.assertRaises(grpc.RpcError):
            channel.unary_unary(ECHO)(b"\x0a\x01a", timeout=SECONDS, metadata=[("x-long", "v" * 60000)])
        with grpc.insecure_channel(self.server.target, options=[("grpc.use_local_subchannel_pool", 1)]) as channel:
            self.assertEqual(channel.unary_unary(ECHO)(b"\x0a\x01a", timeout=SECONDS), b"\x0a\x01a")


class Deadlines(RpcTest):
    arguments = ("--default-deadline-ms", "150")

    def test_a_client_without_deadline_gets_the_default_one(self):
        with self.assertRaises(grpc.RpcError) as caught:
            self.channel.unary_unary(ECHO)(b"\x18\xe0\xd4\x03", wait_for_ready=True)
        self.assertEqual(caught.exception.code(), grpc.StatusCode.DEADLINE_EXCEEDED)
        self.assertIn("google.rpc.ErrorInfo", details_of(caught.exception))

    def test_the_clients_deadline_ends_the_handler(self):
        self.fails(grpc.StatusCode.DEADLINE_EXCEEDED, ECHO, b"\x18\xe0\xd4\x03", timeout=0.05)
        eventually(lambda: fields(self.call(COUNT)).get(3) == [1], "the handler was cancelled")

    def test_a_stream_has_no_default_deadline(self):
        stream = self.channel.unary_stream(ECHO_STREAM)(b"\x18\x03\x20\x96\x01")
        self.assertEqual(len(list(stream)), 3)


class Clients(RpcTest):
    def vanish(self, request, calls):
        """A client process that dies in the middle of its calls."""
        program = (
            "import grpc,sys,time\n"
            f"channel = grpc.insecure_channel('{self.server.target}')\n"
            f"calls = [channel.unary_unary('{ECHO}').future({request!r}) for _ in range({calls})]\n"
            "grpc.channel_ready_future(channel).result(); time.sleep(0.3); print('go', flush=True); time.sleep(60)\n")
        client = subprocess.Popen(["/usr/bin/python3", "-c", program], stdout=subprocess.PIPE)
        client.stdout.readline()
        client.kill()
        client.wait()
        client.stdout.close()

    def test_calls_of_a_client_that_vanishes_are_cancelled(self):
        self.vanish(b"\x18\xe0\xd4\x03", 50)
        eventually(lambda: fields(self.call(COUNT)).get(3) == [50], "all are cancelled")
        self.still_serves()

    def test_a_reader_that_does_not_read_costs_bounded_memory(self):
        self.still_serves()
        before = self.server.resident()
        payload = b"\x12\x80\x80\x04" + bytes(1 << 16)
        streams = [self.channel.unary_stream(ECHO_STREAM)(payload) for _ in range(20)]
        for stream in streams:
            next(stream)
        time.sleep(0.5)  # for them to fill what there is to fill; nothing is waited for
        self.assertLess(self.server.resident() - before, 64 * MIB)
        self.still_serves()
        for stream in streams:
            stream.cancel()
        eventually(lambda: fields(self.call(COUNT)).get(3) == [20], "all streams ended")

    def test_a_thousand_streams_on_one_connection_are_all_answered(self):
        futures = [self.channel.unary_unary(ECHO).future(b"\x18\x64", timeout=SECONDS) for _ in range(1000)]
        for future in futures:
            future.result()
        self.still_serves()

    def test_memory_of_a_burst_is_given_back(self):
        for future in [self.channel.unary_unary(ECHO).future(b"\x18\x01") for _ in range(200)]:
            future.result()
        before = self.server.resident()
        channels = [
            grpc.insecure_channel(self.server.target, options=[("grpc.use_local_subchannel_pool", 1)]) for _ in range(3)]
        futures = [c.unary_unary(ECHO).future(b"\x18\xf4\x03", timeout=SECONDS) for c in channels for _ in range(900)]
        for future in futures:
            future.result()
        for channel in channels:
            channel.close()
        eventually(lambda: self.server.resident() < before + 16 * MIB, "the burst's memory comes back", 40)


class Shedding(RpcTest):
    arguments = ("--calls-max", "2")

    def test_calls_over_the_cap_are_told_when_to_come_back(self):
        busy = [self.channel.unary_unary(ECHO).future(b"\x18\xe8\x07", timeout=SECONDS) for _ in range(10)]
        refused = 0
        for future in busy:
            error = future.exception()
            if error is None:
                continue
            refused += 1
            self.assertEqual(error.code(), grpc.StatusCode.RESOURCE_EXHAUSTED)
            details = details_of(error)
            self.assertEqual(fields(details["google.rpc.ErrorInfo"])[1], [b"OVERLOADED"])
            self.assertEqual(fields(fields(details["google.rpc.RetryInfo"])[1][0]), {1: [1]})
        self.assertEqual(refused, 8)
        self.still_serves()


class Draining(RpcTest):
    arguments = ("--drain-grace-ms", "300")

    def test_a_drain_tells_watchers_finishes_calls_and_ends_streams(self):
        watch = self.channel.unary_stream("/grpc.health.v1.Health/Watch")(b"")
        self.assertEqual(next(watch), b"\x08\x01")
        stream = self.channel.unary_stream(ECHO_STREAM)(b"\x20\x0a")
        next(stream)
        slow = self.channel.unary_unary(ECHO).future(b"\x0a\x01a\x18\xbc\x05", timeout=SECONDS)
        eventually(lambda: fields(self.call(COUNT))[1][0] >= 4, "the slow call has begun")
        self.server.tell_to_end()
        self.assertEqual(next(watch), b"\x08\x02")
        self.still_serves()  # within the grace
        with self.assertRaises(grpc.RpcError) as caught:
            for _ in stream:
                pass
        self.assertEqual(caught.exception.code(), grpc.StatusCode.UNAVAILABLE)
        self.assertEqual(slow.result(), b"\x0a\x01a")
        self.counts = self.server.stop()

    def test_calls_beyond_the_limit_are_cancelled(self):
        self.server.stop()
        self.server = Server("--drain-limit-ms", "100")
        self.channel.close()
        self.channel = grpc.insecure_channel(self.server.target)
        slow = self.channel.unary_unary(ECHO).future(b"\x18\xe0\xd4\x03", timeout=60)
        eventually(lambda: fields(self.call(COUNT))[1][0] >= 2, "the slow call has begun")
        self.counts = self.server.stop()
        self.assertIsNotNone(slow.exception())


class Tls(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="tls-")
        self.addCleanup(shutil.rmtree, self.folder)
        self.openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                     "-subj", "/CN=ca", "-keyout", "ca.key", "-out", "ca.pem")
        self.issue("server", "DNS:localhost,IP:127.0.0.1")
        self.issue("client", "URI:spiffe://sscard/330000/card")

    def openssl(self, *arguments):
        subprocess.run(["openssl", *arguments], cwd=self.folder, check=True, capture_output=True)

    def issue(self, name, subject_names):
        with open(self.path("extensions"), "w", encoding="ascii") as file:
            file.write(f"subjectAltName={subject_names}\n")
        self.openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={name}",
                     "-keyout", f"{name}.new.key", "-out", f"{name}.csr")
        self.openssl("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
                     "-days", "2", "-extfile", "extensions", "-out", f"{name}.new.pem")
        for end in ("key", "pem"):
            os.replace(self.path(f"{name}.new.{end}"), self.path(f"{name}.{end}"))

    def path(self, name):
        return os.path.join(self.folder, name)

    def read(self, name):
        with open(self.path(name), "rb") as file:
            return file.read()

    def channel(self, server, with_client=True):
        pair = (self.read("client.key"), self.read("client.pem")) if with_client else (None, None)
        credentials = grpc.ssl_channel_credentials(self.read("ca.pem"), *pair)
        return grpc.secure_channel(f"localhost:{server.port}", credentials,
                                   options=[("grpc.use_local_subchannel_pool", 1)])

    def serve(self):
        server = Server("--certificate", self.path("server.pem"), "--key", self.path("server.key"),
                        "--client-ca", self.path("ca.pem"))
        self.addCleanup(server.stop)
        return server

    def test_a_client_with_a_certificate_is_served_and_one_without_is_not(self):
        server = self.serve()
        with self.channel(server) as channel:
            self.assertEqual(channel.unary_unary(ECHO)(b"\x0a\x01a", timeout=SECONDS), b"\x0a\x01a")
        for channel in (self.channel(server, with_client=False), grpc.insecure_channel(server.target)):
            with channel, self.assertRaises(grpc.RpcError):
                channel.unary_unary(ECHO)(b"\x0a\x01a", timeout=3)

    def test_a_new_certificate_is_used_without_a_restart(self):
        server = self.serve()

        def serial():
            shown = subprocess.run(
                ["openssl", "s_client", "-connect", server.target, "-alpn", "h2", "-cert", self.path("client.pem"),
                 "-key", self.path("client.key")], input=b"", capture_output=True, timeout=SECONDS, check=False)
            certificate = re.search(rb"-----BEGIN.*?-----END CERTIFICATE-----", shown.stdout, re.S).group(0)
            out = subprocess.run(["openssl", "x509", "-noout", "-serial"], input=certificate, capture_output=True, check=True)
            return out.stdout

        first = serial()
        self.issue("server", "DNS:localhost,IP:127.0.0.1")
        eventually(lambda: serial() != first, "the new certificate is shown")
        with self.channel(server) as channel:
            self.assertEqual(channel.unary_unary(ECHO)(b"\x0a\x01a", timeout=SECONDS), b"\x0a\x01a")

    def test_a_certificate_that_cannot_be_read_ends_the_start(self):
        ended = subprocess.run(
            ["tests/harness/echo_server", "--certificate", "/none.pem", "--key", "/none.key"], capture_output=True,
            timeout=SECONDS, check=False)
        self.assertEqual(ended.returncode, 1)
        self.assertIn(b"/none.pem", ended.stderr)


class Ports(unittest.TestCase):
    def test_a_taken_port_is_a_clear_error(self):
        server = Server()
        self.addCleanup(server.stop)
        ended = subprocess.run(
            ["tests/harness/echo_server", "--listen", server.target], capture_output=True, timeout=SECONDS, check=False)
        self.assertEqual(ended.returncode, 1)
        self.assertIn(b"is the port taken?", ended.stderr)


if __name__ == "__main__":
    region_tap.main()
