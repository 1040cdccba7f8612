/* Makes check codes and finds them again. Must never compare a code in a time that tells how much
 * of it is right. */
#include "services/status/handlers/notice_check.h"

#include "common/base/civil_date.h"
#include "common/base/clock.h"
#include "common/text/language.h"

#include <string.h>

static const char domain[] = "sscard notice";

keyed_hash *notice_check_key(const service_instance *instance, failure *f)
{
        return keyed_hash_create(
                bytes_of(instance->keys.request_key, sizeof instance->keys.request_key), f);
}

void notice_check_mac(keyed_hash *key, ulid holder, const notice_record *notice,
                      uint8_t mac[NOTICE_CODE_BYTES])
{
        const int32_t day = record_days(civil_date_at(notice->written_at_ms));
        keyed_hash_begin(key);
        keyed_hash_add(key, bytes_of(domain, sizeof domain));
        keyed_hash_add(key, bytes_of(holder.bytes, ULID_BYTES));
        keyed_hash_add(key, bytes_of(&day, sizeof day));
        keyed_hash_add(key, bytes_of_text(notice->text));
        const digest whole = keyed_hash_end(key);
        memcpy(mac, whole.bytes, NOTICE_CODE_BYTES);
}

const char *notice_check_sign(arena *a, keyed_hash *key, ulid holder, const notice_record *notice)
{
        uint8_t mac[NOTICE_CODE_BYTES];
        char code[NOTICE_CODE_LENGTH + 1];
        notice_check_mac(key, holder, notice, mac);
        notice_code_format(mac, code);
        return notice->language == LANGUAGE_EN
                       ? arena_format(a,
                                      "%s (Check code %s: ask 12333 whether this message is ours.)",
                                      notice->text, code)
                       : arena_format(a, "%s（核验码%s，可拨打12333核实本消息真伪。）",
                                      notice->text, code);
}

static bool is_same(const uint8_t a[NOTICE_CODE_BYTES], const uint8_t b[NOTICE_CODE_BYTES])
{
        uint8_t difference = 0;
        for (int i = 0; i < NOTICE_CODE_BYTES; i++)
                difference |= a[i] ^ b[i];
        return difference == 0;
}

const notice_record *notice_check_find(keyed_hash *key, ulid holder, const notice_record *notices,
                                       size_t count, const uint8_t mac[NOTICE_CODE_BYTES])
{
        const notice_record *found = NULL;
        for (size_t i = 0; i < count; i++) {
                uint8_t own[NOTICE_CODE_BYTES];
                notice_check_mac(key, holder, &notices[i], own);
                if (is_same(own, mac)) found = &notices[i];
        }
        return found;
}
