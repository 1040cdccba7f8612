"""Carries out one scenario against endpoints that it knows nothing about but their reflection.

Must never import a descriptor or a rule of the suite: what is right stands in the scenarios alone.
"""

import copy
import datetime
import re
import time
import uuid

import grpc

from tests.conformance.expect import MISSING, differences, look_up
from tests.harness.reflected_client import ReflectedClient

REFUSAL_MAX_BYTES = 4096
EVENTUALLY_SECONDS = 10
_NAME = re.compile(r"\$\{([^}]+)\}")
_RULE = re.compile(r"^[RSAN]\d+$")
_CHINA = datetime.timezone(datetime.timedelta(hours=8))


class Failed(Exception):
    """A scenario that did not come out as it should; the text says where and how."""


class Endpoints:
    """The services that can be reached, by the last word of their names: CardService."""

    def __init__(self, targets):
        self._clients = [ReflectedClient(target) for target in targets]
        self.services = {}
        for client in self._clients:
            for full in client.services():
                self.services.setdefault(full.rpartition(".")[2], (full, client))

    def resolve(self, call):
        """Client and full name of "CardService/ReportLoss"."""
        short, _, method = call.partition("/")
        full, client = self.services[short]
        return client, f"{full}/{method}"

    def close(self):
        for client in self._clients:
            client.close()


def _china_date(text):
    """"today", "today+60", "today-1": a google.type.Date."""
    match = re.fullmatch(r"today([+-]\d+)?", text)
    day = datetime.datetime.now(_CHINA).date() + datetime.timedelta(days=int(match.group(1) or 0))
    return {"year": day.year, "month": day.month, "day": day.day}


class Scenario:
    """One run of one scenario: its variables, and its steps one after the other."""

    def __init__(self, scenario, endpoints, tokens, printer, people, procedures, actors, values):
        self._scenario, self._endpoints, self._tokens, self._printer = scenario, endpoints, tokens, printer
        self._procedures, self._actors = procedures, actors
        self._variables = copy.deepcopy(values)
        for name in ["holder", *scenario.get("people", []), "stranger"]:
            self._variables[name] = people.person(scenario.get("born", {}).get(name, "19800101"))
        self._bytes = {}
        self._where = ""

    def run(self):
        self._steps(self._scenario["steps"], "")

    def _steps(self, steps, prefix):
        for number, step in enumerate(steps, 1):
            for name, each in self._loop(step):
                if name:
                    self._variables[name] = each
                self._where = f"{prefix}step {number}" + (f" ({name} = {each})" if name else "")
                self._step(step, f"{prefix}step {number}, ")

    def _loop(self, step):
        if "for_each" not in step:
            return [(None, None)]
        (name, values), = step["for_each"].items()
        return [(name, each) for each in self._filled(values)]

    def _step(self, step, prefix):
        for name, value in step.get("set", {}).items():
            self._variables[name] = self._filled(value)
        if "use" in step:
            procedure = self._procedures[step["use"]]
            for name, value in procedure.get("set", {}).items():
                if name not in step.get("set", {}):
                    self._variables[name] = self._filled(value)
            self._steps(procedure.get("steps", []), f"{prefix}{step['use']}: ")
        if "call" in step:
            self._call(step)

    # ---- filling in ----

    def _variable(self, name):
        if name == "new_id":
            return str(uuid.uuid4())
        if name.startswith("today"):
            return _china_date(name)
        found = look_up(self._variables, name)
        if found is MISSING:
            raise Failed(f"{self._where}: nothing is called {name}")
        return found

    def _filled(self, value):
        if isinstance(value, dict):
            return {key: self._filled(each) for key, each in value.items()}
        if isinstance(value, list):
            return [self._filled(each) for each in value]
        if not isinstance(value, str):
            return value
        whole = _NAME.fullmatch(value)
        if whole:
            return copy.deepcopy(self._variable(whole.group(1)))
        return _NAME.sub(lambda match: str(self._variable(match.group(1))), value)

    def _request(self, step, client, method):
        request = self._filled(step.get("request", {}))
        described = client.method(method)[0].DESCRIPTOR.fields_by_name
        channel = {"channel": f"CHANNEL_{self._filled(step['at'])}"} if "at" in step else {}
        if "context" in described:
            given = {"requestId": self._filled(step.get("request_id", "${new_id}")), **channel}
            if "evidence" in step:
                given["evidence"] = [self._variable(f"evidence.{kind}") for kind in step["evidence"]]
            request["context"] = {**given, **request.get("context", {})}
            if step.get("request_id") == "":
                del request["context"]["requestId"]
        if "read_options" in described:
            request["readOptions"] = {**channel, **request.get("readOptions", {})}
        return request

    def _token(self, step, more=None):
        if step.get("anonymous"):
            return None
        actor = self._actors[self._filled(step.get("as", "OPERATOR"))]
        claims = dict(actor["claims"])
        self._variables["person"] = self._variables[step.get("of", "holder")]
        if actor.get("person"):
            claims["actor-id-number"] = "${person.identity_number}"
        claims.update(step.get("claims", {}))
        claims.update(more or {})
        return self._tokens({key: self._filled(value) for key, value in claims.items() if value is not None})

    # ---- calling ----

    def _call(self, step):
        client, method = self._endpoints.resolve(self._filled(step["call"]))
        request = self._request(step, client, method)
        if "approved_by" in step:
            self._approve(step, client, method, request)
        until = time.monotonic() + (EVENTUALLY_SECONDS if step.get("eventually") else 0)
        while True:
            wrong = self._try(step, client, method, request)
            if not wrong:
                return
            if time.monotonic() > until:
                raise Failed(f"{self._where}: {step['call']}: " + "; ".join(wrong))
            time.sleep(0.05)

    def _approve(self, step, client, method, request):
        """A second person looks at exactly this request, and signs for it."""
        preview = copy.deepcopy(request)
        preview["context"]["validateOnly"] = True
        try:
            answer, _, _ = client.unary(method, preview, self._token(step))
            request_hash = look_up(answer, "preview.requestHash")
        except grpc.RpcError as error:
            request_hash = self._details(client, error).get("metadata", {}).get("request_hash", "")
        second = {"as": step["approved_by"], "claims": {"request-hash": request_hash}}
        request["context"]["approval"] = {"token": self._token(second)}

    def _try(self, step, client, method, request):
        """One attempt; what was wrong with it."""
        token, language = self._token(step), step.get("language")
        try:
            if "take" in step:
                stream = client.call(method, request, token, language, defaults=True)
                answer, raw, trailers = {"messages": [next(stream) for _ in range(step["take"])]}, b"", {}
            else:
                answer, raw, trailers = client.unary(method, request, token, language)
        except grpc.RpcError as error:
            return self._judge_refusal(step, client, error)
        except StopIteration:
            return ["the stream ended early"]
        return self._judge_answer(step, answer, raw, trailers)

    def _judge_answer(self, step, answer, raw, trailers):
        if "refused" in step:
            return [f"expected to be refused with {step['refused'].get('reason')}, but it was answered"]
        wrong = differences(answer, self._filled(step.get("answer", {})))
        if "replayed" in step and (trailers.get("sscard-replayed") == "true") != step["replayed"]:
            wrong.append(f"expected replayed = {step['replayed']}")
        if "same_bytes_as" in step and raw != self._bytes.get(step["same_bytes_as"]):
            wrong.append(f"the answer is not the one called {step['same_bytes_as']}, byte by byte")
        if not wrong:
            if "save_bytes" in step:
                self._bytes[step["save_bytes"]] = raw
            self._save(step, answer)
        return wrong

    def _save(self, step, answer):
        for name, path in step.get("save", {}).items():
            found = look_up(answer, path)
            if found is MISSING:
                raise Failed(f"{self._where}: the answer has no {path}")
            self._variables[name] = found
        for name, path in step.get("printed", {}).items():
            self._variables[name] = self._printer(look_up(answer, path))

    # ---- refusals ----

    @staticmethod
    def _details(client, error):
        """What a refusal says, in one flat form."""
        size, details = client.details(error)
        found = {"status": error.code().name, "size": size}
        for name, values in details:
            short = name.rpartition(".")[2]
            if short == "ErrorInfo":
                found.update(reason=values.get("reason"), domain=values.get("domain"), metadata=values.get("metadata", {}))
            elif short == "Refusal":
                found.update(rule=values.get("rule"), next_steps=[each.get("code") for each in values.get("nextSteps", [])])
            elif short == "BadRequest":
                found["fields"] = [each.get("field") for each in values.get("fieldViolations", [])]
            elif short == "LocalizedMessage":
                found.update(text=values.get("message"), locale=values.get("locale"))
            elif short == "RetryInfo":
                found["retry"] = True
        return found

    def _judge_refusal(self, step, client, error):
        found = self._details(client, error)
        if "refused" not in step:
            return [f"refused: {found['status']} {found.get('reason')} {found.get('fields', '')} {error.details()}"]
        wanted = self._filled(step["refused"])
        wrong = self._typed(found)
        for word in ("status", "reason", "rule", "text", "retry"):
            if word in wanted:
                wrong += differences(found, {word: wanted[word]})
        for word in ("next_steps", "fields"):
            missing = [each for each in wanted.get(word, []) if each not in found.get(word, [])]
            if missing:
                wrong.append(f"{word}: {missing} not in {found.get(word, [])}")
        start = wanted.get("next_steps_start", [])
        if found.get("next_steps", [])[:len(start)] != start:
            wrong.append(f"next_steps: expected to begin with {start}, got {found.get('next_steps', [])}")
        wrong += differences(found.get("metadata", {}), wanted.get("metadata", {}))
        if not wrong:
            self._save(step, found)
        return wrong

    @staticmethod
    def _typed(found):
        """S10: every refusal is a typed error, whatever the scenario asks."""
        wrong = []
        if not found.get("reason") or not found.get("domain"):
            wrong.append(f"S10: no ErrorInfo with reason and domain: {found}")
        if found["size"] > REFUSAL_MAX_BYTES:
            wrong.append(f"S10: {found['size']} bytes of details, at most {REFUSAL_MAX_BYTES}")
        if found.get("rule") and not _RULE.match(found["rule"]):
            wrong.append(f"S10: {found['rule']} is no rule number")
        return wrong
