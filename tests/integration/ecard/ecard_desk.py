"""A region with electronic cards: the vendor of face checks, and the words for what people do.

Must never decide what is right: a call either returns the answer or raises Refused.
"""

import itertools
import os
import unittest

from tests.harness.region_cards import Desk, context
from tests.harness.region_client import PARENT, POOL, Client, Refused
from tests.harness.region_harness import Process, Region, card_number, eventually, identity_number, program

GATES = POOL.FindEnumTypeByName("sscard.ecard.v1.Gate").values_by_number
LEVELS = POOL.FindEnumTypeByName("sscard.ecard.v1.Level").values_by_number
PASSWORD = "Qx7#first"
_passwords = itertools.count(1)


def new_password():
    return f"Zr{next(_passwords):04d}!kT"


def gate_of(answer):
    return GATES[answer.gate].name.removeprefix("GATE_")


class Person:
    def __init__(self, identity, card, holder):
        self.identity, self.card, self.holder = identity, card, holder
        self.ecard = f"{holder}/ecard"


class ECardCase(unittest.TestCase):
    """card, ecard, Redis and the vendor as processes of their own."""

    @classmethod
    def new_region(cls):
        """The region without the e-card service, and the desk; a test may have more services."""
        return Region(("card",)), Desk

    @classmethod
    def setUpClass(cls):
        cls.region, desk = cls.new_region()
        cls.region.__enter__()
        cls.vendor = cls.start_vendor()
        cls.region.names = (*cls.region.names, "ecard")
        cls.region.flags["ecard"] = ["--peer", f"face_match={cls.vendor_target}"]
        cls.region.start_service("ecard")
        cls.desk = desk(cls.region)
        cls.ecards = Client(cls.region.target("ecard"), "sscard.ecard.v1.ECardService", waits=True)

    @classmethod
    def start_vendor(cls):
        vendor = Process("face", [program("tools/face_simulator/face_simulator")],
                         os.path.join(cls.region.folder, "face.log"))
        eventually(lambda: vendor.text().startswith("ready "), "the vendor is ready")
        cls.vendor_target = "127.0.0.1:" + vendor.text().split()[1]
        return vendor

    @classmethod
    def tearDownClass(cls):
        cls.ecards.close()
        cls.desk.close()
        if cls.vendor.runs():
            cls.vendor.kill(15)
        cls.vendor.wait()
        cls.region.__exit__(None, None, None)

    def restart(self, kill=False):
        """The e-card service anew, and a new connection to it."""
        (self.region.kill_service if kill else self.region.stop_service)("ecard")
        self.region.start_service("ecard")
        self.ecards.close()
        type(self).ecards = Client(self.region.target("ecard"), "sscard.ecard.v1.ECardService", waits=True)

    # ---- people ----

    def person(self, state="NORMAL", born="19800101", **more):
        identity = identity_number(born=born)
        card = self.desk.imported_card(state, cardNumber=card_number(), **more)
        if state in ("REQUESTED", "PRODUCING", "WITHDRAWN"):
            del card["cardNumber"]
        answer = self.desk.import_holders([self.desk.imported(card, number=identity)])
        verdict = answer.verdicts[0]
        self.assertTrue(verdict.cards, answer)
        return Person(identity, verdict.cards[0], verdict.holder)

    def as_holder(self, person, role="HOLDER", **claims):
        claims.setdefault("assurance", 2)
        return self.desk.holder_token(person.identity, role, **claims)

    def do(self, person, method, values, token=None, name=None, channel="ECARD", **more):
        request = {"name": name or person.ecard, "context": context(channel, more.pop("evidence", ()), **more), **values}
        return self.ecards.call(method, request, token or self.as_holder(person))

    def refused(self, status, reason, call):
        with self.assertRaises(Refused) as caught:
            call()
        self.assertEqual((caught.exception.status, caught.exception.reason), (status, reason), str(caught.exception))
        return caught.exception

    def issued_for(self, identity, card):
        """The same for a card that is there already."""
        person = Person(identity, card.name, card.holder)
        self.issue(person, capture="match")
        person.session = self.login(person).session
        return person

    # ---- deeds ----

    def issue_values(self, person, host="APP", capture="face-of:photo-9", password=PASSWORD, **more):
        return {"host": f"HOST_{host}", "realName": {"identityNumber": more.pop("real_name", person.identity)},
                "faceCapture": capture, "password": password, **more}

    def issue(self, person, **more):
        token = more.pop("token", None)
        validate = more.pop("validate_only", False)
        return self.do(person, "IssueECard", self.issue_values(person, **more), token=token, validateOnly=validate)

    def login(self, person, password=PASSWORD, channel="ECARD"):
        return self.do(person, "VerifyPassword", {"password": password}, channel=channel)

    def issued(self, **more):
        """A person with an electronic card, and a session of it."""
        person = self.person(**more)
        self.issue(person)
        person.session = self.login(person).session
        return person

    def authorize(self, person, service="medical_payment", channel="ECARD", token=None, **more):
        values = {"name": person.ecard, "readOptions": {"channel": f"CHANNEL_{channel}"}, "service": service, **more}
        return self.ecards.call("AuthorizeService", values, token or self.as_holder(person))

    def grant(self, person, services=("medical_payment",), channels=("ECARD",), **more):
        values = {"services": list(services), "channels": [f"CHANNEL_{c}" for c in channels], "session": person.session}
        return self.do(person, "GrantAuthorization", {**values, **more})

    def get(self, person):
        return self.ecards.call("GetECard", {"name": person.ecard, "readOptions": {"channel": "CHANNEL_ECARD"}},
                                self.as_holder(person))

    def present(self, person):
        return self.do(person, "PresentCode", {"session": person.session}).code

    def terminal(self):
        return self.region.token("PLATFORM", channels="MEDICAL_POS", platform="pharmacy-1", subject="pharmacy-1")

    def take(self, code, service="", **more):
        return self.ecards.call("VerifyCode", {"parent": PARENT, "context": context("MEDICAL_POS", **more), "code": code,
                                               "service": service}, self.terminal())
