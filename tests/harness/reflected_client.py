"""A client that was never compiled against the API: it asks the server what there is, and calls that.

Must never import a descriptor or generated code of the suite; the few messages of reflection itself are spelt out here.
"""

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory

FIELD = descriptor_pb2.FieldDescriptorProto
DETAILS = "grpc-status-details-bin"


def _reflection_file(version):
    """grpc/reflection/<version>/reflection.proto, as far as it is needed here."""
    package = f"grpc.reflection.{version}"
    file = descriptor_pb2.FileDescriptorProto(name=f"own/reflection_{version}.proto", package=package, syntax="proto3")

    def message(name, *fields):
        entry = file.message_type.add(name=name)
        for number, (field, kind, *more) in fields:
            described = entry.field.add(name=field, number=number, label=FIELD.LABEL_OPTIONAL)
            described.type = kind
            if "repeated" in more:
                described.label = FIELD.LABEL_REPEATED
            if kind == FIELD.TYPE_MESSAGE:
                described.type_name = f".{package}.{more[0]}"

    message("ServerReflectionRequest", (1, ("host", FIELD.TYPE_STRING)), (3, ("file_by_filename", FIELD.TYPE_STRING)),
            (4, ("file_containing_symbol", FIELD.TYPE_STRING)), (7, ("list_services", FIELD.TYPE_STRING)))
    message("FileDescriptorResponse", (1, ("file_descriptor_proto", FIELD.TYPE_BYTES, "repeated")))
    message("ServiceResponse", (1, ("name", FIELD.TYPE_STRING)))
    message("ListServiceResponse", (1, ("service", FIELD.TYPE_MESSAGE, "ServiceResponse", "repeated")))
    message("ErrorResponse", (1, ("error_code", FIELD.TYPE_INT32)), (2, ("error_message", FIELD.TYPE_STRING)))
    message("ServerReflectionResponse",
            (4, ("file_descriptor_response", FIELD.TYPE_MESSAGE, "FileDescriptorResponse")),
            (6, ("list_services_response", FIELD.TYPE_MESSAGE, "ListServiceResponse")),
            (7, ("error_response", FIELD.TYPE_MESSAGE, "ErrorResponse")))
    request = file.message_type[0]
    request.oneof_decl.add(name="message_request")
    for field in request.field[1:]:
        field.oneof_index = 0
    return file


class Unknown(Exception):
    """The server does not know the symbol or file that was asked for."""


class ReflectedClient:
    def __init__(self, target, version="v1"):
        self.channel = grpc.insecure_channel(target, options=[("grpc.use_local_subchannel_pool", 1)])
        self.version = version
        self.pool = descriptor_pool.DescriptorPool()
        self.files = {}
        own = descriptor_pool.DescriptorPool()
        own.Add(_reflection_file(version))
        factory = message_factory.MessageFactory(own)
        prototype = lambda name: factory.GetPrototype(own.FindMessageTypeByName(f"grpc.reflection.{version}.{name}"))
        self._request, self._response = prototype("ServerReflectionRequest"), prototype("ServerReflectionResponse")
        self._info = self.channel.stream_stream(
            f"/grpc.reflection.{version}.ServerReflection/ServerReflectionInfo",
            request_serializer=self._request.SerializeToString, response_deserializer=self._response.FromString)
        self._factory = message_factory.MessageFactory(self.pool)

    def close(self):
        self.channel.close()

    def _ask(self, **question):
        answers = list(self._info(iter([self._request(**question)]), timeout=10))
        assert len(answers) == 1, answers
        if answers[0].HasField("error_response"):
            raise Unknown(answers[0].error_response.error_message)
        return answers[0]

    def services(self):
        return sorted(service.name for service in self._ask(list_services="*").list_services_response.service)

    def learn(self, symbol):
        """Fetches the file that holds `symbol`, and what it imports."""
        self._add(self._ask(file_containing_symbol=symbol))

    def _add(self, answer):
        found = []
        for raw in answer.file_descriptor_response.file_descriptor_proto:
            file = descriptor_pb2.FileDescriptorProto.FromString(raw)
            if file.name not in self.files:
                self.files[file.name] = file
                found.append(file)
        for file in found:
            for needed in file.dependency:
                if needed not in self.files:
                    self._add(self._ask(file_by_filename=needed))
        for file in found:
            self._add_to_pool(file.name)

    def _add_to_pool(self, name):
        try:
            self.pool.FindFileByName(name)
            return
        except KeyError:
            pass
        for needed in self.files[name].dependency:
            self._add_to_pool(needed)
        plain = descriptor_pb2.FileDescriptorProto.FromString(self.files[name].SerializeToString())
        plain.ClearField("source_code_info")
        self.pool.Add(plain)

    def message(self, name):
        try:
            described = self.pool.FindMessageTypeByName(name)
        except KeyError:
            self.learn(name)
            described = self.pool.FindMessageTypeByName(name)
        return self._factory.GetPrototype(described)

    def method(self, full_name):
        """Request class, response class, does it stream."""
        service, _, short = full_name.partition("/")
        self.learn(service)
        described = self.pool.FindServiceByName(service).methods_by_name[short]
        streams = any(
            method.server_streaming for file in self.files.values() for each in file.service
            if f"{file.package}.{each.name}" == service for method in each.method if method.name == short)
        return self.message(described.input_type.full_name), self.message(described.output_type.full_name), streams

    def call(self, full_name, values, token=None, language=None, defaults=False):
        """The answer as plain values; grpc.RpcError as it comes. `defaults`: with the fields that hold nothing."""
        request, response, streams = self.method(full_name)
        message = json_format.ParseDict(values, request(), descriptor_pool=self.pool)
        make = self.channel.unary_stream if streams else self.channel.unary_unary
        call = make(f"/{full_name}", request_serializer=request.SerializeToString, response_deserializer=response.FromString)
        answer = call(message, metadata=self._metadata(token, language), timeout=10)
        plain = lambda each: json_format.MessageToDict(
            each, including_default_value_fields=defaults, descriptor_pool=self.pool)
        return (plain(each) for each in answer) if streams else plain(answer)

    @staticmethod
    def _metadata(token, language):
        metadata = [("authorization", f"Bearer {token}")] if token else []
        return metadata + ([("accept-language", language)] if language else [])

    def unary(self, full_name, values, token=None, language=None):
        """As call(), of a method that does not stream: the answer with every field, its bytes, and its trailers."""
        request, response, _ = self.method(full_name)
        message = json_format.ParseDict(values, request(), descriptor_pool=self.pool)
        call = self.channel.unary_unary(
            f"/{full_name}", request_serializer=request.SerializeToString, response_deserializer=response.FromString)
        answer, done = call.with_call(message, metadata=self._metadata(token, language), timeout=10)
        plain = json_format.MessageToDict(answer, including_default_value_fields=True, descriptor_pool=self.pool)
        return plain, answer.SerializeToString(deterministic=True), dict(done.trailing_metadata() or ())

    def details(self, error):
        """The google.rpc.Status of a refusal: its packed size, and [(type, plain values)] in their order."""
        raw = dict(error.trailing_metadata() or ()).get(DETAILS)
        if raw is None:
            return 0, []
        status = self.message("google.rpc.Status").FromString(raw)
        found = []
        for detail in status.details:
            name = detail.type_url.rpartition("/")[2]
            found.append((name, json_format.MessageToDict(self.message(name).FromString(detail.value), descriptor_pool=self.pool)))
        return len(raw), found
