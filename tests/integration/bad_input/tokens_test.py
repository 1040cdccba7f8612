"""Tokens that are expired, foreign, unsigned or broken in any other way open nothing, and nobody is told why in detail."""

import hashlib
import hmac
import json
import os
import subprocess
import time
import unittest

from tests.harness.region_cards import AT_THE_COUNTER, Desk
from tests.harness.region_client import Client, Refused
from tests.harness.region_harness import Region, program
from tests.harness.region_jwt import Signer, decode, encode
from tests.harness.region_tap import main

SECONDS_PAST_ANY_SKEW = 400


class TokensTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.region = Region(("card", "status"))
        cls.region.__enter__()
        cls.desk = Desk(cls.region)
        cls.status = Client(cls.region.target("status"), "sscard.status.v1.StatusService")
        cls.card = cls.desk.import_normal(1)[0]
        cls.good = cls.region.token("OPERATOR")
        cls.signer = Signer(cls.region.keys)
        cls.header, cls.claims = cls.signer.parts(cls.good)

    @classmethod
    def tearDownClass(cls):
        cls.signer.close()
        cls.status.close()
        cls.desk.close()
        cls.region.__exit__(None, None, None)

    def opens(self, token):
        values = {"name": self.card, "readOptions": AT_THE_COUNTER}
        self.assertEqual(self.desk.client.call("GetCard", values, token).name, self.card)
        self.assertEqual(self.status.call("GetCardStatus", values, token).name, self.card)

    def refused(self, token, reason=None):
        values = {"name": self.card, "readOptions": AT_THE_COUNTER}
        for client, method, request in ((self.desk.client, "GetCard", values), (self.status, "GetCardStatus", values),
                                        (self.desk.client, "ReportLoss", self.desk.loss(self.card))):
            with self.assertRaises(Refused) as caught:
                client.call(method, request, token)
            refusal = caught.exception
            self.assertEqual(refusal.status, "UNAUTHENTICATED", str(refusal))
            self.assertEqual(refusal.info.domain, "sscard")
            if reason:
                self.assertEqual(refusal.reason, reason, str(refusal))
            for secret in [part for part in (token or "").split(".") if len(part) > 20]:
                self.assertNotIn(secret, refusal.message + refusal.raw.decode("utf-8", "replace"))
        self.assertEqual(self.desk.get(self.card).state, 4)

    def signed(self, header=None, **claims):
        merged = {**self.claims, **claims}
        return self.signer.sign({**self.header, **(header or {})}, {key: value for key, value in merged.items() if value is not None})

    def test_hand_signed_token_with_good_claims_opens(self):
        self.opens(self.signed())

    def test_no_token(self):
        for token in (None, "", " "):
            self.refused(token)

    def test_expired_token(self):
        now = int(time.time())
        self.refused(self.signed(iat=now - 1200, exp=now - SECONDS_PAST_ANY_SKEW), "TOKEN_EXPIRED")

    def test_token_that_is_not_valid_yet(self):
        later = int(time.time()) + SECONDS_PAST_ANY_SKEW
        self.refused(self.signed(iat=later, nbf=later, exp=later + 600))

    def test_token_that_lives_too_long(self):
        now = int(time.time())
        self.refused(self.signed(iat=now, exp=now + 86400 * 365), "TOKEN_LIFETIME")

    def test_foreign_token_of_another_key(self):
        keys = os.path.join(self.region.folder, "foreign")
        subprocess.run([program("tools/devkeys/devkeys"), "--dir", keys, "--quiet"], check=True)
        foreign = Signer(keys)
        head, claims = {**self.header, "kid": foreign.jwk["kid"]}, self.claims
        self.refused(foreign.sign(head, claims), "TOKEN_KEY_UNKNOWN")
        self.refused(foreign.sign(self.header, claims), "TOKEN_SIGNATURE")
        foreign.close()

    def test_unsigned_token(self):
        body = f'{encode(json.dumps({**self.header, "alg": "none"}).encode())}.{self.good.split(".")[1]}'
        for token in (body + ".", body, body + "." + encode(b"\0" * 64), self.good.rpartition(".")[0] + "."):
            self.refused(token)

    def test_algorithm_that_is_another_than_the_key_s(self):
        jwks = open(os.path.join(self.region.keys, "jwks.json"), "rb").read()
        key = json.loads(jwks)["keys"][0]
        public = [jwks, decode(key["x"]), json.dumps(key).encode(), b"\x04" + decode(key["x"]) + decode(key["y"])]
        for secret in public:
            body = f'{encode(json.dumps({**self.header, "alg": "HS256"}).encode())}.{self.good.split(".")[1]}'
            self.refused(f"{body}.{encode(hmac.new(secret, body.encode(), hashlib.sha256).digest())}")
        for algorithm in ("ES384", "RS256", "es256", "", None, 5):
            self.refused(self.signed({"alg": algorithm}))

    def test_claims_changed_under_the_signature(self):
        head, _, signature = self.good.split(".")
        for change in ({"sub": "somebody-else"}, {"roles": ["SYSTEM"]}, {"exp": self.claims["exp"] + 600}):
            self.refused(f"{head}.{encode(json.dumps({**self.claims, **change}).encode())}.{signature}", "TOKEN_SIGNATURE")

    def test_token_for_another_audience(self):
        for audience in ("another", "", None, ["another"], "sscard ", "SSCARD"):
            self.refused(self.signed(aud=audience))

    def test_claims_that_are_missing_or_of_another_kind(self):
        # What a token consists of; `None` leaves a claim out.
        names = [name for name in ("sub", "iss", "exp", "iat") if name in self.claims]
        self.assertEqual(len(names), 4)
        for name in names:
            for value in (None, [], {}, True, 5.5 if name in ("sub", "iss") else "soon", ""):
                self.refused(self.signed(**{name: value}))
        for name in ("roles", "channels", "outlets"):
            if name in self.claims:
                for value in ("NOBODY", [5], [""], {"a": 1}, ["NO_SUCH_ROLE_OR_CHANNEL"], "x" * 3000):
                    with self.subTest(f"{name} = {str(value)[:40]}"):
                        self.closed(self.signed(**{name: value}))

    def closed(self, token):
        """Refused as a token or for what it grants; either way nothing is answered."""
        with self.assertRaises(Refused) as caught:
            self.desk.client.call("GetCard", {"name": self.card, "readOptions": {**AT_THE_COUNTER, "outlet": "330100-0001"}}, token)
        self.assertIn(caught.exception.status, ("UNAUTHENTICATED", "PERMISSION_DENIED"), str(caught.exception))

    def test_token_without_roles_may_do_nothing(self):
        for roles in ([], None):
            self.closed(self.signed(roles=roles))

    def test_texts_that_are_no_tokens(self):
        head, claims, signature = self.good.split(".")
        for token in ("nonsense", "a.b.c", "..", ".", "a" * 3000, f"{head}.{claims}", f"{head}.{claims}.{signature}.x", f"{head}..{signature}",
                      f"{head}.{claims}.{signature[:-4]}", f"{head}.{claims}.{signature}AAAA", f"{head}.{claims}.!!!", f"{head[:-2]}.{claims}.{signature}",
                      f"{head}.{encode(b'[]')}.{signature}", f"{head}.{encode(b'{')}.{signature}", f"{encode(b'null')}.{claims}.{signature}",
                      encode(b"\xff" * 100) + "." + claims + "." + signature, f"{head}.{encode(b'[' * 2000)}.{signature}"):
            self.refused(token)

    def test_signed_claims_that_are_no_object_or_nested_without_end(self):
        for claims in ("[]", "null", "5", '"x"', "{", "", '{"sub":"a","sub":"b"}', "[" * 1500, '{"a":' * 500 + "1" + "}" * 500, "\u0000"):
            self.refused(self.signer.sign(self.header, claims))

    def test_header_with_critical_extensions_or_keys_of_its_own(self):
        self.refused(self.signed({"crit": ["exp"]}))
        self.refused(self.signed({"kid": "no-such-key"}))
        self.refused(self.signed({"kid": "../../etc/passwd"}))
        # A key that the token brings along is never used: the known one verifies it, or nothing does.
        evil = {"kty": "EC", "crv": "P-256", "x": encode(b"\1" * 32), "y": encode(b"\2" * 32)}
        head = {**self.header, "jwk": evil, "jku": "http://127.0.0.1:1/keys"}
        try:
            self.desk.client.call("GetCard", {"name": self.card, "readOptions": AT_THE_COUNTER}, self.signed(head))
        except Refused as refusal:
            self.assertEqual(refusal.status, "UNAUTHENTICATED")

    def test_the_system_s_role_is_not_to_be_had_for_a_name(self):
        """A token may not claim what its kind of caller cannot be: more than one word, unknown words."""
        for roles in (["SYSTEM", "NOBODY"], ["system"], ["OPERATOR,SYSTEM"], ["*"]):
            with self.assertRaises(Refused):
                self.desk.client.call("GetCard", {"name": self.card, "readOptions": AT_THE_COUNTER}, self.signed(roles=roles))


if __name__ == "__main__":
    main()
