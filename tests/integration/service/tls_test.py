"""Services that speak TLS to each other, each with a certificate of its own; what core says about it lands in our log."""

import json
import os
import subprocess
import unittest

import grpc

from tests.harness.region_cards import AT_THE_COUNTER, context
from tests.harness.region_client import PARENT, Client, Refused
from tests.harness.region_harness import Region, eventually
from tests.harness.region_tap import main

STATUS = "sscard.status.v1.StatusService"
P256 = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")


class Authority:
    """A certificate authority in a folder."""

    def __init__(self, folder, name):
        self.folder, self.name = folder, name
        self._openssl("req", "-x509", *P256, "-days", "2", "-subj", f"/CN={name}", "-keyout", self.path(f"{name}.key"), "-out", self.ca)

    @property
    def ca(self):
        return self.path(f"{self.name}.pem")

    def path(self, file):
        return os.path.join(self.folder, file)

    @staticmethod
    def _openssl(*arguments):
        subprocess.run(["openssl", *arguments], check=True, capture_output=True)

    def issue(self, name, alternative="IP:127.0.0.1", days="2"):
        """Certificate and key; what stood there under this name is replaced."""
        certificate, key, request, extension = (self.path(f"{name}.{kind}") for kind in ("crt", "key", "csr", "ext"))
        with open(extension, "w", encoding="ascii") as file:
            file.write(f"subjectAltName={alternative}\n")
        self._openssl("req", *P256, "-subj", f"/CN={name}", "-keyout", f"{key}.new", "-out", request)
        self._openssl("x509", "-req", "-in", request, "-CA", self.ca, "-CAkey", self.path(f"{self.name}.key"), "-CAcreateserial", "-days", days,
                      "-extfile", extension, "-out", f"{certificate}.new")
        os.rename(f"{key}.new", key)
        os.rename(f"{certificate}.new", certificate)
        return certificate, key


def server_flags(authority, pair):
    return ["--tls-certificate", pair[0], "--tls-key", pair[1], "--tls-client-ca", authority.ca]


def peer_flags(authority, pair):
    return ["--peer-ca", authority.ca, "--peer-certificate", pair[0], "--peer-key", pair[1]]


def read(path):
    with open(path, "rb") as file:
        return file.read()


class TlsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.region = Region(("card",), redis=False)  # without Redis status asks card about every card
        cls.ours, cls.foreign = Authority(cls.region.folder, "ours"), Authority(cls.region.folder, "foreign")
        cls.desk_pair, cls.foreign_pair = cls.ours.issue("desk"), cls.foreign.issue("stranger")
        cls.region.flags = {"card": server_flags(cls.ours, cls.ours.issue("card"))}
        cls.region.__enter__()
        with cls.client("card", "sscard.card.v1.CardService") as desk:
            imported = {"identityNumber": "11010119900307803X", "personName": "测试", "phone": "13900000000", "photoReference": "p", "cards": [{
                "state": "CARD_STATE_NORMAL", "cardNumber": "T10000001", "bankCode": "102", "deliveryState": "DELIVERY_STATE_COLLECTED",
                "issuedOn": {"year": 2020, "month": 1, "day": 1}, "expiresOn": {"year": 2035, "month": 1, "day": 1}}]}
            values = {"parent": PARENT, "context": context("SYSTEM"), "holders": [imported]}
            cls.card = desk.call("ImportHolders", values, cls.region.token("PLATFORM")).verdicts[0].cards[0]

    @classmethod
    def tearDownClass(cls):
        cls.region.__exit__(None, None, None)

    @classmethod
    def client(cls, name, service, authority=None, pair=None):
        certificate, key = pair or cls.desk_pair
        credentials = grpc.ssl_channel_credentials(read((authority or cls.ours).ca), read(key), read(certificate))
        return Client(cls.region.target(name), service, credentials=credentials)

    def ask(self):
        """What status says about the card, over TLS both ways; or the refusal."""
        with self.client("status", STATUS) as client:
            return client.call("GetCardStatus", {"name": self.card, "readOptions": AT_THE_COUNTER}, self.region.token("OPERATOR")).state

    def begin_status(self, flags):
        self.region.flags["status"] = [*server_flags(self.ours, self.ours.issue("status")), *flags]
        process = self.region.start_service("status")
        self.addCleanup(self.region.stop_service, "status")
        return process

    def core_lines(self, process):
        """Lines of core, after looking whether every line is one of ours."""
        lines = [json.loads(line) for line in process.text().splitlines()]
        self.assertTrue(all(line["service"] == "status" for line in lines))
        return [line for line in lines if line["event"] == "gRPC core"]

    def refused_as_unreachable(self, process):
        with self.assertRaises(Refused) as caught:
            self.ask()
        self.assertEqual(caught.exception.status, "UNAVAILABLE", str(caught.exception))
        said = caught.exception.message + caught.exception.raw.decode("utf-8", "replace")
        for word in ("handshake", "SSL", "certificate", "127.0.0.1"):  # for the log, not for callers
            self.assertNotIn(word.lower(), said.lower())
        self.assertTrue(process.runs())

    def test_services_with_certificates_of_one_authority_understand_each_other(self):
        process = self.begin_status(peer_flags(self.ours, self.ours.issue("status-client")))
        self.assertEqual(self.ask(), 4)
        self.assertEqual(self.core_lines(process), [])

    def test_client_without_a_certificate_or_with_a_foreign_one_is_not_let_in(self):
        for credentials in (grpc.ssl_channel_credentials(read(self.ours.ca)),
                            grpc.ssl_channel_credentials(read(self.ours.ca), read(self.foreign_pair[1]), read(self.foreign_pair[0])), None):
            with Client(self.region.target("card"), credentials=credentials) as client, self.assertRaises(Refused) as caught:
                client.call("GetCard", {"name": self.card, "readOptions": AT_THE_COUNTER}, self.region.token("OPERATOR"))
            self.assertEqual(caught.exception.status, "UNAVAILABLE")

    def test_peer_of_another_authority_is_not_talked_to_and_core_says_why_in_our_log(self):
        process = self.begin_status(peer_flags(self.foreign, self.ours.issue("status-client")))
        self.refused_as_unreachable(process)
        line = eventually(lambda: self.core_lines(process), "core says why")[0]
        self.assertEqual((line["level"], line["failure_reason"]), ("warn", "GRPC_CORE"))
        self.assertRegex(line["source"], r"^\w+\.cc:\d+$")
        self.assertIn("SSL", line["failure_message"])

    def test_peer_whose_certificate_names_another_host_is_not_talked_to(self):
        process = self.begin_status(peer_flags(self.ours, self.ours.issue("status-client")))
        port = self.region.ports["card"]
        self.region.stop_service("card")
        try:
            self.ours.issue("card", "DNS:card.example")
            self.region.start_service("card")
            self.assertEqual(self.region.ports["card"], port)
            self.refused_as_unreachable(process)
        finally:
            self.region.stop_service("card")
            self.ours.issue("card")
            self.region.start_service("card")

    def test_certificate_that_is_replaced_is_shown_from_the_next_handshake_on(self):
        mine = self.foreign.issue("late")
        process = self.begin_status(peer_flags(self.ours, mine))
        self.refused_as_unreachable(process)
        certificate, key = self.ours.issue("late")
        self.assertEqual((certificate, key), mine)

        def answered():
            try:
                return self.ask()
            except Refused as refusal:
                self.assertEqual(refusal.status, "UNAVAILABLE")
                return None

        self.assertEqual(eventually(answered, "the new certificate opens"), 4)
        self.assertTrue(process.runs())

    def test_half_a_configuration_does_not_start(self):
        pair = self.ours.issue("half")
        missing = os.path.join(self.region.folder, "missing.pem")
        self.region.ports["status"] = (0, 0)
        self.region.flags["status"] = []
        for flags, reason in ((["--peer-certificate", pair[0], "--peer-ca", self.ours.ca], "TLS_PAIR_INCOMPLETE"),
                              (["--peer-key", pair[1], "--peer-ca", self.ours.ca], "TLS_PAIR_INCOMPLETE"),
                              (["--peer-certificate", pair[0], "--peer-key", pair[1]], "TLS_OPTION_MISSING"),
                              (["--peer-ca", missing], "CANNOT_READ_PEM"),
                              (["--peer", "notice_gateway=gateway.example:7301"], "CLEARTEXT_REFUSED"),
                              (["--tls-key", pair[1]], "TLS_PAIR_INCOMPLETE"),
                              (["--tls-client-ca", self.ours.ca], "TLS_OPTION_MISSING")):
            self.does_not_start([*self.region.command_of("status"), *flags], reason)

    def test_peer_on_another_machine_is_not_talked_to_in_cleartext(self):
        self.region.ports["status"] = (0, 0)
        self.region.flags["status"] = []
        command, target = self.region.command_of("status"), self.region.target("card")
        self.assertIn(f"card={target}", command)
        for other in ("10.0.0.1:7301", "card.example:7301", "dns:///card.example:7301", "[::2]:7301", "localhost.example:7301", "127.example:7301", "127.0.0.1.example:7301"):
            self.does_not_start([part.replace(target, other) for part in command], "CLEARTEXT_REFUSED")

    def does_not_start(self, command, reason):
        done = subprocess.run(command, capture_output=True, text=True, timeout=30)
        self.assertEqual(done.returncode, 1, f"{command}: {done.stderr}")
        line = json.loads(done.stderr.splitlines()[-1])
        self.assertEqual((line["event"], line["failure_reason"]), ("cannot start", reason), command)


if __name__ == "__main__":
    main()
