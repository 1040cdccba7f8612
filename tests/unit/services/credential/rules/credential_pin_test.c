/* Weak PINs: what is guessed first is refused, everything else is not. */
#include "services/credential/rules/credential_pin.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>

static const credential_pin_facts PERSON = {.born_on = {1985, 3, 27},
                                            .identity_number = "99010119850327461X",
                                            .card_number = "A70264918",
                                            .old_pin = "604827"};

static credential_weakness weakness(const char *pin)
{
        return credential_pin_weakness(pin, &PERSON);
}

static void R17_what_is_guessed_first_is_refused(void **state)
{
        (void)state;
        static const struct {
                const char *pin;
                credential_weakness weakness;
        } expected[] = {
                {"000000", CREDENTIAL_WEAK_REPEATED},
                {"888888", CREDENTIAL_WEAK_REPEATED},
                {"121212", CREDENTIAL_WEAK_REPEATED},
                {"520520", CREDENTIAL_WEAK_REPEATED},
                {"112233", CREDENTIAL_WEAK_REPEATED},
                {"123456", CREDENTIAL_WEAK_SEQUENTIAL},
                {"654321", CREDENTIAL_WEAK_SEQUENTIAL},
                {"890123", CREDENTIAL_WEAK_SEQUENTIAL},
                {"135791", CREDENTIAL_WEAK_SEQUENTIAL},
                {"850327", CREDENTIAL_WEAK_BIRTH_DATE},
                {"270385", CREDENTIAL_WEAK_BIRTH_DATE},
                {"032785", CREDENTIAL_WEAK_BIRTH_DATE},
                {"198503", CREDENTIAL_WEAK_BIRTH_DATE},
                {"327461", CREDENTIAL_WEAK_IDENTITY_NUMBER},
                {"264918", CREDENTIAL_WEAK_CARD_NUMBER},
                {"604827", CREDENTIAL_WEAK_SAME},
                {"604828", CREDENTIAL_NOT_WEAK},
                {"917350", CREDENTIAL_NOT_WEAK},
                {"112234", CREDENTIAL_NOT_WEAK},
                {"123457", CREDENTIAL_NOT_WEAK},
        };
        for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++)
                assert_string_equal(credential_weakness_name(weakness(expected[i].pin)),
                                    credential_weakness_name(expected[i].weakness));
}

static void few_of_all_million_are_weak_and_unknown_facts_refuse_nothing(void **state)
{
        (void)state;
        const credential_pin_facts nobody = {.identity_number = "", .card_number = ""};
        int of_person = 0, of_nobody = 0;
        for (int i = 0; i < 1000000; i++) {
                char pin[12];
                snprintf(pin, sizeof pin, "%06d", i);
                of_person += weakness(pin) != CREDENTIAL_NOT_WEAK;
                of_nobody += credential_pin_weakness(pin, &nobody) != CREDENTIAL_NOT_WEAK;
        }
        assert_in_range(of_nobody, 1000, 2500);
        assert_int_equal(of_person - of_nobody, 9); /* six orders of the date, id, card, old */
}

static void six_digits_and_nothing_else(void **state)
{
        (void)state;
        static const char *const wrong[] = {"",       "12345",        "1234567",
                                            "12345a", "１２３４５６", " 12345"};
        for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
                assert_false(credential_pin_is_whole(wrong[i]));
        assert_true(credential_pin_is_whole("048215"));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(R17_what_is_guessed_first_is_refused),
                cmocka_unit_test(few_of_all_million_are_weak_and_unknown_facts_refuse_nothing),
                cmocka_unit_test(six_digits_and_nothing_else),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
