/* The clients' sockets are found, held back together, and let go. */
#define _GNU_SOURCE /* accept4 */
#include "common/rpc/send_hold.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

enum { CLIENTS_MAX = SEND_HOLD_SOCKETS_MAX + 1 };

typedef struct house {
        int listener, clients[CLIENTS_MAX], accepted[CLIENTS_MAX], count;
        uint16_t port;
} house;

static void house_open(house *h)
{
        struct sockaddr_in address = {.sin_family = AF_INET};
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t length = sizeof address;
        h->count = 0;
        h->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        assert_int_equal(bind(h->listener, (struct sockaddr *)&address, length), 0);
        assert_int_equal(listen(h->listener, CLIENTS_MAX), 0);
        assert_int_equal(getsockname(h->listener, (struct sockaddr *)&address, &length), 0);
        h->port = ntohs(address.sin_port);
}

static int house_welcome(house *h)
{
        struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(h->port)};
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        assert_int_equal(connect(client, (struct sockaddr *)&address, sizeof address), 0);
        h->clients[h->count] = client;
        h->accepted[h->count] = accept4(h->listener, NULL, NULL, SOCK_CLOEXEC);
        assert_true(h->accepted[h->count] >= 0);
        return h->accepted[h->count++];
}

static void house_close(house *h)
{
        while (h->count) {
                close(h->clients[--h->count]);
                close(h->accepted[h->count]);
        }
        close(h->listener);
}

static bool is_held(int socket)
{
        int held = -1;
        socklen_t length = sizeof held;
        assert_int_equal(getsockopt(socket, IPPROTO_TCP, TCP_CORK, &held, &length), 0);
        return held == 1;
}

static bool is_readable(int socket)
{
        struct pollfd asked = {.fd = socket, .events = POLLIN};
        return poll(&asked, 1, 0) == 1;
}

static void answers_of_one_turn_go_together_to_the_servers_own_clients(void **state)
{
        (void)state;
        house ours, other;
        house_open(&ours);
        house_open(&other);
        int first = house_welcome(&ours), foreign = house_welcome(&other);
        send_hold hold = {.port = ours.port};
        assert_true(send_hold_begin(&hold, 2, 1000));
        assert_true(is_held(first));
        assert_false(is_held(foreign));
        assert_int_equal(send(first, "a", 1, 0), 1);
        assert_int_equal(send(first, "b", 1, 0), 1);
        assert_false(is_readable(ours.clients[0]));
        send_hold_end(&hold);
        assert_false(is_held(first));
        assert_true(is_readable(ours.clients[0]));
        char got[4];
        assert_int_equal(recv(ours.clients[0], got, sizeof got, 0), 2);
        house_close(&ours);
        house_close(&other);
}

static void clients_that_come_later_are_found_and_those_that_went_are_forgotten(void **state)
{
        (void)state;
        house h;
        house_open(&h);
        house_welcome(&h);
        send_hold hold = {.port = h.port};
        assert_true(send_hold_begin(&hold, 9, 1000));
        send_hold_end(&hold);
        assert_int_equal(hold.count, 1);
        int second = house_welcome(&h);
        assert_true(send_hold_begin(&hold, 9, 1100));
        assert_true(is_held(second));
        send_hold_end(&hold);
        close(h.accepted[0]);
        close(h.clients[0]);
        assert_true(send_hold_begin(&hold, 9, 2200));
        send_hold_end(&hold);
        assert_int_equal(hold.count, 1);
        assert_int_equal(hold.sockets[0], second);
        h.accepted[0] = h.accepted[1];
        h.clients[0] = h.clients[1];
        h.count = 1;
        house_close(&h);
}

static void few_answers_for_many_clients_are_not_held(void **state)
{
        (void)state;
        house h;
        house_open(&h);
        send_hold hold = {.port = h.port};
        assert_false(send_hold_begin(&hold, 100, 1000)); /* nobody is there */
        for (int i = 0; i < 4; i++)
                house_welcome(&h);
        assert_false(send_hold_begin(&hold, 1, 2000));
        assert_false(send_hold_begin(&hold, 7, 3000));
        assert_false(is_held(h.accepted[0]));
        assert_true(send_hold_begin(&hold, 8, 4000));
        send_hold_end(&hold);
        while (h.count < CLIENTS_MAX)
                house_welcome(&h);
        assert_false(send_hold_begin(&hold, 10000, 5000));
        assert_false(is_held(h.accepted[0]));
        house_close(&h);
}

static void a_server_on_a_unix_socket_holds_nothing(void **state)
{
        (void)state;
        send_hold hold = {.port = 0};
        assert_false(send_hold_begin(&hold, 100, 1000));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(answers_of_one_turn_go_together_to_the_servers_own_clients),
                cmocka_unit_test(
                        clients_that_come_later_are_found_and_those_that_went_are_forgotten),
                cmocka_unit_test(few_answers_for_many_clients_are_not_held),
                cmocka_unit_test(a_server_on_a_unix_socket_holds_nothing),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
