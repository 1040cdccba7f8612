"""One rule of masking in every answer: by role and channel, the same in the card and the status service (S9, R49)."""

import unittest

from tests.harness.region_cards import Desk
from tests.harness.region_client import PARENT, Client, Refused
from tests.harness.region_harness import Region, card_number, identity_number
from tests.harness.region_tap import main

PHONE = "13912345678"
ID_WHOLE, ID_LAST = "{0:.4}" + 10 * "*" + "{1}", 14 * "*" + "{1}"
# role, channel: the card's number 'T0000ABCD', name, identity number, phone
CELLS = (
    ("HOLDER", "LOCAL_ONLINE", "{0:.1}*****{2}", "进*", ID_LAST, "*******5678"),
    ("HOLDER", "BRANCH", "{0:.1}*****{2}", "进*", ID_LAST, "*******5678"),
    ("HOLDER", "PHONE_12333", "******{2}", "进*", ID_LAST, "*******5678"),
    ("HOLDER", "SELF_SERVICE", "******{2}", "进*", ID_LAST, "*******5678"),
    ("GUARDIAN", "POCKET_12333", "{0:.1}*****{2}", "进*", ID_LAST, "*******5678"),
    ("AGENT", "BRANCH", "{0:.1}*****{2}", "进*", ID_LAST, "*******5678"),
    ("OPERATOR", "BRANCH", "{0:.1}****{1}", "进*", ID_WHOLE, "139****5678"),
    ("BANK_OPERATOR", "BANK_BRANCH", "{0:.1}****{1}", "进*", ID_WHOLE, "139****5678"),
    ("KIOSK", "SELF_SERVICE", "******{2}", "进*", ID_LAST, "*******5678"),
    ("HOTLINE", "PHONE_12333", "******{2}", "进*", ID_LAST, "*******5678"),
    ("PLATFORM", "SYSTEM", "{0:.1}****{1}", "进*", ID_WHOLE, "139****5678"),
    ("AUDITOR", "SYSTEM", "******{2}", "进*", ID_LAST, "*******5678"),
    ("SYSTEM", "SYSTEM", "*********", "**", 18 * "*", 11 * "*"),
)
SPEAKS = ("HOLDER", "GUARDIAN", "AGENT", "KIOSK")


class MaskingTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.region = Region(("card", "status"))
        cls.region.__enter__()
        cls.desk = Desk(cls.region)
        cls.status = Client(cls.region.target("status"), "sscard.status.v1.StatusService")
        cls.identity, cls.number = identity_number(), card_number()
        answer = cls.desk.import_holders([cls.desk.imported(
            cls.desk.imported_card(cardNumber=cls.number, chip={"chipId": "chip-0123456789", "model": "SSC3-2023"}),
            number=cls.identity, phone=PHONE)])
        cls.holder, cls.card = answer.verdicts[0].holder, answer.verdicts[0].cards[0]

    @classmethod
    def tearDownClass(cls):
        cls.status.close()
        cls.desk.close()
        cls.region.__exit__(None, None, None)

    def token(self, role):
        claims = {"actor_id_number": self.identity} if role in SPEAKS else {}
        return self.region.token(role, subject=f"reads-{role.lower()}", **claims)

    def read(self, client, method, name, role, channel):
        return client.call(method, {"name": name, "readOptions": {"channel": f"CHANNEL_{channel}"}}, self.token(role))

    def test_S9_each_role_sees_on_each_channel_what_the_table_says(self):
        for role, channel, number, name, identity, phone in CELLS:
            card = self.read(self.desk.client, "GetCard", self.card, role, channel)
            holder = self.read(self.desk.client, "GetHolder", self.holder, role, channel)
            shown = lambda pattern, text: pattern.format(text, text[-4:], text[-3:])
            self.assertEqual((role, channel, card.card_number), (role, channel, shown(number, self.number)))
            self.assertEqual((role, holder.identity_number, holder.phone), (role, shown(identity, self.identity), phone))
            self.assertEqual((role, holder.person_name[:2]), (role, name))
            for whole in (self.number, self.identity, PHONE, "进口乙"):
                self.assertNotIn(whole, str(card) + str(holder))

    def test_R49_the_status_query_shows_no_more_and_no_less(self):
        for role, channel, *_ in CELLS:
            if role == "SYSTEM":
                continue
            card = self.read(self.desk.client, "GetCard", self.card, role, channel)
            status = self.read(self.status, "GetCardStatus", self.card, role, channel)
            self.assertEqual((role, channel, status.card_number), (role, channel, card.card_number))

    def test_R49_a_bank_reads_cards_of_its_own_accounts_only(self):
        options = {"readOptions": {"channel": "CHANNEL_BANK_BRANCH"}}
        for method, values in (("GetCard", {"name": self.card}), ("ListCardHistory", {"parent": self.card}),
                               ("ResolveCard", {"parent": PARENT, "cardNumber": self.number})):
            self.desk.do(method, {**values, **options}, "BANK_OPERATOR")
            with self.assertRaises(Refused) as caught:
                self.desk.do(method, {**values, **options}, "BANK_OPERATOR", bank="103")
            self.assertEqual(caught.exception.reason, "NOT_YOUR_BANK")

    def test_S9_some_fields_are_for_some_roles_only(self):
        seen = {role: (self.read(self.desk.client, "GetCard", self.card, role, channel),
                       self.read(self.desk.client, "GetHolder", self.holder, role, channel))
                for role, channel, *_ in CELLS}
        self.assertEqual({role for role, (card, _) in seen.items() if card.HasField("chip")}, {"OPERATOR", "PLATFORM"})
        self.assertEqual({role for role, (_, holder) in seen.items() if holder.photo_reference}, {"OPERATOR", "PLATFORM"})
        self.assertEqual({role for role, (_, holder) in seen.items() if holder.HasField("born_on")},
                         {"HOLDER", "GUARDIAN", "OPERATOR", "BANK_OPERATOR", "HOTLINE"})
        self.assertEqual(seen["OPERATOR"][0].chip.chip_id, "ch*********6789")


if __name__ == "__main__":
    main()
