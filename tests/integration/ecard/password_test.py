"""The password of the electronic card: one epoch for all channels (R23), six wrong ones in a row (R22)."""

import os
import threading
import time

from tests.harness.region_cards import PHONE_PROOF, context
from tests.harness.region_client import Client, Refused, new_id
from tests.harness.region_tap import main
from tests.integration.ecard.ecard_desk import PASSWORD, ECardCase, new_password

CHANNELS = ("ECARD", "NATIONAL_SI", "NATIONAL_HRSS", "NATIONAL_GOV", "LOCAL_ONLINE", "POCKET_12333", "ECARD", "LOCAL_ONLINE")


class PasswordTest(ECardCase):
    def change(self, person, old, new, **more):
        return self.do(person, "ChangePassword", {"oldPassword": old, "newPassword": new}, **more)

    def reset(self, person, new, capture="face-of:photo-9", **more):
        return self.do(person, "ResetPassword", {"newPassword": new, "faceCapture": capture}, **more)

    def check(self, person, session):
        return self.ecards.call("CheckSession", {"name": person.ecard, "session": session,
                                                 "readOptions": {"channel": "CHANNEL_ECARD"}}, self.as_holder(person))

    def wrong(self, person, password="Wrong#999", left=None):
        refusal = self.refused("FAILED_PRECONDITION", "PASSWORD_WRONG", lambda: self.login(person, password))
        if left is not None:
            self.assertEqual(refusal.metadata["attempts_left"], str(left))
        return refusal

    def test_R23_change_and_reset_end_every_session_at_once(self):
        person = self.issued()
        self.check(person, person.session)
        second = new_password()
        self.assertEqual(self.change(person, PASSWORD, second).ecard.password.epoch, 2)
        self.refused("PERMISSION_DENIED", "SESSION_ENDED", lambda: self.check(person, person.session))
        self.refused("PERMISSION_DENIED", "SESSION_ENDED", lambda: self.present(person))
        self.refused("PERMISSION_DENIED", "SESSION_ENDED", lambda: self.authorize(person, session=person.session))
        self.wrong(person, PASSWORD)
        session = self.login(person, second).session
        third = new_password()
        self.reset(person, third)
        self.refused("PERMISSION_DENIED", "SESSION_ENDED", lambda: self.check(person, session))
        self.wrong(person, second)
        self.login(person, third)

    def test_R23_eight_channels_hammer_old_and_new_while_it_changes(self):
        person = self.issued()
        state = {"valid": PASSWORD, "next": None, "epoch": 1}
        lock, stop = threading.Lock(), threading.Event()
        faults, opened = [], []

        def hammer(channel, number):
            turn = number
            with Client(self.region.target("ecard"), "sscard.ecard.v1.ECardService") as client:
                while not stop.is_set():
                    turn += 1
                    with lock:
                        # What was true before the call began: an answer may not be older than this.
                        before = dict(state)
                    password = before["next"] if turn % 2 and before["next"] else before["valid"]
                    values = {"name": person.ecard, "context": context(channel), "password": password}
                    try:
                        answer = client.call("VerifyPassword", values, self.as_holder(person))
                    except Refused as refusal:
                        with lock:
                            unmoved = state == before
                        if unmoved and before["next"] is None and refusal.reason == "PASSWORD_WRONG":
                            faults.append(f"{channel}: the valid password was refused")
                        continue
                    with lock:
                        opened.append(answer.password_epoch)
                    if answer.password_epoch < before["epoch"]:
                        faults.append(f"{channel}: a session of epoch {answer.password_epoch} after {before['epoch']}")

        threads = [threading.Thread(target=hammer, args=(channel, number)) for number, channel in enumerate(CHANNELS)]
        for thread in threads:
            thread.start()
        try:
            for _ in range(8):
                fresh, old = new_password(), state["valid"]
                with lock:
                    state["next"] = fresh
                answer = self.change_or_reset(person, old, fresh)
                with lock:
                    state.update(valid=fresh, next=None, epoch=answer.ecard.password.epoch)
                # OK was returned: the old one opens nothing, on any channel.
                for channel in sorted(set(CHANNELS)):
                    if self.reason_of_login(person, old, channel) == "OK":
                        faults.append(f"{channel}: the old password was accepted after the change")
        finally:
            stop.set()
            for thread in threads:
                thread.join()
        self.assertEqual(faults, [])
        self.assertGreater(len(opened), 8)

    def change_or_reset(self, person, old, fresh):
        """Whoever hammers old passwords may lock it; then it is reset, which is the same promise (R23)."""
        try:
            return self.change(person, old, fresh)
        except Refused as refusal:
            self.assertEqual(refusal.reason, "PASSWORD_LOCKED")
            return self.reset(person, fresh)

    def reason_of_login(self, person, password, channel):
        try:
            self.login(person, password, channel)
            return "OK"
        except Refused as refusal:
            return refusal.reason

    def test_R22_the_sixth_wrong_one_locks_and_a_reset_helps(self):
        person = self.issued()
        for left in (5, 4, 3, 2, 1, 0):
            self.wrong(person, left=left)
        refusal = self.refused("FAILED_PRECONDITION", "PASSWORD_LOCKED", lambda: self.login(person))
        self.assertEqual(refusal.steps, ["RESET_PASSWORD"])
        self.assertTrue(self.get(person).password.locked)
        fresh = new_password()
        self.do(person, "ResetPassword", {"newPassword": fresh}, evidence=[PHONE_PROOF])
        self.login(person, fresh)

    def test_R22_a_right_one_forgives_the_wrong_ones_before(self):
        person = self.issued()
        self.wrong(person, left=5)
        self.wrong(person, left=4)
        self.login(person)
        self.wrong(person, left=5)

    def test_R22_parallel_guesses_count_each_and_six_are_told_wrong(self):
        person = self.issued()
        reasons, lock = [], threading.Lock()

        def guess(number):
            with Client(self.region.target("ecard"), "sscard.ecard.v1.ECardService") as client:
                try:
                    client.call("VerifyPassword", {"name": person.ecard, "context": context("ECARD"),
                                                   "password": f"Guess#{number}x"}, self.as_holder(person), timeout=60)
                except Refused as refusal:
                    with lock:
                        reasons.append(refusal.reason)

        threads = [threading.Thread(target=guess, args=(number,)) for number in range(16)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(sorted(reasons), ["PASSWORD_LOCKED"] * 10 + ["PASSWORD_WRONG"] * 6)

    def test_S1_a_wrong_one_counts_once_however_often_it_is_sent(self):
        person = self.issued()
        request = {"name": person.ecard, "context": context("ECARD", requestId=new_id()), "password": "Wrong#111"}
        for _ in range(3):
            refusal = self.refused("FAILED_PRECONDITION", "PASSWORD_WRONG",
                                   lambda: self.ecards.call("VerifyPassword", request, self.as_holder(person)))
            self.assertEqual(refusal.metadata["attempts_left"], "5")
        self.wrong(person, left=4)

    def test_a_count_survives_kill_9(self):
        person = self.issued()
        for left in (5, 4):
            self.wrong(person, left=left)
        self.restart(kill=True)
        self.wrong(person, left=3)

    def test_R22_weak_ones_are_refused_and_cost_no_attempt(self):
        person = self.issued()
        for weak, fault in (("111111", "REPEATED"), ("123456", "SEQUENCE"), ("abc", "LENGTH"), (PASSWORD, "SAME"),
                            ("800101", "BIRTH_DATE") if person.identity[6:14] == "19800101" else ("19800000"[:3], "LENGTH"),
                            (person.identity[-6:], "IDENTITY")):
            refusal = self.refused("INVALID_ARGUMENT", "WEAK_PASSWORD", lambda: self.change(person, PASSWORD, weak))
            self.assertEqual((refusal.metadata["fault"], refusal.fields), (fault, ["new_password"]))
        self.wrong(person, left=5)

    def test_R22_reset_needs_a_proof(self):
        person = self.issued()
        self.refused("FAILED_PRECONDITION", "MISSING_EVIDENCE",
                     lambda: self.do(person, "ResetPassword", {"newPassword": new_password()}))
        self.refused("FAILED_PRECONDITION", "FACE_MISMATCH", lambda: self.reset(person, new_password(), capture="stranger"))
        self.login(person)

    def test_S3_a_preview_is_no_oracle(self):
        person = self.issued()
        right = self.change(person, PASSWORD, "Preview#77", validateOnly=True)
        wrong = self.change(person, "NotThis#77", "Preview#77", validateOnly=True)
        for answer in (right, wrong):
            answer.ecard.ClearField("as_of")
            for change in answer.preview.changes:
                change.ClearField("before")
                change.ClearField("after")
        self.assertEqual(right, wrong)
        self.assertEqual(list(right.preview.changes[0].events), ["ecard.password_changed"])
        self.login(person)
        self.assertEqual(self.get(person).password.epoch, 1)

    def test_closing_ends_sessions_and_a_new_issue_starts_another_epoch(self):
        person = self.issued()
        self.assertTrue(self.do(person, "CloseECard", {"session": person.session}).changed)
        self.refused("FAILED_PRECONDITION", "ECARD_CLOSED", lambda: self.login(person))
        self.issue(person, password="Again#123")
        self.refused("PERMISSION_DENIED", "SESSION_ENDED", lambda: self.check(person, person.session))
        self.assertEqual(self.login(person, "Again#123").password_epoch, 3)

    def test_S9_no_password_is_in_a_log_or_in_the_database(self):
        secret = "Needle#In7Haystack"
        person = self.issued()
        self.change(person, PASSWORD, secret)
        self.login(person, secret)
        self.wrong(person, "Needle#Wrong")
        deadline = time.monotonic() + 1
        while time.monotonic() < deadline and "VerifyPassword" not in self.region.services["ecard"].text():
            pass
        found = []
        for folder, _, files in os.walk(self.region.folder):
            for name in files:
                try:
                    with open(os.path.join(folder, name), "rb") as file:
                        if b"Needle#" in file.read():
                            found.append(name)
                except OSError:
                    pass
        self.assertEqual(found, [])


if __name__ == "__main__":
    main()
