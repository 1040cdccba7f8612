"""A foreign client in Python, by reflection alone: services, calls, rich errors."""

import unittest

import grpc

from tests.harness.region_cards import ID_DOCUMENT, Desk, context
from tests.harness.region_client import PARENT
from tests.harness.region_harness import Region, identity_number
from tests.harness.region_tap import main
from tests.harness.reflected_client import ReflectedClient, Unknown

CARD = "sscard.card.v1.CardService"
STATUS = "sscard.status.v1.StatusService"
ERROR_BYTES_MAX = 4096
MESSAGE_BYTES_MAX = 200


class PythonClientTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.region = Region(("card", "status"))
        cls.region.__enter__()
        cls.card = ReflectedClient(cls.region.target("card"))
        cls.status = ReflectedClient(cls.region.target("status"))
        cls.desk = Desk(cls.region)  # only to bring cards about
        cls.operator = cls.region.token("OPERATOR")

    @classmethod
    def tearDownClass(cls):
        for client in (cls.card, cls.status, cls.desk):
            client.close()
        cls.region.__exit__(None, None, None)

    def refusal(self, method, values, client=None, token=None, language=None):
        client = client or self.card
        with self.assertRaises(grpc.RpcError) as caught:
            client.call(method, values, token or self.operator, language)
        size, details = client.details(caught.exception)
        self.assertLessEqual(size, ERROR_BYTES_MAX)
        self.assertGreater(size, 0)
        message = caught.exception.details()
        self.assertTrue(message.isascii() and 0 < len(message) <= MESSAGE_BYTES_MAX, message)
        return caught.exception.code(), dict(details), [name for name, _ in details]

    def test_both_versions_of_reflection_list_the_services(self):
        for version in ("v1", "v1alpha"):
            for service, name in ((CARD, "card"), (STATUS, "status")):
                client = ReflectedClient(self.region.target(name), version)
                found = client.services()
                for wanted in (service, "grpc.health.v1.Health", f"grpc.reflection.{version}.ServerReflection"):
                    self.assertIn(wanted, found)
                client.close()

    def test_reflection_keeps_the_comments(self):
        self.card.learn(CARD)
        file = next(file for file in self.card.files.values() if file.package == "sscard.card.v1" and file.service)
        comments = [location.leading_comments for location in file.source_code_info.location if list(location.path[:1]) == [6]]
        self.assertTrue(any("Reports the card lost" in comment for comment in comments))

    def test_reflection_says_what_each_method_does_to_the_world(self):
        self.card.learn(CARD)
        kinds = self.card.pool.FindExtensionByName("sscard.common.v1.method")
        service = self.card.pool.FindServiceByName(CARD)
        self.card.message("google.protobuf.MethodOptions")
        self.assertEqual(kinds.number, 52001)
        self.assertEqual(len(service.methods), 25)

    def test_reflection_says_of_what_it_does_not_know_that_it_does_not(self):
        for symbol in ("sscard.card.v1.NoSuchService", "", "x" * 1000):
            with self.assertRaises(Unknown):
                self.card.learn(symbol)

    def test_health_is_asked_like_anything_else(self):
        for service in ("", CARD):
            self.assertEqual(self.card.call("grpc.health.v1.Health/Check", {"service": service})["status"], "SERVING")
        with self.assertRaises(grpc.RpcError) as caught:
            self.card.call("grpc.health.v1.Health/Check", {"service": "nobody"})
        self.assertEqual(caught.exception.code(), grpc.StatusCode.NOT_FOUND)

    def test_a_card_is_applied_for_and_asked_about(self):
        number = identity_number()
        answer = self.card.call(f"{CARD}/ApplyCard", self.desk.application(number), self.operator)
        self.assertEqual((answer["card"]["state"], answer["changed"]), ("CARD_STATE_REQUESTED", True))
        status = self.status.call(f"{STATUS}/GetCardStatus", {"identityNumber": number, "readOptions": {"channel": "CHANNEL_BRANCH"}},
                                  self.operator)
        self.assertEqual((status["name"], status["displayStatus"]), (answer["card"]["name"], "DISPLAY_STATUS_REQUESTED"))

    def test_the_feed_is_watched(self):
        name = self.desk.import_normal(1)[0]
        stream = self.card.call(f"{CARD}/Watch", {"name": name, "fromBeginning": True}, self.region.token("SYSTEM"))
        self.assertEqual(next(stream)["events"][0]["eventType"], "card.imported")

    def test_S10_refusal_has_its_details_in_order(self):
        card = self.desk.made()
        code, details, order = self.refusal(f"{CARD}/EnableSocialFunction", {"name": card.name, "context": context("BRANCH", [ID_DOCUMENT])})
        self.assertEqual(code, grpc.StatusCode.FAILED_PRECONDITION)
        self.assertEqual(order[:2] + order[-1:], ["google.rpc.ErrorInfo", "sscard.common.v1.Refusal", "google.rpc.LocalizedMessage"])
        info, refusal = details["google.rpc.ErrorInfo"], details["sscard.common.v1.Refusal"]
        self.assertEqual((info["domain"], info["reason"], info["metadata"]["rule"], refusal["rule"]),
                         ("sscard", "NOT_COLLECTED", "R37", "R37"))
        step = refusal["nextSteps"][0]
        self.assertEqual((step["code"], step["method"]), ("COLLECT_CARD", f"{CARD}/CollectCard"))
        self.assertIn("CHANNEL_BRANCH", step["channels"])
        self.assertTrue(step["documents"] and step["who"] and step["rule"])

    def test_S12_texts_follow_accept_language(self):
        card = self.desk.made()
        values = {"name": card.name, "context": context("BRANCH", [ID_DOCUMENT])}
        for language, locale, piece in ((None, "zh-CN", "领取"), ("zh-CN", "zh-CN", "领取"), ("en", "en", "collected"),
                                        ("en-GB,en;q=0.9,zh;q=0.5", "en", "collected"), ("zh-CN,zh;q=0.9,en;q=0.8", "zh-CN", "领取"),
                                        ("fr", "zh-CN", "领取"), ("*", "zh-CN", "领取"), ("de, en;q=0.3", "en", "collected")):
            _, details, _ = self.refusal(f"{CARD}/EnableSocialFunction", values, language=language)
            localized = details["google.rpc.LocalizedMessage"]
            self.assertEqual(localized["locale"], locale, language)
            self.assertIn(piece, localized["message"], language)
            steps = str(details["sscard.common.v1.Refusal"]["nextSteps"])
            self.assertEqual("领取" in steps, locale == "zh-CN", language)

    def test_S10_bad_request_names_the_path_of_each_field(self):
        for values, reason, field in (
                ({"name": "regions/330000/holders/01J00000000000000000000000"}, "RESOURCE_NAME_INVALID", "name"),
                ({"name": self.desk.import_normal(1)[0], "context": context(requestId="?")}, "REQUEST_ID_MALFORMED", "context.request_id"),
                ({"name": self.desk.import_normal(1)[0], "context": context(evidence=[{"kind": 99}])}, "ENUM_UNKNOWN",
                 "context.evidence[0].kind")):
            code, details, order = self.refusal(f"{CARD}/EnableSocialFunction", {"context": context(), **values})
            self.assertEqual((code, details["google.rpc.ErrorInfo"]["reason"]), (grpc.StatusCode.INVALID_ARGUMENT, reason))
            self.assertEqual([v["field"] for v in details["google.rpc.BadRequest"]["fieldViolations"]], [field])

    def test_S2_conflict_tells_the_current_etag_to_a_program(self):
        name = self.desk.import_normal(1)[0]
        old = self.desk.get(name).etag
        new = self.desk.report_loss(name).etag
        code, details, _ = self.refusal(f"{CARD}/RecoverCard", self.desk.recovery(name, etag=old))
        self.assertEqual((code, details["google.rpc.ErrorInfo"]["metadata"]["current_etag"]), (grpc.StatusCode.ABORTED, new))

    def test_unauthenticated_calls_have_details_too(self):
        for token in ("", "nonsense", "a.b.c"):
            with self.assertRaises(grpc.RpcError) as caught:
                self.card.call(f"{CARD}/GetCard", {"name": f"{PARENT}/cards/01J00000000000000000000000"}, token)
            self.assertEqual(caught.exception.code(), grpc.StatusCode.UNAUTHENTICATED)
            size, details = self.card.details(caught.exception)
            self.assertTrue(0 < size <= ERROR_BYTES_MAX)
            self.assertEqual(details[0][1]["domain"], "sscard")

    def test_status_refuses_in_the_same_form(self):
        code, details, order = self.refusal(f"{STATUS}/GetCardStatus", {"identityNumber": "123", "readOptions": {"channel": "CHANNEL_BRANCH"}},
                                            client=self.status)
        self.assertEqual((code, details["google.rpc.ErrorInfo"]["reason"]), (grpc.StatusCode.INVALID_ARGUMENT, "ID_CHECKSUM"))
        self.assertEqual(order[0], "google.rpc.ErrorInfo")
        self.assertEqual(details["google.rpc.BadRequest"]["fieldViolations"][0]["field"], "identity_number")


if __name__ == "__main__":
    main()
