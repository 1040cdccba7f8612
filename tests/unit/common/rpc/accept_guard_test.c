/* Out of descriptors: clients are turned away, and the listener lives on. */
#include "tests/unit/common/rpc/fixture.h"

#include "common/rpc/accept_guard.h"

#include "sscard/test/v1/echo_service.pb-c.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { DESCRIPTORS_MAX = 4096, CLIENTS = 12 };

typedef struct siege {
        int hoard[DESCRIPTORS_MAX], hoard_count;
        int clients[CLIENTS];
        struct rlimit before;
} siege;

static void connect_all(siege *s, uint16_t port)
{
        struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        for (int i = 0; i < CLIENTS; i++)
                s->clients[i] = socket(AF_INET, SOCK_STREAM, 0);
        /* Every descriptor that is left is taken before the first client knocks. */
        while (s->hoard_count < DESCRIPTORS_MAX) {
                int taken = open("/dev/null", O_RDONLY);
                if (taken < 0) break;
                s->hoard[s->hoard_count++] = taken;
        }
        for (int i = 0; i < CLIENTS; i++)
                assert_int_equal(
                        connect(s->clients[i], (struct sockaddr *)&address, sizeof address), 0);
}

static bool all_were_turned_away(fixture *f)
{
        (void)f;
        return accept_guard_turned_away() >= CLIENTS;
}

static void say_hello(fixture *f)
{
        Echo__EchoRequest request = ECHO__ECHO_REQUEST__INIT;
        ProtobufCMessage *response;
        assert_true(rpc_peer_call_message(f->peer, &f->task, ECHO, &request.base,
                                          &echo__echo_response__descriptor, NULL, 0, &response));
}

static void a_server_without_descriptors_turns_clients_away_and_serves_again_after(void **state)
{
        (void)state;
        static siege s;
        fixture f;
        assert_int_equal(getrlimit(RLIMIT_NOFILE, &s.before), 0);
        fixture_init(&f, true, NULL);
        struct rlimit low = {.rlim_cur = 256, .rlim_max = s.before.rlim_max};
        assert_int_equal(setrlimit(RLIMIT_NOFILE, &low), 0);
        connect_all(&s, rpc_server_port(f.server));
        run_until(&f, all_were_turned_away);
        while (s.hoard_count)
                close(s.hoard[--s.hoard_count]);
        for (int i = 0; i < CLIENTS; i++)
                close(s.clients[i]);
        assert_int_equal(setrlimit(RLIMIT_NOFILE, &s.before), 0);
        run_on_task(&f, 10000, say_hello); /* the peer connects only now */
        fixture_release(&f);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(
                        a_server_without_descriptors_turns_clients_away_and_serves_again_after),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
