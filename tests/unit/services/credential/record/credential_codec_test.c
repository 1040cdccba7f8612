/* The codec of the credential service's records: what goes in comes out, and what cannot be is
 * refused. */
#include "services/credential/record/credential_codec.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static credential_record locked(void)
{
        return (credential_record){.card = {{7}},
                                   .version = 41,
                                   .state = CREDENTIAL_LOCKED,
                                   .was = CREDENTIAL_INITIAL,
                                   .errors = 6,
                                   .unlocks = 3,
                                   .generation = 5,
                                   .state_since_ms = 1795536000000};
}

static void assert_same(const credential_record *a, const credential_record *b)
{
        assert_true(ulid_equal(a->card, b->card));
        assert_int_equal(a->version, b->version);
        assert_int_equal(a->state, b->state);
        assert_int_equal(a->was, b->was);
        assert_int_equal(a->errors, b->errors);
        assert_int_equal(a->unlocks, b->unlocks);
        assert_int_equal(a->generation, b->generation);
        assert_int_equal(a->state_since_ms, b->state_since_ms);
}

static void what_goes_in_comes_out(void **state)
{
        (void)state;
        SCOPED(arena) a = {0};
        failure f = {0};
        credential_record in = locked(), out;
        assert_true(credential_unpack(&a, credential_pack(&a, &in), &out, &f));
        assert_same(&in, &out);

        credential_holder holder = {.id = {{1}}, .count = 2, .items = {locked(), locked()}};
        holder.items[1].card.bytes[1] = 9;
        credential_holder *read = arena_zalloc(&a, sizeof *read);
        assert_true(credential_holder_unpack(&a, credential_holder_pack(&a, &holder), read, &f));
        assert_int_equal(read->count, 2);
        assert_true(ulid_equal(read->id, holder.id));
        assert_same(&read->items[1], &holder.items[1]);
        assert_int_equal(credential_find(read, holder.items[1].card), 1);
}

static void what_cannot_be_is_refused(void **state)
{
        (void)state;
        SCOPED(arena) a = {0};
        credential_record out, wrong = locked();
        failure f = {0};
        assert_false(credential_unpack(&a, bytes_of("\xff\xff", 2), &out, &f));
        assert_string_equal(f.reason, "RECORD_MALFORMED");
        failure_clear(&f);
        wrong.was = CREDENTIAL_VOID;
        assert_false(credential_unpack(&a, credential_pack(&a, &wrong), &out, &f));
        failure_clear(&f);
        wrong = locked();
        wrong.state = (credential_state)9;
        assert_false(credential_unpack(&a, credential_pack(&a, &wrong), &out, &f));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(what_goes_in_comes_out),
                cmocka_unit_test(what_cannot_be_is_refused),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
