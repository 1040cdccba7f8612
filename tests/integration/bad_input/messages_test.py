"""Requests that make no sense, field by field over every method: each gets a typed error or is tolerated.

The process lives, its memory comes back, nothing is stored.
"""

import base64
import copy
import random
import sqlite3
import unittest

from tests.harness.region_cards import AT_THE_COUNTER, CONSENT, DEATH_RECORD, ID_DOCUMENT, Desk, context
from tests.harness.region_client import PARENT, POOL, Client, Refused, message_class, new_id
from tests.harness.region_harness import Region, card_number, eventually, identity_number
from tests.harness.region_tap import main
from tests.integration.bad_input.typed import GROWTH_KIB_MAX, UNDER_SANITIZER, TypedCase

SEED = 4
CARD, STATUS = "sscard.card.v1.CardService", "sscard.status.v1.StatusService"
LONG = 70000


class MessagesTest(TypedCase):
    @classmethod
    def setUpClass(cls):
        cls.region = Region(("card", "status"))
        cls.region.__enter__()
        cls.desk = Desk(cls.region)
        cls.status = Client(cls.region.target("status"), STATUS)
        cls.identity = identity_number()
        cls.number = card_number()
        verdict = cls.desk.import_holders([cls.desk.imported(cls.desk.imported_card(cardNumber=cls.number), number=cls.identity)]).verdicts[0]
        cls.card, cls.holder = verdict.cards[0], verdict.holder
        for _ in range(200):  # what the first calls allocate is not growth
            cls.desk.get(cls.card)
        cls.resident = {name: cls.region.services[name].resident_kib() for name in ("card", "status")}
        cls.pids = {name: cls.region.services[name].pid for name in ("card", "status")}

    @classmethod
    def tearDownClass(cls):
        cls.status.close()
        cls.desk.close()
        cls.region.__exit__(None, None, None)

    def setUp(self):
        self.before = self.stored()

    def tearDown(self):
        for name, pid in self.pids.items():
            process = self.region.services[name]
            self.assertTrue(process.runs() and process.pid == pid, f"{name} ended:\n{process.tail()}")
            if not UNDER_SANITIZER:
                eventually(lambda: process.resident_kib() - self.resident[name] <= GROWTH_KIB_MAX,
                           f"memory of {name} returns: {process.resident_kib()} KiB, was {self.resident[name]}", 10)
        self.assertEqual(self.stored(), self.before)
        self.assertEqual(self.desk.get(self.card).state, 4)
        self.assertEqual(self.status.call("GetCardStatus", {"name": self.card, "readOptions": AT_THE_COUNTER}, self.token("OPERATOR")).state, 4)

    def stored(self):
        with sqlite3.connect(f"file:{self.region.folder}/data/card/card.db?mode=ro", uri=True) as database:
            return (database.execute("SELECT count(*), sum(version) FROM card").fetchone(),
                    database.execute("SELECT count(*) FROM person").fetchone(),
                    database.execute("SELECT sum(seq) FROM part_head").fetchone())

    def token(self, role, **claims):
        return self.region.token(role, **claims)

    # ---- one good request for every method ----

    def good(self):
        """(full method, request, role); what is changed by them is previewed only."""
        at = lambda channel="BRANCH": context(channel, [ID_DOCUMENT], validateOnly=True)
        at_system = lambda: context("SYSTEM", validateOnly=True)
        read = {"readOptions": dict(AT_THE_COUNTER)}
        operator, platform = "OPERATOR", "PLATFORM"
        yield f"{CARD}/ApplyCard", {"parent": PARENT, "context": at(), "identityNumber": identity_number(), "personName": "测试", "phone": "138",
                                    "photoReference": "p", "bankCode": "102", "consent": dict(CONSENT), "fulfilment": "FULFILMENT_PICKUP",
                                    "deliveryOutlet": "330100-0001", "reason": "APPLY_REASON_FIRST"}, operator
        yield f"{CARD}/WithdrawApplication", {"name": self.card, "context": at()}, operator
        yield f"{CARD}/StartProduction", {"name": self.card, "context": at_system(), "consent": dict(CONSENT)}, platform
        yield f"{CARD}/CompleteProduction", {"name": self.card, "context": at_system(), "cardNumber": self.number, "chip": {
            "chipId": "c", "model": "m", "keyBatch": "b", "keyOrigin": "KEY_ORIGIN_CHIP"}, "issuedOn": {"year": 2024, "month": 1, "day": 1},
            "expiresOn": {"year": 2034, "month": 1, "day": 1}, "deliveryOutlet": "o", "mailReference": "m"}, platform
        yield f"{CARD}/FailProduction", {"name": self.card, "context": at_system(), "failure": "PRODUCTION_FAILURE_PHOTO"}, platform
        yield f"{CARD}/CollectCard", {"name": self.card, "context": at(), "enable": True}, operator
        yield f"{CARD}/EnableSocialFunction", {"name": self.card, "context": at()}, operator
        yield f"{CARD}/ReportLoss", {"name": self.card, "context": at(), "kind": "LOSS_KIND_TEMPORARY"}, operator
        yield f"{CARD}/RecoverCard", {"name": self.card, "context": at()}, operator
        yield f"{CARD}/ReplaceCard", {"name": self.card, "context": at(), "reason": "REPLACE_REASON_DATA_CHANGED", "fulfilment": "FULFILMENT_MAIL",
                                      "consent": dict(CONSENT), "photoReference": "p", "personName": "新名", "bankCode": "",
                                      "mailAddress": {"address": "某路1号", "recipient": "甲", "phone": "138"}}, operator
        yield f"{CARD}/CancelCard", {"name": self.card, "context": at(), "byAuthority": {"reason": "CANCEL_REASON_ERROR"}}, operator
        yield f"{CARD}/ReportLostInDelivery", {"name": self.card, "context": at()}, operator
        yield f"{CARD}/ImportHolders", {"parent": PARENT, "context": at_system(), "holders": [self.desk.imported(self.desk.imported_card())]}, platform
        yield f"{CARD}/RecordDeath", {"name": self.holder, "context": context("BRANCH", [DEATH_RECORD], validateOnly=True),
                                      "diedOn": {"year": 2025, "month": 1, "day": 1}}, operator
        yield f"{CARD}/SetEntitlement", {"name": self.holder, "context": at_system(), "entitlement": {
            "standing": "ENTITLEMENT_STANDING_DRAWN", "kinds": ["pension"], "asOf": "2025-01-01T00:00:00Z"}}, platform
        yield f"{CARD}/GetHolder", {"name": self.holder, **read}, operator
        yield f"{CARD}/FindHolder", {"parent": PARENT, "identityNumber": self.identity, **read}, operator
        yield f"{CARD}/ResolveCard", {"parent": PARENT, "cardNumber": self.number, **read}, operator
        yield f"{CARD}/GetCard", {"name": self.card, **read}, operator
        yield f"{CARD}/ListCards", {"parent": self.holder, "pageSize": 5, "pageToken": "", "orderBy": "requested_at", **read}, operator
        yield f"{CARD}/ListExpiringCards", {"parent": PARENT, "pageSize": 5, "expiresFrom": {"year": 2030, "month": 1, "day": 1},
                                            "expiresTo": {"year": 2031, "month": 1, "day": 1}, **read}, operator
        yield f"{CARD}/ListCardHistory", {"parent": self.card, "pageSize": 5, "orderBy": "version", **read}, operator
        yield f"{CARD}/GetOperation", {"name": self.card, "method": f"{CARD}/ReportLoss", "requestId": new_id(), "sentAt": "2025-01-01T00:00:00Z"}, operator
        yield f"{STATUS}/GetCardStatus", {"name": self.card, **read}, operator
        yield f"{STATUS}/ListAllowedActions", {"name": self.card, "channel": "CHANNEL_ECARD", "role": "ROLE_HOLDER", "evidence": [dict(ID_DOCUMENT)],
                                               "operations": ["ReportLoss"], **read}, operator
        yield f"{STATUS}/CheckUsable", {"name": self.card, "purpose": "PURPOSE_MEDICAL"}, platform
        yield f"{CARD}/EnableByPinChange", {"name": self.card, "context": at_system(), "role": "ROLE_HOLDER", "channel": "CHANNEL_SELF_SERVICE",
                                            "outlet": "330100-0001", "operatorId": "op-1"}, "SYSTEM"
        yield f"{STATUS}/AdviseCards", {"name": self.card, **read}, operator
        yield f"{STATUS}/GetCase", {"name": self.card, **read}, operator
        yield f"{STATUS}/VerifyNotice", {"name": self.card, "code": "ABCD2345", "text": "您的社保卡已制成。", **read}, operator
        yield f"{STATUS}/GetGuidance", {"topic": "GUIDANCE_TOPIC_LOSS", **read}, operator

    def messages(self):
        """The same as (full method, message, token)."""
        for method, values, role in self.good():
            client = self.client_of(method)
            yield method, client.request(method, values), self.token(role)

    def client_of(self, method):
        return self.status if method.startswith(STATUS) else self.desk.client

    def test_every_method_has_a_good_request_that_is_understood(self):
        methods = set()
        for method, message, token in self.messages():
            status, refusal = self.raw(method, message.SerializeToString(), token)
            self.assertIn(status, ("OK", "FAILED_PRECONDITION", "ALREADY_EXISTS"), f"{method}: {refusal}")
            methods.add(method)
        expected = {f"{service}/{method.name}" for service in (CARD, STATUS) for method in POOL.FindServiceByName(service).methods}
        self.assertEqual(methods, expected - {f"{CARD}/Watch"})

    # ---- bytes ----

    def test_truncated_messages(self):
        for method, message, token in self.messages():
            packed = message.SerializeToString()
            for end in range(1, len(packed), max(1, len(packed) // 25)):
                self.typed(method, packed[:end], token, f"cut at {end} of {len(packed)}", allow_ok=True)

    def test_messages_with_changed_bytes(self):
        dice = random.Random(SEED)
        for method, message, token in self.messages():
            packed = message.SerializeToString()
            for _ in range(30):
                changed = bytearray(packed)
                for _ in range(dice.randrange(1, 5)):
                    changed[dice.randrange(len(changed))] = dice.randrange(256)
                self.typed(method, bytes(changed), token, "changed bytes", allow_ok=True)

    def test_garbage_of_many_sizes(self):
        dice = random.Random(SEED)
        for method, _, token in self.messages():
            for size in (1, 2, 7, 64, 1000, 20000):
                self.typed(method, dice.randbytes(size), token, f"{size} bytes of garbage")

    def test_empty_messages(self):
        for method, _, token in self.messages():
            self.typed(method, b"", token, "an empty message")

    def test_four_mebibytes_of_garbage(self):
        token = self.token("OPERATOR")
        dice = random.Random(SEED)
        for method in (f"{CARD}/GetCard", f"{CARD}/ImportHolders", f"{STATUS}/GetCardStatus"):
            for packed in (dice.randbytes((4 << 20) - 100), b"\x00" * ((4 << 20) - 100), b"\x0a\xfc\xff\xff\x01" + b"A" * ((4 << 20) - 100),
                           b"\x12\x00" * ((2 << 20) - 100), b"\xff" * ((4 << 20) - 100)):
                self.typed(method, packed, token, f"4 MiB, {packed[:4]}")

    def test_more_than_four_mebibytes_is_not_even_read(self):
        token = self.token("OPERATOR")
        status, _ = self.raw(f"{CARD}/GetCard", b"A" * ((4 << 20) + 1), token)
        self.assertEqual(status, "RESOURCE_EXHAUSTED")

    def test_deep_nesting(self):
        def nested(field, depth):
            packed = b""
            for _ in range(depth):
                length, head = len(packed), b""
                while True:
                    head += bytes([length & 127 | (128 if length > 127 else 0)])
                    length >>= 7
                    if not length:
                        break
                packed = bytes([field << 3 | 2]) + head + packed
            return packed

        for method, _, token in self.messages():
            for field in (2, 3, 4):
                for depth in (10, 80, 1000):
                    self.typed(method, nested(field, depth), token, f"{depth} levels of field {field}", allow_ok=True)

    def test_unknown_fields_are_tolerated(self):
        token = self.token("OPERATOR")
        packed = self.desk.client.request("GetCard", {"name": self.card, "readOptions": AT_THE_COUNTER}).SerializeToString()
        status, _ = self.raw(f"{CARD}/GetCard", packed + b"\xc2\xf7\x05\x03abc" + b"\xb8\xf7\x05\x01", token)
        self.assertEqual(status, "OK")

    # ---- fields ----

    def test_unknown_enum_values_in_every_enum_field(self):
        tried = 0
        for method, message, token in self.messages():
            for place, field, path in list(self.fields(message)):
                if field.enum_type is None:
                    continue
                for value in (99, -1, 2147483647):
                    changed = copy.deepcopy(message)
                    target = next(m for m, f, p in self.fields(changed) if p == path)
                    if field.label == field.LABEL_REPEATED:
                        getattr(target, field.name).append(value)
                    else:
                        setattr(target, field.name, value)
                    refusal = self.typed(method, changed.SerializeToString(), token, f"{path} = {value}")
                    self.assertEqual((refusal.reason, refusal.fields), ("ENUM_UNKNOWN", [path]), method)
                    tried += 1
        self.assertGreater(tried, 200)

    def texts(self):
        for method, message, token in self.messages():
            for _, field, path in list(self.fields(message)):
                if field.type == field.TYPE_STRING:
                    yield method, message, token, path

    # A preview needs no key, so it does not look at one; CheckUsable says no of any number that nobody has (N13).
    TOLERATED = {"context.request_id", "card_number of CheckUsable"}

    def test_texts_without_end_in_every_text_field(self):
        taken = []
        for method, message, token, path in self.texts():
            if path in self.TOLERATED or f"{path} of {method.rpartition('/')[2]}" in self.TOLERATED:
                continue
            packed = self.set_text(message, path, "长" * LONG).SerializeToString()
            if "holders[" in path:
                answer = self.desk.client.call(method, message_class("sscard.card.v1.ImportHoldersRequest").FromString(packed), token)
                if answer.refused_count != 1:
                    taken.append(f"{method.rpartition('/')[2]} {path}")
            elif self.typed(method, packed, token, f"{path} without end", allow_ok=True) is None:
                taken.append(f"{method.rpartition('/')[2]} {path}")
        self.assertEqual(taken, [])

    def test_invalid_UTF8_and_NUL_in_every_text_field(self):
        mark = "\u00e9MARK\u00e9"
        for method, message, token, path in self.texts():
            packed = self.set_text(message, path, mark).SerializeToString()
            raw = mark.encode()
            for broken in (b"\xff\xfe" + raw[2:], b"\xc0\x80" + raw[2:], b"\xed\xa0\x80" + raw[3:], raw[:-2] + b"\xe4\xbd", b"\x00\x00" + raw[2:]):
                self.assertEqual(len(broken), len(raw))
                refusal = self.typed(method, packed.replace(raw, broken), token, f"{path}: {broken}")
                self.assertIn(refusal.reason, ("INVALID_UTF8", "TEXT_WITH_NUL"))
                self.assertEqual(refusal.fields[0].split("[")[0], path.split("[")[0])

    def test_impossible_dates_in_every_date_field(self):
        taken = []
        for method, message, token in self.messages():
            for _, field, path in list(self.fields(message)):
                if not field.message_type or field.message_type.full_name != "google.type.Date":
                    continue
                for year, month, day in ((2025, 2, 29), (2025, 13, 1), (2025, 0, 1), (2025, 1, 0), (2025, 4, 31), (0, 1, 1), (-1, 1, 1), (10000, 1, 1),
                                         (2147483647, 1, 1), (2025, 2147483647, 1), (2025, 1, -2147483648), (65536 + 2025, 256 + 1, 256 + 1)):
                    changed = copy.deepcopy(message)
                    target = next(m for m, f, p in self.fields(changed) if p == path)
                    date = getattr(target, field.name)
                    date.SetInParent()
                    date.year, date.month, date.day = year, month, day
                    if "holders[" in path:
                        self.refused_inside(method, changed, token, path)
                    elif self.typed(method, changed.SerializeToString(), token, f"{path} = {year}-{month}-{day}", allow_ok=True) is None:
                        taken.append(f"{method} {path} = {year}-{month}-{day}")
        self.assertEqual(taken, [])

    def refused_inside(self, method, message, token, what):
        answer = self.desk.client.call(method, message, token)
        self.assertEqual(answer.refused_count, 1, what)

    def test_impossible_times_in_every_time_field(self):
        for method, message, token in self.messages():
            for _, field, path in list(self.fields(message)):
                if not field.message_type or field.message_type.full_name not in ("google.protobuf.Timestamp", "google.protobuf.Duration"):
                    continue
                for seconds, nanos in ((9223372036854775807, 0), (-9223372036854775808, 0), (0, 2147483647), (0, -1), (253402300800, 0)):
                    changed = copy.deepcopy(message)
                    target = next(m for m, f, p in self.fields(changed) if p == path)
                    at = getattr(target, field.name)
                    at.SetInParent()
                    at.seconds, at.nanos = seconds, nanos
                    self.typed(method, changed.SerializeToString(), token, f"{path} = {seconds}.{nanos}", allow_ok=True)

    def test_numbers_at_their_ends(self):
        for method, message, token in self.messages():
            for _, field, path in list(self.fields(message)):
                if field.type not in (field.TYPE_INT32, field.TYPE_INT64) or field.label == field.LABEL_REPEATED or "." in path:
                    continue
                for value in (2147483647, -2147483648, -1):
                    changed = copy.deepcopy(message)
                    setattr(changed, field.name, value)
                    self.typed(method, changed.SerializeToString(), token, f"{path} = {value}", allow_ok=value > 0)

    def test_lists_without_end(self):
        token = self.token("OPERATOR")
        many = [dict(ID_DOCUMENT) for _ in range(17)]
        for method, values in ((f"{CARD}/ReportLoss", {"name": self.card, "kind": "LOSS_KIND_TEMPORARY", "context": context("BRANCH", many)}),
                               (f"{STATUS}/ListAllowedActions", {"name": self.card, "evidence": many, "readOptions": AT_THE_COUNTER})):
            packed = self.client_of(method).request(method, values).SerializeToString()
            self.assertEqual(self.typed(method, packed, token, "17 items of evidence").reason, "TOO_MANY_ITEMS")

    # ---- identity numbers (R1) ----

    def test_R1_identity_numbers_that_are_none(self):
        good = identity_number()
        ends_in_x = next(number for number in (identity_number() for _ in range(200)) if number[-1] == "X")
        wrong = good[:-1] + str((int(good[-1]) + 1) % 10 if good[-1] != "X" else 1)
        full_width = "".join(chr(ord(c) + 0xFEE0) for c in good)
        cases = {"wrong check digit": wrong, "15 digits": "110105491231002", "full-width digits": full_width, "one full-width digit": full_width[0] + good[1:],
                 "lower-case x": ends_in_x[:-1] + "x", "17 digits": good[:-1], "19 digits": good + "1", "empty": "", "letters": "A" * 18,
                 "spaces": f" {good[1:]}", "born on 30 February": "999999198002300018", "born in the future": "999999299901010011",
                 "Arabic digits": "".join(chr(0x660 + int(c)) if c.isdigit() else c for c in good), "with a sign": "-" + good[1:], "long": "1" * 100000}
        token = self.token("OPERATOR")
        for what, number in cases.items():
            for method, values in ((f"{CARD}/FindHolder", {"parent": PARENT, "identityNumber": number, "readOptions": AT_THE_COUNTER}),
                                   (f"{STATUS}/GetCardStatus", {"identityNumber": number, "readOptions": AT_THE_COUNTER}),
                                   (f"{CARD}/ApplyCard", self.desk.application(number))):
                refusal = self.typed(method, self.client_of(method).request(method, values).SerializeToString(), token, what)
                self.assertEqual(refusal.status, "INVALID_ARGUMENT", f"{method}: {what}: {refusal}")
                if number:
                    self.assertEqual(refusal.reason, "ID_CHECKSUM", f"{method}: {what}")
                    self.assertEqual(refusal.rule, "R1")
                    self.assertNotIn(number, refusal.message + refusal.raw.decode("utf-8", "replace"))

    def test_R1_identity_numbers_that_are_none_are_not_imported_either(self):
        good = identity_number()
        for number in (good[:-1] + ("1" if good[-1] == "0" else "0"), "110105491231002", "".join(chr(ord(c) + 0xFEE0) for c in good), good[:-1] + "x", ""):
            values = {"parent": PARENT, "context": context("SYSTEM"), "holders": [{**self.desk.imported(self.desk.imported_card()), "identityNumber": number}]}
            answer = self.desk.client.call(f"{CARD}/ImportHolders", values, self.token("PLATFORM"))
            self.assertEqual(answer.refused_count, 1, f"{number!r}: {answer}")
            self.assertIn(b"ID_CHECKSUM", answer.verdicts[0].error.SerializeToString(), f"{number!r}: {answer}")

    # ---- pages ----

    def lists(self):
        return ((f"{CARD}/ListCards", {"parent": self.holder, "readOptions": AT_THE_COUNTER}, "cards"),
                (f"{CARD}/ListCardHistory", {"parent": self.card, "readOptions": AT_THE_COUNTER}, "entries"),
                (f"{CARD}/ListExpiringCards", {"parent": PARENT, "expiresFrom": {"year": 2030, "month": 1, "day": 1},
                                               "expiresTo": {"year": 2040, "month": 1, "day": 1}, "readOptions": AT_THE_COUNTER}, "cards"))

    def test_page_sizes_that_are_huge_or_below_nothing_in_every_list(self):
        token = self.token("OPERATOR")
        for method, values, field in self.lists():
            self.assertEqual(len(getattr(self.desk.client.call(method, {**values, "pageSize": 2147483647}, token), field)), 1, method)
            for size in (-1, -2147483648):
                packed = self.desk.client.request(method, {**values, "pageSize": size}).SerializeToString()
                self.assertEqual(self.typed(method, packed, token, f"{size} a page").fields, ["page_size"])

    def test_page_tokens_that_nobody_gave_out_in_every_list(self):
        dice = random.Random(SEED)
        token = self.token("OPERATOR")
        forged = ["x", "AAAA", "=" * 50, "0" * 64, "长", "A" * 100000, "-1", "../../etc/passwd", "' OR 1=1 --"]
        forged += [base64.urlsafe_b64encode(dice.randbytes(size)).decode() for size in (1, 8, 16, 24, 32, 40, 48, 64, 80, 200)]
        for method, values, _ in self.lists():
            for text in forged:
                packed = self.desk.client.request(method, {**values, "pageToken": text}).SerializeToString()
                refusal = self.typed(method, packed, token, f"page token {text[:40]!r}")
                self.assertEqual((refusal.status, refusal.fields), ("INVALID_ARGUMENT", ["page_token"]), f"{method}: {text[:40]!r}: {refusal}")

    # ---- names ----

    def names(self):
        part = lambda name: name[:-1] + ("0" if name[-1] != "0" else "1")
        yield from (("", "INVALID_ARGUMENT"), ("regions/330000", "INVALID_ARGUMENT"), ("cards/1", "INVALID_ARGUMENT"), (self.card + "/", "INVALID_ARGUMENT"),
                    (self.card + "/credential", "INVALID_ARGUMENT"), ("/" + self.card, "INVALID_ARGUMENT"), (self.card.lower(), "INVALID_ARGUMENT"),
                    (self.card.replace("cards", "holders") + "x", "INVALID_ARGUMENT"), (self.card[:-1], "INVALID_ARGUMENT"), (self.card + "0", "INVALID_ARGUMENT"),
                    ("regions/330000/cards/" + "U" * 26, "INVALID_ARGUMENT"), ("regions/33000/cards/" + self.card[-26:], "INVALID_ARGUMENT"),
                    ("regions/../cards/" + self.card[-26:], "INVALID_ARGUMENT"), ("regions/330000/outlets/" + self.card[-26:], "INVALID_ARGUMENT"),
                    ("regions/330000/cards/-", "INVALID_ARGUMENT"), ("regions/330000/cards/8" + "Z" * 25, "INVALID_ARGUMENT"),
                    ("x" * 100000, "INVALID_ARGUMENT"), (part(self.card), "NOT_FOUND"), ("regions/330000/cards/" + "0" * 26, "NOT_FOUND"),
                    ("regions/440000/cards/" + self.card[-26:], "NOT_FOUND"), ("regions/330000/cards/" + self.holder[-26:], "NOT_FOUND"))

    def test_names_of_other_kinds_regions_and_parts(self):
        operator = self.token("OPERATOR")
        for name, status in self.names():
            for method, values in ((f"{CARD}/GetCard", {"name": name, "readOptions": AT_THE_COUNTER}),
                                   (f"{CARD}/ListCardHistory", {"parent": name, "readOptions": AT_THE_COUNTER}),
                                   (f"{STATUS}/GetCardStatus", {"name": name, "readOptions": AT_THE_COUNTER}),
                                   (f"{CARD}/ReportLoss", self.desk.loss(name))):
                if method.startswith(STATUS) and name == "":
                    continue
                refusal = self.typed(method, self.client_of(method).request(method, values).SerializeToString(), operator, f"name {name[:60]!r}")
                self.assertEqual(refusal.status, status, f"{method}: {name[:60]!r}: {refusal}")

    def test_a_card_is_no_holder_and_a_holder_no_card(self):
        operator = self.token("OPERATOR")
        for method, values in ((f"{CARD}/GetHolder", {"name": self.card, "readOptions": AT_THE_COUNTER}),
                               (f"{CARD}/GetCard", {"name": self.holder, "readOptions": AT_THE_COUNTER}),
                               (f"{CARD}/ListCards", {"parent": self.card, "readOptions": AT_THE_COUNTER}),
                               (f"{CARD}/ApplyCard", {**self.desk.application(identity_number()), "parent": self.card}),
                               (f"{CARD}/ListExpiringCards", {"parent": self.card, "readOptions": AT_THE_COUNTER}),
                               (f"{STATUS}/CheckUsable", {"name": self.holder, "purpose": "PURPOSE_MEDICAL"})):
            token = self.token("PLATFORM") if method.endswith("CheckUsable") else operator
            refusal = self.typed(method, self.client_of(method).request(method, values).SerializeToString(), token, "another kind of name")
            self.assertEqual((refusal.status, refusal.reason), ("INVALID_ARGUMENT", "RESOURCE_NAME_INVALID"), f"{method}: {refusal}")


if __name__ == "__main__":
    main()
