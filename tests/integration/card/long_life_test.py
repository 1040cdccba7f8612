"""A holder who has had many cards never gets stuck: those that ended longest ago leave the record, and are found all the same (R42, R43)."""

import unittest

from tests.harness.region_cards import AT_THE_COUNTER, ID_DOCUMENT, Desk, context
from tests.harness.region_client import PARENT, Client, Refused
from tests.harness.region_harness import Region, card_number, eventually, identity_number
from tests.harness.region_tap import main

IN_A_RECORD = 16
WITHDRAWN, CANCELLED, NORMAL, REQUESTED = 8, 7, 4, 1


class LongLifeTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.region = Region(("card", "status"))
        cls.region.__enter__()
        cls.desk = Desk(cls.region)
        cls.status = Client(cls.region.target("status"), "sscard.status.v1.StatusService")

    @classmethod
    def tearDownClass(cls):
        cls.status.close()
        cls.desk.close()
        cls.region.__exit__(None, None, None)

    def withdrawn(self, identity, count):
        names = []
        for _ in range(count):
            card = self.desk.apply(identity)
            self.desk.do("WithdrawApplication", {"name": card.name, "context": context("BRANCH", [ID_DOCUMENT])})
            names.append(card.name)
        return names

    def listed(self, holder, order="", size=7, **more):
        names, token = [], ""
        while True:
            answer = self.desk.do("ListCards", {"parent": holder, "orderBy": order, "pageSize": size, "pageToken": token,
                                                "readOptions": AT_THE_COUNTER, **more})
            self.assertLessEqual(len(answer.cards), size)
            names += [card.name for card in answer.cards]
            token = answer.next_page_token
            if not token:
                return names

    def reason(self, client, method, values, role="OPERATOR"):
        with self.assertRaises(Refused) as caught:
            client.call(method, values, self.region.token(role))
        return caught.exception.reason

    def test_R42_forty_cards_in_one_life(self):
        identity = identity_number()
        names = self.withdrawn(identity, 30)
        names.append(self.desk.normal(number=identity).name)
        for _ in range(9):
            successor = self.desk.replace(names[-1], "DAMAGED")
            self.desk.start(successor.name)
            self.desk.complete(successor.name)
            names.append(self.desk.collect(successor.name, enable=True).name)
        current = self.desk.get(names[-1])
        self.assertEqual((current.state, len(names)), (NORMAL, 40))
        self.assertEqual(self.desk.get(names[-2]).state, CANCELLED)
        # All are listed, in both orders, whatever the size of a page.
        for size in (3, 7, 50):
            self.assertEqual(self.listed(current.holder, "requested_at", size), names)
            self.assertEqual(self.listed(current.holder, "requested_at desc", size), names[::-1])
        self.assertEqual(self.listed(current.holder, liveOnly=True), [names[-1]])
        # Each is read with its whole history, by name and by number.
        for name in (names[0], names[10], names[29]):
            self.assertEqual((self.desk.get(name).state, self.desk.get(name).name), (WITHDRAWN, name))
            self.assertEqual([entry.event_type for entry in self.desk.history(name)], ["card.requested", "card.withdrawn"])
        self.assertEqual(self.desk.get(names[30]).state, CANCELLED)
        # What has ended stays ended.
        self.assertEqual(self.reason(self.desk.client, "ReportLoss", self.desk.loss(names[0])), "APPLICATION_ENDED")
        self.assertEqual(self.reason(self.desk.client, "ReplaceCard", self.desk.replacement(names[30], "DAMAGED")), "CARD_CANCELLED")
        self.assertEqual(self.desk.get(names[0]).version, 2)

        options = {"readOptions": AT_THE_COUNTER}
        status = self.status.call("GetCardStatus", {"identityNumber": identity, **options}, self.region.token("OPERATOR"))
        self.assertEqual((status.name, len(status.other_cards)), (names[-1], IN_A_RECORD - 1))
        self.assertEqual(self.reason(self.status, "GetCardStatus", {"name": names[0], **options}), "CARD_ENDED_LONG_AGO")
        self.assertEqual(self.status.call("CheckUsable", {"name": names[0], "purpose": "PURPOSE_MEDICAL"},
                                          self.region.token("PLATFORM")).usability, 2)

    def test_R42_the_number_of_a_card_that_left_stays_taken_and_is_found(self):
        identity, number = identity_number(), card_number()
        made = self.desk.start(self.desk.apply(identity).name)
        first = self.desk.complete(made.name, number)
        self.desk.cancel(self.desk.collect(first.name, enable=True).name)
        self.withdrawn(identity, IN_A_RECORD + 1)
        found = self.desk.do("ResolveCard", {"parent": PARENT, "cardNumber": number, **{"readOptions": AT_THE_COUNTER}})
        self.assertEqual(found.card, first.name)
        other = self.desk.start(self.desk.apply().name)
        self.assertEqual(self.reason(self.desk.client, "CompleteProduction", self.desk.completion(other.name, number), "PLATFORM"),
                         "CARD_NUMBER_IN_USE")
        live = self.desk.apply(identity)
        self.assertEqual(live.state, REQUESTED)

    def test_R42_an_import_onto_a_full_record(self):
        identity = identity_number()
        names = self.withdrawn(identity, IN_A_RECORD)
        answer = self.desk.import_holders([self.desk.imported(self.desk.imported_card("CANCELLED"), self.desk.imported_card(), number=identity)])
        self.assertEqual(answer.imported_count, 1, answer)
        holder = answer.verdicts[0].holder
        self.assertEqual(self.listed(holder, "requested_at")[:IN_A_RECORD], names)
        self.assertEqual(len(self.listed(holder)), IN_A_RECORD + 2)
        self.region.stop_service("card")
        code, text = self.region.audit_verify("card")
        self.assertEqual(code, 0, text)
        self.region.start_service("card")
        self.desk.again()
        self.assertEqual(len(self.listed(holder)), IN_A_RECORD + 2)
        eventually(lambda: self.reaches_card(identity), "status reaches the owner again")

    def reaches_card(self, identity):
        try:
            return self.status.call("GetCardStatus", {"identityNumber": identity, "readOptions": AT_THE_COUNTER}, self.region.token("OPERATOR"))
        except Refused as refusal:
            self.assertEqual(refusal.status, "UNAVAILABLE", str(refusal))
            return None


if __name__ == "__main__":
    main()
