"""A region for one test program: keys, Redis and services as real processes on loopback, in a folder of its own.

Must never leave a process behind: each is asked to end, its exit code is looked at, and the kernel ends it with us.
"""

import ctypes
import functools
import itertools
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

REGION = "330000"
READY_SECONDS = 30
END_SECONDS = 20
SOCKET_PATH_MAX = 100
PR_SET_PDEATHSIG = 1

_libc = ctypes.CDLL(None)


def program(path):
    """Where Bazel put a program or a file of the tree: the working folder of a test is its runfiles."""
    return os.path.abspath(os.path.join(os.environ.get("REGION_RUNFILES", "."), path))


def eventually(condition, what, seconds=READY_SECONDS):
    """Polls until `condition` returns something true, and returns that."""
    until = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > until:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.01)


def _die_with_parent():
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class Process:
    """One process, its log, its end."""

    def __init__(self, name, command, log):
        self.name = name
        self.log = log
        self._out = open(log, "ab")
        self.log_from = self._out.tell()
        self._process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=self._out, stderr=self._out, preexec_fn=_die_with_parent)
        self.pid = self._process.pid

    def exit_code(self):
        return self._process.poll()

    def runs(self):
        return self.exit_code() is None

    def text(self):
        with open(self.log, "rb") as file:
            file.seek(self.log_from)
            return file.read().decode("utf-8", "replace")

    def tail(self):
        return "\n".join(self.text().splitlines()[-20:])

    def line(self, event):
        """The first log line of this run with that event, as an object; None: not yet."""
        for line in self.text().splitlines():
            if f'"event":"{event}"' in line:
                return json.loads(line)
        return None

    def kill(self, number=signal.SIGKILL):
        os.kill(self.pid, number)

    def wait(self, seconds=END_SECONDS):
        try:
            code = self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            self._process.wait()
            raise AssertionError(f"{self.name} did not end within {seconds} s") from None
        finally:
            if not self._out.closed:
                self._out.close()
        return code

    def resident_kib(self):
        with open(f"/proc/{self.pid}/status", encoding="ascii") as file:
            return int(re.search(r"VmRSS:\s+(\d+)", file.read()).group(1))

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.pid}/fd"))


class Region:
    """keys/, redis.sock, data/<service>/ and logs in one folder; use it as a context."""

    def __init__(self, services=("card",), redis=True, flags=None):
        base = os.environ.get("TEST_TMPDIR", "/tmp")
        if len(base) > SOCKET_PATH_MAX - 30:
            base = "/tmp"  # a unix socket's path has room for 107 bytes
        self.folder = tempfile.mkdtemp(prefix="region.", dir=base)
        self.keys = os.path.join(self.folder, "keys")
        self.regions = program("regions")  # rule packs; a test may name a folder of its own
        self.redis_socket = os.path.join(self.folder, "redis.sock")
        self.wants_redis = redis
        self.names = services
        self.flags = flags or {}
        self.redis = None
        self.services = {}
        self.ports = {}

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.destroy()
            raise
        return self

    def __exit__(self, kind, error, trace):
        try:
            if kind is None:
                self.stop()
        finally:
            self.destroy()

    # ---- start ----

    def start(self):
        subprocess.run([program("tools/devkeys/devkeys"), "--dir", self.keys, "--quiet"], check=True)
        if self.wants_redis:
            self.start_redis()
        for name in self.names:
            self.start_service(name)

    def start_redis(self):
        if os.path.exists(self.redis_socket):
            os.unlink(self.redis_socket)
        self.redis = Process(
            "redis",
            ["redis-server", "--port", "0", "--unixsocket", self.redis_socket, "--unixsocketperm", "700",
             "--dir", self.folder, "--save", "", "--appendonly", "no", "--maxmemory-policy", "allkeys-lfu",
             "--set-proc-title", "no"],
            os.path.join(self.folder, "redis.log"))
        eventually(self._redis_answers, "Redis answers")

    def _redis_answers(self):
        with socket.socket(socket.AF_UNIX) as client:
            try:
                client.connect(self.redis_socket)
                client.sendall(b"PING\r\n")
                return client.recv(16).startswith(b"+PONG")
            except OSError:
                return False

    def command_of(self, name):
        port, operations_port = self.ports.get(name, (0, 0))
        data = os.path.join(self.folder, "data", name)
        os.makedirs(data, exist_ok=True)
        command = [
            program(f"services/{name}/{name}"), "--listen", f"127.0.0.1:{port}",
            "--operations-listen", f"127.0.0.1:{operations_port}", "--region", REGION, "--data-dir", data,
            "--keys-dir", self.keys, "--regions-dir", self.regions, "--log-format", "json", "--drain-grace", "1ms",
            "--service-signing-key", os.path.join(self.keys, "token-signing.jwk")]
        if self.wants_redis:
            command += ["--redis", self.redis_socket]
        for peer in self.names:
            if peer != name and peer in self.ports:
                command += ["--peer", f"{peer}={self.target(peer)}"]
        return command + self.own_options(name) + self.flags.get(name, [])

    def own_options(self, name):
        """What services/<name>/development.yaml says, as flags."""
        path = program(f"services/{name}/development.yaml")
        if not os.path.exists(path):
            return []
        flags = []
        with open(path, encoding="utf-8") as file:
            for line in file:
                key, colon, value = line.partition("#")[0].strip().partition(":")
                value = value.strip().strip('"').replace("@KEYS@", self.keys)
                if colon:
                    flags += [f"--{key}", value.replace("@DATA@", os.path.join(self.folder, "data", name))]
        return flags

    def start_service(self, name, wait=True):
        """On a port that was free the first time, and on the same one afterwards."""
        process = Process(name, self.command_of(name), os.path.join(self.folder, f"{name}.log"))
        self.services[name] = process

        def serving():
            if not process.runs():
                raise AssertionError(f"{name} ended with {process.exit_code()}:\n{process.tail()}")
            return process.line("serving")

        line = eventually(serving, f"{name} serves")
        self.ports[name] = (line["port"], line["operations_port"])
        if wait:
            eventually(lambda: self.is_ready(name), f"{name} is ready")
        return process

    def target(self, name):
        return f"127.0.0.1:{self.ports[name][0]}"

    def operations(self, name, path):
        """Status code and text of a page of the operations port; 0: nobody answers."""
        url = f"http://127.0.0.1:{self.ports[name][1]}{path}"
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def is_ready(self, name):
        return self.operations(name, "/readyz")[0] == 200

    # ---- end ----

    def stop_service(self, name):
        process = self.services.pop(name)
        assert process.runs(), f"{name} ended by itself with {process.exit_code()}:\n{process.tail()}"
        process.kill(signal.SIGTERM)
        code = process.wait()
        assert code == 0, f"{name} ended with {code}:\n{process.tail()}"
        return process

    def kill_service(self, name):
        """kill -9, as a machine that loses power does, but for the disk."""
        process = self.services.pop(name)
        process.kill(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL

    def restart_service(self, name):
        self.stop_service(name)
        return self.start_service(name)

    def stop_redis(self, number=signal.SIGTERM):
        self.redis.kill(number)
        self.redis.wait()
        self.redis = None

    def stop(self):
        """Everything ends in order with exit code 0, and no process of this folder is left."""
        for name in reversed(list(self.services)):
            self.stop_service(name)
        if self.redis:
            self.stop_redis()
        left = [line for line in _command_lines() if self.folder in line]
        assert not left, f"left running: {left}"

    def destroy(self):
        for process in [*self.services.values(), self.redis]:
            if process and process.runs():
                process.kill()
                process.wait()
        if os.environ.get("REGION_KEEP"):
            print(f"# kept: {self.folder}")
            return
        shutil.rmtree(self.folder, ignore_errors=True)

    def audit_verify(self, name):
        """Exit code and text of the offline verification of a stopped service's journal."""
        file = os.path.join(self.folder, "data", name, f"{name}.db")
        done = subprocess.run([program("tools/audit_verify/audit_verify"), file], capture_output=True, text=True)
        return done.returncode, done.stdout + done.stderr

    # ---- tokens ----

    @functools.lru_cache(maxsize=None)
    def _token(self, flags):
        done = subprocess.run([program("tools/devkeys/devkeys"), "token", "--dir", self.keys, *flags],
                              capture_output=True, text=True, check=True)
        return done.stdout.strip()

    def token(self, role, **claims):
        """A token of `role`: what that role usually has, with `claims` in the place of some of it."""
        merged = {**TOKENS[role], **claims}
        flags = ["--role", role]
        for key, value in merged.items():
            if value is not None:
                flags += [f"--{key.replace('_', '-')}", str(value)]
        return self._token(tuple(flags))


ONLINE = "ECARD,NATIONAL_SI,NATIONAL_HRSS,NATIONAL_GOV,LOCAL_ONLINE,POCKET_12333"
AT_HOME = f"BRANCH,BANK_BRANCH,SELF_SERVICE,PHONE_12333,{ONLINE}"
OUTLET = "330100-0001"
# What development roles usually carry; a test changes what it is about.
TOKENS = {
    "HOLDER": {"channels": AT_HOME, "outlet": OUTLET, "assurance": 3, "actor": "SELF", "subject": "a-holder",
               "purpose": "OWN_INQUIRY"},
    "GUARDIAN": {"channels": AT_HOME, "outlet": OUTLET, "assurance": 3, "actor": "WARD", "subject": "a-guardian",
                 "purpose": "OWN_INQUIRY"},
    "AGENT": {"channels": AT_HOME, "outlet": OUTLET, "assurance": 3, "actor": "PRINCIPAL", "subject": "an-agent",
              "purpose": "OWN_INQUIRY"},
    "OPERATOR": {"channels": "BRANCH,HOME_VISIT", "outlet": OUTLET, "assurance": 3, "operator_id": "op-1",
                 "case_ref": "CASE-1", "subject": "operator-1", "purpose": "CASE_WORK,OWN_INQUIRY"},
    "BANK_OPERATOR": {"channels": "BANK_BRANCH", "outlet": OUTLET, "assurance": 3, "operator_id": "bank-op-1",
                      "case_ref": "CASE-1", "subject": "bank-operator-1", "bank": "102",
                      "purpose": "CASE_WORK,OWN_INQUIRY"},
    "KIOSK": {"channels": "SELF_SERVICE", "outlet": OUTLET, "assurance": 3, "actor": "SELF", "subject": "kiosk-1",
              "purpose": "OWN_INQUIRY"},
    "HOTLINE": {"channels": "PHONE_12333", "assurance": 1, "operator_id": "hotline-1", "case_ref": "CASE-1",
                "subject": "hotline-1", "purpose": "CASE_WORK,OWN_INQUIRY"},
    "PLATFORM": {"channels": "SYSTEM", "platform": "factory", "subject": "platform-1", "case_ref": "CASE-1",
                 "purpose": "MEDICAL,EMPLOYMENT,BENEFIT_PAYMENT,TRANSIT,CULTURE"},
    "AUDITOR": {"channels": "SYSTEM", "operator_id": "auditor-1", "case_ref": "CASE-1", "subject": "auditor-1",
                "purpose": "AUDIT"},
    "SYSTEM": {"channels": "SYSTEM", "platform": "suite", "subject": "system-1"},
}


def _command_lines():
    for entry in os.listdir("/proc"):
        if entry.isdigit() and int(entry) != os.getpid():
            try:
                with open(f"/proc/{entry}/cmdline", "rb") as file:
                    yield file.read().replace(b"\0", b" ").decode("utf-8", "replace")
            except OSError:
                pass


# ---- people who do not exist ----

_numbers = itertools.count(1)


def identity_number(sequence=None, born="19800101"):
    """A number that passes its check digit, under an area code that was never issued."""
    sequence = next(_numbers) if sequence is None else sequence
    day = (sequence // 1000) % 28 + 1
    digits = f"9{sequence // 28000:05d}{born[:6]}{day:02d}{sequence % 1000:03d}"
    remainder = 0
    for digit in digits:
        remainder = (remainder + int(digit)) * 2 % 11
    return digits + "10X98765432"[remainder]


_card_numbers = itertools.count(1)


def card_number():
    return f"T{next(_card_numbers):08d}"
