/* Looking bytes over: what is good passes, what is not is named. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/base/random.h"
#include "common/rpc/wire_check.h"

#include "google/protobuf/descriptor.pb-c.h"
#include "google/rpc/error_details.pb-c.h"
#include "sscard/common/v1/context.pb-c.h"
#include "sscard/common/v1/step.pb-c.h"
#include "sscard/test/v1/echo_service.pb-c.h"

#include <stdlib.h>
#include <string.h>

typedef struct verdict {
        arena arena;
        wire_problem problem;
        bool good;
} verdict;

static void verdict_release(verdict *v)
{
        arena_release(&v->arena);
}

static void check(verdict *v, const ProtobufCMessageDescriptor *type, const void *data,
                  size_t length)
{
        /* A copy of exactly this size, so that ASan sees a read beyond it. */
        uint8_t *copy = malloc(length ? length : 1);
        assert_non_null(copy);
        if (length) memcpy(copy, data, length);
        v->good = wire_check(type, bytes_of(copy, length), &v->arena, &v->problem);
        free(copy);
}

#define CHECK(v, type, literal) check(v, type, literal, sizeof literal - 1)
#define ECHO_REQUEST &echo__echo_request__descriptor

static void good_messages_pass(void **state)
{
        (void)state;
        SCOPED(verdict) v = {0};
        CHECK(&v, ECHO_REQUEST, "");
        assert_true(v.good);
        CHECK(&v, ECHO_REQUEST, "\x0a\x05hello\x18\x14");
        assert_true(v.good);
        CHECK(&v, ECHO_REQUEST, "\x0a\x06\xe7\xa4\xbe\xe4\xbf\x9d"); /* 社保 */
        assert_true(v.good);
        CHECK(&v, ECHO_REQUEST, "\x12\x02\xff\x00"); /* bytes may be anything */
        assert_true(v.good);
        CHECK(&v, ECHO_REQUEST, "\xf8\x3f\x01"); /* an unknown field is tolerated */
        assert_true(v.good);
}

static void truncated_and_impossible_bytes_are_malformed(void **state)
{
        (void)state;
        static const struct {
                const char *bytes;
                size_t length;
        } cases[] = {
                {"\x0a", 1},                                              /* no length */
                {"\x0a\x05hell", 6},                                      /* cut short */
                {"\x0a\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01x", 12},    /* huge length */
                {"\x18\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 12}, /* endless varint */
                {"\x00\x00", 2},                                          /* field number 0 */
                {"\x0b\x0c", 2},                                          /* a group */
                {"\x0f\x00", 2},                                          /* wire type 7 */
                {"\x0d\x00", 2},                                          /* fixed32 cut short */
        };
        for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
                SCOPED(verdict) v = {0};
                check(&v, ECHO_REQUEST, cases[i].bytes, cases[i].length);
                assert_false(v.good);
                assert_string_equal(v.problem.reason, "MALFORMED_MESSAGE");
        }
}

static void invalid_utf8_names_the_field(void **state)
{
        (void)state;
        static const char *const texts[] = {
                "\x0a\x02\xc3\x28",         /* no continuation */
                "\x0a\x02\xc0\x80",         /* overlong NUL */
                "\x0a\x03\xed\xa0\x80",     /* surrogate */
                "\x0a\x04\xf4\x90\x80\x80", /* above U+10FFFF */
                "\x0a\x01\x80",             /* lone continuation */
                "\x0a\x02\xe4\xbf",         /* cut character */
        };
        for (size_t i = 0; i < ARRAY_LENGTH(texts); i++) {
                SCOPED(verdict) v = {0};
                check(&v, ECHO_REQUEST, texts[i], (size_t)texts[i][1] + 2);
                assert_false(v.good);
                assert_string_equal(v.problem.reason, "INVALID_UTF8");
                assert_string_equal(v.problem.field, "text");
        }
}

static void a_nul_in_a_text_is_refused_where_it_would_cut_it(void **state)
{
        (void)state;
        SCOPED(verdict) v = {0};
        CHECK(&v, ECHO_REQUEST,
              "\x0a\x03"
              "a\0b");
        assert_false(v.good);
        assert_string_equal(v.problem.reason, "TEXT_WITH_NUL");
}

static void an_enum_value_of_no_version_is_named(void **state)
{
        (void)state;
        SCOPED(verdict) v = {0};
        const ProtobufCMessageDescriptor *context = &common__request_context__descriptor;
        CHECK(&v, context, "\x10\x0d"); /* channel: SYSTEM, the last */
        assert_true(v.good);
        CHECK(&v, context, "\x10\x0e");
        assert_false(v.good);
        assert_string_equal(v.problem.reason, "ENUM_UNKNOWN");
        assert_string_equal(v.problem.field, "channel");
        CHECK(&v, context, "\x10\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"); /* -1 */
        assert_false(v.good);
        assert_string_equal(v.problem.reason, "ENUM_UNKNOWN");
        CHECK(&v, context, "\x42\x02\x08\x01\x42\x02\x08\x63"); /* the second of two: kind 99 */
        assert_false(v.good);
        assert_string_equal(v.problem.field, "evidence[1].kind");
}

static void the_values_of_a_packed_list_are_looked_at_each(void **state)
{
        (void)state;
        SCOPED(verdict) v = {0};
        const ProtobufCMessageDescriptor *step = &common__next_step__descriptor;
        CHECK(&v, step, "\x1a\x03\x01\x02\x03");
        assert_true(v.good);
        CHECK(&v, step, "\x1a\x03\x01\x63\x03");
        assert_false(v.good);
        assert_string_equal(v.problem.reason, "ENUM_UNKNOWN");
        CHECK(&v, step, "\x1a\x02\x01\x83");
        assert_false(v.good);
        assert_string_equal(v.problem.reason, "MALFORMED_MESSAGE");
}

static void the_path_of_a_nested_field_has_its_index(void **state)
{
        (void)state;
        SCOPED(verdict) v = {0};
        /* BadRequest: two good violations, a third whose localized_message.locale is broken. */
        CHECK(&v, &google_rpc__bad_request__descriptor,
              "\x0a\x03\x0a\x01"
              "a"
              "\x0a\x03\x0a\x01"
              "b"
              "\x0a\x05\x22\x03\x0a\x01\xff");
        assert_false(v.good);
        assert_string_equal(v.problem.field, "field_violations[2].localized_message.locale");
}

static void endless_nesting_is_refused_before_anything_recurses_on_it(void **state)
{
        (void)state;
        /* DescriptorProto.nested_type = 3, in itself, 200 deep. */
        enum { DEPTH = 200 };
        uint8_t packed[3 * DEPTH];
        size_t length = 0;
        for (int i = 0; i < DEPTH; i++) {
                uint8_t inner[3 * DEPTH];
                memcpy(inner, packed, length);
                size_t at = 0;
                packed[at++] = 0x1a;
                if (length < 128) {
                        packed[at++] = (uint8_t)length;
                } else {
                        packed[at++] = (uint8_t)(0x80 | (length & 0x7f));
                        packed[at++] = (uint8_t)(length >> 7);
                }
                if (at + length > sizeof packed) break;
                memcpy(packed + at, inner, length);
                length += at;
        }
        SCOPED(verdict) v = {0};
        check(&v, &google__protobuf__descriptor_proto__descriptor, packed, length);
        assert_false(v.good);
        assert_string_equal(v.problem.reason, "TOO_DEEP");
}

static void four_mebibytes_that_would_swell_are_refused(void **state)
{
        (void)state;
        enum { LENGTH = 4 << 20 };
        uint8_t *packed = malloc(LENGTH);
        assert_non_null(packed);
        for (int i = 0; i < LENGTH; i += 2) {
                packed[i] = 0x0a; /* an empty violation of two bytes becomes a struct */
                packed[i + 1] = 0;
        }
        SCOPED(verdict) v = {0};
        v.good = wire_check(&google_rpc__bad_request__descriptor, bytes_of(packed, LENGTH),
                            &v.arena, &v.problem);
        assert_false(v.good);
        assert_string_equal(v.problem.reason, "TOO_MANY_ELEMENTS");
        free(packed);
}

static void what_passes_can_be_unpacked_and_what_cannot_is_refused_or_harmless(void **state)
{
        (void)state;
        enum { ROUNDS = 20000, LENGTH_MAX = 40 };
        random_seeded random;
        random_seeded_init(&random, 7);
        int passed = 0;
        for (int round = 0; round < ROUNDS; round++) {
                uint8_t packed[LENGTH_MAX];
                size_t length = random_u64(&random.base) % LENGTH_MAX;
                random_fill(&random.base, packed, length);
                for (size_t i = 0; i < length; i += 3)
                        packed[i] &= 0x3b; /* likelier tags */
                SCOPED(verdict) v = {0};
                check(&v, ECHO_REQUEST, packed, length);
                Echo__EchoRequest *request = echo__echo_request__unpack(NULL, length, packed);
                if (request && v.good) {
                        passed++;
                        assert_true(wire_utf8_is_valid((const uint8_t *)request->text,
                                                       strlen(request->text)));
                }
                if (request) echo__echo_request__free_unpacked(request, NULL);
        }
        assert_true(passed > 100);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(good_messages_pass),
                cmocka_unit_test(truncated_and_impossible_bytes_are_malformed),
                cmocka_unit_test(invalid_utf8_names_the_field),
                cmocka_unit_test(a_nul_in_a_text_is_refused_where_it_would_cut_it),
                cmocka_unit_test(an_enum_value_of_no_version_is_named),
                cmocka_unit_test(the_values_of_a_packed_list_are_looked_at_each),
                cmocka_unit_test(the_path_of_a_nested_field_has_its_index),
                cmocka_unit_test(endless_nesting_is_refused_before_anything_recurses_on_it),
                cmocka_unit_test(four_mebibytes_that_would_swell_are_refused),
                cmocka_unit_test(
                        what_passes_can_be_unpacked_and_what_cannot_is_refused_or_harmless),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
