"""ImportHolders: a verdict for each person, repeats, duplicates of the past (R42)."""

import unittest

from tests.harness.region_cards import AT_THE_COUNTER, CONSENT, Desk, context
from tests.harness.region_client import PARENT, Refused, message_class, new_id
from tests.harness.region_harness import Region, card_number, identity_number
from tests.harness.region_tap import main

IMPORTED, UNCHANGED, REFUSED = 1, 2, 3


class ImportTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.region = Region()
        cls.region.__enter__()
        cls.desk = Desk(cls.region)

    @classmethod
    def tearDownClass(cls):
        cls.desk.close()
        cls.region.__exit__(None, None, None)

    def counts(self, answer):
        return answer.imported_count, answer.unchanged_count, answer.refused_count

    def reason(self, verdict):
        """The reason of a refused person, from the details of its own error."""
        self.assertEqual(verdict.outcome, REFUSED, str(verdict))
        infos = [detail for detail in verdict.error.details if detail.type_url.endswith("google.rpc.ErrorInfo")]
        self.assertEqual(len(infos), 1, str(verdict.error))
        info = message_class("google.rpc.ErrorInfo").FromString(infos[0].value)
        self.assertEqual(info.domain, "sscard")
        return info.reason

    def refused(self, *cards, **person):
        return self.reason(self.desk.import_holders([self.desk.imported(*cards, **person)]).verdicts[0])

    def test_five_hundred_persons_are_taken_over_at_once(self):
        answer = self.desk.import_holders([self.desk.imported(self.desk.imported_card()) for _ in range(500)])
        self.assertEqual(self.counts(answer), (500, 0, 0))
        self.assertEqual([verdict.index for verdict in answer.verdicts], list(range(500)))
        self.assertEqual(len({verdict.holder for verdict in answer.verdicts}), 500)

    def test_more_than_five_hundred_and_none_are_refused(self):
        for count in (0, 501):
            holders = [self.desk.imported() for _ in range(count)]
            with self.assertRaises(Refused) as caught:
                self.desk.import_holders(holders)
            self.assertEqual(caught.exception.status, "INVALID_ARGUMENT")
            self.assertEqual(caught.exception.fields, ["holders"])

    def test_S1_repeat_of_an_import_gets_the_first_verdicts(self):
        holders = [self.desk.imported(self.desk.imported_card()) for _ in range(5)]
        request_id = new_id()
        first = self.desk.import_holders(holders, request_id)
        second = self.desk.import_holders(holders, request_id)
        self.assertEqual(self.counts(first), (5, 0, 0))
        self.assertEqual(first, second)

    def test_another_import_of_the_same_persons_finds_them_unchanged(self):
        holders = [self.desk.imported(self.desk.imported_card(state)) for state in ("NORMAL", "REQUESTED", "LOST", "CANCELLED")]
        first = self.desk.import_holders(holders)
        second = self.desk.import_holders(holders)
        self.assertEqual((self.counts(first), self.counts(second)), ((4, 0, 0), (0, 4, 0)))
        self.assertEqual([v.holder for v in first.verdicts], [v.holder for v in second.verdicts])
        self.assertEqual([list(v.cards) for v in first.verdicts], [list(v.cards) for v in second.verdicts])

    def test_one_refused_person_does_not_stop_the_others(self):
        good = lambda: self.desk.imported(self.desk.imported_card())
        answer = self.desk.import_holders([good(), self.desk.imported(number="123"), good()])
        self.assertEqual(self.counts(answer), (2, 0, 1))
        self.assertEqual([verdict.outcome for verdict in answer.verdicts], [IMPORTED, REFUSED, IMPORTED])
        self.assertEqual(self.reason(answer.verdicts[1]), "ID_CHECKSUM")

    def test_every_state_is_taken_over_as_it_is(self):
        for state, number in (("REQUESTED", 1), ("PRODUCING", 2), ("ARCHIVED", 3), ("NORMAL", 4), ("TEMP_LOST", 5),
                              ("LOST", 6), ("CANCELLED", 7), ("WITHDRAWN", 8)):
            name = self.desk.import_holders([self.desk.imported(self.desk.imported_card(state))]).verdicts[0].cards[0]
            card = self.desk.get(name)
            self.assertEqual((card.state, card.version), (number, 1), state)

    def test_R42_second_live_card_is_refused_unless_it_is_a_duplicate_of_the_past(self):
        two = [self.desk.imported_card(), self.desk.imported_card()]
        self.assertEqual(self.refused(*two), "DUPLICATE_NOT_DECLARED")
        two[1]["legacyDuplicate"] = True
        answer = self.desk.import_holders([self.desk.imported(*two)])
        self.assertEqual(self.counts(answer), (1, 0, 0))
        flags = [self.desk.get(name).duplicate_in_province for name in answer.verdicts[0].cards]
        self.assertIn(True, flags)

    def test_R42_duplicate_of_the_past_is_cancelled_and_the_other_stays(self):
        cards = [self.desk.imported_card(), self.desk.imported_card(legacyDuplicate=True)]
        names = self.desk.import_holders([self.desk.imported(*cards)]).verdicts[0].cards
        self.desk.cancel(names[1])
        self.assertEqual(self.desk.get(names[0]).state, 4)
        self.assertFalse(self.desk.get(names[0]).duplicate_in_province)

    def test_R42_imported_person_with_a_live_card_may_not_apply(self):
        number = identity_number()
        self.desk.import_holders([self.desk.imported(self.desk.imported_card(), number=number)])
        with self.assertRaises(Refused) as caught:
            self.desk.apply(number)
        self.assertEqual(caught.exception.reason, "ALREADY_HAS_CARD")

    def test_card_number_that_another_card_carries_is_refused(self):
        number = card_number()
        self.desk.import_holders([self.desk.imported(self.desk.imported_card(cardNumber=number))])
        self.assertEqual(self.refused(self.desk.imported_card(cardNumber=number)), "CARD_NUMBER_IN_USE")

    def test_card_number_twice_in_one_import_is_refused_the_second_time(self):
        number = card_number()
        answer = self.desk.import_holders([self.desk.imported(self.desk.imported_card(cardNumber=number)) for _ in range(2)])
        self.assertEqual(self.counts(answer), (1, 0, 1))
        self.assertEqual(self.reason(answer.verdicts[1]), "CARD_NUMBER_IN_USE")

    def test_records_that_contradict_themselves_are_refused(self):
        card = self.desk.imported_card
        no_number = card()
        del no_number["cardNumber"]
        for broken in (no_number, card(cancelReason="CANCEL_REASON_HOLDER"), card("CANCELLED", cancelReason=0),
                       card(expiresOn={"year": 2019, "month": 1, "day": 1}), card(issuedOn={"year": 2020, "month": 2, "day": 30}),
                       card(tempLossUntil="2030-01-01T00:00:00Z"), card("REQUESTED", cardNumber=card_number()),
                       {"bankCode": "102", "cardNumber": card_number()}):
            self.assertEqual(self.refused(broken), "IMPORT_INCONSISTENT", str(broken))

    def test_texts_that_are_missing_malformed_or_without_end_are_refused(self):
        card = self.desk.imported_card
        for broken in (card(bankCode="9" * 5000), card(deliveryOutlet="9" * 5000), card(chip={"chipId": "9" * 5000}),
                       card(chip={"chipId": "c" + card_number(), "model": "9" * 5000}), card(cardNumber="A" * 5000),
                       card("REQUESTED", consent={"statement": "s" * 5000})):
            self.assertEqual(self.refused(broken), "TEXT_TOO_LONG", str(broken)[:200])
        for broken in (card(cardNumber="abc"), card(cardNumber="t00000001"), card(cardNumber="T0000００01")):
            self.assertEqual(self.refused(broken), "IMPORT_INCONSISTENT", str(broken))
        for person, reason in (({"personName": ""}, "PERSON_NAME_REQUIRED"), ({"personName": "长" * 5000}, "TEXT_TOO_LONG"),
                               ({"phone": "1" * 5000}, "TEXT_TOO_LONG"), ({"photoReference": "p" * 5000}, "TEXT_TOO_LONG"),
                               ({"diedOn": {"year": 2025, "month": 13, "day": 1}}, "DATE_IMPOSSIBLE"),
                               ({"diedOn": {"year": 2999, "month": 1, "day": 1}}, "DATE_IMPOSSIBLE"),
                               ({"entitlement": {"standing": 1, "kinds": ["x" * 5000]}}, "TEXT_TOO_LONG"),
                               ({"entitlement": {"standing": 1, "kinds": ["x"] * 17}}, "TOO_MANY_ITEMS")):
            self.assertEqual(self.refused(card(), **person), reason, str(person)[:200])

    def test_violation_of_an_imported_card_names_its_field(self):
        verdict = self.desk.import_holders([self.desk.imported(self.desk.imported_card(bankCode="9" * 99))]).verdicts[0]
        bad = [detail for detail in verdict.error.details if detail.type_url.endswith("google.rpc.BadRequest")][0]
        violations = message_class("google.rpc.BadRequest").FromString(bad.value).field_violations
        self.assertEqual([violation.field for violation in violations], ["holders[0].cards[0].bank_code"])

    def test_dead_person_keeps_no_live_card(self):
        self.assertEqual(self.refused(self.desk.imported_card(), diedOn={"year": 2025, "month": 1, "day": 1}), "IMPORT_INCONSISTENT")
        answer = self.desk.import_holders([self.desk.imported(self.desk.imported_card("CANCELLED", cancelReason="CANCEL_REASON_DEATH"),
                                                              diedOn={"year": 2025, "month": 1, "day": 1})])
        self.assertEqual(self.counts(answer), (1, 0, 0))

    def test_known_person_gets_further_cards(self):
        number = identity_number()
        old = self.desk.imported_card("CANCELLED")
        first = self.desk.import_holders([self.desk.imported(old, number=number)]).verdicts[0]
        second = self.desk.import_holders([self.desk.imported(old, self.desk.imported_card(), number=number)]).verdicts[0]
        self.assertEqual((second.outcome, second.holder), (IMPORTED, first.holder))
        cards = self.desk.do("ListCards", {"parent": first.holder, "readOptions": AT_THE_COUNTER}).cards
        self.assertEqual(sorted(card.state for card in cards), [4, 7])

    def test_imports_are_for_platforms_on_the_system_channel(self):
        values = {"parent": PARENT, "context": context(), "holders": [self.desk.imported()]}
        with self.assertRaises(Refused) as caught:
            self.desk.do("ImportHolders", values)
        self.assertEqual(caught.exception.reason, "ROLE_NOT_ALLOWED")


class EndingTest(unittest.TestCase):
    def test_stop_while_many_timers_are_fired_ends_well(self):
        """Each of these cards has run out, so its timer fires at once; the last ones are about to publish when it ends."""
        with Region() as region:
            desk = Desk(region)
            old = lambda: desk.imported(desk.imported_card(issuedOn={"year": 2005, "month": 1, "day": 1},
                                                           expiresOn={"year": 2015, "month": 1, "day": 1}))
            for _ in range(3):
                answer = desk.import_holders([old() for _ in range(500)])
                self.assertEqual(answer.imported_count, 500)
            desk.close()
            region.restart_service("card")


if __name__ == "__main__":
    main()
