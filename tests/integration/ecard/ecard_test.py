"""The electronic card: its gate follows the physical card at once (S6), whoever changed that and wherever."""

import signal

from tests.harness.region_cards import PHONE_PROOF, context
from tests.harness.region_client import PARENT, Client, Refused, new_id, unpack
from tests.harness.region_harness import eventually
from tests.harness.region_tap import main
from tests.integration.ecard.ecard_desk import LEVELS, PASSWORD, ECardCase, gate_of

NEEDED = "HOLDER_AUTHORIZATION_REQUIRED"


class GateTest(ECardCase):
    def test_R12_normal_card_opens_the_gate_without_a_grant(self):
        person = self.issued()
        answer = self.authorize(person)
        self.assertEqual((gate_of(answer), answer.grant), ("OPEN", ""))
        ecard = self.get(person)
        self.assertEqual((LEVELS[ecard.level].name, gate_of(ecard), ecard.card), ("LEVEL_L1", "OPEN", person.card))

    def test_R13_S6_a_loss_closes_the_gate_at_the_next_call(self):
        for kind in ("TEMPORARY", "FORMAL"):
            person = self.issued()
            self.desk.report_loss(person.card, kind)
            refusal = self.refused("FAILED_PRECONDITION", NEEDED, lambda: self.authorize(person))
            self.assertEqual(refusal.rule, "R13")
            self.assertEqual(refusal.steps[0], "GRANT_AUTHORIZATION")
            self.assertEqual(refusal.metadata["gate"], "AUTH_REQUIRED")

    def test_R13_a_grant_opens_its_service_on_its_channel_and_ends_with_the_state(self):
        person = self.issued()
        self.refused("FAILED_PRECONDITION", "AUTHORIZATION_NOT_NEEDED", lambda: self.grant(person))
        self.desk.report_loss(person.card)
        granted = self.grant(person)
        self.assertTrue(granted.grant.live)
        answer = self.authorize(person)
        self.assertEqual((gate_of(answer), answer.grant), ("AUTH_REQUIRED", granted.grant.name))
        self.refused("FAILED_PRECONDITION", NEEDED, lambda: self.authorize(person, "pension_query"))
        self.refused("FAILED_PRECONDITION", NEEDED,
                     lambda: self.authorize(person, channel="MEDICAL_POS", token=self.terminal()))
        self.desk.report_loss(person.card, "FORMAL")
        self.refused("FAILED_PRECONDITION", NEEDED, lambda: self.authorize(person))
        listed = self.ecards.call("ListAuthorizations",
                                  {"parent": person.ecard, "readOptions": {"channel": "CHANNEL_ECARD"}}, self.as_holder(person))
        self.assertEqual([(g.name, g.live, g.ended_because) for g in listed.grants],
                         [(granted.grant.name, False, "GRANT_OF_EARLIER_STATE")])

    def test_R13_I6_a_grant_of_an_earlier_loss_does_not_count_in_the_next(self):
        person = self.issued()
        self.desk.report_loss(person.card)
        self.grant(person)
        self.authorize(person)
        self.desk.recover(person.card)
        self.assertEqual(gate_of(self.authorize(person)), "OPEN")
        self.desk.report_loss(person.card)
        self.refused("FAILED_PRECONDITION", NEEDED, lambda: self.authorize(person))

    def test_R13_a_revoked_grant_is_over(self):
        person = self.issued()
        self.desk.report_loss(person.card)
        name = self.grant(person).grant.name
        answer = self.do(person, "RevokeAuthorization", {"session": person.session}, name=name)
        self.assertEqual((answer.changed, answer.grant.ended_because), (True, "GRANT_REVOKED"))
        self.refused("FAILED_PRECONDITION", NEEDED, lambda: self.authorize(person))
        other = name[:-26] + "0" * 26
        self.refused("NOT_FOUND", "GRANT_NOT_FOUND",
                     lambda: self.do(person, "RevokeAuthorization", {"session": person.session}, name=other))

    def test_R14_a_cancelled_card_blocks_personal_and_leaves_public(self):
        person = self.issued()
        self.desk.cancel(person.card)
        refusal = self.refused("FAILED_PRECONDITION", "CARD_CANCELLED", lambda: self.authorize(person))
        self.assertEqual(refusal.metadata["gate"], "PERSONAL_BLOCKED")
        self.assertEqual(self.authorize(person, "policy_lookup").service_class, 2)
        self.refused("FAILED_PRECONDITION", "CARD_CANCELLED", lambda: self.authorize(person, "no.such.service"))

    def test_a_successor_that_is_enabled_takes_the_ecard_over_with_its_password(self):
        person = self.issued()
        before = self.get(person)
        self.desk.report_loss(person.card, "FORMAL")
        fresh = self.desk.replace(person.card).name
        self.desk.start(fresh)
        self.desk.complete(fresh)
        self.desk.collect(fresh)
        self.assertEqual(gate_of(self.get(person)), "AUTH_REQUIRED")
        self.desk.enable(fresh)
        after = self.get(person)
        self.assertEqual((gate_of(after), after.card), ("OPEN", fresh))
        self.assertEqual((after.serial, after.password.epoch), (before.serial, before.password.epoch))
        self.assertEqual(self.login(person).password_epoch, before.password.epoch)
        self.authorize(person)

    def test_the_move_is_durable_with_the_next_write_and_stands_in_the_journal(self):
        person = self.issued()
        self.desk.report_loss(person.card, "FORMAL")
        fresh = self.desk.replace(person.card).name
        self.desk.start(fresh)
        self.desk.complete(fresh)
        self.desk.collect(fresh, enable=True)
        version = self.get(person).version
        answer = self.do(person, "BindChannel", {"host": "HOST_GOVERNMENT", "session": person.session,
                                                 "realName": {"identityNumber": person.identity}}, channel="LOCAL_ONLINE")
        self.assertEqual((answer.ecard.version, answer.ecard.card), (version + 2, fresh))

    def test_what_the_card_refuses_issue_refuses(self):
        for state, reason in (("REQUESTED", "CARD_NOT_ISSUED"), ("ARCHIVED", "SOCIAL_NOT_ENABLED"),
                              ("LOST", "CARD_LOST"), ("CANCELLED", "CARD_CANCELLED")):
            person = self.person(state)
            self.refused("FAILED_PRECONDITION", reason, lambda: self.issue(person))
            self.refused("FAILED_PRECONDITION", "ECARD_NOT_ISSUED", lambda: self.login(person))

    def test_R5_L2_is_refused_without_an_active_bank_link(self):
        person = self.issued()
        self.refused("FAILED_PRECONDITION", "FINANCIAL_NOT_ACTIVATED",
                     lambda: self.do(person, "UpgradeECard", {"session": person.session}, evidence=[PHONE_PROOF]))
        self.refused("FAILED_PRECONDITION", "ECARD_LEVEL_TOO_LOW", lambda: self.authorize(person, "bank_payment"))

    def test_channels_are_bound_and_unbound(self):
        person = self.issued()
        online = {"channel": "LOCAL_ONLINE"}
        values = {"host": "HOST_GOVERNMENT", "session": person.session, "realName": {"identityNumber": person.identity}}
        self.refused("FAILED_PRECONDITION", "CHANNEL_NOT_BOUND", lambda: self.authorize(person, **online))
        stranger = self.person()
        self.refused("FAILED_PRECONDITION", "REALNAME_MISMATCH", lambda: self.do(
            person, "BindChannel", {**values, "realName": {"identityNumber": stranger.identity}}, channel="LOCAL_ONLINE"))
        self.assertTrue(self.do(person, "BindChannel", values, channel="LOCAL_ONLINE").changed)
        self.assertFalse(self.do(person, "BindChannel", values, channel="LOCAL_ONLINE").changed)
        self.authorize(person, **online)
        answer = self.do(person, "UnbindChannel", {"channel": "CHANNEL_LOCAL_ONLINE", "host": "HOST_GOVERNMENT",
                                                   "session": person.session})
        self.assertEqual(len(answer.ecard.channels), 1)
        self.refused("FAILED_PRECONDITION", "CHANNEL_NOT_BOUND", lambda: self.authorize(person, **online))

    def test_S3_a_preview_shows_the_change_and_changes_nothing(self):
        person = self.person()
        preview = self.issue(person, validate_only=True, capture="stranger")  # nothing is checked
        self.assertEqual(LEVELS[preview.ecard.level].name, "LEVEL_L1")
        change = preview.preview.changes[0]
        self.assertEqual((change.kind, list(change.events)), ("ecard", ["ecard.issued"]))
        self.assertEqual(LEVELS[unpack(change.after).level].name, "LEVEL_L1")
        self.assertEqual(LEVELS[self.get(person).level].name, "LEVEL_NONE")

    def test_R49_somebody_else_may_not_look_or_act(self):
        person, other = self.issued(), self.person()
        self.refused("PERMISSION_DENIED", "NOT_YOUR_RESOURCE",
                     lambda: self.do(person, "PresentCode", {"session": person.session}, token=self.as_holder(other)))
        self.refused("PERMISSION_DENIED", "NOT_YOUR_RESOURCE",
                     lambda: self.authorize(person, token=self.as_holder(other)))

    def test_S6_nothing_is_decided_from_an_old_record(self):
        person = self.issued()
        self.refused("INVALID_ARGUMENT", "STALENESS_NOT_ALLOWED", lambda: self.ecards.call(
            "AuthorizeService", {"name": person.ecard, "service": "pension_query",
                                 "readOptions": {"channel": "CHANNEL_ECARD", "maxStaleness": "5s"}}, self.as_holder(person)))

    def test_bad_input_is_refused_with_its_field(self):
        person = self.issued()
        for field, method, values in (
                ("name", "GetECard", {"name": person.holder, "readOptions": {"channel": "CHANNEL_ECARD"}}),
                ("name", "PresentCode", {"name": f"{PARENT}/cards/{person.card[-26:]}", "context": context("ECARD")}),
                ("service", "AuthorizeService", {"name": person.ecard, "readOptions": {"channel": "CHANNEL_ECARD"}}),
                ("service", "AuthorizeService", {"name": person.ecard, "service": "a b",
                                                 "readOptions": {"channel": "CHANNEL_ECARD"}}),
                ("password", "VerifyPassword", {"name": person.ecard, "context": context("ECARD")}),
                ("password", "VerifyPassword", {"name": person.ecard, "context": context("ECARD"), "password": "x" * 129}),
                ("real_name", "IssueECard", {"name": person.ecard, "context": context("ECARD"), "host": "HOST_APP",
                                             "password": PASSWORD, "faceCapture": "x"}),
                ("real_name.identity_number", "IssueECard",
                 {"name": person.ecard, "context": context("ECARD"), "host": "HOST_APP", "password": PASSWORD,
                  "faceCapture": "x", "realName": {"identityNumber": "11010119900307123"}}),
                ("face_capture", "IssueECard",
                 {"name": person.ecard, "context": context("ECARD"), "host": "HOST_APP", "password": PASSWORD,
                  "realName": {"identityNumber": person.identity}}),
                ("services", "GrantAuthorization", {"name": person.ecard, "context": context("ECARD"), "services": [""],
                                                    "session": person.session}),
                ("lifetime", "GrantAuthorization", {"name": person.ecard, "context": context("ECARD"), "services": ["a"],
                                                    "lifetime": "-1s", "session": person.session}),
                ("channel", "UnbindChannel", {"name": person.ecard, "context": context("ECARD"), "host": "HOST_APP"})):
            refusal = self.refused_any("INVALID_ARGUMENT", method, values, person)
            self.assertEqual(refusal.fields, [field], f"{method}: {refusal}")

    def refused_any(self, status, method, values, person):
        with self.assertRaises(Refused) as caught:
            self.ecards.call(method, values, self.as_holder(person))
        self.assertEqual(caught.exception.status, status, str(caught.exception))
        return caught.exception


class CodeTest(ECardCase):
    def test_a_code_is_good_once(self):
        person = self.issued()
        code = self.present(person)
        self.assertTrue(code.startswith("SSC1.") and len(code) == 155, code)
        answer = self.take(code)
        self.assertEqual((answer.ecard, answer.card, gate_of(answer)), (person.ecard, person.card, "OPEN"))
        self.refused("FAILED_PRECONDITION", "CODE_USED", lambda: self.take(code))

    def test_S1_the_same_request_gets_the_first_answer(self):
        person = self.issued()
        code, request_id = self.present(person), new_id()
        first = self.take(code, requestId=request_id)
        self.assertEqual(self.take(code, requestId=request_id), first)

    def test_a_newer_code_replaces_the_one_before(self):
        person = self.issued()
        old, fresh = self.present(person), self.present(person)
        self.refused("FAILED_PRECONDITION", "CODE_REPLACED", lambda: self.take(old))
        self.take(fresh)

    def test_R12_R13_a_code_ends_with_the_card_state_and_with_the_password(self):
        person = self.issued()
        code = self.present(person)
        self.desk.report_loss(person.card)
        self.refused("FAILED_PRECONDITION", "CODE_OUTDATED", lambda: self.take(code))
        self.desk.recover(person.card)
        self.refused("FAILED_PRECONDITION", "CODE_OUTDATED", lambda: self.take(code))
        code = self.present(person)
        self.do(person, "ChangePassword", {"oldPassword": PASSWORD, "newPassword": "Another#42"})
        self.refused("FAILED_PRECONDITION", "CODE_REPLACED", lambda: self.take(code))

    def test_R13_a_code_of_a_lost_card_needs_a_grant(self):
        person = self.issued()
        self.desk.report_loss(person.card)
        self.refused("FAILED_PRECONDITION", NEEDED, lambda: self.present(person))
        self.grant(person, services=("ecard_code",))
        code = self.present(person)
        self.refused("FAILED_PRECONDITION", NEEDED, lambda: self.take(code, "medical_payment"))
        self.grant(person, channels=("MEDICAL_POS",))
        self.assertTrue(self.take(code, "medical_payment").grant)

    def test_forged_and_broken_codes_are_refused(self):
        person = self.issued()
        code = self.present(person)
        for at in (6, 30, 60, 100, 150):
            forged = code[:at] + ("A" if code[at] != "A" else "B") + code[at + 1:]
            with self.assertRaises(Refused) as caught:
                self.take(forged)
            self.assertIn(caught.exception.reason, ("CODE_FORGED", "CODE_MALFORMED"))
        for broken in ("", "SSC1.", "SSC2" + code[4:], code[:-1], code + "AA", "x" * 300, "SSC1." + "A" * 152):
            self.refused("INVALID_ARGUMENT", "CODE_MALFORMED", lambda: self.take(broken))
        self.take(code)

    def test_who_may_take_codes(self):
        person = self.issued()
        code = self.present(person)
        self.refused("PERMISSION_DENIED", "ROLE_NOT_ALLOWED", lambda: self.ecards.call(
            "VerifyCode", {"parent": PARENT, "context": context("ECARD"), "code": code}, self.as_holder(person)))


class FaceTest(ECardCase):
    def test_R24_to_R28_a_mismatch_is_told_with_its_steps_in_order(self):
        person = self.person()
        for capture in ("stranger", "dark", "face-of:photo-of-somebody-else"):
            refusal = self.refused("FAILED_PRECONDITION", "FACE_MISMATCH", lambda: self.issue(person, capture=capture))
            self.assertEqual(refusal.steps, ["FACE_LIGHTING", "FACE_FRAMING", "CHECK_REAL_NAME", "REPLACE_CARD_WITH_NEW_PHOTO"])
        self.assertEqual([step.rule for step in refusal.refusal.next_steps], ["R25", "R26", "R27", "R28"])
        self.assertEqual(LEVELS[self.get(person).level].name, "LEVEL_NONE")

    def test_R27_wechat_is_told_to_check_the_real_name_first(self):
        person = self.person()
        refusal = self.refused("FAILED_PRECONDITION", "FACE_MISMATCH",
                               lambda: self.issue(person, host="WECHAT", capture="stranger"))
        self.assertEqual(refusal.steps[0], "CHECK_REAL_NAME")

    def test_R27_a_wrong_real_name_is_refused_and_no_face_is_compared(self):
        person, other = self.person(), self.person()
        before = self.compared()
        refusal = self.refused("FAILED_PRECONDITION", "REALNAME_MISMATCH",
                               lambda: self.issue(person, host="WECHAT", real_name=other.identity))
        self.assertEqual(refusal.steps, ["CHECK_REAL_NAME"])
        self.assertEqual(self.compared(), before)
        self.issue(person, host="WECHAT")
        self.assertEqual(self.compared(), before + 1)

    def compared(self):
        """How often the vendor was asked so far."""
        return self.vendor.text().count("compared ")

    def test_answers_that_nobody_may_believe_issue_nothing(self):
        person = self.person()
        for capture in ("wrong-id", "no-verdict", "wild-score", "fail"):
            self.refused("UNAVAILABLE", "FACE_CHECK_UNAVAILABLE", lambda: self.issue(person, capture=capture))
        self.assertEqual(LEVELS[self.get(person).level].name, "LEVEL_NONE")
        self.issue(person)

    def test_a_silent_vendor_costs_its_deadline_and_the_service_goes_on(self):
        person = self.person()
        self.refused("UNAVAILABLE", "FACE_CHECK_UNAVAILABLE", lambda: self.issue(person, capture="slow:60000"))
        self.issue(person)

    def test_R28_after_a_replacement_the_face_is_compared_with_the_new_photo(self):
        person = self.person()
        fresh = self.desk.replace(person.card, "PHOTO_OUTDATED", photoReference="photo-new").name
        self.desk.start(fresh)
        self.desk.complete(fresh)
        self.desk.collect(fresh, enable=True)
        self.refused("FAILED_PRECONDITION", "FACE_MISMATCH", lambda: self.issue(person, capture="face-of:photo-9"))
        self.issue(person, capture="face-of:photo-new")

    def test_family_issue_by_the_guardians_own_ecard(self):
        guardian, child = self.issued(), self.person(born="20150101")
        token = self.as_holder(child, "GUARDIAN")
        family = {"delegate": guardian.ecard, "delegateSession": guardian.session, "relation": "FAMILY_RELATION_CHILD"}
        values = self.issue_values(child, real_name=guardian.identity, capture="face-of:child-photo")
        self.refused("FAILED_PRECONDITION", "PHOTO_REQUIRED",
                     lambda: self.do(child, "IssueECard", {**values, "family": family}, token=token))
        family["photoReference"] = "child-photo"
        answer = self.do(child, "IssueECard", {**values, "family": family}, token=token)
        self.assertEqual((answer.ecard.delegate.ecard, LEVELS[answer.ecard.level].name), (guardian.ecard, "LEVEL_L1"))
        other = self.person(born="20150101")
        self.refused("PERMISSION_DENIED", "SESSION_ENDED", lambda: self.do(
            other, "IssueECard", {**values, "family": {**family, "delegateSession": "x"}},
            token=self.as_holder(other, "GUARDIAN")))

    def test_family_spouse_is_one(self):
        guardian = self.issued()
        for expected in (None, "FAMILY_LIMIT_REACHED"):
            spouse = self.person()
            family = {"delegate": guardian.ecard, "delegateSession": guardian.session, "relation": "FAMILY_RELATION_SPOUSE"}
            values = {**self.issue_values(spouse, real_name=guardian.identity), "family": family}
            act = lambda: self.do(spouse, "IssueECard", values, token=self.as_holder(spouse, "GUARDIAN"))
            if expected:
                self.refused("FAILED_PRECONDITION", expected, act)
            else:
                act()


class AwayTest(ECardCase):
    def test_S6_without_redis_the_gate_still_follows_the_card(self):
        person = self.issued()
        self.authorize(person)
        self.region.redis.kill(signal.SIGSTOP)
        try:
            self.desk.report_loss(person.card)
            self.refused("FAILED_PRECONDITION", NEEDED, lambda: self.authorize(person))
        finally:
            self.region.redis.kill(signal.SIGCONT)

    def test_S6_without_the_card_service_and_its_record_nothing_is_decided(self):
        person = self.issued()
        self.desk.report_loss(person.card)
        self.region.stop_service("card")
        try:
            eventually(lambda: self.reason_of(person) in ("OWNER_UNAVAILABLE", NEEDED), "the owner is known to be away")
            self.region.redis.kill(signal.SIGSTOP)
            eventually(lambda: self.reason_of(person) == "OWNER_UNAVAILABLE", "nothing is said")
        finally:
            self.region.redis.kill(signal.SIGCONT)
            self.region.start_service("card")
            self.desk.again()
        eventually(lambda: self.reason_of(person) == NEEDED, "the gate is known again")

    def reason_of(self, person):
        try:
            self.authorize(person)
            return "OK"
        except Refused as refusal:
            return refusal.reason

    def test_everything_stands_after_kill_9(self):
        person = self.issued()
        self.desk.report_loss(person.card)
        granted = self.grant(person)
        self.restart(kill=True)
        self.assertEqual(self.authorize(person).grant, granted.grant.name)
        self.assertEqual(self.login(person).password_epoch, 1)

    def test_S7_the_trail_of_the_ecard_verifies(self):
        self.issued()
        self.region.stop_service("ecard")
        code, text = self.region.audit_verify("ecard")
        self.region.start_service("ecard")
        self.ecards.close()
        type(self).ecards = Client(self.region.target("ecard"), "sscard.ecard.v1.ECardService", waits=True)
        self.assertEqual(code, 0, text)


if __name__ == "__main__":
    main()
