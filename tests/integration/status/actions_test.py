"""N1, S11: what ListAllowedActions says is what happens when it is tried.

Cells are state x role x channel x operation x evidence; every pair of values of any two of them occurs. A holder serves until
something was done to her card.
"""

import itertools
import random
import time
import unittest

from tests.harness.region_cards import CONSENT, ID_DOCUMENT, Desk, context
from tests.harness.region_client import PARENT, POOL, Client, Refused
from tests.harness.region_harness import AT_HOME, OUTLET, REGION, Region, card_number, identity_number
from tests.harness.region_tap import main

SEED = 20250301
CELLS_LEAST = 3000
VERDICTS = {1: "ALLOWED", 2: "NEEDS", 3: "BLOCKED", 4: "DEPENDS"}
CHANNELS = [value.name.removeprefix("CHANNEL_") for value in POOL.FindEnumTypeByName("sscard.common.v1.Channel").values if value.number]
ROLES = ("HOLDER", "GUARDIAN", "AGENT", "OPERATOR", "BANK_OPERATOR", "KIOSK", "HOTLINE", "PLATFORM", "AUDITOR")
SPEAKS_FOR = {"HOLDER": "SELF", "GUARDIAN": "WARD", "AGENT": "PRINCIPAL", "KIOSK": "SELF"}
STATES = ("REQUESTED", "PRODUCING", "ARCHIVED_AT_OUTLET", "ARCHIVED_IN_MAIL", "ARCHIVED", "NORMAL", "NORMAL_EXPIRING", "NORMAL_ENTITLED",
          "NORMAL_DUPLICATE", "NORMAL_REPLACED", "TEMP_LOST", "TEMP_LOST_ARCHIVED", "LOST", "LOST_REPLACED", "CANCELLED", "DEAD", "WITHDRAWN")
REASONS = ("LOST", "DAMAGED", "EXPIRING", "PHOTO_OUTDATED", "DATA_CHANGED", "BANK_CHANGE")
OPERATIONS = ("ApplyCard", "WithdrawApplication", "StartProduction", "CompleteProduction", "FailProduction", "CollectCard",
              "CollectCard:ENABLE", "EnableSocialFunction", "ReportLoss:TEMPORARY", "ReportLoss:FORMAL", "RecoverCard",
              *(f"ReplaceCard:{reason}" for reason in REASONS), "CancelCard:BY_HOLDER", "CancelCard:BY_AUTHORITY",
              "ReportLostInDelivery", "RecordDeath", "SetEntitlement")
KINDS = [value.name for value in POOL.FindEnumTypeByName("sscard.common.v1.EvidenceKind").values if value.number]
NEVER = {"year": 2099, "month": 1, "day": 1}


def evidence(kinds):
    items = []
    for kind in kinds:
        item = {"kind": kind, "reference": f"ref-{kind[-6:]}"}
        if kind == "EVIDENCE_KIND_ID_DOCUMENT":
            item["validUntil"] = NEVER
        if kind == "EVIDENCE_KIND_MOBILITY_GROUND":
            item["mobilityGround"] = "MOBILITY_GROUND_ELDERLY"
        items.append(item)
    return items


def today():
    day = time.gmtime(time.time() + 8 * 3600)  # China Standard Time
    return {"year": day.tm_year, "month": day.tm_mon, "day": day.tm_mday}


class Subject:
    """One holder, and the card that is asked about."""

    def __init__(self, state, identity, holder, card, number):
        self.state, self.identity, self.holder, self.card, self.number = state, identity, holder, card, number


class World:
    def __init__(self, region):
        self.region = region
        self.desk = Desk(region)
        self.status = Client(region.target("status"), "sscard.status.v1.StatusService")
        self.asker = region.token("OPERATOR", channels=",".join(CHANNELS))
        self.waiting = {state: [] for state in STATES}
        self.tokens = {}

    def close(self):
        self.status.close()
        self.desk.close()

    # ---- subjects ----

    def imported(self, state):
        """The cards of a holder of that state; the first is the one that is asked about."""
        card = self.desk.imported_card
        soon = time.gmtime(time.time() + 30 * 86400)
        at = {"deliveryState": "DELIVERY_STATE_AT_OUTLET"}
        return {
            "ARCHIVED_AT_OUTLET": lambda: [card("ARCHIVED", **at)],
            "ARCHIVED_IN_MAIL": lambda: [card("ARCHIVED", deliveryState="DELIVERY_STATE_IN_MAIL")],
            "NORMAL_EXPIRING": lambda: [card(expiresOn={"year": soon.tm_year, "month": soon.tm_mon, "day": soon.tm_mday})],
            "NORMAL_ENTITLED": lambda: [card()], "NORMAL_REPLACED": lambda: [card()],
            "NORMAL_DUPLICATE": lambda: [card(), card(legacyDuplicate=True)],
            "TEMP_LOST_ARCHIVED": lambda: [card("TEMP_LOST", prior="CARD_STATE_ARCHIVED")],
            "LOST_REPLACED": lambda: [card("LOST")],
            "DEAD": lambda: [card("CANCELLED", cancelReason="CANCEL_REASON_DEATH")],
        }.get(state, lambda: [card(state)])()

    def more(self, state):
        identities, holders, numbers = [], [], []
        for _ in range(25):
            cards, person = self.imported(state), {}
            if state == "NORMAL_ENTITLED":
                person["entitlement"] = {"standing": "ENTITLEMENT_STANDING_DRAWN", "kinds": ["pension"], "asOf": "2025-01-01T00:00:00Z"}
            if state == "DEAD":
                person["diedOn"] = {"year": 2025, "month": 1, "day": 1}
            identities.append(identity_number())
            numbers.append(cards[0].get("cardNumber"))
            holders.append(self.desk.imported(*cards, number=identities[-1], **person))
        answer = self.desk.import_holders(holders)
        assert answer.imported_count == len(holders), answer
        for identity, number, verdict in zip(identities, numbers, answer.verdicts):
            if state.endswith("_REPLACED"):
                self.desk.replace(verdict.cards[0], "DAMAGED")
            self.waiting[state].append(Subject(state, identity, verdict.holder, verdict.cards[0], number))

    def subject(self, state):
        if not self.waiting[state]:
            self.more(state)
        return self.waiting[state][-1]

    def used_up(self, subject):
        self.waiting[subject.state].remove(subject)

    # ---- asking and trying ----

    def token(self, role, subject):
        """All channels, so that only rules refuse; the asker's own token for her own role."""
        if role == "OPERATOR":
            return self.asker
        claims = {"channels": ",".join(CHANNELS), "outlet": OUTLET, "assurance": 3, "operator_id": f"{role.lower()}-1", "case_ref": "CASE-1",
                  "region": REGION, "subject": f"tries-{role.lower()}"}
        if role == "BANK_OPERATOR":
            claims["bank"] = "102"
        if role in SPEAKS_FOR:
            claims.update(actor=SPEAKS_FOR[role], actor_id_number=subject.identity)
        return self.region.token(role, **claims)

    def listed(self, subject, role, channel, operation, kinds):
        answer = self.status.call("ListAllowedActions", {
            "name": subject.card, "role": f"ROLE_{role}", "channel": f"CHANNEL_{channel}", "operations": [operation],
            "evidence": evidence(kinds), "readOptions": {"channel": "CHANNEL_BRANCH"}}, self.asker)
        return next(action for action in answer.actions if action.operation == operation)

    def request(self, subject, role, channel, operation, kinds, everything=False):
        """A request with this evidence and nothing more; `everything`: with consent, bank, photo and a second person too."""
        method, _, variant = operation.partition(":")
        values = {"name": subject.card, "context": context(channel, evidence(kinds))}
        values["context"]["outlet"] = OUTLET if role == "OPERATOR" else ""
        if method == "ApplyCard":
            del values["name"]
            values.update(parent=PARENT, identityNumber=subject.identity, personName="进口乙", fulfilment="FULFILMENT_PICKUP")
        elif method == "CompleteProduction":
            values["cardNumber"] = subject.number or card_number()
        elif method == "FailProduction":
            values["failure"] = "PRODUCTION_FAILURE_FACTORY"
        elif method == "CollectCard":
            values["enable"] = variant == "ENABLE"
        elif method == "ReportLoss":
            values["kind"] = f"LOSS_KIND_{variant}"
        elif method == "ReplaceCard":
            values.update(reason=f"REPLACE_REASON_{variant}", fulfilment="FULFILMENT_PICKUP")
        elif operation == "CancelCard:BY_HOLDER":
            values["byHolder"] = {}
        elif operation == "CancelCard:BY_AUTHORITY":
            values["byAuthority"] = {"reason": "CANCEL_REASON_DEATH" if role == "PLATFORM" else "CANCEL_REASON_ERROR"}
        elif method == "RecordDeath":
            values.update(name=subject.holder, diedOn={"year": 2025, "month": 1, "day": 1} if subject.state == "DEAD" else today())
        elif method == "SetEntitlement":
            at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 1))
            values.update(name=subject.holder, entitlement={"standing": "ENTITLEMENT_STANDING_NONE", "asOf": at})
        if everything:
            if method in ("ApplyCard", "ReplaceCard", "StartProduction"):
                values["consent"] = CONSENT
            if method == "ApplyCard" or variant == "BANK_CHANGE":
                values["bankCode"] = "103"
            if method in ("ApplyCard", "ReplaceCard"):
                values["photoReference"] = "photo-9"
        return method, values

    def attempt(self, subject, role, channel, operation, kinds, everything=False):
        """("OK", changed) or ("REFUSED", refusal)."""
        method, values = self.request(subject, role, channel, operation, kinds, everything)
        token = self.token(role, subject)
        try:
            return "OK", self.desk.client.call(method, values, token).changed
        except Refused as refusal:
            if not (everything and refusal.reason == "SECOND_PERSON_REQUIRED"):
                return "REFUSED", refusal
            seen = refusal.metadata["request_hash"]
        second = self.region.token("OPERATOR", subject="second-person", request_hash=seen)
        values["context"]["approval"] = {"token": second}
        try:
            return "OK", self.desk.client.call(method, values, token).changed
        except Refused as refusal:
            return "REFUSED", refusal

    # ---- one cell ----

    def check(self, state, role, channel, operation, has_evidence):
        """None, or what does not agree."""
        subject = self.subject(state)
        kinds = KINDS if has_evidence else []
        action = self.listed(subject, role, channel, operation, kinds)
        verdict = VERDICTS[action.verdict]
        outcome, detail = self.attempt(subject, role, channel, operation, kinds)
        if outcome == "OK":
            if detail:
                self.used_up(subject)
            if verdict == "ALLOWED" and detail == (not action.no_change) or verdict == "DEPENDS":
                return None
            return f"said {verdict} {action.reason} no_change={action.no_change}, done with changed={detail}"
        if verdict not in ("NEEDS", "BLOCKED", "DEPENDS") or detail.reason != action.reason:
            return f"said {verdict} {action.reason}, refused with {detail}"
        if not action.text or verdict == "NEEDS" and not action.needs:
            return f"said {verdict} {action.reason} without a text or need"
        return self.check_lifts(subject, role, channel, operation, action) if verdict == "NEEDS" else None

    def check_lifts(self, subject, role, channel, operation, action):
        """Doing what is needed lifts the block."""
        outcome, detail = self.attempt(subject, role, channel, operation, KINDS, everything=True)
        if outcome == "OK":
            if detail:
                self.used_up(subject)
            return None
        return f"said NEEDS {action.reason}, and with all of it refused with {detail}"


def pairwise(random_source):
    """Cells in which every pair of values of two factors occurs, and at least CELLS_LEAST of them."""
    factors = (STATES, ROLES, CHANNELS, OPERATIONS, (False, True))
    missing = {(i, a, j, b) for i, j in itertools.combinations(range(len(factors)), 2) for a in factors[i] for b in factors[j]}
    cells = set()

    def add(cell):
        cells.add(cell)
        missing.difference_update((i, cell[i], j, cell[j]) for i, j in itertools.combinations(range(len(factors)), 2))

    for operation, channel in itertools.product(OPERATIONS, CHANNELS):
        add((random_source.choice(STATES), random_source.choice(ROLES), channel, operation, random_source.random() < 0.5))
    while missing:
        i, a, j, b = min(missing, key=str)
        cell = [random_source.choice(factor) for factor in factors]
        cell[i], cell[j] = a, b
        add(tuple(cell))
    while len(cells) < CELLS_LEAST:
        # Most combinations are refused for who asks or where: take more of those in which the state decides.
        role = random_source.choice(("HOLDER", "OPERATOR", "BANK_OPERATOR", "PLATFORM"))
        channel = {"OPERATOR": "BRANCH", "BANK_OPERATOR": "BANK_BRANCH", "PLATFORM": "SYSTEM"}.get(role) or random_source.choice(
            ("BRANCH", "ECARD", "PHONE_12333", "SELF_SERVICE"))
        add((random_source.choice(STATES), role, channel, random_source.choice(OPERATIONS), random_source.random() < 0.7))
    return sorted(cells, key=str)


class ActionsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.region = Region(("card", "status"))
        cls.region.__enter__()
        cls.world = World(cls.region)

    @classmethod
    def tearDownClass(cls):
        cls.world.close()
        cls.region.__exit__(None, None, None)

    def test_N1_what_is_listed_is_what_happens_in_a_pairwise_set_of_cells(self):
        cells = pairwise(random.Random(SEED))
        self.assertGreaterEqual(len(cells), CELLS_LEAST)
        wrong = []
        for cell in cells:
            problem = self.world.check(*cell)
            if problem:
                wrong.append(f"{cell}: {problem}")
        print(f"# {len(cells)} cells tried, {len(wrong)} do not agree")
        self.assertEqual(wrong[:20], [], f"{len(wrong)} of {len(cells)}")

    def test_N1_listed_for_all_operations_in_both_languages(self):
        subject = self.world.subject("NORMAL")
        for language in ("zh-CN", "en"):
            answer = self.world.status.call("ListAllowedActions", {"name": subject.card, "readOptions": {"channel": "CHANNEL_BRANCH"}},
                                            self.world.asker, language)
            self.assertEqual({action.operation for action in answer.actions}, set(OPERATIONS))
            for action in answer.actions:
                self.assertTrue(action.title and action.method, action.operation)
                if action.verdict != 1:
                    self.assertTrue(action.reason and action.text and action.rule, action.operation)

    def test_N1_subject_may_be_person_or_number_and_evidence_counts(self):
        subject = self.world.subject("TEMP_LOST")
        for which in ({"name": subject.card}, {"cardNumber": subject.number}, {"identityNumber": subject.identity}):
            bare, shown = (self.world.status.call("ListAllowedActions", {
                **which, "operations": ["RecoverCard"], "evidence": given, "readOptions": {"channel": "CHANNEL_BRANCH"}},
                self.world.asker).actions[0] for given in ([], [ID_DOCUMENT, {"kind": "EVIDENCE_KIND_CARD_PRESENTED"}]))
            self.assertEqual((VERDICTS[bare.verdict], bare.reason, VERDICTS[shown.verdict]), ("NEEDS", "MISSING_EVIDENCE", "ALLOWED"))

    def test_N1_evidence_that_does_not_count_is_missing_here_too(self):
        document = {"kind": "EVIDENCE_KIND_ID_DOCUMENT", "reference": "1234", "validUntil": NEVER}
        for shown, counts in ((document, True), ({**document, "validUntil": {"year": 2020, "month": 1, "day": 1}}, False),
                              ({**document, "reference": ""}, False), ({"kind": document["kind"], "reference": "1"}, False)):
            subject = self.world.subject("NORMAL")
            values = {"name": subject.card, "operations": ["ReportLoss:FORMAL"], "evidence": [shown], "readOptions": {"channel": "CHANNEL_BRANCH"}}
            action = self.world.status.call("ListAllowedActions", values, self.world.asker).actions[0]
            request = {"name": subject.card, "kind": "LOSS_KIND_FORMAL", "context": context("BRANCH", [shown], outlet=OUTLET, validateOnly=True)}
            try:
                self.world.desk.client.call("ReportLoss", request, self.world.asker)
                done = True
            except Refused as refusal:
                done = False
                self.assertEqual(refusal.reason, action.reason)
            self.assertEqual((VERDICTS[action.verdict], done), ("ALLOWED" if counts else "NEEDS", counts), str(shown))

    def test_N1_holder_asks_for_herself_on_every_channel_of_hers_and_it_is_so(self):
        wrong = []
        for state, channel, operation in itertools.product(("ARCHIVED", "NORMAL", "TEMP_LOST", "LOST"), AT_HOME.split(","),
                                                           ("EnableSocialFunction", "ReportLoss:TEMPORARY", "ReportLoss:FORMAL", "RecoverCard")):
            subject = self.world.subject(state)
            token = self.world.desk.holder_token(subject.identity)
            action = self.world.status.call("ListAllowedActions", {"name": subject.card, "operations": [operation],
                                                                   "readOptions": {"channel": f"CHANNEL_{channel}"}}, token).actions[0]
            method, values = self.world.request(subject, "HOLDER", channel, operation, [])
            try:
                changed = self.world.desk.client.call(method, values, token).changed
                agrees = action.verdict == 1 and changed != action.no_change
                if changed:
                    self.world.used_up(subject)
            except Refused as refusal:
                agrees = action.verdict != 1 and refusal.reason == action.reason
            if not agrees:
                wrong.append((state, channel, operation, VERDICTS[action.verdict], action.reason))
        self.assertEqual(wrong, [])

    LIFTS = (
        # state, operation, refused with, step that is named, operation that does it, by whom
        ("ARCHIVED_AT_OUTLET", "EnableSocialFunction", "NOT_COLLECTED", "COLLECT_CARD", "CollectCard", "OPERATOR"),
        ("ARCHIVED_AT_OUTLET", "ReplaceCard:DAMAGED", "COLLECT_FIRST", "COLLECT_CARD", "CollectCard", "OPERATOR"),
        ("PRODUCING", "CollectCard", "CARD_NOT_ISSUED", "WAIT_FOR_PRODUCTION", "CompleteProduction", "PLATFORM"),
        ("REQUESTED", "CompleteProduction", "NOT_IN_PRODUCTION", "START_PRODUCTION", "StartProduction", "PLATFORM"),
        ("TEMP_LOST_ARCHIVED", "EnableSocialFunction", "CARD_TEMP_LOST", "RECOVER_CARD", "RecoverCard", "OPERATOR"),
        ("TEMP_LOST", "ReplaceCard:LOST", "FORMAL_LOSS_REQUIRED", "REPORT_FORMAL_LOSS", "ReportLoss:FORMAL", "OPERATOR"),
        ("TEMP_LOST", "CancelCard:BY_HOLDER", "RESOLVE_LOSS_FIRST", "RECOVER_CARD", "RecoverCard", "OPERATOR"),
        ("TEMP_LOST", "CancelCard:BY_HOLDER", "RESOLVE_LOSS_FIRST", "REPORT_FORMAL_LOSS", "ReportLoss:FORMAL", "OPERATOR"),
        ("NORMAL_ENTITLED", "CancelCard:BY_HOLDER", "LOCAL_ENTITLEMENTS_IN_USE", "UPDATE_ENTITLEMENT", "SetEntitlement", "PLATFORM"),
    )

    def test_S11_doing_the_step_that_is_named_lifts_the_block(self):
        where = {"OPERATOR": "BRANCH", "PLATFORM": "SYSTEM"}
        for state, operation, reason, step, by, role in self.LIFTS:
            subject = self.world.subject(state)
            asked = ("PLATFORM", "SYSTEM") if operation == "CompleteProduction" else ("OPERATOR", "BRANCH")
            action = self.world.listed(subject, *asked, operation, KINDS)
            self.assertEqual((VERDICTS[action.verdict], action.reason), ("BLOCKED", reason), (state, operation))
            self.assertIn(step, [each.code for each in action.lifted_by], (state, operation))
            self.assertEqual(self.world.attempt(subject, role, where[role], by, KINDS, everything=True), ("OK", True))
            self.world.used_up(subject)
            action = self.world.listed(subject, *asked, operation, KINDS)
            self.assertNotEqual(action.reason, reason, (state, operation))
            self.assertEqual(self.world.attempt(subject, *asked, operation, KINDS, everything=True), ("OK", True), (state, operation))

    def test_N1_unknown_operations_and_too_many_are_refused(self):
        subject = self.world.subject("NORMAL")
        for operations in (["NoSuchOperation"], ["EnableByPinChange"], ["ReportLoss"] * 65):
            with self.assertRaises(Refused) as caught:
                self.world.status.call("ListAllowedActions", {"name": subject.card, "operations": operations,
                                                              "readOptions": {"channel": "CHANNEL_BRANCH"}}, self.world.asker)
            self.assertEqual(caught.exception.status, "INVALID_ARGUMENT")


if __name__ == "__main__":
    main()
