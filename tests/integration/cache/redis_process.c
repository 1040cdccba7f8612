/* Starts, stops and breaks a redis-server. Must never touch a process that it did not start. */
#include "tests/integration/cache/redis_process.h"

#include <assert.h>
#include <hiredis/hiredis.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { START_TRIES = 500, TRY_MS = 10, FOLDER_ROOM = 60 };

/* One that nobody listens on now. */
static int port_find(void)
{
        struct sockaddr_in address = {.sin_family = AF_INET};
        socklen_t length = sizeof address;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        int fd = socket(AF_INET, SOCK_STREAM, 0);
        if (fd < 0 || bind(fd, (struct sockaddr *)&address, length) < 0) abort();
        getsockname(fd, (struct sockaddr *)&address, &length);
        close(fd);
        return ntohs(address.sin_port);
}

void redis_process_init(redis_process *redis)
{
        memset(redis, 0, sizeof *redis);
        const char *base = getenv("TEST_TMPDIR");
        if (!base || strlen(base) > FOLDER_ROOM) base = "/tmp"; /* a socket's path has 107 bytes */
        snprintf(redis->folder, sizeof redis->folder, "%s/redis-XXXXXX", base);
        if (!mkdtemp(redis->folder)) abort();
        snprintf(redis->socket, sizeof redis->socket, "%s/s", redis->folder);
        snprintf(redis->address, sizeof redis->address, "127.0.0.1:%d", port_find());
        redis_process_start(redis);
}

bool redis_process_tell(const redis_process *redis, const char *command)
{
        redisContext *context = redisConnectUnix(redis->socket);
        assert(context);
        redisReply *reply = context->err ? NULL : redisCommand(context, command);
        bool ok = reply && reply->type != REDIS_REPLY_ERROR;
        if (reply) freeReplyObject(reply);
        redisFree(context);
        return ok;
}

void redis_process_ask(const redis_process *redis, const char *command, char *text, size_t room)
{
        redisContext *context = redisConnectUnix(redis->socket);
        assert(context && !context->err);
        redisReply *reply = redisCommand(context, command);
        assert(reply);
        if (reply->type == REDIS_REPLY_INTEGER)
                snprintf(text, room, "%lld", reply->integer);
        else
                snprintf(text, room, "%s", reply->str ? reply->str : "");
        freeReplyObject(reply);
        redisFree(context);
}

void redis_process_start(redis_process *redis)
{
        assert(!redis->pid);
        redis->pid = fork();
        assert(redis->pid >= 0);
        if (redis->pid == 0) {
                prctl(PR_SET_PDEATHSIG, SIGKILL);
                execlp("redis-server", "redis-server", "--port", strchr(redis->address, ':') + 1,
                       "--bind", "127.0.0.1", "--unixsocket", redis->socket, "--save", "",
                       "--appendonly", "no", "--dir", redis->folder, "--logfile", "log",
                       "--maxmemory-policy", "allkeys-lfu", (char *)NULL);
                _exit(127);
        }
        struct timespec pause = {.tv_nsec = TRY_MS * 1000000L};
        for (int i = 0; i < START_TRIES; i++) {
                if (redis_process_tell(redis, "PING")) return;
                nanosleep(&pause, NULL);
        }
        fprintf(stderr, "redis-server does not start; is it installed? see %s/log\n",
                redis->folder);
        abort();
}

void redis_process_kill(redis_process *redis)
{
        if (!redis->pid) return;
        kill(redis->pid, SIGKILL);
        waitpid(redis->pid, NULL, 0);
        redis->pid = 0;
        unlink(redis->socket);
}

void redis_process_pause(redis_process *redis, bool paused)
{
        assert(redis->pid);
        kill(redis->pid, paused ? SIGSTOP : SIGCONT);
}

void redis_process_release(redis_process *redis)
{
        redis_process_kill(redis);
        char path[128];
        snprintf(path, sizeof path, "%s/log", redis->folder);
        unlink(path);
        rmdir(redis->folder);
}
