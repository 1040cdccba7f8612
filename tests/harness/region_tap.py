"""Runs unittest cases of a program and prints a TAP line for each, so that ./suite counts them one by one."""

import os
import re
import sys
import time
import unittest


class _TapResult(unittest.TestResult):
    def __init__(self):
        super().__init__()
        self.count = 0
        self.began = 0.0

    def startTest(self, test):
        super().startTest(test)
        self.began = time.monotonic()

    def _line(self, good, test, trace=""):
        self.count += 1
        name = test.id().rpartition(".")[2] if hasattr(test, "_testMethodName") else str(test)
        name = name.removeprefix("test_")
        seconds = time.monotonic() - self.began
        print(f"{'ok' if good else 'not ok'} {self.count} - {name}", flush=True)
        if seconds > 2:
            print(f"#   {seconds:.1f} s")
        for line in trace.splitlines():
            if "^^^" not in line:
                print("#   " + re.sub(r'"/.*runfiles/sscard/', '"', line))

    def addSuccess(self, test):
        self._line(True, test)

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self._line(False, test, self._exc_info_to_string(err, test))

    def addError(self, test, err):
        super().addError(test, err)
        self._line(False, test, self._exc_info_to_string(err, test))

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            self._line(False, subtest, self._exc_info_to_string(err, test))

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        print(f"#\n# SKIPPED {test.id()}: {reason}\n#", flush=True)


def main():
    """`python3 x_test.py [part of a name…]`; the exit code is 0 when all passed and something ran."""
    suite = unittest.TestSuite()
    for case in _cases(unittest.defaultTestLoader.loadTestsFromModule(sys.modules["__main__"])):
        if not sys.argv[1:] or any(part in case.id() for part in sys.argv[1:]):
            suite.addTest(case)
    result = _TapResult()
    suite.run(result)
    print(f"1..{result.count}", flush=True)
    sys.stdout.flush()
    # Not sys.exit(): gRPC's threads of a cancelled stream may keep an interpreter from ending.
    os._exit(0 if result.wasSuccessful() and result.count > 0 else 1)


def _cases(suite):
    for entry in suite:
        if isinstance(entry, unittest.TestSuite):
            yield from _cases(entry)
        else:
            yield entry
