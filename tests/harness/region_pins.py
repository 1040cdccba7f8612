"""Words for tests about card PINs: who issues, checks, changes, unlocks and resets.

Must never decide what is right: a call either returns the answer or raises Refused.
"""

import base64
import subprocess

from tests.harness.region_cards import CARD_PRESENTED, ID_DOCUMENT, context
from tests.harness.region_client import Client
from tests.harness.region_harness import program

SERVICE = "sscard.credential.v1.CredentialService"
SOCIAL = "PASSWORD_KIND_SOCIAL_SECURITY"
BANK = "PASSWORD_KIND_BANK_ACCOUNT"


class PinDesk:
    """Everyone who has to do with PINs in one region, over one connection to the credential service."""

    def __init__(self, region, waits=False):
        self.region = region
        self.client = Client(region.target("credential"), SERVICE, waits=waits)

    def close(self):
        self.client.close()

    def do(self, method, values, role="OPERATOR", language=None, **claims):
        return self.client.call(method, values, self.region.token(role, **claims), language)

    @staticmethod
    def name(card):
        return f"{card}/credential"

    # ---- requests ----

    def issue_request(self, card, **more):
        return {"name": self.name(card), "context": context("SYSTEM", **more)}

    def verify_request(self, card, pin, channel="BRANCH", evidence=(), **more):
        return {"name": self.name(card), "context": context(channel, evidence, **more), "pin": pin, "password": SOCIAL}

    def change_request(self, card, old, new, channel="BRANCH", evidence=(), **more):
        return {"name": self.name(card), "context": context(channel, evidence, **more), "oldPin": old, "newPin": new,
                "password": SOCIAL}

    def counter_request(self, card, **more):
        return {"name": self.name(card), "context": context("BRANCH", [ID_DOCUMENT], **more), "password": SOCIAL}

    # ---- doing ----

    def issue(self, card):
        """The PIN, as the printer of the factory prints it."""
        return self.printed(self.do("IssueCredential", self.issue_request(card), "PLATFORM"))

    def verify(self, card, pin, **more):
        return self.do("VerifyPin", self.verify_request(card, pin, **more))

    def change(self, card, old, new, **more):
        return self.do("ChangePin", self.change_request(card, old, new, **more))

    def pharmacy_change(self, card, old, new):
        request = self.change_request(card, old, new, "MEDICAL_POS", [CARD_PRESENTED])
        return self.do("ChangePin", request, "PLATFORM", channels="MEDICAL_POS")

    def unlock(self, card):
        return self.do("UnlockPin", self.counter_request(card))

    def reset(self, card):
        return self.printed(self.do("ResetPin", self.counter_request(card)))

    def get(self, card, language=None):
        values = {"name": self.name(card), "readOptions": {"channel": "CHANNEL_BRANCH"}}
        return self.do("GetCredential", values, language=language)

    def printed(self, result):
        sealed = base64.urlsafe_b64encode(result.sealed_pin.sealed).decode().rstrip("=")
        done = subprocess.run(
            [program("tools/devkeys/devkeys"), "print-pin", "--dir", self.region.keys, "--sealed", sealed],
            capture_output=True, text=True, check=True)
        return done.stdout.strip()
