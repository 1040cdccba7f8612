"""Sixty-four clients guess one card's PIN at once, while the service is killed and Redis is emptied and gone.

Six wrong guesses are evaluated and never a seventh (R19): the token itself counts them.
"""

import os
import random
import threading
import time
import unittest

from tests.harness.region_cards import Desk
from tests.harness.region_client import Refused, new_id
from tests.harness.region_harness import Region, eventually, program
from tests.harness.region_pins import PinDesk
from tests.harness.region_tap import main

SEED = int(os.environ.get("GUESS_SEED", "4"))
CLIENTS = 64
ROUNDS = 6
PIN = "904172"
MODULE = program("tests/integration/credential/counting_token.so")
REAL = "/usr/lib/softhsm/libsofthsm2.so"


def card_id(name):
    """The ULID of a card's name, as hex."""
    number = 0
    for letter in name.rpartition("/")[2]:
        number = number * 32 + "0123456789ABCDEFGHJKMNPQRSTVWXYZ".index(letter)
    return f"{number:032x}"


class Guesser(threading.Thread):
    """Guesses wrong PINs until it is told that the card is locked, each request id until it has an answer."""

    def __init__(self, world, number, card):
        super().__init__(daemon=True)
        self.world, self.card = world, card
        self.dice = random.Random(SEED * 100 + number)
        self.pins = PinDesk(world.region, waits=True)
        self.wrong, self.locked = [], 0

    def guess(self):
        request = self.pins.verify_request(self.card, f"{self.dice.randrange(910000, 999999):06d}")
        while not self.world.over.is_set():
            try:
                self.pins.client.call("VerifyPin", request, self.world.token, timeout=30)
                raise AssertionError("a wrong PIN was right")
            except Refused as refusal:
                if refusal.reason in ("PIN_WRONG", "CREDENTIAL_LOCKED", "ATTEMPT_LOST"):
                    return refusal
                # Of unknown outcome, busy, or the card could not be asked: the same request again.
                assert refusal.status in ("UNAVAILABLE", "ABORTED", "CANCELLED", "INTERNAL", "UNKNOWN", "DEADLINE_EXCEEDED"), refusal
        return None

    def run(self):
        while not self.world.over.is_set() and self.locked < 2:
            refusal = self.guess()
            if refusal and refusal.reason == "PIN_WRONG":
                self.wrong.append(refusal.metadata["remaining_attempts"])
            elif refusal and refusal.reason == "CREDENTIAL_LOCKED":
                self.locked += 1
        self.pins.close()


class GuessTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.region = Region(("card", "credential"), flags={"credential": ["--pkcs11-module", MODULE]})
        cls.count = os.path.join(cls.region.folder, "macs")
        os.environ["COUNTING_TOKEN_MODULE"] = REAL
        os.environ["COUNTING_TOKEN_FILE"] = cls.count
        cls.region.__enter__()
        cls.desk = Desk(cls.region)
        cls.pins = PinDesk(cls.region, waits=True)
        cls.token = cls.region.token("OPERATOR")

    @classmethod
    def tearDownClass(cls):
        cls.pins.close()
        cls.desk.close()
        cls.region.__exit__(None, None, None)

    def evaluations(self, card):
        """Different things that the token was asked about this card: a resumed guess is the same one."""
        with open(self.count, encoding="ascii") as file:
            return {line for line in file if line.startswith(card_id(card))}

    def card(self):
        card = self.desk.normal().name
        self.pins.change(card, self.pins.issue(card), PIN)
        return card

    def round(self, disturb):
        card = self.card()
        before = self.evaluations(card)
        self.over = threading.Event()
        guessers = [Guesser(self, number, card) for number in range(CLIENTS)]
        for guesser in guessers:
            guesser.start()
        disturb()
        for guesser in guessers:
            guesser.join(90)
        alive = [guesser for guesser in guessers if guesser.is_alive()]
        self.over.set()
        self.assertEqual(alive, [])
        evaluated = len(self.evaluations(card) - before)
        answered = [left for guesser in guessers for left in guesser.wrong]
        with self.assertRaises(Refused) as caught:
            self.pins.verify(card, PIN)
        self.assertEqual(caught.exception.reason, "CREDENTIAL_LOCKED")
        self.assertEqual(len(self.evaluations(card) - before), evaluated)
        self.assertEqual(len(answered), len(set(answered)), "each number of attempts left is told once")
        return evaluated, answered

    def test_R19_sixty_four_at_once_six_are_evaluated(self):
        evaluated, answered = self.round(lambda: None)
        self.assertEqual(evaluated, 6)
        self.assertEqual(sorted(answered), ["0", "1", "2", "3", "4", "5"])

    def test_R19_with_redis_emptied_and_gone(self):
        def disturb():
            for _ in range(10):
                os.system(f"redis-cli -s {self.region.redis_socket} flushall >/dev/null")
            self.region.stop_redis(9)
            time.sleep(0.3)  # guesses go on without it; not a wait for anything
            self.region.start_redis()

        evaluated, answered = self.round(disturb)
        self.assertLessEqual(evaluated, 6)
        self.assertLessEqual(len(answered), 6)
        eventually(self.written, "writes go through again")

    def written(self):
        try:
            return self.card()
        except Refused:
            return None

    def test_R19_killed_at_random_moments_never_a_seventh(self):
        dice = random.Random(SEED)
        total = []

        def disturb():
            for _ in range(4):
                time.sleep(dice.uniform(0.002, 0.06))  # the moment of the crash, not a wait for anything
                self.region.kill_service("credential")
                self.region.start_service("credential", wait=False)

        for _ in range(ROUNDS):
            evaluated, answered = self.round(disturb)
            self.assertLessEqual(evaluated, 6)
            self.assertLessEqual(len(answered), 6)
            total.append(evaluated)
        print(f"# seed {SEED}: evaluated in each round {total}")
        self.assertGreater(sum(total), 0)

    def test_R19_a_cut_off_guess_is_taken_up_by_its_own_request_and_counts_once(self):
        card = self.card()
        request = self.pins.verify_request(card, "911111")
        request["context"]["requestId"] = new_id()
        outcome = []

        def guess():
            desk = PinDesk(self.region, waits=True)
            try:
                desk.do("VerifyPin", request)
            except Refused as refusal:
                outcome.append(refusal)
            desk.close()

        before = self.evaluations(card)
        thread = threading.Thread(target=guess)
        thread.start()
        eventually(lambda: self.evaluations(card) - before, "the token is asked")
        self.region.kill_service("credential")
        thread.join()
        self.region.start_service("credential")
        refusal = eventually(lambda: self.refusal_of(request), "it is answered")
        self.assertEqual(refusal.reason, "PIN_WRONG")
        self.assertEqual(self.pins.get(card).remaining_attempts, 5)
        self.assertEqual(len(self.evaluations(card) - before), 1)

    def refusal_of(self, request):
        """What the service says; None while the connection that broke is noticed."""
        try:
            self.pins.do("VerifyPin", request)
        except Refused as refusal:
            return refusal if refusal.raw else None
        raise AssertionError("a wrong PIN was right")


if __name__ == "__main__":
    main()
