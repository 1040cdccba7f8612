/* The journey of one card: calls that tell themselves, and the order of the steps. */
#include "tools/journey/journey.h"

#include "common/base/clock.h"
#include "common/base/random.h"
#include "common/base/ulid.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum {
        CALL_TIMEOUT_MS = 10000,
        PATIENCE_MS = 30000, /* a cache that was restarted is not trusted for ten seconds */
        READY_PAUSE_MS = 500,
        EVIDENCE_MAX = 4,
        STEPS_TOLD = 3,
        GROWN_UP = 18,
        OLD = 70,
};

void journey_init(journey *j, region *to, story *s, uint64_t seed)
{
        *j = (journey){.to = to, .story = s, .holder = "", .patience_ms = PATIENCE_MS};
        j->language = s->language == STORY_ENGLISH ? "en" : "zh-CN";
        j->old_card = j->new_card =
                (journey_card){.name = "", .number = "", .etag = "", .outdated_etag = ""};
        civil_date today = civil_date_at(clock_wall_ms(clock_system()));
        people_init(&j->crowd,
                    &(people_options){
                            .seed = seed, .today = today, .region = to->ctx.region, .apart = true});
        journey_choose_person(j, 0);
}

void journey_choose_person(journey *j, uint64_t from)
{
        int age;
        do {
                people_person(&j->crowd, from++, &j->a, &j->who);
                age = civil_date_age_years(j->who.born_on, j->crowd.options.today);
        } while (age < GROWN_UP || age > OLD);
        actors_cast(&j->cast, &j->who, j->crowd.key, &j->a);
}

void journey_release(journey *j)
{
        arena_release(&j->a);
}

/* Who it is about. */
static void introduce(journey *j)
{
        civil_date today = j->crowd.options.today;
        int age = civil_date_age_years(j->who.born_on, today);
        const char *name = j->who.holder->person_name;
        story_title(j->story, (policy_text){"一张社保卡的经历", "the journey of a card"});
        story_say(
                j->story,
                (policy_text){arena_format(&j->a,
                                           "%s，%s，%d岁，在%s开户；虚构人物，身份证号以从未"
                                           "使用的99开头。",
                                           name, j->who.female ? "女" : "男", age, j->who.bank->zh),
                              arena_format(&j->a,
                                           "%s, %s, %d years old, with the %s; made up: "
                                           "the number begins with 99, which was never issued.",
                                           name, j->who.female ? "a woman" : "a man", age,
                                           j->who.bank->en)});
}

typedef bool (*journey_step)(journey *j);

bool journey_run(journey *j)
{
        static const journey_step STEPS[] = {
                journey_step_apply,
                journey_step_produce,
                journey_step_status_waiting,
                journey_step_collect,
                journey_step_status_normal,
                journey_step_allowed,
                journey_step_pin_first,
                journey_step_pin_locked,
                journey_step_pin_unlocked,
                journey_step_temp_loss,
                journey_step_status_temp_lost,
                journey_step_refused,
                journey_step_recover,
                journey_step_status_recovered,
                journey_step_formal_loss,
                journey_step_replace,
                journey_step_too_late,
                journey_step_both_cards,
                journey_step_produce_new,
                journey_step_collect_new,
                journey_step_status_both,
                journey_step_bank_loaded,
                journey_step_bank_activated,
                journey_step_ecard_issued,
                journey_step_ecard_loss,
                journey_step_ecard_recovered,
                journey_step_case,
                journey_step_history,
                journey_step_repeat,
                journey_step_reuse,
                journey_step_wrong_etag,
        };
        introduce(j);
        for (size_t i = 0; i < ARRAY_LENGTH(STEPS); i++)
                if (!STEPS[i](j)) return false;
        return true;
}

static const char *const PACKAGES[REGION_SERVICE_COUNT] = {
        "sscard.card.v1.CardService", "sscard.status.v1.StatusService",
        "sscard.credential.v1.CredentialService", "sscard.bank.v1.BankLinkService",
        "sscard.ecard.v1.ECardService"};

bool journey_has(journey *j, region_service service, policy_text title)
{
        static const policy_text MISSING[REGION_SERVICE_COUNT] = {
                [REGION_STATUS] = {"本区域没有状态查询服务", "this region has no status service"},
                [REGION_CREDENTIAL] = {"本区域没有密码服务",
                                       "this region has no credential service"},
                [REGION_BANK] = {"本区域没有银行账户服务", "this region has no bank service"},
                [REGION_ECARD] = {"本区域没有电子社保卡服务", "this region has no ecard service"},
        };
        if (j->to->clients[service]) {
                story_step(j->story, title);
                return true;
        }
        assert(MISSING[service].en);
        story_skip(j->story, title, MISSING[service]);
        return false;
}

bool journey_wait(journey *j)
{
        if (j->patience_ms <= 0 || !region_pause(j->to, READY_PAUSE_MS)) return false;
        j->patience_ms -= READY_PAUSE_MS;
        return true;
}

static void tell_wait(journey *j, region_service service, const region_answer *answer)
{
        const char *why =
                *answer->reason ? answer->reason : failure_kind_name((failure_kind)answer->code);
        story_note(j->story, story_format(&j->a, "%s尚未就绪 (%s)，等待 …",
                                          "%s is not ready yet (%s), waiting …",
                                          strrchr(PACKAGES[service], '.') + 1, why));
        fflush(j->story->out);
}

const region_answer *journey_call(journey *j, const actor *who, policy_channel channel,
                                  region_service service, const char *method,
                                  const ProtobufCMessage *request,
                                  const ProtobufCMessageDescriptor *answer_type)
{
        region_call call = {.service = service,
                            .path = arena_format(&j->a, "/%s/%s", PACKAGES[service], method),
                            .request = request,
                            .answer = answer_type,
                            .caller = &who->claims,
                            .language = j->language,
                            .timeout_ms = CALL_TIMEOUT_MS};
        region_answer *answer = arena_alloc(&j->a, sizeof *answer);
        for (bool told = false;; told = true) {
                region_call_run(j->to, &call, &j->a, answer);
                if (answer->code != FAILURE_UNAVAILABLE || j->patience_ms <= 0) break;
                if (!told) tell_wait(j, service, answer);
                if (!journey_wait(j)) break;
        }
        const char *short_service = strrchr(PACKAGES[service], '.') + 1;
        story_call(j->story, who->name, policy_channel_name(channel),
                   arena_format(&j->a, "%s/%s", short_service, method), answer->microseconds);
        return answer;
}

static const char *fresh_request_id(journey *j)
{
        random_system random;
        random_system_init(&random);
        char *text = arena_alloc(&j->a, ULID_TEXT_BYTES + 1);
        ulid_format(ulid_new(clock_wall_ms(clock_system()), &random.base, 0), text);
        return text;
}

Common__RequestContext *journey_context(journey *j, const actor *who, policy_channel channel)
{
        Common__RequestContext *context = arena_alloc(&j->a, sizeof *context);
        common__request_context__init(context);
        context->request_id = fresh_request_id(j);
        context->channel = (Common__Channel)channel;
        context->outlet = who->outlet;
        if (who->is_staff) context->case_reference = JOURNEY_CASE;
        return context;
}

void journey_evidence(journey *j, Common__RequestContext *context, Common__EvidenceKind kind,
                      const char *reference)
{
        if (!context->evidence)
                context->evidence = arena_alloc(&j->a, EVIDENCE_MAX * sizeof *context->evidence);
        Common__Evidence *item = arena_alloc(&j->a, sizeof *item);
        common__evidence__init(item);
        item->kind = kind;
        item->reference = reference;
        item->issued_by = "公安机关";
        if (kind == COMMON__EVIDENCE_KIND__EVIDENCE_KIND_ID_DOCUMENT) {
                item->valid_until = arena_alloc(&j->a, sizeof *item->valid_until);
                google_type__date__init(item->valid_until);
                item->valid_until->year = 2099;
                item->valid_until->month = 12;
                item->valid_until->day = 31;
        }
        assert(context->n_evidence < EVIDENCE_MAX);
        context->evidence[context->n_evidence++] = item;
}

Common__ReadOptions *journey_read_options(journey *j, const actor *who, policy_channel channel)
{
        Common__ReadOptions *options = arena_alloc(&j->a, sizeof *options);
        common__read_options__init(options);
        options->channel = (Common__Channel)channel;
        options->outlet = who->outlet;
        if (who->is_staff) options->case_reference = JOURNEY_CASE;
        return options;
}

void journey_expect(journey *j, bool holds, const char *format, ...)
{
        if (holds) return;
        va_list arguments;
        va_start(arguments, format);
        const char *text = arena_vformat(&j->a, format, arguments);
        va_end(arguments);
        story_differs(j->story, "%s", text);
}

static const char *describe_error(journey *j, const region_answer *answer)
{
        return arena_format(&j->a, "%s%s%s%s%s%s: %s",
                            failure_kind_name((failure_kind)answer->code),
                            *answer->reason ? " " : "", answer->reason, *answer->rule ? " (" : "",
                            answer->rule, *answer->rule ? ")" : "", answer->text);
}

const void *journey_body(journey *j, const region_answer *answer)
{
        if (answer->code == 0) return answer->body;
        story_differs(j->story, "%s", describe_error(j, answer));
        if (answer->refusal)
                journey_tell_steps(j, answer->refusal->next_steps, answer->refusal->n_next_steps);
        return NULL;
}

policy_text journey_state_text(Card__CardState state)
{
        static const policy_text STATES[] = {
                {"无", "none"},       {"已申领", "REQUESTED"}, {"制卡中", "PRODUCING"},
                {"封存", "ARCHIVED"}, {"正常", "NORMAL"},      {"临时挂失", "TEMP_LOST"},
                {"挂失", "LOST"},     {"注销", "CANCELLED"},   {"已撤回", "WITHDRAWN"},
        };
        return (size_t)state < ARRAY_LENGTH(STATES) ? STATES[state] : STATES[0];
}

/* "BRANCH, ONLINE": the six screens at home are one word when all of them do. */
static const char *channels_of(journey *j, const Common__NextStep *step)
{
        policy_channels channels = 0;
        for (size_t i = 0; i < step->n_channels; i++)
                channels |= POLICY_CHANNEL_BIT((policy_channel)step->channels[i]);
        bool online = (channels & POLICY_CHANNELS_ONLINE) == POLICY_CHANNELS_ONLINE;
        if (online) channels &= ~POLICY_CHANNELS_ONLINE;
        char text[256];
        policy_channels_format(channels, text, sizeof text);
        return arena_format(&j->a, "%s%s%s", text, online && *text ? ", " : "",
                            online ? "ONLINE" : "");
}

void journey_tell_steps(journey *j, Common__NextStep *const *steps, size_t count)
{
        for (size_t i = 0; i < count && i < STEPS_TOLD; i++) {
                const char *channels = channels_of(j, steps[i]);
                story_next(j->story, steps[i]->text,
                           arena_format(&j->a, "%s%s%s%s%s", steps[i]->code,
                                        *steps[i]->rule ? ", " : "", steps[i]->rule,
                                        *channels ? "; " : "", channels));
        }
}

bool journey_take_result(journey *j, const region_answer *answer, journey_card *card,
                         Card__CardState wanted)
{
        const Card__CardResult *result = journey_body(j, answer);
        if (!result) return false;
        if (!result->card || *result->card->name == '\0') {
                story_differs(j->story, "the answer holds no card");
                return false;
        }
        policy_text state = journey_state_text(result->card->state);
        policy_text expected = journey_state_text(wanted);
        story_note(j->story,
                   (policy_text){arena_format(&j->a, "卡片现为「%s」，第%" PRId64 "版", state.zh,
                                              result->card->version),
                                 arena_format(&j->a, "the card is %s now, version %" PRId64,
                                              state.en, result->card->version)});
        story_quote(j->story, result->card->meaning);
        journey_tell_steps(j, result->next_steps, result->n_next_steps);
        journey_expect(j, result->card->state == wanted, "state is %s, should be %s", state.en,
                       expected.en);
        journey_expect(j, result->changed, "nothing was changed");
        journey_expect(j, result->card->version == card->version + 1,
                       "version is %" PRId64 ", should be %" PRId64, result->card->version,
                       card->version + 1);
        journey_expect(j, !result->card->contributions_affected,
                       "a card must never touch contributions (R40)");
        card->name = result->card->name;
        card->outdated_etag = card->etag;
        card->etag = result->card->etag;
        card->version = result->card->version;
        card->state = result->card->state;
        return true;
}

void journey_expect_refusal(journey *j, const region_answer *answer, int code, const char *reason)
{
        if (answer->code == 0) {
                story_differs(j->story, "it was done, but %s should have refused it", reason);
                return;
        }
        const char *name = failure_kind_name((failure_kind)answer->code);
        story_note(j->story,
                   story_format(&j->a, "被拒绝：%s %s (规则 %s)", "refused: %s %s (rule %s)", name,
                                answer->reason, *answer->rule ? answer->rule : "-"));
        story_quote(j->story, answer->text);
        if (answer->refusal)
                journey_tell_steps(j, answer->refusal->next_steps, answer->refusal->n_next_steps);
        journey_expect(j, strcmp(answer->reason, reason) == 0, "the reason should be %s", reason);
        journey_expect(j, answer->code == code, "the code should be %s",
                       failure_kind_name((failure_kind)code));
}
