/* The method table: what does not match is refused at start. */
#include "tests/unit/common/rpc/fixture.h"

#include "common/rpc/dispatch.h"

#include "sscard/test/v1/echo_service.pb-c.h"

#include <string.h>

static void expect_refusal(const rpc_service *service, const char *reason)
{
        dispatch d = {0};
        failure why = {0};
        assert_false(dispatch_init(&d, service, 1, 0, &why));
        assert_string_equal(why.reason, reason);
        dispatch_release(&d);
}

static void a_method_is_found_by_its_full_name(void **state)
{
        (void)state;
        dispatch d = {0};
        failure why = {0};
        rpc_service service = echo_service();
        assert_true(dispatch_init(&d, &service, 1, 0, &why));
        const dispatch_method *echo = dispatch_find(&d, ECHO);
        assert_non_null(echo);
        assert_ptr_equal(echo, dispatch_find(&d, "/sscard.test.v1.EchoService/Echo"));
        assert_null(dispatch_find(&d, "sscard.test.v1.EchoService/Echo2"));
        assert_false(echo->row.streams);
        assert_true(dispatch_find(&d, ECHO_STREAM)->row.streams);
        assert_ptr_equal(echo->row.request_type, &echo__echo_request__descriptor);
        for (uint32_t i = 0; i < d.method_count; i++)
                assert_int_equal(d.rows[i].index, i);
        dispatch_release(&d);
}

static void a_missing_row_is_refused(void **state)
{
        (void)state;
        rpc_service service = echo_service();
        service.method_count--;
        expect_refusal(&service, "ROW_WITHOUT_METHOD");
}

static void a_row_of_no_method_is_refused(void **state)
{
        (void)state;
        rpc_service service = echo_service();
        rpc_method rows[3];
        memcpy(rows, service.methods, sizeof rows);
        rows[1].name = "Ecko";
        service.methods = rows;
        expect_refusal(&service, "METHOD_WITHOUT_ROW");
}

static void a_row_without_handler_is_refused(void **state)
{
        (void)state;
        rpc_service service = echo_service();
        rpc_method rows[3];
        memcpy(rows, service.methods, sizeof rows);
        rows[2].handle = NULL;
        service.methods = rows;
        expect_refusal(&service, "METHOD_WITHOUT_ROW");
}

static void another_services_descriptors_are_refused(void **state)
{
        (void)state;
        rpc_service service = echo_service();
        service.descriptor_set_bytes = 0;
        expect_refusal(&service, "METHOD_MISMATCH");
}

static void broken_descriptors_are_refused(void **state)
{
        (void)state;
        rpc_service service = echo_service();
        service.descriptor_set_bytes /= 2;
        expect_refusal(&service, "BAD_DESCRIPTOR_SET");
}

/* A type that contains itself, as google.protobuf.Value does. */
static const ProtobufCMessageDescriptor recursive;
static const ProtobufCFieldDescriptor recursive_fields[] = {
        {.name = "again",
         .id = 1,
         .label = PROTOBUF_C_LABEL_REPEATED,
         .type = PROTOBUF_C_TYPE_MESSAGE,
         .descriptor = &recursive},
};
static const ProtobufCMessageDescriptor recursive = {
        .magic = PROTOBUF_C__MESSAGE_DESCRIPTOR_MAGIC,
        .name = "sscard.test.v1.EchoRequest",
        .short_name = "EchoRequest",
        .n_fields = 1,
        .fields = recursive_fields,
};

static void a_recursive_request_type_is_refused(void **state)
{
        (void)state;
        rpc_service service = echo_service();
        ProtobufCMethodDescriptor methods[3];
        memcpy(methods, service.descriptor->methods, sizeof methods);
        methods[0].input = &recursive;
        ProtobufCServiceDescriptor descriptor = *service.descriptor;
        descriptor.methods = methods;
        service.descriptor = &descriptor;
        expect_refusal(&service, "TYPE_RECURSIVE");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_method_is_found_by_its_full_name),
                cmocka_unit_test(a_missing_row_is_refused),
                cmocka_unit_test(a_row_of_no_method_is_refused),
                cmocka_unit_test(a_row_without_handler_is_refused),
                cmocka_unit_test(another_services_descriptors_are_refused),
                cmocka_unit_test(broken_descriptors_are_refused),
                cmocka_unit_test(a_recursive_request_type_is_refused),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
