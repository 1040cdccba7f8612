/* Fills in the texts of notices. Must never put in a number or a name that is not masked. */
#include "services/region/region_notice.h"

#include "common/base/civil_date.h"
#include "common/base/clock.h"
#include "common/text/mask.h"

#include <assert.h>
#include <string.h>

/* In the order of the fields. */
typedef enum field {
        FIELD_PERSON,
        FIELD_NUMBER,
        FIELD_OUTLET,
        FIELD_BANK,
        FIELD_HOTLINE,
        FIELD_UNTIL,
        FIELD_EXPIRES_ON,
        FIELD_LINK_WARNING,
        FIELD_COUNT,
} field;

const notice_field REGION_NOTICE_FIELDS[REGION_NOTICE_FIELD_COUNT] = {
        [FIELD_PERSON] = {"person", false},
        [FIELD_NUMBER] = {"card_number",
                          true}, /* masked, and its letters and digits stand together */
        [FIELD_OUTLET] = {"outlet", false},
        [FIELD_BANK] = {"bank", false},
        [FIELD_HOTLINE] = {"hotline", false},
        [FIELD_UNTIL] = {"until", false},
        [FIELD_EXPIRES_ON] = {"expires_on", false},
        [FIELD_LINK_WARNING] = {"link_warning", true},
};
_Static_assert(REGION_NOTICE_FIELD_COUNT == (int)FIELD_COUNT, "each field has a name");

const pack_notice_kind REGION_NOTICE_KINDS[REGION_NOTICE_KIND_COUNT] = {
        {"card.ready", NULL},
        {"card.enabled", NULL},
        {"card.temp_lost", NULL},
        {"card.temp_loss_ending", NULL},
        {"card.lost", NULL},
        {"card.recovered", NULL},
        {"card.cancelled", NULL},
        {"card.expiring", "link_warning"},
        {"card.expired", "link_warning"},
};

/* R35 (ii). The only sentence that may speak of links. */
static const policy_text LINK_WARNING = {
        "社保部门不会发送带链接的到期短信，请勿点击任何此类链接。",
        "We never send links about card expiry: do not follow any.",
};

/* What stands where a name may not. */
static const policy_text GENERAL_WORDS[FIELD_COUNT] = {
        [FIELD_PERSON] = {"持卡人", "cardholder"},
        [FIELD_OUTLET] = {"社保卡服务网点", "the outlet"},
        [FIELD_BANK] = {"合作银行", "the partner bank"},
        [FIELD_HOTLINE] = {"12333", "12333"},
        [FIELD_UNTIL] = {"期满", "its end"},
        [FIELD_EXPIRES_ON] = {"有效期届满日", "its day of expiry"},
};

static const char *in(language l, policy_text text)
{
        return l == LANGUAGE_EN ? text.en : text.zh;
}

static const char *date_text(arena *a, language l, civil_date date)
{
        if (civil_date_is_zero(date)) return NULL;
        return l == LANGUAGE_EN ? arena_format(a, "%04d-%02d-%02d", date.year, date.month, date.day)
                                : arena_format(a, "%d年%d月%d日", date.year, date.month, date.day);
}

/* A value that fits into a notice by itself, or the general word. */
static const char *fitting(const char *value, language l, field f)
{
        if (value && *value && notice_text_check(bytes_of_text(value)).fault == NOTICE_OK)
                return value;
        return in(l, GENERAL_WORDS[f]);
}

static void fill(arena *a, const rule_pack *region, const region_notice_about *about,
                 const char **values)
{
        const card_record *card = about->card;
        const language l = about->language;
        const pack_outlet *outlet = pack_outlet_find(region, card->outlet);
        const pack_bank *bank = pack_bank_find(region, card->bank);
        const char *until = card->temp_loss_until_ms
                                    ? date_text(a, l, civil_date_at(card->temp_loss_until_ms))
                                    : NULL;
        const char *person =
                about->person ? mask_keep_ends(a, bytes_of_text(about->person), 1, 0) : NULL;
        values[FIELD_PERSON] = fitting(person, l, FIELD_PERSON);
        values[FIELD_NUMBER] = card->number && *card->number
                                       ? mask_keep_ends(a, bytes_of_text(card->number), 1, 4)
                                       : "****";
        values[FIELD_OUTLET] = fitting(outlet ? in(l, outlet->name) : NULL, l, FIELD_OUTLET);
        values[FIELD_BANK] = fitting(bank ? in(l, bank->name) : NULL, l, FIELD_BANK);
        values[FIELD_HOTLINE] = fitting(pack_hotline(region), l, FIELD_HOTLINE);
        values[FIELD_UNTIL] = fitting(until, l, FIELD_UNTIL);
        values[FIELD_EXPIRES_ON] = fitting(date_text(a, l, card->expires_on), l, FIELD_EXPIRES_ON);
        values[FIELD_LINK_WARNING] = in(l, LINK_WARNING);
}

const char *region_notice_text(arena *a, const rule_pack *region, const region_notice_about *about)
{
        const notice_template *text =
                region ? pack_notice(region, about->event, about->language) : NULL;
        if (!text) return NULL;
        const char *values[FIELD_COUNT];
        notice_finding finding;
        fill(a, region, about, values);
        return notice_template_render(a, text, values, &finding);
}
