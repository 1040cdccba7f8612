/* From typed words to requests. */
#include "tools/sscardctl/request.h"

#include "sscard/card/v1/card_service.pb-c.h"
#include "tests/unit/tools/sscardctl/fixture.h"
#include "tools/sscardctl/message_json.h"

enum { WORDS_MAX = 24 };

static const request_defaults defaults = {
        .region = "330000", .channel = "BRANCH", .outlet = "330100-0001", .request_id = "ID"};

/* The request that "group verb words…" makes, as compact JSON; NULL and f set. */
static const char *typed(fixture *x, const char *group, const char *name, const char *words)
{
        char *list[WORDS_MAX];
        int count = 0;
        char *rest = arena_strdup(&x->a, words), *word;
        while ((word = strsep(&rest, " ")))
                if (*word) list[count++] = word;
        verb v = fixture_verb(x, group, name);
        x->f = (failure){0};
        json_t *request = request_parse(&x->a, &v, &defaults, count, list, &x->f);
        if (!request) return NULL;
        char *text = json_dumps(request, JSON_COMPACT | JSON_SORT_KEYS);
        const char *kept = arena_strdup(&x->a, text);
        free(text);
        /* Whatever is typed must make a message. */
        assert_non_null(message_from_json(&x->a, x->c, v.method->request, request, &x->f));
        json_decref(request);
        return kept;
}

static void a_bare_id_becomes_a_name_of_the_region(void **state)
{
        fixture *x = *state;
        assert_string_equal(
                typed(x, "card", "get", "01J"),
                "{\"name\":\"regions/330000/cards/01J\","
                "\"read_options\":{\"channel\":\"BRANCH\",\"outlet\":\"330100-0001\"}}");
        const char *list = typed(x, "card", "list", "01J");
        assert_non_null(strstr(list, "\"parent\":\"regions/330000/holders/01J\""));
        const char *whole = typed(x, "card", "get", "regions/110000/cards/01J");
        assert_non_null(strstr(whole, "\"regions/110000/cards/01J\""));
}

static void the_shape_of_a_bare_word_says_what_it_is(void **state)
{
        fixture *x = *state;
        assert_non_null(strstr(typed(x, "status", "get", "330100200001011232"),
                               "\"identity_number\":\"330100200001011232\""));
        assert_non_null(
                strstr(typed(x, "status", "get", "33010020000101123X"), "\"identity_number\""));
        assert_non_null(strstr(typed(x, "status", "get", "A12345678"), "\"card_number\""));
        assert_non_null(strstr(typed(x, "status", "get", "01J"), "\"regions/330000/cards/01J\""));
}

static void a_request_about_the_region_needs_no_name(void **state)
{
        fixture *x = *state;
        assert_non_null(strstr(typed(x, "card", "expiring", ""), "\"parent\":\"regions/330000\""));
        assert_non_null(strstr(typed(x, "clock", "get", ""), "\"name\":\"regions/330000\""));
        assert_non_null(strstr(typed(x, "card", "expiring", "110000"), "\"regions/110000\""));
}

static void S1_a_mutation_gets_a_request_id_unless_one_is_given(void **state)
{
        fixture *x = *state;
        assert_string_equal(typed(x, "card", "enable", "01J"),
                            "{\"context\":{\"channel\":\"BRANCH\",\"outlet\":\"330100-0001\","
                            "\"request_id\":\"ID\"},\"name\":\"regions/330000/cards/01J\"}");
        assert_non_null(strstr(typed(x, "card", "enable", "01J --request-id MINE"),
                               "\"request_id\":\"MINE\""));
        assert_null(strstr(typed(x, "card", "get", "01J"), "request_id"));
}

static void an_enum_value_is_a_flag(void **state)
{
        fixture *x = *state;
        assert_non_null(strstr(typed(x, "card", "report-loss", "01J --temporary"),
                               "\"kind\":\"LOSS_KIND_TEMPORARY\""));
        const char *replace = typed(x, "card", "replace", "01J --lost --pickup --consent");
        assert_non_null(strstr(replace, "\"reason\":\"REPLACE_REASON_LOST\""));
        assert_non_null(strstr(replace, "\"fulfilment\":\"FULFILMENT_PICKUP\""));
        assert_non_null(strstr(replace, "\"consent\":{}"));
        assert_null(typed(x, "card", "report-loss", "01J --temporary=yes"));
}

static void flags_reach_nested_fields(void **state)
{
        fixture *x = *state;
        const char *done = typed(x, "card", "complete-production",
                                 "01J --card-number A12345678 --chip.chip-id C1 --chip.model M "
                                 "--expires-on 2036-01-31 --note x --validate-only");
        assert_non_null(strstr(done, "\"chip\":{\"chip_id\":\"C1\",\"model\":\"M\"}"));
        assert_non_null(strstr(done, "\"operator_note\":\"x\""));
        assert_non_null(strstr(done, "\"validate_only\":true"));
        const char *evidence = typed(x, "card", "collect",
                                     "01J --enable --evidence ID_DOCUMENT:1 --evidence=MANDATE:2");
        assert_non_null(strstr(evidence, "\"evidence\":[\"ID_DOCUMENT:1\",\"MANDATE:2\"]"));
        assert_non_null(strstr(evidence, "\"enable\":true"));
        const char *cancel = typed(x, "card", "cancel", "01J --no-local-entitlements");
        assert_non_null(strstr(cancel, "\"by_holder\":{\"no_local_entitlements\":true}"));
}

static void flags_stand_over_a_json_document(void **state)
{
        fixture *x = *state;
        const char *text = typed(x, "card", "report-loss",
                                 "--json {\"name\":\"n\",\"kind\":\"FORMAL\",\"context\":"
                                 "{\"requestId\":\"R\",\"outlet\":\"O\"}} --outlet P");
        assert_string_equal(text, "{\"context\":{\"channel\":\"BRANCH\",\"outlet\":\"P\","
                                  "\"request_id\":\"R\"},\"kind\":\"FORMAL\",\"name\":\"n\"}");
}

static void what_makes_no_sense_is_refused(void **state)
{
        fixture *x = *state;
        assert_null(typed(x, "card", "get", "01J 01K"));
        assert_non_null(strstr(x->f.message, "01K is one word too many"));
        assert_null(typed(x, "card", "get", "01J --kind X"));
        assert_non_null(strstr(x->f.message,
                               "there is no flag --kind here; see \"sscardctl help card get\""));
        assert_null(typed(x, "card", "list", "01J --page-size"));
        assert_non_null(strstr(x->f.message, "--page-size needs a value"));
        assert_null(typed(x, "card", "get", "--json [1]"));
        assert_null(typed(x, "card", "get", "--json {"));
        assert_null(typed(x, "card", "get", "--file /nowhere/request.json"));
}

/* Every field of every request can be reached by a flag. */
static void reach_all(fixture *x, const verb *v, const ProtobufCMessageDescriptor *type,
                      const char *prefix, int depth)
{
        for (unsigned i = 0; i < type->n_fields; i++) {
                const ProtobufCFieldDescriptor *field = &type->fields[i];
                const char *path = arena_format(&x->a, "%s%s", prefix, field->name);
                const char *value;
                const char *meant = request_flag_path(&x->a, v, verb_kebab(&x->a, path), &value);
                if (!meant || strcmp(meant, path) != 0)
                        fail_msg("%s %s: --%s is %s", v->group, v->name, verb_kebab(&x->a, path),
                                 meant ? meant : "nothing");
                if (field->type == PROTOBUF_C_TYPE_MESSAGE && depth < 3 &&
                    field->label != PROTOBUF_C_LABEL_REPEATED)
                        reach_all(x, v, field->descriptor, arena_format(&x->a, "%s.", path),
                                  depth + 1);
        }
}

static void every_field_of_every_request_has_a_flag(void **state)
{
        fixture *x = *state;
        for (size_t i = 0; i < catalog_method_count(x->c); i++) {
                verb v = verb_of(&x->a, catalog_method_at(x->c, i));
                reach_all(x, &v, v.method->request, "", 0);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                FIXTURE_TEST(a_bare_id_becomes_a_name_of_the_region),
                FIXTURE_TEST(the_shape_of_a_bare_word_says_what_it_is),
                FIXTURE_TEST(a_request_about_the_region_needs_no_name),
                FIXTURE_TEST(S1_a_mutation_gets_a_request_id_unless_one_is_given),
                FIXTURE_TEST(an_enum_value_is_a_flag),
                FIXTURE_TEST(flags_reach_nested_fields),
                FIXTURE_TEST(flags_stand_over_a_json_document),
                FIXTURE_TEST(what_makes_no_sense_is_refused),
                FIXTURE_TEST(every_field_of_every_request_has_a_flag),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
