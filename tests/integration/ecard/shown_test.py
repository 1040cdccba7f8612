"""The electronic card in GetCardStatus: what the status query shows is what ECardService enforces (S11, R48)."""

from tests.harness.region_client import Client, Refused
from tests.harness.region_harness import eventually
from tests.harness.region_tap import main
from tests.integration.ecard.ecard_desk import GATES, LEVELS, ECardCase, gate_of


class ShownTest(ECardCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.region.names = (*cls.region.names, "status")
        cls.region.start_service("status")
        cls.status = Client(cls.region.target("status"), "sscard.status.v1.StatusService", waits=True)

    @classmethod
    def tearDownClass(cls):
        cls.status.close()
        super().tearDownClass()

    def shown(self, name):
        answer = self.status.call("GetCardStatus", {"name": name, "readOptions": {"channel": "CHANNEL_BRANCH"}},
                                  self.region.token("OPERATOR"))
        part = answer.ecard
        return (LEVELS[part.level].name.removeprefix("LEVEL_"), GATES[part.gate].name.removeprefix("GATE_"), part.of_this_card)

    def test_R12_R13_R14_S6_the_gate_is_shown_as_it_is_enforced_at_once(self):
        person = self.issued()
        self.assertEqual(self.shown(person.card), ("L1", "OPEN", True))
        self.desk.report_loss(person.card)
        self.assertEqual(self.shown(person.card), ("L1", "AUTH_REQUIRED", True))
        self.desk.recover(person.card)
        self.assertEqual(self.shown(person.card), ("L1", "OPEN", True))
        self.desk.cancel(person.card)
        self.assertEqual(self.shown(person.card), ("L1", "PERSONAL_BLOCKED", True))

    def test_a_person_without_one_is_shown_that_there_is_none(self):
        self.assertEqual(self.shown(self.person().card), ("NONE", "OPEN", False))

    def test_it_is_shown_with_the_successor_as_soon_as_that_is_enabled(self):
        person = self.issued()
        fresh = self.desk.replace(person.card, "DAMAGED").name
        self.desk.start(fresh)
        self.desk.complete(fresh)
        self.desk.collect(fresh, enable=True)
        self.assertEqual(self.shown(fresh), ("L1", "OPEN", True))
        self.assertEqual(self.shown(person.card), ("L1", "OPEN", False))
        self.assertEqual(gate_of(self.get(person)), "OPEN")

    def test_a_service_that_does_not_answer_is_not_taken_for_no_ecard(self):
        person = self.issued()
        self.region.stop_service("ecard")
        self.region.stop_redis()
        try:
            eventually(lambda: self.of(person) == ("UNSPECIFIED", "UNSPECIFIED", False), "nothing is said of it")
        finally:
            self.region.start_redis()
            self.region.start_service("ecard")
            self.ecards.close()
            type(self).ecards = Client(self.region.target("ecard"), "sscard.ecard.v1.ECardService", waits=True)
        eventually(lambda: self.of(person) == ("L1", "OPEN", True), "it is shown again")

    def of(self, person):
        try:
            return self.shown(person.card)
        except Refused:
            return None


if __name__ == "__main__":
    main()
