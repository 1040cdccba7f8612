"""Calls by descriptors: any method of the suite, requests as plain values, refusals as exceptions.

Must never know a rule: it carries what tests say and shows what services answer.
"""

import threading
import uuid

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory

from tests.harness.region_harness import REGION, program

PARENT = f"regions/{REGION}"


def _load_pool():
    pool = descriptor_pool.DescriptorPool()
    files = descriptor_pb2.FileDescriptorSet()
    with open(program("tests/harness/region_descriptors.binpb"), "rb") as file:
        files.ParseFromString(file.read())
    for file in files.file:
        pool.Add(file)
    return pool


POOL = _load_pool()
_factory = message_factory.MessageFactory(POOL)
_classes = {}
_lock = threading.Lock()


def message_class(name):
    """The class of a message type by its full name."""
    with _lock:
        if name not in _classes:
            _classes[name] = _factory.GetPrototype(POOL.FindMessageTypeByName(name))
        return _classes[name]


def unpack(any_message):
    """What an Any holds."""
    return message_class(any_message.type_url.rpartition("/")[2]).FromString(any_message.value)


def new_id():
    return str(uuid.uuid4())


class Refused(Exception):
    """A call that was not answered with OK, with all that its details say."""

    def __init__(self, error):
        self.status = error.code().name
        self.message = error.details() or ""
        self.raw = b""
        self.info = self.refusal = self.bad_request = self.precondition = self.retry = self.localized = None
        self.order = []
        for key, value in error.trailing_metadata() or ():
            if key == "grpc-status-details-bin":
                self.raw = value
        if self.raw:
            self._read(message_class("google.rpc.Status").FromString(self.raw))
        super().__init__(f"{self.status} {self.reason}: {self.message}")

    def _read(self, status):
        places = {"google.rpc.ErrorInfo": "info", "sscard.common.v1.Refusal": "refusal",
                  "google.rpc.BadRequest": "bad_request", "google.rpc.PreconditionFailure": "precondition",
                  "google.rpc.RetryInfo": "retry", "google.rpc.LocalizedMessage": "localized"}
        for detail in status.details:
            name = detail.type_url.rpartition("/")[2]
            self.order.append(name)
            setattr(self, places[name], message_class(name).FromString(detail.value))

    @property
    def reason(self):
        return self.info.reason if self.info else ""

    @property
    def metadata(self):
        return dict(self.info.metadata) if self.info else {}

    @property
    def rule(self):
        return self.refusal.rule if self.refusal else ""

    @property
    def steps(self):
        return [step.code for step in self.refusal.next_steps] if self.refusal else []

    @property
    def fields(self):
        return [violation.field for violation in self.bad_request.field_violations] if self.bad_request else []


class Answer:
    """An answer with the trailers that came with it."""

    def __init__(self, message, trailers):
        self.message = message
        self.replayed = trailers.get("sscard-replayed") == "true"
        self.bytes = message.SerializeToString(deterministic=True)


class Client:
    """One connection to one service."""

    def __init__(self, target, service="sscard.card.v1.CardService", waits=False, credentials=None):
        """`waits`: a call waits until the service can be reached, within its time. `credentials`: of TLS."""
        self.target = target
        self.waits = waits
        self.service = service
        options = [
            ("grpc.use_local_subchannel_pool", 1), ("grpc.enable_retries", 0),
            ("grpc.initial_reconnect_backoff_ms", 50), ("grpc.min_reconnect_backoff_ms", 5000),
            ("grpc.max_reconnect_backoff_ms", 200), ("grpc.max_receive_message_length", 16 << 20)]
        self.channel = grpc.secure_channel(target, credentials, options) if credentials else grpc.insecure_channel(target, options)
        self._methods = {}

    def close(self):
        self.channel.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _method(self, name):
        if name not in self._methods:
            full = name if "/" in name else f"{self.service}/{name}"
            service, _, short = full.partition("/")
            method = POOL.FindServiceByName(service).methods_by_name[short]
            request = message_class(method.input_type.full_name)
            response = message_class(method.output_type.full_name)
            streams = POOL.FindFileContainingSymbol(service)
            proto = descriptor_pb2.FileDescriptorProto()
            streams.CopyToProto(proto)
            described = next(m for s in proto.service for m in s.method
                             if f"{proto.package}.{s.name}" == service and m.name == short)
            make = self.channel.unary_stream if described.server_streaming else self.channel.unary_unary
            call = make(f"/{full}", request_serializer=lambda m: m.SerializeToString(),
                        response_deserializer=response.FromString)
            self._methods[name] = (request, call)
        return self._methods[name]

    def request(self, name, values):
        request_class, _ = self._method(name)
        return json_format.ParseDict(values, request_class(), descriptor_pool=POOL)

    @staticmethod
    def _metadata(token, language):
        metadata = []
        if token:
            metadata.append(("authorization", f"Bearer {token}"))
        if language:
            metadata.append(("accept-language", language))
        return metadata

    def send(self, name, values, token, language=None, timeout=20):
        """The answer with its trailers, or Refused. `values`: a dict, or a message."""
        _, call = self._method(name)
        request = self.request(name, values) if isinstance(values, dict) else values
        try:
            message, done = call.with_call(
                request, timeout=timeout, metadata=self._metadata(token, language), wait_for_ready=self.waits)
        except grpc.RpcError as error:
            raise Refused(error) from None
        return Answer(message, dict(done.trailing_metadata() or ()))

    def call(self, name, values, token, language=None, timeout=20):
        return self.send(name, values, token, language, timeout).message

    def stream(self, name, values, token, language=None, timeout=30):
        """The call of a server stream: iterate over it, cancel() it."""
        _, call = self._method(name)
        return call(self.request(name, values), timeout=timeout, metadata=self._metadata(token, language))
