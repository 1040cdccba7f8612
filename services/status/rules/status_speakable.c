/* Sentences to be read out. Dates are said in words that a voice reads well; a card is known by its
 * last three characters. */
#include "services/status/rules/status_speakable.h"

#include "common/policy/bounded_text.h"
#include "services/status/rules/status_next_steps.h"
#include "services/status/rules/status_view.h"

#include <string.h>

enum { NUMBER_TAIL = 3 };

static void say_text(bounded_text *v, policy_text text)
{
        bounded_text_add(v, "%s%s", v->length > 0 && v->english ? " " : "",
                         v->english ? text.en : text.zh);
}

static void say_date(bounded_text *v, civil_date date)
{
        static const char *const months[] = {
                "",     "January", "February",  "March",   "April",    "May",     "June",
                "July", "August",  "September", "October", "November", "December"};
        if (v->english)
                bounded_text_add(v, "%s %d, %d", months[(int)date.month], date.day, date.year);
        else
                bounded_text_add(v, "%d年%d月%d日", date.year, date.month, date.day);
}

static void say_steps(bounded_text *v, const policy_step *const *steps, size_t count)
{
        for (size_t i = 0; i < count; i++)
                say_text(v, steps[i]->text);
}

static void say_card(bounded_text *v, const status_facts *facts)
{
        const card_record *card = &facts->holder->cards[facts->card];
        policy_text state = status_display_text(status_display_of(card->state, facts->pin_locked));
        size_t length = strlen(card->number);
        if (length > NUMBER_TAIL)
                bounded_text_add(v,
                                 v->english ? "Your social security card ending in %s"
                                            : "您尾号%s的社保卡",
                                 card->number + length - NUMBER_TAIL);
        else
                bounded_text_add(v, "%s", v->english ? "Your social security card" : "您的社保卡");
        bounded_text_add(v, v->english ? " has the status: %s." : "目前的状态是：%s。",
                         v->english ? state.en : state.zh);
        say_text(v, status_display_meaning(status_display_of(card->state, facts->pin_locked)));

        if (card->state == CARD_TEMP_LOST && card->temp_loss_outcome != CARD_TEMP_LOSS_HOLD) {
                bounded_text_add(v, "%s",
                                 v->english
                                         ? " The temporary loss ends at midnight at the start of "
                                         : "临时挂失将于");
                say_date(v, civil_date_at(card->temp_loss_until_ms));
                bounded_text_add(v, "%s", v->english ? "." : "零时到期。");
        }
        if (card->state == CARD_NORMAL && !civil_date_is_zero(card->expires_on)) {
                bounded_text_add(v, "%s", v->english ? " It is valid until " : "有效期至");
                say_date(v, card->expires_on);
                bounded_text_add(v, "%s", v->english ? "." : "。");
        }
}

size_t status_speak(const status_facts *facts, const char *language, char *text, size_t size)
{
        bounded_text v = bounded_text_begin(text, size, language);
        if (facts->card < 0)
                bounded_text_add(&v, "%s",
                                 v.english ? "You have no social security card here."
                                           : "您在本地没有社保卡。");
        else
                say_card(&v, facts);
        const policy_step *steps[STATUS_STEPS_MAX], *warnings[STATUS_WARNINGS_MAX];
        say_steps(&v, steps, status_next_steps(facts, steps));
        say_steps(&v, warnings, status_warnings(facts, warnings));
        return bounded_text_end(&v);
}

size_t status_speak_steps(const policy_step *const *steps, size_t count, const char *language,
                          char *text, size_t size)
{
        bounded_text v = bounded_text_begin(text, size, language);
        say_steps(&v, steps, count);
        return bounded_text_end(&v);
}
