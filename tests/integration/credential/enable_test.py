"""Changing the initial PIN enables the card (R7): one outcome, two services, killed at every step.

Each service is killed before and after each write that becomes durable on the way. Afterwards both hold or neither, by itself; and
whoever looks meanwhile never sees half.
"""

import os
import threading
import unittest

from tests.harness.region_cards import CARD_PRESENTED, Desk
from tests.harness.region_client import Client, Refused
from tests.harness.region_harness import Region, eventually, program
from tests.harness.region_pins import PinDesk
from tests.harness.region_tap import main

NEW = "904172"
INITIAL, ACTIVE = 2, 3
CARD_NORMAL_NAME = "CARD_STATE_NORMAL"
PRELOAD = program("tests/integration/credential/kill_at_sync.so")
# Durable writes of one change: the guess, the staged case, the end of it; the card's own.
SYNCS = {"credential": 3, "card": 1}


class Looker(threading.Thread):
    """Looks at the PIN and then at the card, and the other way round, all the time."""

    def __init__(self, region, card, operator):
        super().__init__(daemon=True)
        self.card, self.token = card, operator
        self.pins = PinDesk(region)
        self.cards = Client(region.target("card"))
        self.over = threading.Event()
        self.half, self.looks = [], 0

    def state_of_card(self):
        values = {"name": self.card, "readOptions": {"channel": "CHANNEL_BRANCH"}}
        return self.cards.call("GetCard", values, self.token).state == NORMAL_NUMBER

    def state_of_pin(self):
        values = {"name": f"{self.card}/credential", "readOptions": {"channel": "CHANNEL_BRANCH"}}
        return self.pins.client.call("GetCredential", values, self.token).state == ACTIVE

    def look(self):
        # What was so first stays so: a PIN in force means an enabled card, and the other way round.
        if self.state_of_pin() and not self.state_of_card():
            self.half.append("the PIN without the card")
        if self.state_of_card() and not self.state_of_pin():
            self.half.append("the card without the PIN")
        self.looks += 1

    def run(self):
        while not self.over.is_set():
            try:
                self.look()
            except Refused:
                continue
        self.pins.close()
        self.cards.close()


def card_state_number(name):
    from tests.harness.region_client import POOL
    return POOL.FindEnumTypeByName("sscard.card.v1.CardState").values_by_name[name].number


NORMAL_NUMBER = card_state_number(CARD_NORMAL_NAME)


class EnableTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.region = Region(("card", "credential"))
        cls.arm_files = {name: os.path.join(cls.region.folder, f"kill-{name}") for name in SYNCS}
        command_of = cls.region.command_of

        def preloaded(name):
            # A sanitizer's runtime wants to be first among libraries; ours wraps one call and nothing of its.
            sanitizer = os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0"
            return ["env", f"LD_PRELOAD={PRELOAD}", f"ASAN_OPTIONS={sanitizer}", f"KILL_AT_SYNC_FILE={cls.arm_files[name]}",
                    *command_of(name)]

        cls.region.command_of = preloaded
        cls.region.__enter__()
        cls.desk = Desk(cls.region)
        cls.pins = PinDesk(cls.region, waits=True)
        cls.operator = cls.region.token("OPERATOR")

    @classmethod
    def tearDownClass(cls):
        cls.pins.close()
        cls.desk.close()
        cls.region.__exit__(None, None, None)

    def collected(self):
        card = self.desk.made().name
        self.desk.collect(card)
        return card, self.pins.issue(card)

    def request(self, card, first):
        return self.pins.change_request(card, first, NEW, "MEDICAL_POS", [CARD_PRESENTED])

    def send(self, request, **more):
        return self.pins.client.send("ChangePin", request, self.region.token("PLATFORM", channels="MEDICAL_POS"), **more)

    def is_enabled(self, card):
        return self.desk.get(card).state == NORMAL_NUMBER

    def test_R7_the_initial_pin_changed_at_a_pharmacy_enables_the_card(self):
        card, first = self.collected()
        result = self.pins.pharmacy_change(card, first, NEW)
        self.assertEqual((result.changed, result.enabled_card, result.credential.state), (True, card, ACTIVE))
        self.assertTrue(self.is_enabled(card))
        self.pins.verify(card, NEW)

    def test_R7_a_wrong_old_pin_changes_nothing_anywhere(self):
        card, first = self.collected()
        with self.assertRaises(Refused) as caught:
            self.pins.pharmacy_change(card, "918273" if first != "918273" else "918274", NEW)
        self.assertEqual(caught.exception.reason, "PIN_WRONG")
        self.assertFalse(self.is_enabled(card))
        self.assertEqual(self.pins.get(card).state, INITIAL)

    def test_R7_while_the_card_service_is_away_nothing_is_half(self):
        card, first = self.collected()
        request = self.request(card, first)
        with open(self.arm_files["card"], "w", encoding="ascii") as file:
            file.write("1 before")
        with self.assertRaises(Refused) as caught:
            self.send(request, timeout=3)
        self.assertIn(caught.exception.status, ("UNAVAILABLE", "DEADLINE_EXCEEDED"))
        self.region.services.pop("card").wait()
        with self.assertRaises(Refused):
            self.pins.get(card)
        self.region.start_service("card")
        self.desk.again()
        eventually(lambda: self.answer(lambda: self.pins.get(card).state == ACTIVE), "it finishes by itself")
        self.assertTrue(self.is_enabled(card))
        again = self.send(request)
        self.assertTrue(again.replayed)
        self.assertEqual(again.message.enabled_card, card)

    def answer(self, call):
        try:
            return call()
        except Refused:
            return None

    def kill_at(self, service, number, when):
        card, first = self.collected()
        request = self.request(card, first)
        looker = Looker(self.region, card, self.operator)
        looker.start()
        with open(self.arm_files[service], "w", encoding="ascii") as file:
            file.write(f"{number} {when}")
        answers = []

        def change():
            try:
                answers.append(self.send(request, timeout=5).message)
            except Refused as refusal:
                answers.append(refusal)

        thread = threading.Thread(target=change)
        thread.start()
        code = self.region.services.pop(service).wait()
        self.assertEqual(code, -9, f"{service} was to die {when} its write {number}")
        self.region.start_service(service)
        if service == "card":
            self.desk.again()
        thread.join()
        enabled = eventually(lambda: self.settled(card), f"{service} {number} {when}: it settles by itself")
        looker.over.set()
        looker.join()
        self.assertEqual(looker.half, [], f"{service} {number} {when}")
        repeated = self.answer(lambda: self.send(request).message)
        self.assertTrue(repeated and repeated.enabled_card == card, "a repeat of the request ends in one outcome")
        self.assertTrue(self.is_enabled(card))
        self.pins.verify(card, NEW)
        return enabled

    def settled(self, card):
        """"both" or "neither"; None: not yet to be read."""
        pin = self.answer(lambda: self.pins.get(card).state)
        if pin is None:
            return None
        enabled = self.is_enabled(card)
        self.assertEqual(enabled, pin == ACTIVE)
        return "both" if enabled else "neither"

    def test_R7_killed_at_every_step(self):
        told = []
        for service, syncs in SYNCS.items():
            for number in range(1, syncs + 1):
                for when in ("before", "after"):
                    told.append(f"{service} {number} {when}: {self.kill_at(service, number, when)}")
        print("# " + "\n# ".join(told))


if __name__ == "__main__":
    main()
