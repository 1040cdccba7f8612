"""Tokens that no issuer would give: signed by hand with a development key, or not at all.

Must never be used for a token that is to be good: `devkeys token` makes those.
"""

import base64
import json
import os
import subprocess
import tempfile


def encode(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _der(tag, *parts):
    body = b"".join(parts)
    length = bytes([len(body)]) if len(body) < 128 else bytes([0x81, len(body)])
    return bytes([tag]) + length + body


P256 = bytes.fromhex("06082a8648ce3d030107")


def _pem(jwk):
    """The private key as openssl reads it (RFC 5915)."""
    point = b"\x04" + decode(jwk["x"]).rjust(32, b"\0") + decode(jwk["y"]).rjust(32, b"\0")
    key = _der(0x30, b"\x02\x01\x01", _der(0x04, decode(jwk["d"]).rjust(32, b"\0")), _der(0xA0, P256), _der(0xA1, _der(0x03, b"\0" + point)))
    return b"-----BEGIN EC PRIVATE KEY-----\n" + base64.encodebytes(key) + b"-----END EC PRIVATE KEY-----\n"


def _raw_signature(der):
    """ECDSA's two integers as JWS wants them: 32 bytes each."""
    at, out = 2 if der[1] < 128 else 3, b""
    for _ in range(2):
        length = der[at + 1]
        out += der[at + 2:at + 2 + length].lstrip(b"\0").rjust(32, b"\0")
        at += 2 + length
    return out


class Signer:
    def __init__(self, keys):
        with open(os.path.join(keys, "token-signing.jwk"), encoding="ascii") as file:
            self.jwk = json.load(file)
        with tempfile.NamedTemporaryFile(suffix=".pem", delete=False) as file:
            file.write(_pem(self.jwk))
            self.pem = file.name

    def close(self):
        os.unlink(self.pem)

    @staticmethod
    def parts(token):
        """Header and claims of a token."""
        head, claims, _ = token.split(".")
        return json.loads(decode(head)), json.loads(decode(claims))

    def sign(self, header, claims):
        texts = [each if isinstance(each, str) else json.dumps(each) for each in (header, claims)]
        body = ".".join(encode(text.encode()) for text in texts)
        done = subprocess.run(["openssl", "dgst", "-sha256", "-sign", self.pem], input=body.encode(), capture_output=True, check=True)
        return f"{body}.{encode(_raw_signature(done.stdout))}"
