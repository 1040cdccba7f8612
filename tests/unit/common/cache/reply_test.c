/* Questions to replies of every kind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/cache/reply.h"

static cache_reply reply_of(cache_reply_kind kind, const char *text)
{
        return (cache_reply){.kind = kind, .text = bytes_of_text(text)};
}

static void a_status_or_a_text_is_what_it_says_and_nothing_else_is(void **state)
{
        (void)state;
        cache_reply status = reply_of(CACHE_REPLY_STATUS, "OK"),
                    text = reply_of(CACHE_REPLY_TEXT, "OK"),
                    error = reply_of(CACHE_REPLY_ERROR, "OK"), nil = {.kind = CACHE_REPLY_NIL};
        assert_true(cache_reply_is(&status, "OK"));
        assert_true(cache_reply_is(&text, "OK"));
        assert_false(cache_reply_is(&text, "O"));
        assert_false(cache_reply_is(&text, "OKAY"));
        assert_false(cache_reply_is(&error, "OK"));
        assert_false(cache_reply_is(&nil, ""));
}

static void an_error_is_known_by_its_first_word(void **state)
{
        (void)state;
        cache_reply error = reply_of(CACHE_REPLY_ERROR, "NOSCRIPT No matching script."),
                    bare = reply_of(CACHE_REPLY_ERROR, "NOSCRIPT"),
                    longer = reply_of(CACHE_REPLY_ERROR, "NOSCRIPTS x"),
                    text = reply_of(CACHE_REPLY_TEXT, "NOSCRIPT");
        assert_true(cache_reply_is_error(&error, "NOSCRIPT"));
        assert_true(cache_reply_is_error(&bare, "NOSCRIPT"));
        assert_false(cache_reply_is_error(&longer, "NOSCRIPT"));
        assert_false(cache_reply_is_error(&text, "NOSCRIPT"));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_status_or_a_text_is_what_it_says_and_nothing_else_is),
                cmocka_unit_test(an_error_is_known_by_its_first_word),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
