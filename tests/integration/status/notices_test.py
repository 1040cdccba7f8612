"""Notices: written once for each change that has one, delivered, and recognised again (R35, N14)."""

import json
import os
import re
import unittest

from tests.harness.region_cards import Desk
from tests.harness.region_client import Client, Refused
from tests.harness.region_harness import Region, eventually, identity_number
from tests.harness.region_tap import main

CODE = re.compile(r"核验码([0-9A-Z]{8})，")
GENUINE, NOT_OURS, ALTERED = 1, 2, 3


class NoticesTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.region = Region(("card", "status"))
        cls.region.__enter__()
        cls.desk = Desk(cls.region)
        cls.status = Client(cls.region.target("status"), "sscard.status.v1.StatusService", waits=True)

    @classmethod
    def tearDownClass(cls):
        cls.status.close()
        cls.desk.close()
        cls.region.__exit__(None, None, None)

    def sent(self):
        path = os.path.join(self.region.folder, "data", "status", "notices.ndjson")
        if not os.path.exists(path):
            return []
        with open(path, encoding="utf-8") as file:
            return [json.loads(line) for line in file]

    def notice(self, phone, template):
        def found():
            return [each for each in self.sent() if each["phone"] == phone and each["template"] == template]
        return eventually(found, f"{template} is sent")

    def verify(self, subject, code, token, channel="ECARD", **more):
        values = {**subject, "code": code, "readOptions": {"channel": f"CHANNEL_{channel}"}, **more}
        return self.status.call("VerifyNotice", values, token)

    _phones = iter(range(13800000001, 13800999999))

    def person(self):
        number, phone = identity_number(), str(next(self._phones))
        return number, phone, self.desk.normal(number=number, phone=phone)

    def test_R35_each_change_that_has_a_notice_sends_one_without_a_link(self):
        number, phone, card = self.person()
        self.desk.report_loss(card.name)
        self.desk.recover(card.name)
        for template in ("card.ready", "card.enabled", "card.temp_lost", "card.recovered"):
            notices = self.notice(phone, template)
            self.assertEqual(len(notices), 1, notices)
            text = notices[0]["text"]
            self.assertRegex(text, CODE)
            for never in (number, "测试甲", "http", "www", card.card_number.strip("*") + "x"):
                self.assertNotIn(never, text)
            self.assertIn("测**", text)

    def test_N14_a_notice_is_recognised_on_every_channel_and_on_the_telephone(self):
        number, phone, card = self.person()
        text = self.notice(phone, "card.ready")[0]["text"]
        code = CODE.search(text).group(1)
        body = text[:text.index("（核验码")]
        holder = self.desk.holder_token(number)
        for typed in (code, code.lower(), f"{code[:4]}-{code[4:]}", f" {code[:4]} {code[4:]} "):
            answer = self.verify({"identityNumber": number}, typed, holder)
            self.assertEqual((answer.verdict, answer.template, answer.text), (GENUINE, "card.ready", body))
        self.assertEqual(self.verify({"name": card.name}, code, holder, text=body).verdict, GENUINE)
        spoken = self.verify({"identityNumber": number}, code, self.region.token("HOTLINE"), "PHONE_12333")
        self.assertIn("我们发送的", spoken.speakable)

    def test_N14_a_changed_text_or_another_persons_code_is_not_ours(self):
        number, phone, card = self.person()
        other, other_phone, _ = self.person()
        code = CODE.search(self.notice(phone, "card.ready")[0]["text"]).group(1)
        CODE.search(self.notice(other_phone, "card.ready")[0]["text"])
        holder, stranger = self.desk.holder_token(number), self.desk.holder_token(other)
        altered = self.verify({"name": card.name}, code, holder, text="请按此办理")
        self.assertEqual(altered.verdict, ALTERED)
        self.assertIn("DO_NOTHING_IT_SAYS", [step.code for step in altered.next_steps])
        theirs = self.verify({"identityNumber": other}, code, stranger)
        self.assertEqual((theirs.verdict, theirs.text, theirs.template), (NOT_OURS, "", ""))
        with self.assertRaises(Refused) as caught:
            self.verify({"identityNumber": number}, code, stranger)
        self.assertEqual(caught.exception.reason, "NOT_YOUR_RESOURCE")

    def test_N14_guessing_ends_after_ten(self):
        number, _, _ = self.person()
        holder = self.desk.holder_token(number)
        for guess in range(10):
            self.assertEqual(self.verify({"identityNumber": number}, f"0000000{guess}", holder).verdict, NOT_OURS)
        with self.assertRaises(Refused) as caught:
            self.verify({"identityNumber": number}, "00000009", holder)
        self.assertEqual((caught.exception.status, caught.exception.reason), ("RESOURCE_EXHAUSTED", "NOTICE_CHECKS_EXHAUSTED"))
        self.assertGreater(caught.exception.retry.retry_delay.seconds, 0)
        other, _, _ = self.person()
        self.assertEqual(self.verify({"identityNumber": other}, "00000000", self.desk.holder_token(other)).verdict, NOT_OURS)

    def test_S10_what_is_no_code_is_told(self):
        number, _, _ = self.person()
        for bad in ("", "1234567", "123456789", "1234567!"):
            with self.assertRaises(Refused) as caught:
                self.verify({"identityNumber": number}, bad, self.desk.holder_token(number))
            self.assertEqual(caught.exception.reason, "NOTICE_CODE_MALFORMED")

    def test_R35_a_notice_is_written_once_though_status_is_killed_again_and_again(self):
        people = []
        for round_ in range(6):
            people.append(self.person())
            if round_ % 2:
                self.region.kill_service("status")
                self.region.start_service("status")
        for number, phone, _ in people:
            self.notice(phone, "card.enabled")
            texts = {each["notice_id"] for each in self.sent() if each["phone"] == phone and each["template"] == "card.enabled"}
            self.assertEqual(len(texts), 1, "one notice, whose delivery may be repeated under its id")


if __name__ == "__main__":
    main()
