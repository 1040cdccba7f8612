/* Descriptor sets: files by name and symbol, methods with their flags, comments kept. */
#include "tests/unit/common/rpc/fixture.h"

#include "common/rpc/descriptor_set.h"

#include "google/protobuf/descriptor.pb-c.h"

#include <string.h>

static void load(descriptor_set *set)
{
        failure why = {0};
        rpc_service service = echo_service();
        bytes packed = bytes_of(service.descriptor_set, service.descriptor_set_bytes);
        *set = (descriptor_set){0};
        assert_true(descriptor_set_add(set, packed, &why));
        assert_true(descriptor_set_add(set, packed, &why)); /* twice is once */
}

static void files_are_found_by_name_and_symbol(void **state)
{
        (void)state;
        descriptor_set set;
        load(&set);
        const descriptor_file *file =
                descriptor_set_file(&set, "sscard/test/v1/echo_service.proto");
        assert_non_null(file);
        static const char *const symbols[] = {
                "sscard.test.v1.EchoService", "sscard.test.v1.EchoService.Echo",
                "sscard.test.v1.EchoRequest", "sscard.test.v1.EchoRequest.text"};
        for (size_t i = 0; i < ARRAY_LENGTH(symbols); i++)
                assert_ptr_equal(descriptor_set_file_of_symbol(&set, symbols[i]), file);
        assert_null(descriptor_set_file_of_symbol(&set, "sscard.test.v1.Nothing"));
        size_t files = 0;
        for (const descriptor_file *each = set.files; each; each = each->next)
                files += !strcmp(each->name, file->name);
        assert_int_equal(files, 1);
        descriptor_set_release(&set);
}

static void methods_have_their_streaming_flags(void **state)
{
        (void)state;
        descriptor_set set;
        load(&set);
        const char *service = "sscard.test.v1.EchoService";
        assert_false(descriptor_set_method(&set, service, "Echo")->server_streams);
        assert_true(descriptor_set_method(&set, service, "EchoStream")->server_streams);
        assert_false(descriptor_set_method(&set, service, "EchoStream")->client_streams);
        assert_null(descriptor_set_method(&set, service, "Nothing"));
        descriptor_set_release(&set);
}

static void comments_are_kept(void **state)
{
        (void)state;
        descriptor_set set;
        load(&set);
        const descriptor_file *file =
                descriptor_set_file(&set, "sscard/test/v1/echo_service.proto");
        Google__Protobuf__FileDescriptorProto *proto =
                google__protobuf__file_descriptor_proto__unpack(NULL, file->packed.length,
                                                                file->packed.data);
        assert_non_null(proto);
        assert_non_null(proto->source_code_info);
        bool found = false;
        for (size_t i = 0; i < proto->source_code_info->n_location; i++) {
                const char *comment = proto->source_code_info->location[i]->leading_comments;
                if (comment && strstr(comment, "Says what it is told.")) found = true;
        }
        assert_true(found);
        google__protobuf__file_descriptor_proto__free_unpacked(proto, NULL);
        descriptor_set_release(&set);
}

static void each_file_has_all_that_it_imports(void **state)
{
        (void)state;
        descriptor_set set;
        load(&set);
        for (const descriptor_file *file = set.files; file; file = file->next)
                for (size_t i = 0; i < file->dependency_count; i++)
                        assert_non_null(descriptor_set_file(&set, file->dependencies[i]));
        descriptor_set_release(&set);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(files_are_found_by_name_and_symbol),
                cmocka_unit_test(methods_have_their_streaming_flags),
                cmocka_unit_test(comments_are_kept),
                cmocka_unit_test(each_file_has_all_that_it_imports),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
