"""Rule packs over RPC: what an outlet may do, names in answers, another pack in force without a restart, a bad one refused."""

import os
import shutil
import signal
import unittest

from tests.harness.region_cards import ID_DOCUMENT, MOBILITY_GROUND, PROCEDURE, Desk, context
from tests.harness.region_client import Client, Refused
from tests.harness.region_harness import REGION, Region, eventually, identity_number, program
from tests.harness.region_tap import main

JOINT, AGENCY = "330100-0001", "330100-0004"  # one with all counters that makes cards at once; one without
BANK_ALL, BANK_SOME, BANK_NONE = "330100-1001", "330100-1003", "330100-1006"
DEPENDS, NEEDS, ALLOWED = 4, 2, 1


class PacksTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.region = Region(("card", "status"))
        cls.region.regions = os.path.join(cls.region.folder, "regions")
        shutil.copytree(program("regions"), cls.region.regions)
        cls.region.__enter__()
        cls.desk = Desk(cls.region)
        cls.status = Client(cls.region.target("status"), "sscard.status.v1.StatusService")

    @classmethod
    def tearDownClass(cls):
        cls.status.close()
        cls.desk.close()
        cls.region.__exit__(None, None, None)

    def refused(self, reason, method, values, role, **claims):
        with self.assertRaises(Refused) as caught:
            self.desk.do(method, values, role, **claims)
        self.assertEqual(caught.exception.reason, reason, str(caught.exception))
        return caught.exception

    def at_the_bank(self, name, outlet="", **more):
        return {"name": name, "context": context("BANK_BRANCH", [ID_DOCUMENT], outlet=outlet, **more)}

    # ---- outlets ----

    def test_R6_R38_a_banks_outlet_enables_only_if_it_is_authorised(self):
        card = self.desk.collect(self.desk.made().name)
        for outlet in (BANK_NONE, AGENCY, "330100-7777", "310000-0001"):
            refusal = self.refused("OUTLET_NOT_AUTHORISED", "EnableSocialFunction", self.at_the_bank(card.name), "BANK_OPERATOR",
                                   outlet=outlet)
            self.assertEqual(refusal.status, "PERMISSION_DENIED")
        self.refused("OUTLET_NOT_AUTHORISED", "EnableSocialFunction", self.at_the_bank(card.name), "BANK_OPERATOR", outlet=None)
        done = self.desk.do("EnableSocialFunction", self.at_the_bank(card.name), "BANK_OPERATOR", outlet=BANK_ALL)
        self.assertTrue(done.changed)

    def test_R6_an_outlet_is_authorised_for_each_operation_apart(self):
        values = lambda enable: {**self.at_the_bank(self.desk.made().name), "enable": enable}
        self.refused("OUTLET_NOT_AUTHORISED", "CollectCard", values(True), "BANK_OPERATOR", outlet=BANK_NONE)
        self.assertTrue(self.desk.do("CollectCard", values(True), "BANK_OPERATOR", outlet=BANK_SOME).changed)
        self.assertTrue(self.desk.do("CollectCard", values(False), "BANK_OPERATOR", outlet=BANK_NONE).changed)

    def test_R44_formal_loss_at_a_bank_that_is_not_authorised_for_it(self):
        card = self.desk.normal()
        loss = {**self.at_the_bank(card.name), "kind": "LOSS_KIND_FORMAL"}
        self.refused("OUTLET_NOT_AUTHORISED", "ReportLoss", loss, "BANK_OPERATOR", outlet=BANK_SOME)
        loss = {**self.at_the_bank(card.name), "kind": "LOSS_KIND_FORMAL"}
        self.assertTrue(self.desk.do("ReportLoss", loss, "BANK_OPERATOR", outlet=BANK_ALL).changed)

    def test_R33_cards_are_made_at_once_only_where_the_outlet_can(self):
        def application(outlet):
            return self.desk.application(identity_number(), fulfilment="FULFILMENT_INSTANT", deliveryOutlet=outlet)
        self.refused("INSTANT_NOT_AVAILABLE", "ApplyCard", application(AGENCY), "OPERATOR")
        self.refused("INSTANT_NOT_AVAILABLE", "ApplyCard", application(""), "OPERATOR", outlet=AGENCY)
        self.assertTrue(self.desk.do("ApplyCard", application("")).changed)
        self.assertTrue(self.desk.do("ApplyCard", application(JOINT), outlet=AGENCY).changed)
        card = self.desk.normal()
        again = self.desk.replacement(card.name, "DAMAGED", fulfilment="FULFILMENT_INSTANT", deliveryOutlet=AGENCY)
        self.refused("INSTANT_NOT_AVAILABLE", "ReplaceCard", again, "OPERATOR")

    def test_S5_a_transfer_from_another_province_waits_until_the_others_are_known(self):
        values = self.desk.application(identity_number(), reason="APPLY_REASON_TRANSFER_IN")
        self.refused("OTHER_REGIONS_UNKNOWN", "ApplyCard", values, "OPERATOR")

    def test_S7_credentials_with_several_outlets_name_the_one_at_a_counter(self):
        card = self.desk.normal()
        several = f"{JOINT},{AGENCY}"
        refusal = self.refused("OUTLET_REQUIRED", "ReportLoss", self.desk.loss(card.name), "OPERATOR", outlet=several)
        self.assertEqual((refusal.status, refusal.bad_request.field_violations[0].field), ("INVALID_ARGUMENT", "context.outlet"))
        self.refused("OUTLET_NOT_GRANTED", "ReportLoss", self.desk.loss(card.name, outlet=BANK_ALL), "OPERATOR", outlet=several)
        done = self.desk.do("ReportLoss", self.desk.loss(card.name, outlet=AGENCY), "OPERATOR", outlet=several)
        self.assertTrue(done.changed)
        self.assertEqual(self.desk.history(card.name)[-1].outlet, AGENCY)

    # ---- what is listed ----

    def listed(self, card, operation, role, channel, asker, kinds=(), **claims):
        answer = self.status.call("ListAllowedActions", {
            "name": card.name, "role": f"ROLE_{role}", "channel": f"CHANNEL_{channel}", "operations": [operation],
            "evidence": list(kinds), "readOptions": {"channel": claims.pop("where", "CHANNEL_BRANCH")}},
            self.region.token(asker, **claims))
        return answer.actions[0], answer

    def test_N1_it_depends_on_the_outlet_when_nobody_has_named_one(self):
        card = self.desk.collect(self.desk.made().name)
        action, answer = self.listed(card, "EnableSocialFunction", "BANK_OPERATOR", "BANK_BRANCH", "OPERATOR", [ID_DOCUMENT], outlet=AGENCY)
        self.assertEqual((action.verdict, list(action.depends_on), action.reason), (DEPENDS, ["OUTLET_AUTHORISED"], "OUTLET_NOT_AUTHORISED"))
        self.assertEqual(len(action.needs), 0)
        self.assertRegex(answer.rule_pack, r"^20\S+\+20\S+$")
        normal = self.desk.normal()
        bare, _ = self.listed(normal, "ReportLoss:FORMAL", "BANK_OPERATOR", "BANK_BRANCH", "OPERATOR", outlet=AGENCY)
        self.assertEqual((bare.verdict, len(bare.needs)), (DEPENDS, 1))
        here, _ = self.listed(card, "EnableSocialFunction", "BANK_OPERATOR", "BANK_BRANCH", "OPERATOR", [ID_DOCUMENT], outlet=JOINT)
        self.assertEqual(here.verdict, ALLOWED)

    def test_N1_at_a_bank_that_is_not_authorised_it_is_blocked_and_refused_alike(self):
        card = self.desk.collect(self.desk.made().name)
        for outlet, verdict in ((BANK_NONE, 3), (BANK_ALL, ALLOWED)):
            action, _ = self.listed(card, "EnableSocialFunction", "BANK_OPERATOR", "BANK_BRANCH", "BANK_OPERATOR", [ID_DOCUMENT],
                                    where="CHANNEL_BANK_BRANCH", outlet=outlet)
            self.assertEqual(action.verdict, verdict, outlet)
            if verdict != ALLOWED:
                self.assertEqual(action.reason, "OUTLET_NOT_AUTHORISED")
                self.refused(action.reason, "EnableSocialFunction", self.at_the_bank(card.name), "BANK_OPERATOR", outlet=outlet)

    # ---- names ----

    def test_S12_outlet_and_bank_are_named_in_both_languages(self):
        card = self.desk.made(deliveryOutlet=BANK_ALL)
        for language, outlet, bank in (("zh-CN", "中国工商银行杭州中心支行", "中国工商银行"),
                                       ("en", "Industrial and Commercial Bank of China, Hangzhou branch",
                                        "Industrial and Commercial Bank of China")):
            seen = self.desk.get(card.name, language)
            self.assertEqual((seen.delivery.outlet.name, seen.bank_name, seen.delivery.outlet.bank_code), (outlet, bank, "102"))
            status = self.status.call("GetCardStatus", {"name": card.name, "readOptions": {"channel": "CHANNEL_BRANCH"}},
                                      self.region.token("OPERATOR"), language)
            self.assertEqual((status.outlet.name, status.bank_name), (outlet, bank))
            self.assertTrue(status.outlet.address and status.rule_pack)

    def test_R37_whom_to_ask_is_named_with_its_number(self):
        card = self.desk.made()
        step = next(step for step in self.desk.get(card.name).next_steps if step.code == "COLLECT_CARD")
        self.assertEqual((step.contact.phone, step.contact.name), ("0571-12333", "12333服务热线"))

    def test_R34_a_refusal_names_the_hotline_of_the_issuing_place(self):
        card = self.desk.apply()
        with self.assertRaises(Refused) as caught:
            self.desk.do("ReportLoss", self.desk.loss(card.name), language="en")
        self.assertEqual(caught.exception.reason, "CARD_NOT_ISSUED")
        contacts = [(step.contact.name, step.contact.phone) for step in caught.exception.refusal.next_steps if step.HasField("contact")]
        self.assertEqual(contacts, [("hotline 12333", "0571-12333")] * len(contacts))
        self.assertTrue(contacts)

    # ---- channels ----

    def test_S13_a_channel_that_the_region_does_not_run_is_closed_and_listed_as_such(self):
        region = Region(("card", "status"))
        region.regions = os.path.join(region.folder, "regions")
        shutil.copytree(program("regions"), region.regions)
        path = os.path.join(region.regions, f"{REGION}.yaml")
        with open(path, encoding="utf-8") as file:
            text = file.read()
        with open(path, "w", encoding="utf-8") as file:
            file.write(text.replace("channels:\n", "channels:\n  HOME_VISIT: {open: false}\n", 1))
        with region:
            desk, status = Desk(region), Client(region.target("status"), "sscard.status.v1.StatusService")
            card = desk.made()
            visit = {"name": card.name, "context": context("HOME_VISIT", [ID_DOCUMENT, MOBILITY_GROUND, PROCEDURE])}
            with self.assertRaises(Refused) as caught:
                desk.do("CollectCard", visit)
            self.assertEqual((caught.exception.status, caught.exception.reason), ("FAILED_PRECONDITION", "CHANNEL_NOT_OFFERED"))
            self.assertNotIn("HOME_VISIT", caught.exception.metadata["allowed_channels"])
            action = status.call("ListAllowedActions", {
                "name": card.name, "operations": ["CollectCard"], "channel": "CHANNEL_HOME_VISIT", "evidence": visit["context"]["evidence"],
                "readOptions": {"channel": "CHANNEL_BRANCH"}}, region.token("OPERATOR")).actions[0]
            self.assertEqual((action.verdict, action.reason), (3, "CHANNEL_NOT_OFFERED"))
            self.assertNotIn(11, action.channels)
            status.close()
            desk.close()
        visit["name"] = self.desk.made().name
        self.assertTrue(self.desk.do("CollectCard", visit).changed)

    # ---- another pack ----

    def rewrite(self, *pairs):
        path = os.path.join(self.region.regions, f"{REGION}.yaml")
        with open(path, encoding="utf-8") as file:
            text = file.read()
        for old, new in pairs:
            self.assertIn(old, text)
            text = text.replace(old, new, 1)
        with open(path + ".new", "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(path + ".new", path)

    def metric(self, service, name):
        text = self.region.operations(service, "/metrics")[1]
        return next((int(line.split()[-1]) for line in text.splitlines() if line.startswith(name + " ")), 0)

    def test_S13_another_pack_is_in_force_without_a_restart_and_a_bad_one_is_refused(self):
        process = self.region.services["card"]
        before = self.desk.report_loss(self.desk.normal().name)
        first = self.desk.history(before.name)[-1].rule_pack
        self.rewrite(('version: "2026.11-1"', 'version: "2026.11-2"'), ("temp_loss_days: 10", "temp_loss_days: 3"),
                     ("  - code: \"330100-1001\"\n    name: {zh: 中国工商银行杭州中心支行", "  - code: \"330100-1001\"\n    name: {zh: 改名支行"))
        for service in ("card", "status"):
            eventually(lambda: self.metric(service, "sscard_pack_reloads_total") == 1, "the pack is taken")
        after = self.desk.report_loss(self.desk.normal().name)
        days = lambda card: (card.temp_loss_until.seconds - card.as_of.seconds) // 86400
        self.assertEqual((days(before), days(after)), (10, 3))
        self.assertNotEqual(first, self.desk.history(after.name)[-1].rule_pack)
        self.assertTrue(self.desk.history(after.name)[-1].rule_pack.startswith("2026.11-2+"))
        self.assertEqual(self.desk.get(self.desk.made(deliveryOutlet=BANK_ALL).name).delivery.outlet.name, "改名支行")
        # What was fixed when it was reported stays.
        self.assertEqual(self.desk.get(before.name).temp_loss_until, before.temp_loss_until)

        self.rewrite(('version: "2026.11-2"', 'version: "2026.11-3"'), ("temp_loss_days: 3", "temp_loss_days: 99"))
        eventually(lambda: self.metric("card", "sscard_pack_refusals_total") == 1, "the bad pack is counted")
        line = eventually(lambda: process.line("the rule pack is refused, the old one stays in force"), "it is logged")
        self.assertIn("temp_loss_days", line["message"] if "message" in line else str(line))
        self.assertEqual(days(self.desk.report_loss(self.desk.normal().name)), 3)

        # The same again on a signal: read once more, refused once more; a good one is taken at once.
        process.kill(signal.SIGHUP)
        eventually(lambda: self.metric("card", "sscard_pack_refusals_total") == 2, "refused again")
        self.rewrite(("temp_loss_days: 99", "temp_loss_days: 5"))
        process.kill(signal.SIGHUP)
        eventually(lambda: self.metric("card", "sscard_pack_reloads_total") == 2, "the next pack is taken")
        self.assertEqual(days(self.desk.report_loss(self.desk.normal().name)), 5)
        self.rewrite(('version: "2026.11-3"', 'version: "2026.11-4"'), ("temp_loss_days: 5", "temp_loss_days: 10"))
        for service in ("card", "status"):
            eventually(lambda: self.region.operations(service, "/metrics")[1] and
                       self.metric(service, "sscard_pack_reloads_total") >= 3, "the last pack is taken")

    def test_S13_a_service_does_not_start_with_a_bad_pack(self):
        region = Region()
        region.regions = os.path.join(region.folder, "regions")
        shutil.copytree(program("regions"), region.regions)
        with open(os.path.join(region.regions, f"{REGION}.yaml"), "a", encoding="utf-8") as file:
            file.write("surprise: 1\n")
        with self.assertRaises(AssertionError) as caught, region:
            pass
        self.assertIn("there is no key surprise", str(caught.exception))


if __name__ == "__main__":
    main()
