"""Words for tests about cards: a person, her card, who does what to it.

Must never decide what is right: a call either returns the answer or raises Refused.
"""

from tests.harness.region_client import PARENT, Client, new_id
from tests.harness.region_harness import card_number, identity_number

ID_DOCUMENT = {"kind": "EVIDENCE_KIND_ID_DOCUMENT", "reference": "1234", "validUntil": {"year": 2099, "month": 1, "day": 1}}
CARD_PRESENTED = {"kind": "EVIDENCE_KIND_CARD_PRESENTED"}
FACE_MATCH = {"kind": "EVIDENCE_KIND_FACE_MATCH", "reference": "face-1"}
PHONE_PROOF = {"kind": "EVIDENCE_KIND_PHONE_PROOF", "reference": "call-1"}
MANDATE = {"kind": "EVIDENCE_KIND_MANDATE", "reference": "mandate-1"}
AGENT_ID_DOCUMENT = {"kind": "EVIDENCE_KIND_AGENT_ID_DOCUMENT", "reference": "5678"}
GUARDIANSHIP = {"kind": "EVIDENCE_KIND_GUARDIANSHIP", "reference": "guardian-1"}
DELIVERY_RECEIPT = {"kind": "EVIDENCE_KIND_DELIVERY_RECEIPT", "reference": "parcel-1"}
DEATH_RECORD = {"kind": "EVIDENCE_KIND_DEATH_RECORD", "reference": "death-1"}
AUTHORITY_DOCUMENT = {"kind": "EVIDENCE_KIND_AUTHORITY_DOCUMENT", "reference": "decision-1"}
PHOTO = {"kind": "EVIDENCE_KIND_PHOTO", "reference": "photo-2"}
NO_LOCAL_ENTITLEMENTS = {"kind": "EVIDENCE_KIND_NO_LOCAL_ENTITLEMENTS"}
MOBILITY_GROUND = {"kind": "EVIDENCE_KIND_MOBILITY_GROUND", "mobilityGround": "MOBILITY_GROUND_ELDERLY"}
PROCEDURE = {"kind": "EVIDENCE_KIND_PROCEDURE", "reference": "procedure-1"}

CONSENT = {"statement": "consent-1"}
AT_THE_COUNTER = {"channel": "CHANNEL_BRANCH"}


def context(channel="BRANCH", evidence=(), **more):
    """A RequestContext under a new request id."""
    values = {"requestId": new_id(), "channel": f"CHANNEL_{channel}", "evidence": list(evidence)}
    values.update(more)
    return values


class Desk:
    """Everyone who has to do with cards in one region, over one connection to the card service."""

    def __init__(self, region):
        self.region = region
        self.client = Client(region.target("card"))

    def close(self):
        self.client.close()

    def again(self):
        """A new connection, after a restart of the service."""
        self.client.close()
        self.client = Client(self.region.target("card"))

    def token(self, role, **claims):
        return self.region.token(role, **claims)

    def holder_token(self, number, role="HOLDER", **claims):
        return self.region.token(role, actor_id_number=number, subject=f"{role.lower()}-{number[-8:]}", **claims)

    def do(self, method, values, role="OPERATOR", language=None, **claims):
        return self.client.call(method, values, self.token(role, **claims), language)

    # ---- applying and making ----

    def application(self, number, channel="BRANCH", evidence=(ID_DOCUMENT,), **more):
        values = {"parent": PARENT, "context": context(channel, evidence), "identityNumber": number,
                  "personName": "测试甲", "phone": "13800000000", "photoReference": "photo-1", "bankCode": "102",
                  "consent": CONSENT, "fulfilment": "FULFILMENT_PICKUP"}
        values.update(more)
        return values

    def apply(self, number=None, **more):
        number = number or identity_number()
        return self.do("ApplyCard", self.application(number, **more)).card

    def start(self, name, **more):
        return self.do("StartProduction", {"name": name, "context": context("SYSTEM"), **more}, "PLATFORM").card

    def completion(self, name, number=None, **more):
        number = number or card_number()
        return {"name": name, "context": context("SYSTEM"), "cardNumber": number,
                "chip": {"chipId": f"chip-{number}", "model": "SSC3-2023"}, **more}

    def complete(self, name, number=None, **more):
        return self.do("CompleteProduction", self.completion(name, number, **more), "PLATFORM").card

    def collect(self, name, enable=False):
        return self.do("CollectCard", {"name": name, "context": context("BRANCH", [ID_DOCUMENT]), "enable": enable}).card

    def enable(self, name):
        return self.do("EnableSocialFunction", {"name": name, "context": context("BRANCH", [ID_DOCUMENT])}).card

    def made(self, **more):
        card = self.apply(**more)
        self.start(card.name)
        return self.complete(card.name)

    def normal(self, **more):
        return self.collect(self.made(**more).name, enable=True)

    # ---- loss and end ----

    def loss(self, name, kind="TEMPORARY", **more):
        evidence = [PHONE_PROOF] if kind == "TEMPORARY" else [ID_DOCUMENT]
        return {"name": name, "context": context("BRANCH", evidence, **more), "kind": f"LOSS_KIND_{kind}"}

    def report_loss(self, name, kind="TEMPORARY", **more):
        return self.do("ReportLoss", self.loss(name, kind, **more)).card

    def recovery(self, name, **more):
        return {"name": name, "context": context("BRANCH", [CARD_PRESENTED, ID_DOCUMENT], **more)}

    def recover(self, name, **more):
        return self.do("RecoverCard", self.recovery(name, **more)).card

    def replacement(self, name, reason="LOST", **more):
        return {"name": name, "context": context("BRANCH", [ID_DOCUMENT]), "reason": f"REPLACE_REASON_{reason}",
                "fulfilment": "FULFILMENT_PICKUP", "consent": CONSENT, **more}

    def replace(self, name, reason="LOST", **more):
        return self.do("ReplaceCard", self.replacement(name, reason, **more)).card

    def holder_cancellation(self, name, **more):
        return {"name": name, "context": context("BRANCH", [ID_DOCUMENT], **more),
                "byHolder": {"noLocalEntitlements": True}}

    def cancel(self, name):
        return self.do("CancelCard", self.holder_cancellation(name)).card

    # ---- asking ----

    def get(self, name, language=None):
        return self.do("GetCard", {"name": name, "readOptions": AT_THE_COUNTER}, language=language)

    def holder(self, name):
        return self.do("GetHolder", {"name": name, "readOptions": AT_THE_COUNTER})

    def history(self, name, **more):
        values = {"parent": name, "orderBy": "version", "readOptions": AT_THE_COUNTER, **more}
        return list(self.do("ListCardHistory", values).entries)

    # ---- importing ----

    def import_holders(self, holders, request_id=None, **more):
        values = {"parent": PARENT, "context": context("SYSTEM"), "holders": holders}
        if request_id:
            values["context"]["requestId"] = request_id
        values["context"].update(more)
        return self.do("ImportHolders", values, "PLATFORM")

    @staticmethod
    def imported(*cards, number=None, **more):
        return {"identityNumber": number or identity_number(), "personName": "进口乙", "phone": "13900000000",
                "photoReference": "photo-9", "cards": list(cards), **more}

    @staticmethod
    def imported_card(state="NORMAL", **more):
        values = {"state": f"CARD_STATE_{state}", "bankCode": "102", "issuedOn": {"year": 2020, "month": 1, "day": 1},
                  "expiresOn": {"year": 2035, "month": 1, "day": 1}}
        if state not in ("REQUESTED", "PRODUCING", "WITHDRAWN"):
            values["cardNumber"] = card_number()
        if state in ("REQUESTED", "PRODUCING"):
            values["consent"] = CONSENT
            values["requestedAt"] = "2024-05-06T07:08:09Z"
            del values["issuedOn"], values["expiresOn"]
        if state in ("ARCHIVED", "NORMAL"):
            values["deliveryState"] = "DELIVERY_STATE_COLLECTED"
        if state == "CANCELLED":
            values["cancelReason"] = "CANCEL_REASON_HOLDER"
        values.update(more)
        return values

    def import_normal(self, count):
        """Names of `count` NORMAL cards of as many persons."""
        names = []
        while len(names) < count:
            batch = min(500, count - len(names))
            answer = self.import_holders([self.imported(self.imported_card()) for _ in range(batch)])
            assert answer.imported_count == batch, answer
            names += [verdict.cards[0] for verdict in answer.verdicts]
        return names
