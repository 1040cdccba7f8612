/* The context file: endpoints, roles, tokens made on the spot. */
#include "tools/sscardctl/context.h"

#include "common/identity/token_issue.h"
#include "tests/unit/tools/sscardctl/fixture.h"

#include <sodium.h>
#include <unistd.h>

static const context_claims nothing = {0};

static const char *folder(void)
{
        const char *path = getenv("TEST_TMPDIR");
        return path ? path : "/tmp";
}

/* Writes a context file and loads it. */
static bool load(fixture *x, context *ctx, const char *text)
{
        const char *path = arena_format(&x->a, "%s/context.json", folder());
        FILE *file = fopen(path, "we");
        assert_non_null(file);
        fputs(text, file);
        fclose(file);
        x->f = (failure){0};
        return context_load(ctx, path, &x->a, &x->f);
}

static void make_keys(fixture *x)
{
        const char *key = arena_format(&x->a, "%s/token-signing.jwk", folder());
        unlink(key);
        const char *jwks = arena_format(&x->a, "%s/jwks.json", folder());
        unlink(jwks);
        assert_true(token_signer_create_files(key, jwks, &x->f));
}

static void services_are_found_by_name(void **state)
{
        fixture *x = *state;
        context ctx;
        assert_true(load(x, &ctx,
                         "{\"region\": \"330000\", \"production\": true, \"ca_file\": \"ca.pem\","
                         " \"services\": {\"card\": \"h:1\", \"status\": \"h:2\"}}"));
        assert_string_equal(ctx.region, "330000");
        assert_true(ctx.production);
        assert_string_equal(context_endpoint(&ctx, "status", &x->f), "h:2");
        assert_string_equal(context_endpoint(&ctx, "sandbox", &x->f), "h:1");
        assert_string_equal(context_file(&ctx, "ca_file", &x->a),
                            arena_format(&x->a, "%s/ca.pem", folder()));
        assert_null(context_file(&ctx, "key_file", &x->a));
        context_release(&ctx);
}

static void a_file_that_is_asked_for_must_be_there_and_whole(void **state)
{
        fixture *x = *state;
        context ctx;
        assert_false(context_load(&ctx, "/nowhere/context.json", &x->a, &x->f));
        assert_false(load(x, &ctx, "{"));
        assert_false(load(x, &ctx, "[]"));
        assert_non_null(strstr(x->f.message, "context"));
}

static void an_unknown_role_names_those_that_exist(void **state)
{
        fixture *x = *state;
        context ctx;
        context_identity who;
        assert_true(load(x, &ctx, "{\"roles\": {\"A\": {\"token\": \"t\"}, \"B\": {}}}"));
        assert_false(context_identify(&ctx, "C", &nothing, &x->a, &who, &x->f));
        assert_non_null(strstr(x->f.message, "there are: A, B"));
        context_release(&ctx);
}

static void a_role_with_a_token_uses_it(void **state)
{
        fixture *x = *state;
        context ctx;
        context_identity who;
        assert_true(load(x, &ctx,
                         "{\"default_role\": \"A\", \"roles\": {\"A\":"
                         " {\"token\": \"t\", \"channel\": \"ECARD\"}}}"));
        assert_true(context_identify(&ctx, NULL, &nothing, &x->a, &who, &x->f));
        assert_string_equal(who.token, "t");
        assert_string_equal(who.channel, "ECARD");
        assert_string_equal(who.outlet, "");
        context_release(&ctx);
}

/* The middle part of a token. */
static json_t *claims_of(fixture *x, const char *token)
{
        const char *begin = strchr(token, '.');
        assert_non_null(begin);
        const char *end = strchr(++begin, '.');
        assert_non_null(end);
        size_t room = strlen(token), length;
        unsigned char *text = arena_alloc(&x->a, room);
        assert_int_equal(sodium_base642bin(text, room, begin, (size_t)(end - begin), NULL, &length,
                                           NULL, sodium_base64_VARIANT_URLSAFE_NO_PADDING),
                         0);
        return json_loadb((const char *)text, length, 0, NULL);
}

static void a_role_with_claims_gets_a_token_of_its_own(void **state)
{
        fixture *x = *state;
        context ctx;
        context_identity who;
        const context_claims person = {.id_number = "330100200001011232"};
        make_keys(x);
        assert_true(load(x, &ctx,
                         "{\"region\": \"330000\", \"keys\": \".\","
                         " \"roles\": {\"HOLDER\": {\"claims\": {\"subject\": \"app\","
                         " \"channels\": [\"ECARD\", \"NATIONAL_SI\"], \"assurance\": 2,"
                         " \"outlets\": [\"o-1\"]}}}}"));
        assert_true(context_identify(&ctx, "HOLDER", &person, &x->a, &who, &x->f));
        assert_string_equal(who.channel, "ECARD");
        assert_string_equal(who.outlet, "o-1");
        json_t *claims = claims_of(x, who.token);
        assert_non_null(claims);
        assert_string_equal(json_string_value(json_object_get(claims, "sub")), "app");
        assert_string_equal(json_string_value(json_object_get(claims, "region")), "330000");
        const json_t *act = json_object_get(claims, "act");
        assert_string_equal(json_string_value(json_object_get(act, "id_number")),
                            "330100200001011232");
        json_decref(claims);
        context_release(&ctx);
}

static void development_roles_need_no_entry(void **state)
{
        fixture *x = *state;
        context ctx;
        context_identity who;
        make_keys(x);
        assert_true(load(x, &ctx, "{\"region\": \"440000\", \"keys\": \".\"}"));
        assert_true(context_identify(&ctx, NULL, &nothing, &x->a, &who, &x->f));
        assert_string_equal(who.role, "OPERATOR");
        assert_string_equal(who.channel, "BRANCH");
        assert_string_equal(who.outlet, "440100-0001");
        const context_claims hash = {.request_hash = "HASH"};
        assert_true(context_identify(&ctx, "OPERATOR_2", &hash, &x->a, &who, &x->f));
        json_t *claims = claims_of(x, who.token);
        assert_string_equal(json_string_value(json_object_get(claims, "request_hash")), "HASH");
        json_decref(claims);
        assert_true(context_identify(&ctx, "hotline", &nothing, &x->a, &who, &x->f));
        assert_string_equal(who.channel, "PHONE_12333");
        assert_false(context_identify(&ctx, "NOBODY", &nothing, &x->a, &who, &x->f));
        assert_string_equal(strrchr(x->f.message, ','), ", SYSTEM"); /* and nothing behind it */
        assert_non_null(strstr(x->f.message, "BANK_OPERATOR"));
        context_release(&ctx);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                FIXTURE_TEST(services_are_found_by_name),
                FIXTURE_TEST(a_file_that_is_asked_for_must_be_there_and_whole),
                FIXTURE_TEST(an_unknown_role_names_those_that_exist),
                FIXTURE_TEST(a_role_with_a_token_uses_it),
                FIXTURE_TEST(a_role_with_claims_gets_a_token_of_its_own),
                FIXTURE_TEST(development_roles_need_no_entry),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
