"""Nonsense for every method of every service, made from the descriptors alone: a new method needs no line here.

A request is filled with words that fit its fields; then it is cut, changed and made impossible. Whoever may call gets it.
"""

import copy
import os
import random
import unittest

from tests.harness.region_client import PARENT, POOL, Client, message_class, new_id
from tests.harness.region_cards import Desk
from tests.harness.region_harness import TOKENS, Region, eventually, identity_number, program
from tests.harness.region_tap import main
from tests.integration.bad_input.typed import GROWTH_KIB_MAX, UNDER_SANITIZER, TypedCase

SEED = 7
DEPTH_MAX = 5
FIRST, LAST = "card", "status"  # owners before those who read from them
WRONG_TIMES = ((9223372036854775807, 0), (-9223372036854775808, 0), (0, -1), (0, 2147483647), (253402300800, 0))
WRONG_DATES = ((2025, 2, 29), (2025, 13, 1), (0, 1, 1), (-1, -1, -1), (2147483647, 2147483647, 2147483647))
BROKEN = (b"\xff\xfe", b"\xc0\x80", b"\xed\xa0", b"\x00\x00")
MARK = "\u00e9"  # two bytes


def services():
    """Names of the services that this region has."""
    names = {name for name in os.listdir(program("services")) if os.path.exists(program(f"services/{name}/{name}"))}
    return (FIRST, *sorted(names - {FIRST, LAST}), LAST)


def is_closed(refusal):
    """Refused for who calls and where, not for what is asked."""
    return refusal and refusal.status in ("PERMISSION_DENIED", "UNAUTHENTICATED") and refusal.reason != "SESSION_ENDED" or False


def is_another_thing(refusal):
    """The method is about another kind of thing than the one that is named."""
    return refusal and refusal.reason.startswith("RESOURCE_NAME") and refusal.fields[0] in ("name", "parent") or False


class EveryServiceTest(TypedCase):
    @classmethod
    def setUpClass(cls):
        cls.names = services()
        cls.region = Region(cls.names)
        cls.region.__enter__()
        cls.desk = Desk(cls.region)
        identity = identity_number()
        verdict = cls.desk.import_holders([cls.desk.imported(cls.desk.imported_card(), number=identity)]).verdicts[0]
        cls.card, cls.holder = verdict.cards[0], verdict.holder
        cls.clients, cls.methods = {}, {}
        for name in cls.names:
            file = POOL.FindFileByName(f"sscard/{name}/v1/{name}_service.proto")
            for service in file.services_by_name.values():
                cls.clients[service.full_name] = Client(cls.region.target(name), service.full_name)
                for method in service.methods:
                    if method.name != "Watch":  # the feed has tests of its own
                        cls.methods[f"{service.full_name}/{method.name}"] = method
        cls.tokens = {role: cls.region.token(role, **({"actor_id_number": identity} if "actor" in TOKENS[role] else {})) for role in TOKENS}
        cls.callers = {full: cls.caller_of(full) for full in cls.methods}
        cls.resident = {name: cls.region.services[name].resident_kib() for name in cls.names}

    @classmethod
    def tearDownClass(cls):
        for client in cls.clients.values():
            client.close()
        cls.desk.close()
        cls.region.__exit__(None, None, None)

    def tearDown(self):
        for name in self.names:
            process = self.region.services[name]
            self.assertTrue(process.runs(), f"{name} ended:\n{process.tail()}")
            if not UNDER_SANITIZER:
                eventually(lambda: process.resident_kib() - self.resident[name] <= GROWTH_KIB_MAX,
                           f"memory of {name} returns: {process.resident_kib()} KiB, was {self.resident[name]}", 15)
        self.assertEqual(self.desk.get(self.card).state, 4)

    @classmethod
    def client_of(cls, method):
        return cls.clients[method.partition("/")[0]]

    # ---- requests that might be meant ----

    @classmethod
    def text_for(cls, field, outlet):
        if "id_number" in field.name or field.name == "identity_number":
            return "11010119900307803X"
        return {"request_id": new_id(), "phone": "13800000000", "delegate": f"{cls.holder}/ecard", "outlet": outlet, "etag": ""}.get(field.name, "x1")

    @classmethod
    def fill(cls, message, channel, outlet, depth=0):
        """Every field gets something; of a oneof the last stays."""
        for field in message.DESCRIPTOR.fields:
            many = field.label == field.LABEL_REPEATED
            if field.message_type:
                # A second person's token would have to be a good one.
                if field.message_type.GetOptions().map_entry or field.name == "approval" or depth >= DEPTH_MAX:
                    continue
                inner = getattr(message, field.name).add() if many else getattr(message, field.name)
                kind = field.message_type.full_name
                if kind == "google.type.Date":
                    inner.year, inner.month, inner.day = 2026, 1, 31
                elif kind in ("google.protobuf.Timestamp", "google.protobuf.Duration"):
                    inner.seconds = 60
                else:
                    cls.fill(inner, channel, outlet, depth + 1)
                continue
            value = cls.value_for(field, channel, outlet)
            if many:
                getattr(message, field.name).append(value)
            else:
                setattr(message, field.name, value)
        return message

    @classmethod
    def value_for(cls, field, channel, outlet):
        if field.enum_type:
            return channel if field.enum_type.name == "Channel" else field.enum_type.values[1].number
        if field.type == field.TYPE_STRING:
            return cls.text_for(field, outlet)
        if field.type == field.TYPE_BYTES:
            return b"x1"
        if field.type == field.TYPE_BOOL:
            return field.name == "validate_only"
        return 1

    @classmethod
    def requests(cls, full, role):
        channels = POOL.FindEnumTypeByName("sscard.common.v1.Channel").values_by_name
        for channel in TOKENS[role]["channels"].split(","):
            message = cls.fill(message_class(cls.methods[full].input_type.full_name)(), channels[f"CHANNEL_{channel}"].number,
                               TOKENS[role].get("outlet", ""))
            for name in (cls.card, f"{cls.card}/credential", f"{cls.holder}/ecard", f"{cls.card}/bankLink", f"{cls.holder}/ecard/grants/{cls.card[-26:]}",
                         cls.holder, PARENT):
                for field in ("name", "parent"):
                    if field in message.DESCRIPTOR.fields_by_name:
                        setattr(message, field, name)
                yield message

    @classmethod
    def caller_of(cls, full):
        """(message, token) that come furthest: not refused for who calls, nor for what kind of thing is named."""
        best = None
        for role in cls.tokens:
            for message in cls.requests(full, role):
                status, refusal = cls.raw(cls, full, message.SerializeToString(), cls.tokens[role])
                rank = 4 * is_closed(refusal) + 2 * is_another_thing(refusal) + (status == "INVALID_ARGUMENT")
                if best is None or rank < best[0]:
                    best = (rank, copy.deepcopy(message), cls.tokens[role])
                if rank == 0:
                    return best[1:]
        return best[1:]

    def test_somebody_may_call_every_method(self):
        closed = []
        for full, (message, token) in self.callers.items():
            _, refusal = self.raw(full, message.SerializeToString(), token)
            if is_closed(refusal) or is_another_thing(refusal):
                closed.append(f"{full}: {refusal}")
        self.assertEqual(closed, [])
        self.assertGreater(len(self.callers), 60)

    # ---- bytes ----

    def test_truncated_and_changed_messages(self):
        dice = random.Random(SEED)
        for full, (message, token) in self.callers.items():
            packed = message.SerializeToString()
            for end in range(1, len(packed), max(1, len(packed) // 8)):
                self.typed(full, packed[:end], token, f"cut at {end} of {len(packed)}", allow_ok=True)
            for _ in range(10):
                changed = bytearray(packed)
                for _ in range(dice.randrange(1, 5)):
                    changed[dice.randrange(len(changed))] = dice.randrange(256)
                self.typed(full, bytes(changed), token, "changed bytes", allow_ok=True)

    def test_garbage_and_nothing(self):
        dice = random.Random(SEED)
        for full, (_, token) in self.callers.items():
            for size in (7, 1000, 50000):
                self.typed(full, dice.randbytes(size), token, f"{size} bytes of garbage")
            self.typed(full, b"", token, "an empty message", allow_ok=True)

    # ---- fields ----

    def changes(self, wanted):
        """(method, token, message, path, set) for every field that is wanted; `set` changes it in a copy."""
        for full, (message, token) in self.callers.items():
            for _, field, path in list(self.fields(message)):
                if wanted(field):
                    yield full, token, message, path

    @staticmethod
    def target(message, path, fields):
        changed = copy.deepcopy(message)
        return changed, next((m, f) for m, f, p in fields(changed) if p == path)

    def test_unknown_enum_values(self):
        tried = 0
        for full, token, message, path in self.changes(lambda field: field.enum_type is not None):
            changed, (inside, field) = self.target(message, path, self.fields)
            if field.label == field.LABEL_REPEATED:
                getattr(inside, field.name).append(2147483647)
            else:
                setattr(inside, field.name, 2147483647)
            refusal = self.typed(full, changed.SerializeToString(), token, f"{path} out of its range")
            self.assertEqual((refusal.reason, refusal.fields[0].split("[")[0]), ("ENUM_UNKNOWN", path.split("[")[0]), f"{full} {path}")
            tried += 1
        self.assertGreater(tried, 150)

    def test_texts_that_are_no_UTF8(self):
        for full, token, message, path in self.changes(lambda field: field.type == field.TYPE_STRING):
            packed = self.set_text(message, path, f"ma{MARK}rk").SerializeToString()
            for broken in BROKEN:
                raw = packed.replace(f"ma{MARK}rk".encode(), b"ma" + broken + b"rk")
                refusal = self.typed(full, raw, token, f"{path}: {broken}")
                self.assertIn(refusal.reason, ("INVALID_UTF8", "TEXT_WITH_NUL"), f"{full} {path}")

    def test_texts_without_end(self):
        for full, token, message, path in self.changes(lambda field: field.type in (field.TYPE_STRING, field.TYPE_BYTES)):
            changed, (inside, field) = self.target(message, path, self.fields)
            value = "长" * 70000 if field.type == field.TYPE_STRING else b"\xff" * 200000
            if field.label == field.LABEL_REPEATED:
                getattr(inside, field.name).append(value)
            else:
                setattr(inside, field.name, value)
            self.typed(full, changed.SerializeToString(), token, f"{path} without end", allow_ok=True)

    def test_impossible_dates_and_times(self):
        kinds = {"google.type.Date": (WRONG_DATES, ("year", "month", "day")), "google.protobuf.Timestamp": (WRONG_TIMES, ("seconds", "nanos")),
                 "google.protobuf.Duration": (WRONG_TIMES, ("seconds", "nanos"))}
        for full, token, message, path in self.changes(lambda field: field.message_type and field.message_type.full_name in kinds):
            _, (_, field) = self.target(message, path, self.fields)
            values, names = kinds[field.message_type.full_name]
            if field.label == field.LABEL_REPEATED:
                continue
            for value in values:
                changed, (inside, field) = self.target(message, path, self.fields)
                for name, part in zip(names, value):
                    setattr(getattr(inside, field.name), name, part)
                self.typed(full, changed.SerializeToString(), token, f"{path} = {value}", allow_ok=True)

    def test_numbers_at_their_ends(self):
        for full, token, message, path in self.changes(lambda field: field.type in (field.TYPE_INT32, field.TYPE_INT64) and
                                                       field.label != field.LABEL_REPEATED):
            for value in (2147483647, -2147483648, -1, 0):
                changed, (inside, field) = self.target(message, path, self.fields)
                setattr(inside, field.name, value)
                self.typed(full, changed.SerializeToString(), token, f"{path} = {value}", allow_ok=True)


if __name__ == "__main__":
    main()
