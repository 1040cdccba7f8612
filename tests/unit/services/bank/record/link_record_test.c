#define _GNU_SOURCE
/* What is packed comes back, what is sealed stays sealed, what is broken is refused. */
#include "services/bank/record/link_record.h"

#include "tests/unit/services/bank/rules/bank_fixture.h"

#include <string.h>

static bank_world w;

typedef struct packer {
        keyring *ring;
        random_seeded random;
        record_keys keys;
        arena arena;
        failure failure;
} packer;

static void open_packer(packer *p)
{
        static const uint8_t key[32] = {7};
        memset(p, 0, sizeof *p);
        p->ring = keyring_create(bytes_of(key, sizeof key), &p->failure);
        assert_non_null(p->ring);
        random_seeded_init(&p->random, 3);
        p->keys = (record_keys){p->ring, &p->random.base};
}

static void close_packer(packer *p)
{
        keyring_destroy(p->ring);
        arena_release(&p->arena);
}

static void assert_same_request(const bank_request *one, const bank_request *other)
{
        assert_int_equal(one->state, other->state);
        assert_true(ulid_equal(one->reference, other->reference));
        assert_int_equal(one->asked_at_ms, other->asked_at_ms);
        assert_int_equal(one->next_at_ms, other->next_at_ms);
        assert_int_equal(one->answered_at_ms, other->answered_at_ms);
        assert_int_equal(one->attempts, other->attempts);
        assert_int_equal(one->problem, other->problem);
        assert_int_equal(one->at_counter, other->at_counter);
        assert_string_equal(one->reason, other->reason);
}

static void assert_same_link(const bank_link *one, const bank_link *other)
{
        assert_true(ulid_equal(one->card, other->card));
        assert_int_equal(one->version, other->version);
        assert_int_equal(one->state, other->state);
        assert_int_equal(one->loss, other->loss);
        assert_int_equal(one->loss_since_ms, other->loss_since_ms);
        assert_int_equal(one->loss_of_ms, other->loss_of_ms);
        assert_string_equal(one->bank, other->bank);
        assert_int_equal(one->loaded_at_ms, other->loaded_at_ms);
        assert_int_equal(one->activated_at_ms, other->activated_at_ms);
        assert_int_equal(one->closed_at_ms, other->closed_at_ms);
        assert_true(ulid_equal(one->closure.id, other->closure.id));
        assert_int_equal(one->closure.cause, other->closure.cause);
        assert_int_equal(one->closure.opened_at_ms, other->closure.opened_at_ms);
        assert_int_equal(one->closure.agency_done_at_ms, other->closure.agency_done_at_ms);
        assert_int_equal(one->closure.bank_done_at_ms, other->closure.bank_done_at_ms);
        for (int kind = 1; kind < BANK_REQUEST_KIND_COUNT; kind++)
                assert_same_request(&one->requests[kind], &other->requests[kind]);
}

/* A link with as much in it as there can be. */
static bank_link full_link(bank_state state)
{
        bank_world_init(&w, CARD_NORMAL, state);
        bank_link link = *bank_world_stored(&w);
        if (state == BANK_LOADED) {
                bank_request_begin(&link, BANK_REQUEST_ACTIVATE, world_id(77), 1234);
                link.requests[BANK_REQUEST_ACTIVATE].attempts = 9;
                link.requests[BANK_REQUEST_ACTIVATE].problem = BANK_PROBLEM_TIMEOUT;
                link.loss = BANK_LOSS_UNKNOWN;
                link.loss_since_ms = link.loss_of_ms = 555;
        }
        if (state != BANK_NONE) link.account = "ACCOUNT-123456";
        bank_link_tidy(&link);
        return link;
}

static void every_link_comes_back_as_it_was(void **state)
{
        (void)state;
        packer p;
        open_packer(&p);
        for (int s = BANK_NONE; s < BANK_STATE_COUNT; s++) {
                bank_link link = full_link((bank_state)s), back = {0};
                bytes packed = bank_link_pack(&p.keys, &p.arena, &link);
                assert_true(bank_link_unpack(p.ring, &p.arena, packed, &back, &p.failure));
                assert_same_link(&link, &back);
                assert_string_equal(back.account, link.account);
        }
        close_packer(&p);
}

static void S9_without_keys_the_account_reads_masked_and_the_bytes_do_not_show_it(void **state)
{
        (void)state;
        packer p;
        open_packer(&p);
        bank_holder holder = {
                .id = world_id(1), .link_count = 1, .links = {full_link(BANK_LOADED)}};
        bytes packed = bank_holder_pack(&p.keys, &p.arena, &holder);
        assert_null(memmem(packed.data, packed.length, "ACCOUNT", 7));
        bank_holder back = {0};
        assert_true(bank_holder_unpack(NULL, &p.arena, packed, &back, &p.failure));
        assert_int_equal(back.link_count, 1);
        assert_string_equal(back.links[0].account, "****3456");
        assert_same_link(&holder.links[0], &back.links[0]);
        close_packer(&p);
}

static void a_short_account_shows_nothing(void **state)
{
        (void)state;
        arena a = {0};
        assert_string_equal(account_mask(&a, ""), "");
        assert_string_equal(account_mask(&a, "1234567"), "****");
        assert_string_equal(account_mask(&a, "12345678"), "****5678");
        arena_release(&a);
}

static void every_shortened_or_broken_record_is_refused_or_whole(void **state)
{
        (void)state;
        packer p;
        open_packer(&p);
        bank_link link = full_link(BANK_LOADED), back;
        bytes packed = bank_link_pack(&p.keys, &p.arena, &link);
        int refused = 0;
        for (size_t length = 0; length < packed.length; length++) {
                failure f = {0};
                if (bank_link_unpack(p.ring, &p.arena, bytes_of(packed.data, length), &back, &f)) {
                        assert_null(bank_link_broken(&back));
                        continue;
                }
                assert_int_equal(f.kind, FAILURE_DATA_LOSS);
                refused++;
        }
        assert_true(refused > 0);
        link.activated_at_ms = 0;
        link.state = BANK_ACTIVE; /* active, but never activated: not one of ours */
        packed = bank_link_pack(&p.keys, &p.arena, &link);
        failure f = {0};
        assert_false(bank_link_unpack(p.ring, &p.arena, packed, &back, &f));
        close_packer(&p);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(every_link_comes_back_as_it_was),
                cmocka_unit_test(
                        S9_without_keys_the_account_reads_masked_and_the_bytes_do_not_show_it),
                cmocka_unit_test(a_short_account_shows_nothing),
                cmocka_unit_test(every_shortened_or_broken_record_is_refused_or_whole),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
