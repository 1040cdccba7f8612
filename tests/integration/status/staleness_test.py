"""Reads with max_staleness: dated, bounded, and never in the place of a strong one (S6)."""

import time
import unittest

from tests.harness.region_cards import Desk
from tests.harness.region_client import Client, Refused
from tests.harness.region_harness import Region, eventually
from tests.harness.region_tap import main

NORMAL, TEMP_LOST = 4, 5
LONG = "600s"


class StalenessTest(unittest.TestCase):
    def region(self, **options):
        region = Region(("card", "status"), **options)
        region.__enter__()
        self.addCleanup(region.__exit__, None, None, None)
        self.desk = Desk(region)
        self.status = Client(region.target("status"), "sscard.status.v1.StatusService")
        self.addCleanup(self.desk.close)
        self.addCleanup(self.status.close)
        self.operator = region.token("OPERATOR")
        return region

    def ask(self, name, staleness=None):
        options = {"channel": "CHANNEL_BRANCH"}
        if staleness:
            options["maxStaleness"] = staleness
        return self.status.call("GetCardStatus", {"name": name, "readOptions": options}, self.operator)

    def reason(self, name, staleness=None):
        try:
            self.ask(name, staleness)
            return "OK"
        except Refused as refusal:
            self.assertEqual(refusal.status, "UNAVAILABLE", str(refusal))
            return refusal.reason

    def check_away(self, region, take_away):
        known, unknown = self.desk.import_normal(2)
        before = self.ask(known, LONG)
        answered_ms = time.time() * 1000
        self.ask(unknown)  # a strong read leaves no copy
        take_away()
        self.assertEqual(self.reason(known), "OWNER_UNAVAILABLE")
        old = self.ask(known, LONG)
        self.assertEqual((old.state, old.version), (NORMAL, before.version))
        self.assertLessEqual(old.as_of.ToMilliseconds(), answered_ms)
        self.assertGreater(old.as_of.ToMilliseconds(), before.as_of.ToMilliseconds() - 1000)
        self.assertEqual(self.reason(unknown, LONG), "TOO_STALE")
        eventually(lambda: self.reason(known, "1s") == "TOO_STALE", "a second has gone by")
        self.assertEqual(self.reason(known, LONG), "OK")

    def test_S6_owner_and_cache_away_an_earlier_answer_is_given_with_its_date(self):
        region = self.region()

        def take_away():
            region.kill_service("card")
            region.stop_redis()
        self.check_away(region, take_away)
        region.start_redis()
        region.start_service("card")

    def test_S6_without_a_cache_too(self):
        region = self.region(redis=False)
        self.check_away(region, lambda: region.kill_service("card"))
        region.start_service("card")

    def test_S6_a_copy_never_stands_in_for_the_truth(self):
        region = self.region()
        name = self.desk.import_normal(1)[0]
        self.assertEqual(self.ask(name, LONG).state, NORMAL)
        for _ in range(20):
            self.desk.report_loss(name)
            self.assertEqual(self.ask(name).state, TEMP_LOST)
            self.assertEqual(self.ask(name, LONG).state, TEMP_LOST)
            self.desk.recover(name)
            self.assertEqual(self.ask(name).state, NORMAL)
        lost = self.desk.report_loss(name)
        region.kill_service("card")
        region.stop_redis()
        self.assertEqual(self.reason(name), "OWNER_UNAVAILABLE")
        old = self.ask(name, LONG)
        # What it shows was true at its date, and that lies before the loss unless it shows the loss.
        if old.version < lost.version:
            self.assertLess(old.as_of.ToMilliseconds(), lost.as_of.ToMilliseconds())
        region.start_redis()
        region.start_service("card")
        eventually(lambda: self.reason(name) == "OK", "the owner is back")
        self.assertEqual(self.ask(name).state, TEMP_LOST)


if __name__ == "__main__":
    main()
