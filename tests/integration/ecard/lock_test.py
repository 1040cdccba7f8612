"""A1, R15: while the card's own password is locked the electronic card needs the holder's authorization."""

from tests.harness.region_cards import Desk
from tests.harness.region_client import Refused
from tests.harness.region_harness import Region, eventually, identity_number
from tests.harness.region_pins import PinDesk
from tests.harness.region_tap import main
from tests.integration.ecard.ecard_desk import ECardCase, gate_of

NEEDED = "HOLDER_AUTHORIZATION_REQUIRED"


class LockTest(ECardCase):
    @classmethod
    def new_region(cls):
        return Region(("card", "credential")), Desk

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pins = PinDesk(cls.region, waits=True)

    @classmethod
    def tearDownClass(cls):
        cls.pins.close()
        super().tearDownClass()

    def holder_of_a_pin(self):
        identity = identity_number()
        person = self.issued_for(identity, self.desk.normal(number=identity))
        person.pin = self.pins.issue(person.card)
        return person

    def lock(self, person):
        wrong = "483921" if person.pin != "483921" else "583921"
        for _ in range(6):
            try:
                self.pins.verify(person.card, wrong)
            except Refused:
                pass

    def test_R15_a_locked_password_asks_for_a_grant_at_the_next_call(self):
        person = self.holder_of_a_pin()
        self.assertEqual(gate_of(self.authorize(person)), "OPEN")
        self.lock(person)
        refusal = self.refused("FAILED_PRECONDITION", NEEDED, lambda: self.authorize(person))
        self.assertIn("UNLOCK_OR_RESET_PASSWORD", refusal.steps)
        self.grant(person)
        self.assertEqual(gate_of(self.authorize(person)), "AUTH_REQUIRED")
        self.pins.unlock(person.card)
        self.assertEqual(gate_of(self.authorize(person)), "OPEN")

    def test_R15_I6_a_grant_of_an_earlier_lock_does_not_count(self):
        person = self.holder_of_a_pin()
        self.lock(person)
        self.grant(person)
        self.authorize(person)
        self.pins.unlock(person.card)
        self.lock(person)
        self.refused("FAILED_PRECONDITION", NEEDED, lambda: self.authorize(person))

    def test_R15_nothing_is_issued_or_bound_while_it_is_locked(self):
        person = self.holder_of_a_pin()
        self.lock(person)
        values = {"host": "HOST_GOVERNMENT", "session": person.session, "realName": {"identityNumber": person.identity}}
        self.refused("FAILED_PRECONDITION", "CREDENTIAL_LOCKED",
                     lambda: self.do(person, "BindChannel", values, channel="LOCAL_ONLINE"))

    def test_S6_a_lock_that_nobody_knows_is_no_open_gate(self):
        person = self.holder_of_a_pin()
        self.region.stop_service("credential")
        self.region.stop_redis()
        try:
            eventually(lambda: self.reason(person) == "OWNER_UNAVAILABLE", "nothing is said")
            self.authorize(person, "policy_lookup")
        finally:
            self.region.start_redis()
            self.region.start_service("credential")
        eventually(lambda: self.reason(person) == "OK", "the gate is known again")

    def reason(self, person):
        try:
            self.authorize(person)
            return "OK"
        except Refused as refusal:
            return refusal.reason


if __name__ == "__main__":
    main()
