#include "services/ecard/handlers/ecard_session.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { NOW_MS = 1000000 };

static void with_app(ecard_app *app)
{
        failure f = {0};
        memset(app, 0, sizeof *app);
        app->pepper = keyed_hash_create(bytes_of("0123456789abcdef", 16), &f);
        assert_non_null(app->pepper);
}

static void R23_a_session_holds_for_its_epoch_and_its_time_only(void **state)
{
        (void)state;
        SCOPED(arena) a = {0};
        ecard_app app;
        with_app(&app);
        ecard_record ecard = {.level = ECARD_L1, .password = {.epoch = 4}};
        ecard.holder.bytes[2] = 5;
        ecard_session_content content = {ecard.holder, 4, NOW_MS + 1};
        const char *token = ecard_session_issue(&a, &app, &content);
        int64_t expires = 0;
        assert_int_equal(ecard_session_check(&app, token, &ecard, NOW_MS, &expires),
                         ECARD_SESSION_LIVE);
        assert_int_equal(expires, NOW_MS + 1);
        assert_int_equal(ecard_session_check(&app, token, &ecard, NOW_MS + 1, NULL),
                         ECARD_SESSION_ENDED);
        ecard.password.epoch = 5;
        assert_int_equal(ecard_session_check(&app, token, &ecard, NOW_MS, NULL),
                         ECARD_SESSION_ENDED);
        ecard.password.epoch = 4;
        ecard.level = ECARD_CLOSED;
        assert_int_equal(ecard_session_check(&app, token, &ecard, NOW_MS, NULL),
                         ECARD_SESSION_ENDED);
        ecard.level = ECARD_L2;
        ecard.holder.bytes[2] = 6;
        assert_int_equal(ecard_session_check(&app, token, &ecard, NOW_MS, NULL),
                         ECARD_SESSION_ENDED);
        keyed_hash_destroy(app.pepper);
}

static void what_we_did_not_make_is_no_session(void **state)
{
        (void)state;
        SCOPED(arena) a = {0};
        ecard_app app;
        with_app(&app);
        ecard_record ecard = {.level = ECARD_L1, .password = {.epoch = 4}};
        ecard_session_content content = {ecard.holder, 4, NOW_MS + 1};
        char token[256];
        strcpy(token, ecard_session_issue(&a, &app, &content));
        assert_int_equal(ecard_session_check(&app, "", &ecard, NOW_MS, NULL), ECARD_SESSION_NONE);
        assert_int_equal(ecard_session_check(&app, "x", &ecard, NOW_MS, NULL), ECARD_SESSION_ENDED);
        for (size_t at = 0; token[at]; at++) {
                char was = token[at];
                token[at] = was == 'Q' ? 'R' : 'Q';
                /* The last character has bits that say nothing; any other one is covered. */
                if (token[at + 1])
                        assert_int_equal(ecard_session_check(&app, token, &ecard, NOW_MS, NULL),
                                         ECARD_SESSION_ENDED);
                token[at] = was;
        }
        keyed_hash_destroy(app.pepper);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(R23_a_session_holds_for_its_epoch_and_its_time_only),
                cmocka_unit_test(what_we_did_not_make_is_no_session),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
