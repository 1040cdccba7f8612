/* Every method of every service is there, and people can reach it. */
#include "tools/sscardctl/catalog.h"

#include "tests/unit/tools/sscardctl/fixture.h"

static void every_method_is_there_with_its_comment(void **state)
{
        fixture *x = *state;
        size_t reads = 0, mutations = 0, streams = 0;
        for (size_t i = 0; i < catalog_method_count(x->c); i++) {
                const catalog_method *method = catalog_method_at(x->c, i);
                if (*catalog_method_comment(x->c, method) == '\0')
                        fail_msg("%s has no comment", method->path);
                reads += method->kind == CATALOG_READ;
                mutations += method->kind == CATALOG_MUTATION;
                streams += method->streams;
        }
        assert_true(mutations >= 15);
        assert_true(reads >= 13);
        assert_true(streams >= 2);
}

static void no_two_methods_have_the_same_verb(void **state)
{
        fixture *x = *state;
        for (size_t i = 0; i < catalog_method_count(x->c); i++) {
                verb v = verb_of(&x->a, catalog_method_at(x->c, i));
                verb found = verb_find(&x->a, x->c, v.group, v.name);
                if (found.method != v.method) fail_msg("%s %s is two methods", v.group, v.name);
        }
}

static void comments_are_one_line_a_paragraph(void **state)
{
        fixture *x = *state;
        const catalog_method *method =
                catalog_method_find(x->c, "sscard.card.v1.CardService/ReportLoss");
        assert_non_null(method);
        const char *comment = catalog_method_comment(x->c, method);
        assert_null(strstr(comment, "\n "));
        assert_non_null(strstr(comment, "dead on every channel (S6, R13). Temporary: anyone"));
        const ProtobufCFieldDescriptor *kind =
                protobuf_c_message_descriptor_get_field_by_name(method->request, "kind");
        assert_string_equal(catalog_field_comment(x->c, method->request, kind),
                            "Temporary or formal.");
        const ProtobufCEnumDescriptor *type = kind->descriptor;
        assert_string_not_equal(catalog_value_comment(x->c, type, &type->values[1]), "");
}

static void types_are_found_by_name_for_any(void **state)
{
        fixture *x = *state;
        assert_non_null(catalog_type(x->c, "sscard.card.v1.Card"));
        assert_non_null(catalog_type(x->c, "google.rpc.ErrorInfo"));
        assert_null(catalog_type(x->c, "sscard.card.v1.Nothing"));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                FIXTURE_TEST(every_method_is_there_with_its_comment),
                FIXTURE_TEST(no_two_methods_have_the_same_verb),
                FIXTURE_TEST(comments_are_one_line_a_paragraph),
                FIXTURE_TEST(types_are_found_by_name_for_any),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
