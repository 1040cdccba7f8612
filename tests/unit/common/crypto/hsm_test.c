/* A key in a token: made once, the same MAC from every session, and errors that say what is wrong.
 */
#include "common/crypto/hsm.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char folder[128], tokens[160], config[160], pin_file[160];

static hsm_options options(void)
{
        return (hsm_options){.module = "/usr/lib/softhsm/libsofthsm2.so",
                             .token_label = "sscard",
                             .key_label = "a-key",
                             .pin_file = pin_file,
                             .softhsm_tokens = tokens,
                             .softhsm_config = config};
}

static int set_up(void **state)
{
        (void)state;
        const char *base = getenv("TEST_TMPDIR");
        snprintf(folder, sizeof folder, "%s/hsm.XXXXXX", base ? base : "/tmp");
        if (!mkdtemp(folder)) return -1;
        snprintf(tokens, sizeof tokens, "%s/tokens", folder);
        snprintf(config, sizeof config, "%s/softhsm2.conf", folder);
        snprintf(pin_file, sizeof pin_file, "%s/pin", folder);
        return 0;
}

static void mac_of(hsm *h, const char *text, uint8_t mac[HSM_MAC_BYTES])
{
        failure f = {0};
        hsm_session *session = hsm_session_open(h, &f);
        assert_non_null(session);
        assert_true(hsm_mac(session, bytes_of_text(text), mac, &f));
        hsm_session_close(session);
}

static void a_key_is_made_once_and_gives_the_same_macs(void **state)
{
        (void)state;
        failure f = {0};
        hsm_options how = options();
        uint8_t first[HSM_MAC_BYTES], again[HSM_MAC_BYTES], other[HSM_MAC_BYTES];
        assert_true(hsm_make_softhsm(&how, &f));
        hsm *h = hsm_open(&how, &f);
        assert_non_null(h);
        mac_of(h, "one", first);
        mac_of(h, "two", other);
        assert_memory_not_equal(first, other, sizeof first);
        hsm_close(h);
        assert_true(hsm_make_softhsm(&how, &f)); /* keeps what is there */
        h = hsm_open(&how, &f);
        assert_non_null(h);
        mac_of(h, "one", again);
        assert_memory_equal(first, again, sizeof first);
        hsm_close(h);
}

static void what_is_wrong_is_said(void **state)
{
        (void)state;
        failure f = {0};
        hsm_options how = options();
        how.token_label = "another";
        assert_null(hsm_open(&how, &f));
        assert_string_equal(f.reason, "TOKEN_UNUSABLE");
        failure_clear(&f);
        how = options();
        how.key_label = "another";
        assert_null(hsm_open(&how, &f));
        assert_string_equal(f.reason, "TOKEN_UNUSABLE");
        failure_clear(&f);
        how = options();
        how.module = "/no/such/module.so";
        assert_null(hsm_open(&how, &f));
        assert_string_equal(f.reason, "TOKEN_UNUSABLE");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_key_is_made_once_and_gives_the_same_macs),
                cmocka_unit_test(what_is_wrong_is_said),
        };
        return cmocka_run_group_tests(tests, set_up, NULL);
}
