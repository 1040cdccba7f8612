"""What tests of requests that make no sense have in common: bytes go out, a typed error comes back.

Must never accept an error without a reason, nor one that blames the server.
"""

import copy
import os
import unittest

import grpc

from tests.harness.region_client import Refused

TYPED = ("INVALID_ARGUMENT", "NOT_FOUND", "PERMISSION_DENIED", "FAILED_PRECONDITION", "ALREADY_EXISTS", "ABORTED", "UNAUTHENTICATED",
         "RESOURCE_EXHAUSTED")
GROWTH_KIB_MAX = 24 * 1024
UNDER_SANITIZER = "ASAN_OPTIONS" in os.environ


class TypedCase(unittest.TestCase):
    """`client_of(method)`, a Client, is the test's own."""

    maxDiff = None

    def raw(self, method, packed, token, timeout=20):
        """Status, and the details that must come with it."""
        call = self.client_of(method).channel.unary_unary(f"/{method}")
        try:
            call(packed, timeout=timeout, metadata=[("authorization", f"Bearer {token}")])
            return "OK", None
        except grpc.RpcError as error:
            refusal = Refused(error)
            return refusal.status, refusal

    def typed(self, method, packed, token, what, allow_ok=False):
        """The refusal that the bytes get, which must be a typed one."""
        status, refusal = self.raw(method, packed, token)
        if status == "OK":
            self.assertTrue(allow_ok, f"{method}: {what} was taken")
            return None
        self.assertIn(status, TYPED, f"{method}: {what}: {refusal}")
        self.assertEqual(refusal.info.domain, "sscard", f"{method}: {what}")
        self.assertTrue(refusal.reason and refusal.localized.message, f"{method}: {what}")
        self.assertLessEqual(len(refusal.raw), 4096)
        if status == "INVALID_ARGUMENT":
            self.assertTrue(refusal.bad_request.field_violations, f"{method}: {what}: {refusal}")
        return refusal

    def fields(self, message, path=""):
        """(message, field, path) of everything that is set, or could be set in what is set."""
        for field in message.DESCRIPTOR.fields:
            here = f"{path}.{field.name}" if path else field.name
            yield message, field, here
            if field.message_type and field.label == field.LABEL_REPEATED and not field.message_type.GetOptions().map_entry:
                for i, item in enumerate(getattr(message, field.name)):
                    yield from self.fields(item, f"{here}[{i}]")
            elif field.message_type and field.label != field.LABEL_REPEATED and message.HasField(field.name):
                yield from self.fields(getattr(message, field.name), here)

    def set_text(self, message, path, text):
        changed = copy.deepcopy(message)
        target, field = next((m, f) for m, f, p in self.fields(changed) if p == path)
        if field.label == field.LABEL_REPEATED:
            getattr(target, field.name).append(text)
        else:
            setattr(target, field.name, text)
        return changed
