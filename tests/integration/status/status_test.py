"""The status query: one truth on every channel (R48), at once after every change (S6), with and without a cache."""

import signal
import threading
import time
import unittest

from tests.harness.region_cards import AT_THE_COUNTER, CARD_PRESENTED, ID_DOCUMENT, Desk, context
from tests.harness.region_client import PARENT, POOL, Client, Refused
from tests.harness.region_harness import ONLINE, Region, card_number, eventually, identity_number
from tests.harness.region_tap import main

CHANNELS = ("ECARD", "NATIONAL_SI", "NATIONAL_HRSS", "NATIONAL_GOV", "LOCAL_ONLINE", "POCKET_12333", "PHONE_12333", "BRANCH",
            "BANK_BRANCH", "SELF_SERVICE")
DISPLAY = POOL.FindEnumTypeByName("sscard.status.v1.DisplayStatus").values_by_number
SOCIAL = POOL.FindEnumTypeByName("sscard.status.v1.SocialStatus").values_by_number
USABLE, NOT_USABLE, ASK_HOLDER = 1, 2, 3
ABSENT, UNKNOWN = 1, 1
PURPOSES = "MEDICAL,EMPLOYMENT,BENEFIT_PAYMENT,TRANSIT,CULTURE"


def shown(answer):
    return DISPLAY[answer.display_status].name.removeprefix("DISPLAY_STATUS_")


class StatusCase(unittest.TestCase):
    """A region with both services, and ways to ask."""

    @classmethod
    def setUpClass(cls):
        cls.region = Region(("card", "status"))
        cls.region.__enter__()
        cls.desk = Desk(cls.region)
        cls.status = Client(cls.region.target("status"), "sscard.status.v1.StatusService")
        cls.operator = cls.region.token("OPERATOR")

    @classmethod
    def tearDownClass(cls):
        cls.status.close()
        cls.desk.close()
        cls.region.__exit__(None, None, None)

    def ask(self, subject, channel="BRANCH", token=None, language=None, **options):
        values = {**subject, "readOptions": {"channel": f"CHANNEL_{channel}", **options}}
        return self.status.call("GetCardStatus", values, token or self.operator, language)

    def refused(self, status, reason, method, values, token=None):
        with self.assertRaises(Refused) as caught:
            self.status.call(method, values, token or self.operator)
        refusal = caught.exception
        self.assertEqual((refusal.status, refusal.reason), (status, reason), str(refusal))
        return refusal

    def person(self, state="NORMAL", **more):
        """(name of the card, identity number, card number) of an imported card."""
        identity, number = identity_number(), card_number()
        card = self.desk.imported_card(state, cardNumber=number, **more)
        if state in ("REQUESTED", "PRODUCING", "WITHDRAWN"):
            del card["cardNumber"]
        answer = self.desk.import_holders([self.desk.imported(card, number=identity)])
        self.assertEqual(answer.imported_count, 1, str(answer))
        return answer.verdicts[0].cards[0], identity, number

    # ---- R48, S6 ----

    def everywhere(self, name, identity, number):
        """What every channel says by every way of asking; all must say the same."""
        token = self.desk.holder_token(identity)
        subjects = [{"name": name}, {"identityNumber": identity}] + ([{"cardNumber": number}] if number else [])
        said = set()
        for channel in CHANNELS:
            for subject in subjects:
                answer = self.ask(subject, channel, token)
                said.add((answer.name, answer.state, shown(answer), answer.aaz502, answer.version, answer.etag))
                self.assertFalse(answer.contributions_affected)  # R40
                self.assertEqual(bool(answer.speakable), channel == "PHONE_12333")
        self.assertEqual(len(said), 1, said)
        return said.pop()

    def live_through(self):
        identity, number = identity_number(), card_number()
        card = self.desk.apply(identity)
        name = card.name
        seen = [self.everywhere(name, identity, None)]
        self.desk.start(name)
        seen.append(self.everywhere(name, identity, None))
        self.desk.complete(name, number)
        seen.append(self.everywhere(name, identity, number))
        for step in (lambda: self.desk.collect(name), lambda: self.desk.enable(name), lambda: self.desk.report_loss(name),
                     lambda: self.desk.recover(name), lambda: self.desk.report_loss(name, "FORMAL"), lambda: self.desk.cancel(name)):
            step()
            seen.append(self.everywhere(name, identity, number))
        self.assertEqual([each[4] for each in seen], list(range(1, 10)))
        self.assertEqual([each[2] for each in seen], ["REQUESTED", "PRODUCING", "ARCHIVED", "ARCHIVED", "NORMAL", "TEMP_LOST",
                                                     "NORMAL", "LOST", "CANCELLED"])
        self.assertEqual([each[3] for each in seen], ["", "", "0", "0", "1", "4", "1", "2", "9"])

class RedisLossTest(StatusCase):
    def test_R48_S6_the_same_holds_while_Redis_is_dead_and_after_it_came_back(self):
        name, identity, number = self.person()
        self.everywhere(name, identity, number)
        self.region.stop_redis(signal.SIGKILL)
        try:
            before = time.monotonic()
            self.desk.report_loss(name)
            self.assertLess(time.monotonic() - before, 15)
            self.assertEqual(self.everywhere(name, identity, number)[2], "TEMP_LOST")
            self.desk.recover(name)
            self.assertEqual(self.everywhere(name, identity, number)[2], "NORMAL")
        finally:
            self.region.start_redis()
        self.desk.report_loss(name, "FORMAL")
        self.assertEqual(self.everywhere(name, identity, number)[2], "LOST")
        for service in ("card", "status"):
            eventually(lambda: self.region.is_ready(service), f"{service} is ready again")
        self.desk.recover(name)
        self.assertEqual(self.everywhere(name, identity, number)[2], "NORMAL")


class RestartTest(StatusCase):
    def test_S6_answers_survive_a_restart_and_kill_9_of_either_service(self):
        name, identity, number = self.person()
        self.desk.report_loss(name)
        for service, way in (("status", self.region.stop_service), ("status", self.region.kill_service),
                             ("card", self.region.stop_service), ("card", self.region.kill_service)):
            way(service)
            self.region.start_service(service)
            for client in (self.desk, self):
                client.again()
            eventually(lambda: self.says(name, "TEMP_LOST"), "status answers again")
            self.assertEqual(self.everywhere(name, identity, number)[2], "TEMP_LOST")
            self.desk.recover(name)
            self.assertEqual(self.everywhere(name, identity, number)[2], "NORMAL")
            self.desk.report_loss(name)

    def again(self):
        self.status.close()
        type(self).status = Client(self.region.target("status"), "sscard.status.v1.StatusService")

    def test_S6_while_the_owner_is_away_nothing_old_is_said(self):
        name, _, _ = self.person()
        eventually(lambda: self.says(name, "NORMAL"), "status reaches an owner that was just restarted")
        self.desk.report_loss(name)
        self.region.kill_service("card")
        try:
            for _ in range(20):
                try:
                    self.assertEqual(shown(self.ask({"name": name})), "TEMP_LOST")
                except Refused as refusal:
                    self.check_away(refusal)
            with self.assertRaises(Refused) as caught:
                self.ask({"name": f"{PARENT}/cards/01J00000000000000000000000"})
            self.check_away(caught.exception)
        finally:
            self.region.start_service("card")
            self.desk.again()
        eventually(lambda: self.says(name, "TEMP_LOST"), "status answers again")

    def check_away(self, refusal):
        self.assertEqual(refusal.status, "UNAVAILABLE", str(refusal))
        self.assertNotIn("127.0.0.1", refusal.message + refusal.raw.decode("utf-8", "replace"))

    def says(self, name, display):
        """Whether it answers, which must then be this."""
        try:
            said = shown(self.ask({"name": name}))
        except Refused as refusal:
            self.check_away(refusal)
            return False
        self.assertEqual(said, display)
        return True


class StatusTest(StatusCase):
    def test_R48_S6_every_channel_says_the_same_at_once_after_every_change(self):
        self.live_through()

    def test_S6_readers_never_see_an_older_version_than_one_that_was_answered(self):
        names = self.desk.import_normal(6)
        floor = dict.fromkeys(names, 0)
        wrong, asked, over = [], [0], threading.Event()

        def read(client):
            while not over.is_set():
                for name in names:
                    least = floor[name]
                    answer = client.call("GetCardStatus", {"name": name, "readOptions": AT_THE_COUNTER}, self.operator)
                    asked[0] += 1
                    if answer.version < least:
                        wrong.append((name, least, answer.version))

        clients = [Client(self.region.target("status"), "sscard.status.v1.StatusService") for _ in range(3)]
        threads = [threading.Thread(target=read, args=(client,)) for client in clients]
        for thread in threads:
            thread.start()
        for turn in range(120):
            name = names[turn % len(names)]
            answer = self.desk.report_loss(name) if turn // len(names) % 2 == 0 else self.desk.recover(name)
            floor[name] = answer.version
        over.set()
        for thread in threads:
            thread.join()
        for client in clients:
            client.close()
        self.assertEqual(wrong, [])
        self.assertGreater(asked[0], 100)

    # ---- what is said ----

    def test_R3_R5_both_functions_are_said_and_a_bank_that_is_not_here_is_absent(self):
        for state, social in (("REQUESTED", "NOT_ISSUED"), ("ARCHIVED", "NOT_ENABLED"), ("NORMAL", "ENABLED"),
                              ("TEMP_LOST", "SUSPENDED"), ("LOST", "SUSPENDED"), ("CANCELLED", "ENDED")):
            name, _, _ = self.person(state)
            answer = self.ask({"name": name})
            self.assertEqual(SOCIAL[answer.social_status].name, f"SOCIAL_STATUS_{social}")
            self.assertEqual((answer.financial_status, answer.benefit_payout_ready), (ABSENT, UNKNOWN))

    def test_R36_archived_is_explained_as_the_source_says(self):
        name, _, _ = self.person("ARCHIVED")
        answer = self.ask({"name": name})
        self.assertEqual(answer.display_text, "封存")
        self.assertIn("尚未启用", answer.meaning)
        self.assertIn("not", self.ask({"name": name}, language="en").meaning)
        self.assertIn("ENABLE_SOCIAL_FUNCTION", [step.code for step in answer.next_steps])

    def test_R37_card_that_waits_says_where_and_what_to_do(self):
        card = self.desk.made()
        answer = self.ask({"name": card.name})
        self.assertEqual((answer.delivery_state, answer.outlet.code), (2, "330100-0001"))
        self.assertEqual(answer.next_steps[0].code, "COLLECT_CARD")

    def test_R39_card_that_was_enabled_is_NORMAL_on_every_query_channel_at_once(self):
        operator = [ID_DOCUMENT]
        ways = {"hand-over at a counter": ("CollectCard", "BRANCH", operator, None, {"enable": True}),
                "a counter": ("EnableSocialFunction", "BRANCH", operator, None, {}),
                **{channel: ("EnableSocialFunction", channel, [], "HOLDER", {}) for channel in ONLINE.split(",")},
                "a kiosk": ("EnableSocialFunction", "SELF_SERVICE", [CARD_PRESENTED], "KIOSK", {})}
        for way, (method, channel, evidence, role, more) in ways.items():
            with self.subTest(way):
                identity = identity_number()
                card = self.desk.made(number=identity)
                if method == "EnableSocialFunction":
                    self.desk.collect(card.name)
                self.assertEqual(self.everywhere(card.name, identity, None)[2], "ARCHIVED")  # every cache has it
                token = self.desk.holder_token(identity, role) if role else self.operator
                self.desk.client.call(method, {"name": card.name, "context": context(channel, evidence), **more}, token)
                self.assertEqual(self.everywhere(card.name, identity, None)[2:4], ("NORMAL", "1"))
                self.assertEqual(self.desk.get(card.name).state, 4)

    def test_R40_contributions_go_on_whatever_the_state_of_the_card(self):
        names = [self.person(state)[0] for state in ("REQUESTED", "PRODUCING", "ARCHIVED", "NORMAL", "TEMP_LOST", "LOST", "CANCELLED", "WITHDRAWN")]
        nobody_s = identity_number()
        holder = self.desk.import_holders([self.desk.imported(number=nobody_s)]).verdicts[0].holder
        for subject in [*({"name": name} for name in names), {"identityNumber": nobody_s}, {"name": holder}]:
            answer = self.ask(subject)
            self.assertIs(answer.contributions_affected, False)
        for name in names:
            self.assertIs(self.desk.get(name).contributions_affected, False)
        self.assertIs(self.desk.holder(holder).contributions_affected, False)

    def test_R2_every_state_but_normal_names_a_next_step_or_is_final(self):
        for state in ("REQUESTED", "PRODUCING", "ARCHIVED", "TEMP_LOST", "LOST", "CANCELLED", "WITHDRAWN"):
            name, _, _ = self.person(state)
            for language in ("zh-CN", "en"):
                answer = self.ask({"name": name}, language=language)
                self.assertTrue(answer.next_steps, state)
                self.assertTrue(all(step.code and step.text and step.rule for step in answer.next_steps), state)

    def test_R32_R35_expiry_is_said_with_the_day_and_the_warning(self):
        day = time.gmtime(time.time() + 20 * 86400)
        name, _, _ = self.person(expiresOn={"year": day.tm_year, "month": day.tm_mon, "day": day.tm_mday})
        answer = self.ask({"name": name})
        self.assertEqual((answer.validity, answer.expires_on.day), (2, day.tm_mday))
        self.assertTrue(answer.HasField("renewal_opens_on"))
        self.assertIn("NEVER_CLICK_EXPIRY_LINKS", [warning.code for warning in answer.warnings])
        self.assertIn("RENEW_CARD", [step.code for step in answer.next_steps])
        self.assertNotIn("http", str(answer))

    def test_R42_R43_person_with_several_cards_gets_the_one_in_use_and_the_others(self):
        identity = identity_number()
        cards = [self.desk.imported_card("CANCELLED"), self.desk.imported_card(), self.desk.imported_card(legacyDuplicate=True)]
        names = self.desk.import_holders([self.desk.imported(*cards, number=identity)]).verdicts[0].cards
        answer = self.ask({"identityNumber": identity})
        self.assertEqual(answer.state, 4)
        self.assertEqual({answer.name, *(other.name for other in answer.other_cards)}, set(names))
        self.assertTrue(answer.duplicate_in_province)

    def test_a_person_without_a_card_is_known_and_has_none(self):
        identity = identity_number()
        holder = self.desk.import_holders([self.desk.imported(number=identity)]).verdicts[0].holder
        for subject in ({"identityNumber": identity}, {"name": holder}):
            answer = self.ask(subject)
            self.assertEqual((answer.name, answer.holder), ("", holder))
            self.assertFalse(answer.contributions_affected)

    def test_R43_holder_is_asked_about_by_name(self):
        name, identity, _ = self.person()
        holder = self.ask({"identityNumber": identity}).holder
        self.assertEqual(self.ask({"name": holder}).name, name)

    def test_R49_numbers_are_masked_everywhere(self):
        name, identity, number = self.person()
        token = self.desk.holder_token(identity)
        for channel in CHANNELS:
            text = str(self.ask({"name": name}, channel, token))
            self.assertNotIn(number, text)
            self.assertNotIn(identity, text)

    def test_R48_telephone_answer_can_be_read_out(self):
        name, identity, _ = self.person("TEMP_LOST")
        token = self.desk.holder_token(identity)
        for language, piece in (("zh-CN", "挂失"), ("en", "lost")):
            speakable = self.ask({"name": name}, "PHONE_12333", token, language).speakable
            self.assertIn(piece, speakable)
            self.assertNotRegex(speakable, r"[A-Z0-9]{9,}|regions/|http")

    # ---- who may ask ----

    def test_R49_strangers_and_staff_without_a_case_are_told_nothing(self):
        name, identity, number = self.person()
        stranger = self.desk.holder_token(identity_number())
        for subject in ({"name": name}, {"identityNumber": identity}, {"cardNumber": number}):
            values = {**subject, "readOptions": AT_THE_COUNTER}
            for method in ("GetCardStatus", "ListAllowedActions"):
                self.refused("PERMISSION_DENIED", "NOT_YOUR_RESOURCE", method, values, stranger)
                self.refused("PERMISSION_DENIED", "CASE_REFERENCE_REQUIRED", method, values, self.region.token("OPERATOR", case_ref=None))

    def test_NOT_FOUND_for_what_does_not_exist_and_for_a_wrong_part(self):
        name, _, _ = self.person()
        wrong_part = name[:-1] + ("0" if name[-1] != "0" else "1")
        for subject in ({"identityNumber": identity_number()}, {"cardNumber": "ZZZZZZZZZ"}, {"name": wrong_part}, {"cardNumber": "x" * 10000}, {"cardNumber": "不是卡号"},
                        {"name": f"{PARENT}/cards/01J00000000000000000000000"}):
            with self.assertRaises(Refused) as caught:
                self.ask(subject)
            self.assertEqual(caught.exception.status, "NOT_FOUND", str(subject))

    def test_bad_subjects_are_bad_requests(self):
        for subject, field in (({}, None), ({"name": ""}, None), ({"name": "cards/1"}, "name"), ({"identityNumber": "1" * 18}, "identity_number"),
                               ({"name": f"{PARENT}/outlets/01J00000000000000000000000"}, "name"), ({"cardNumber": ""}, None),
                               ({"name": f"{PARENT}/cards/01J00000000000000000000000/credential"}, "name")):
            with self.assertRaises(Refused) as caught:
                self.ask(subject)
            self.assertEqual(caught.exception.status, "INVALID_ARGUMENT", f"{str(subject)[:60]}: {caught.exception}")
            self.assertTrue(caught.exception.fields, str(subject)[:60])
            if field:
                self.assertEqual(caught.exception.fields, [field])

    # ---- CheckUsable (N13) ----

    def usable(self, subject, purpose="MEDICAL", token=None, **options):
        values = {**subject, "purpose": f"PURPOSE_{purpose}", "readOptions": options}
        return self.status.send("CheckUsable", values, token or self.region.token("PLATFORM"))

    def test_N13_only_yes_or_no_and_answers_are_equal_in_size(self):
        expected = {"NORMAL": USABLE, "REQUESTED": NOT_USABLE, "PRODUCING": NOT_USABLE, "ARCHIVED": ASK_HOLDER, "TEMP_LOST": NOT_USABLE,
                    "LOST": NOT_USABLE, "CANCELLED": NOT_USABLE, "WITHDRAWN": NOT_USABLE}
        sizes = set()
        for state, usability in expected.items():
            name, _, number = self.person(state)
            answer = self.usable({"name": name})
            self.assertEqual(answer.message.usability, usability, state)
            sizes.add(len(answer.bytes))
        for subject in ({"cardNumber": "ZZZZZZZZZ"}, {"name": f"{PARENT}/cards/01J00000000000000000000000"}):
            answer = self.usable(subject)
            self.assertEqual(answer.message.usability, NOT_USABLE)
            sizes.add(len(answer.bytes))
        self.assertEqual(len(sizes), 1)

    def test_S6_a_lost_card_is_not_usable_at_once_and_usable_again_when_recovered(self):
        name, _, number = self.person()
        for _ in range(5):
            self.assertEqual(self.usable({"cardNumber": number}).message.usability, USABLE)
            self.desk.report_loss(name)
            self.assertEqual(self.usable({"cardNumber": number}).message.usability, NOT_USABLE)
            self.desk.recover(name)

    def test_R5_benefits_need_an_account_that_is_not_known_here(self):
        name, _, _ = self.person()
        self.assertEqual(self.usable({"name": name}, "BENEFIT_PAYMENT").message.usability, ASK_HOLDER)
        self.assertEqual(self.usable({"name": name}, "TRANSIT").message.usability, USABLE)

    def test_N13_purpose_is_required_and_must_be_granted(self):
        name, _, _ = self.person()
        platform = self.region.token("PLATFORM", purpose="TRANSIT")
        self.refused("PERMISSION_DENIED", "PURPOSE_NOT_GRANTED", "CheckUsable", {"name": name, "purpose": "PURPOSE_MEDICAL"}, platform)
        self.assertEqual(self.usable({"name": name}, "TRANSIT", platform).message.usability, USABLE)
        with self.assertRaises(Refused) as caught:
            self.status.call("CheckUsable", {"name": name}, platform)
        self.assertIn(caught.exception.reason, ("PURPOSE_REQUIRED", "PURPOSE_NOT_GRANTED"))

    def test_S6_CheckUsable_refuses_max_staleness(self):
        name, _, _ = self.person()
        self.refused("INVALID_ARGUMENT", "STALENESS_NOT_ALLOWED", "CheckUsable",
                     {"name": name, "purpose": "PURPOSE_MEDICAL", "readOptions": {"maxStaleness": "5s"}}, self.region.token("PLATFORM"))

    def test_S6_max_staleness_must_be_a_sensible_time(self):
        name, _, _ = self.person()
        for staleness in ("-1s", "3601s", "100000000s"):
            with self.assertRaises(Refused) as caught:
                self.ask({"name": name}, maxStaleness=staleness)
            self.assertEqual((caught.exception.status, caught.exception.fields), ("INVALID_ARGUMENT", ["read_options.max_staleness"]))
        self.assertEqual(shown(self.ask({"name": name}, maxStaleness="3600s")), "NORMAL")

    # ---- guidance (R2) ----

    def guidance(self, subject, language=None, channel="BRANCH"):
        return self.status.call("GetGuidance", {**subject, "readOptions": {"channel": f"CHANNEL_{channel}"}}, self.operator, language)

    def test_R2_every_topic_has_guidance_in_both_languages(self):
        topics = [value.name for value in POOL.FindEnumTypeByName("sscard.status.v1.GuidanceTopic").values if value.number]
        self.assertEqual(len(topics), 10)
        for topic in topics:
            zh, en = self.guidance({"topic": topic}), self.guidance({"topic": topic}, "en")
            for each in (zh, en):
                self.assertTrue(each.title and each.text and each.rules, topic)
                self.assertNotIn("http", str(each))
            self.assertRegex(zh.text, "[\u4e00-\u9fff]")
            self.assertNotRegex(en.text.replace("封存", ""), "[\u4e00-\u9fff]{5,}")

    def test_R2_guidance_by_refusal_code_and_by_card(self):
        guidance = self.guidance({"reason": "RENEWAL_WINDOW_NOT_OPEN"})
        self.assertIn("R32", guidance.rules)
        name, _, _ = self.person("TEMP_LOST")
        self.assertIn("RECOVER_CARD", [step.code for step in self.guidance({"name": name}).next_steps])

    def test_R31_guidance_for_a_person_without_a_card_says_how_to_apply(self):
        holder = self.desk.import_holders([self.desk.imported()]).verdicts[0].holder
        guidance = self.guidance({"name": holder})
        self.assertEqual(guidance.title, "无卡")
        self.assertIn("APPLY_FOR_CARD", [step.code for step in guidance.next_steps])

    def test_R2_guidance_about_nothing_or_an_unknown_code_is_a_bad_request(self):
        for subject in ({}, {"reason": "NO_SUCH_CODE"}, {"topic": 0}):
            with self.assertRaises(Refused) as caught:
                self.guidance(subject)
            self.assertIn(caught.exception.status, ("INVALID_ARGUMENT", "NOT_FOUND"))

    def test_R49_guidance_about_a_stranger_is_refused_and_topics_are_for_all(self):
        name, _, _ = self.person()
        stranger = self.desk.holder_token(identity_number())
        values = {"readOptions": {"channel": "CHANNEL_ECARD"}}
        self.refused("PERMISSION_DENIED", "NOT_YOUR_RESOURCE", "GetGuidance", {"name": name, **values}, stranger)
        self.assertTrue(self.status.call("GetGuidance", {"topic": "GUIDANCE_TOPIC_LOSS", **values}, stranger).text)


if __name__ == "__main__":
    main()
