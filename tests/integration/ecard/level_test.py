"""L2 follows the bank link: raised while it is ACTIVE, L1 again the moment it is not (R5)."""

from tests.harness.region_bank import BankDesk, BankRegion
from tests.harness.region_cards import PHONE_PROOF
from tests.harness.region_harness import eventually, identity_number
from tests.harness.region_client import Refused
from tests.harness.region_tap import main
from tests.integration.ecard.ecard_desk import LEVELS, ECardCase


class LevelTest(ECardCase):
    @classmethod
    def new_region(cls):
        return BankRegion(), BankDesk

    def upgrade(self, person, evidence=(PHONE_PROOF,)):
        return self.do(person, "UpgradeECard", {"session": person.session}, evidence=evidence)

    def level(self, answer):
        return LEVELS[answer.level].name.removeprefix("LEVEL_")

    def active_person(self):
        identity = identity_number()
        return self.issued_for(identity, self.desk.active(number=identity))

    def test_R5_an_account_that_is_only_opened_is_not_enough(self):
        identity = identity_number()
        person = self.issued_for(identity, self.desk.loaded(number=identity))
        self.refused("FAILED_PRECONDITION", "FINANCIAL_NOT_ACTIVATED", lambda: self.upgrade(person))

    def test_R5_an_active_link_lets_it_pay(self):
        person = self.active_person()
        self.refused("FAILED_PRECONDITION", "ECARD_LEVEL_TOO_LOW", lambda: self.authorize(person, "bank_payment"))
        self.refused("FAILED_PRECONDITION", "MISSING_EVIDENCE", lambda: self.upgrade(person, ()))
        self.assertEqual(self.level(self.upgrade(person).ecard), "L2")
        self.assertFalse(self.upgrade(person).changed)
        self.authorize(person, "bank_payment")

    def test_R5_a_successor_without_an_active_link_is_L1_at_once(self):
        person = self.active_person()
        self.upgrade(person)
        fresh = self.desk.replace(person.card, "DAMAGED").name
        self.desk.start(fresh)
        self.desk.complete(fresh)
        self.desk.collect(fresh, enable=True)
        answer = self.get(person)
        self.assertEqual((self.level(answer), answer.card), ("L1", fresh))
        self.refused("FAILED_PRECONDITION", "ECARD_LEVEL_TOO_LOW", lambda: self.authorize(person, "bank_payment"))

    def test_S6_nothing_is_paid_while_nobody_can_say_what_the_link_is(self):
        person = self.active_person()
        self.upgrade(person)
        self.region.stop_service("bank")
        try:
            eventually(lambda: self.reason(person) in ("OK", "OWNER_UNAVAILABLE"), "an answer")
            self.region.stop_redis()
            eventually(lambda: self.reason(person) == "OWNER_UNAVAILABLE", "nothing is said")
            self.authorize(person)  # the gate does not depend on the bank
        finally:
            self.region.start_redis()
            self.region.start_service("bank")
            self.desk.bank_again()

    def reason(self, person):
        try:
            self.authorize(person, "bank_payment")
            return "OK"
        except Refused as refusal:
            return refusal.reason


if __name__ == "__main__":
    main()
