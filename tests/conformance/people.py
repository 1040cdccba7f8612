"""People who do not exist, new ones for every run: identity numbers under an area code that was never issued."""

import itertools
import random
import time

_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"
_CHECK = "10X98765432"  # ISO 7064 MOD 11-2, as GB 11643 writes it


class People:
    """A source of people and card numbers; two runs against one region do not meet."""

    def __init__(self, seed=None):
        self._random = random.Random(time.time_ns() if seed is None else seed)
        self._area = self._random.randrange(100000)
        self._sequence = itertools.count(self._random.randrange(900))

    def identity_number(self, born="19800101"):
        sequence = next(self._sequence)
        digits = f"9{(self._area + sequence // 1000) % 100000:05d}{born}{sequence % 1000:03d}"
        remainder = 0
        for digit in digits:
            remainder = (remainder + int(digit)) * 2 % 11
        return digits + _CHECK[remainder]

    def card_number(self):
        return "Z" + "".join(self._random.choice(_LETTERS) for _ in range(8))

    def person(self, born="19800101"):
        return {"identity_number": self.identity_number(born), "card_number": self.card_number(),
                "second_card_number": self.card_number(), "third_card_number": self.card_number(),
                "name": "测试甲", "phone": "13800000000"}
