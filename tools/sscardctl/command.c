/* One run of sscardctl: options, context, request, call, answer. */
#include "tools/sscardctl/command.h"

#include "common/base/clock.h"
#include "common/base/random.h"
#include "common/base/ulid.h"
#include "sscard/common/v1/watch.pb-c.h"
#include "tools/sscardctl/client.h"
#include "tools/sscardctl/context.h"
#include "tools/sscardctl/error_view.h"
#include "tools/sscardctl/explain.h"
#include "tools/sscardctl/help.h"
#include "tools/sscardctl/labels.h"
#include "tools/sscardctl/man.h"
#include "tools/sscardctl/message_json.h"
#include "tools/sscardctl/options.h"
#include "tools/sscardctl/request.h"
#include "tools/sscardctl/roles.h"
#include "tools/sscardctl/table.h"
#include "tools/sscardctl/view.h"
#include "tools/sscardctl/yaml.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

/* Set by Ctrl-C. A signal handler can reach nothing else. */
static volatile sig_atomic_t interrupted;

typedef struct command {
        arena memory;
        arena scratch; /* of one answer: a stream may go on for days */
        options o;
        catalog *c;
        context ctx;
        failure f;
        const char *language;
        view v;
} command;

static int fail(const command *cmd, int status)
{
        fprintf(stderr, "sscardctl: %s\n", cmd->f.message);
        return status;
}

static size_t terminal_width(int descriptor)
{
        struct winsize size;
        if (!isatty(descriptor) || ioctl(descriptor, TIOCGWINSZ, &size) != 0) return 0;
        return size.ws_col;
}

static void print_json(const command *cmd, json_t *value, FILE *out)
{
        if (cmd->o.output == OUTPUT_YAML) {
                yaml_print(value, out);
        } else {
                json_dumpf(value, out, JSON_INDENT(2));
                fputc('\n', out);
        }
        fflush(out);
        json_decref(value);
}

static void print_answer(command *cmd, const ProtobufCMessage *answer, bool streams)
{
        if (cmd->o.output != OUTPUT_TABLE)
                print_json(cmd, message_to_json(&cmd->scratch, cmd->c, answer), cmd->v.out);
        else if (streams)
                view_stream_message(&cmd->v, answer);
        else
                view_message(&cmd->v, answer);
}

/* What the callback of a call needs. */
typedef struct receiver {
        command *cmd;
        const verb *v;
        size_t answers;
        bool broken;
        char *before; /* the answer before, as text, for --watch of a read; owned */
} receiver;

/* A read that is followed is printed when it differs from the one before; `as_of` alone is none. */
static bool is_news(receiver *r, const ProtobufCMessage *answer)
{
        json_t *value = message_to_json(&r->cmd->scratch, r->cmd->c, answer);
        json_object_del(value, "asOf");
        char *text = json_dumps(value, JSON_COMPACT | JSON_SORT_KEYS);
        bool news = !r->before || !text || strcmp(r->before, text) != 0;
        free(r->before);
        r->before = text;
        json_decref(value);
        return news;
}

static bool receive(void *argument, const uint8_t *data, size_t size)
{
        receiver *r = argument;
        command *cmd = r->cmd;
        const catalog_method *method = r->v->method;
        arena_reset(&cmd->scratch);
        const ProtobufCMessage *answer = message_unpack(&cmd->scratch, method->reply, data, size);
        r->broken = !answer;
        if (!answer) return false;
        r->answers++;
        if (!method->streams && cmd->o.watch && !is_news(r, answer)) return true;
        print_answer(cmd, answer, method->streams);
        if (!method->streams || cmd->o.watch) return true;
        /* Without --watch a stream ends when there is nothing older to see. */
        if (method->reply != &common__watch_response__descriptor) return true;
        return !((const Common__WatchResponse *)answer)->caught_up;
}

static void print_error(command *cmd, const client_status *status)
{
        if (cmd->o.output != OUTPUT_TABLE) {
                json_t *wrapper = json_object();
                json_object_set_new(wrapper, "error",
                                    error_view_json(&cmd->memory, cmd->c, status));
                print_json(cmd, wrapper, stderr);
                return;
        }
        view v = cmd->v;
        v.out = stderr;
        v.width = terminal_width(STDERR_FILENO);
        error_view_print(&v, status);
}

static bool is_preview(const json_t *request)
{
        return json_is_true(json_object_get(json_object_get(request, "context"), "validate_only"));
}

/* The request id stands on its own line on stderr, so that answers stay clean for programs. */
static void print_request_id(const command *cmd, const json_t *request, const client_status *status)
{
        const json_t *given = json_object_get(json_object_get(request, "context"), "request_id");
        if (!json_is_string(given) || is_preview(request)) return;
        if (status->replayed) fprintf(stderr, "%s\n", label_text(LABEL_REPLAYED, cmd->language));
        fprintf(stderr, "%s: %s\n", label_text(LABEL_REQUEST_ID, cmd->language),
                json_string_value(given));
}

static void wait_ms(int64_t ms)
{
        struct timespec span = {.tv_sec = ms / 1000, .tv_nsec = (ms % 1000) * 1000000};
        nanosleep(&span, NULL);
}

static bool should_repeat(const command *cmd, const verb *v, const client_status *status)
{
        if (!cmd->o.watch || interrupted || v->method->kind == CATALOG_MUTATION) return false;
        return v->method->streams ? status->code == FAILURE_UNAVAILABLE : status->code == 0;
}

/* What an attempt with validate_only says about the second person. */
typedef struct approval {
        command *cmd;
        const verb *v;
        const char *hash; /* "" when none is asked for */
} approval;

static bool receive_preview(void *argument, const uint8_t *data, size_t size)
{
        approval *wanted = argument;
        arena *a = &wanted->cmd->memory;
        const ProtobufCMessage *answer = message_unpack(a, wanted->v->method->reply, data, size);
        if (answer) {
                view v = wanted->cmd->v;
                v.a = a;
                wanted->hash = view_cell(&v, answer, "preview.request_hash");
        }
        return true;
}

/* Asks for a preview, signs its hash as the second person and puts the token into the request. */
static bool approve(command *cmd, const verb *v, client *c, const char *token, json_t *request)
{
        arena *a = &cmd->memory;
        json_t *context = json_object_get(request, "context");
        json_t *preview = json_deep_copy(request);
        json_object_set_new(json_object_get(preview, "context"), "validate_only", json_true());
        ProtobufCMessage *message =
                message_from_json(a, cmd->c, v->method->request, preview, &cmd->f);
        json_decref(preview);
        if (!message) return false;
        size_t size = protobuf_c_message_get_packed_size(message);
        uint8_t *packed = arena_alloc(a, size + 1);
        protobuf_c_message_pack(message, packed);
        approval wanted = {.cmd = cmd, .v = v, .hash = ""};
        client_call ask = {.path = v->method->path,
                           .token = token,
                           .language = cmd->language,
                           .request = packed,
                           .request_bytes = size,
                           .timeout_ms = cmd->o.timeout_ms,
                           .interrupted = &interrupted,
                           .answer = receive_preview,
                           .argument = &wanted};
        client_status status;
        client_run(c, &ask, a, &status);
        if (*wanted.hash == '\0')
                wanted.hash = error_view_metadata(a, cmd->c, &status, "request_hash");
        if (*wanted.hash == '\0')
                return true; /* nothing to approve: the call itself will say why */

        context_identity second;
        const context_claims besides = {.request_hash = wanted.hash};
        if (!context_identify(&cmd->ctx, cmd->o.approve_as, &besides, a, &second, &cmd->f))
                return false;
        json_t *approval_token = json_pack("{s:s}", "token", second.token);
        return json_object_set_new(context, "approval", approval_token) == 0;
}

static int call_over(command *cmd, const verb *v, json_t *request, client *c, const char *token)
{
        if (cmd->o.approve_as && v->method->kind == CATALOG_MUTATION &&
            !approve(cmd, v, c, token, request))
                return fail(cmd, COMMAND_NO_CONTEXT);
        ProtobufCMessage *message =
                message_from_json(&cmd->memory, cmd->c, v->method->request, request, &cmd->f);
        if (!message) return fail(cmd, COMMAND_BAD_INPUT);
        size_t size = protobuf_c_message_get_packed_size(message);
        uint8_t *packed = arena_alloc(&cmd->memory, size + 1);
        protobuf_c_message_pack(message, packed);
        receiver r = {.cmd = cmd, .v = v};
        bool endless = v->method->streams && !cmd->o.timeout_given;
        client_call one = {.path = v->method->path,
                           .token = token,
                           .language = cmd->language,
                           .request = packed,
                           .request_bytes = size,
                           .timeout_ms = endless ? 0 : cmd->o.timeout_ms,
                           .interrupted = &interrupted,
                           .answer = receive,
                           .argument = &r};
        client_status status;
        while (true) {
                client_run(c, &one, &cmd->memory, &status);
                if (!should_repeat(cmd, v, &status)) break;
                wait_ms(cmd->o.watch_each_ms);
        }
        free(r.before);
        if (r.broken) status.message = "the answer cannot be read";
        bool done = status.code == 0 || status.enough || (interrupted && r.answers > 0);
        if (r.broken || !done) print_error(cmd, &status);
        print_request_id(cmd, request, &status);
        if (r.broken) return FAILURE_INTERNAL;
        return done ? 0 : status.code;
}

static int call(command *cmd, const verb *v, json_t *request, const char *endpoint,
                const char *token)
{
        client_options where = {.endpoint = endpoint,
                                .ca_file = context_file(&cmd->ctx, "ca_file", &cmd->memory),
                                .certificate_file =
                                        context_file(&cmd->ctx, "certificate_file", &cmd->memory),
                                .key_file = context_file(&cmd->ctx, "key_file", &cmd->memory)};
        client *c = client_open(&where, &cmd->f);
        if (!c) return fail(cmd, COMMAND_NO_CONTEXT);
        int status = call_over(cmd, v, request, c, token);
        client_close(c);
        return status;
}

/* A production context asks before it changes anything. */
static bool confirmed(const command *cmd, const verb *v, const json_t *request)
{
        if (!cmd->ctx.production || cmd->o.yes || v->method->kind == CATALOG_READ ||
            is_preview(request))
                return true;
        if (!isatty(STDIN_FILENO)) {
                fprintf(stderr, "sscardctl: %s is production; say --yes\n", cmd->ctx.path);
                return false;
        }
        fprintf(stderr, "%s %s in production region %s? [y/N] ", v->group, v->name,
                cmd->ctx.region);
        char answer[8] = "";
        return fgets(answer, sizeof answer, stdin) && (*answer == 'y' || *answer == 'Y');
}

static const char *new_request_id(arena *a)
{
        random_system random;
        random_system_init(&random);
        uint8_t part;
        random_fill(&random.base, &part, sizeof part);
        char *text = arena_alloc(a, ULID_TEXT_BYTES + 1);
        ulid_format(ulid_new(clock_wall_ms(clock_system()), &random.base, part), text);
        return text;
}

/* --endpoint is an address, or a name that the context knows. */
static const char *endpoint_of(command *cmd, const verb *v)
{
        const char *given = cmd->o.endpoint;
        if (given && strchr(given, ':')) return given;
        return context_endpoint(&cmd->ctx, given ? given : v->method->endpoint, &cmd->f);
}

/* Nobody but SYSTEM calls what is internal; in a sandbox people do, to move its clock. */
static const char *role_of(const command *cmd, const verb *v)
{
        bool is_clock = cmd->ctx.sandbox && v->method->kind == CATALOG_INTERNAL;
        return !cmd->o.role && is_clock ? "SYSTEM" : cmd->o.role;
}

static int run_verb(command *cmd, const verb *v)
{
        context_identity who;
        const context_claims besides = {.id_number = cmd->o.id_number};
        if (!context_identify(&cmd->ctx, role_of(cmd, v), &besides, &cmd->memory, &who, &cmd->f))
                return fail(cmd, COMMAND_NO_CONTEXT);
        const request_defaults defaults = {.region =
                                                   cmd->o.region ? cmd->o.region : cmd->ctx.region,
                                           .channel = who.channel,
                                           .outlet = who.outlet,
                                           .request_id = new_request_id(&cmd->memory)};
        json_t *request = request_parse(&cmd->memory, v, &defaults, cmd->o.count - 2,
                                        cmd->o.words + 2, &cmd->f);
        if (!request) return fail(cmd, COMMAND_USAGE);
        const char *endpoint = endpoint_of(cmd, v);
        int status = COMMAND_NOT_CONFIRMED;
        if (!endpoint)
                status = fail(cmd, COMMAND_NO_CONTEXT);
        else if (confirmed(cmd, v, request))
                status = call(cmd, v, request, endpoint, who.token);
        json_decref(request);
        return status;
}

static int run_explain(command *cmd)
{
        if (cmd->o.count < 2) {
                explain_list(&cmd->memory, cmd->language, cmd->v.width, cmd->v.out);
                return 0;
        }
        if (explain_reason(&cmd->memory, cmd->o.words[1], cmd->language, cmd->v.out)) return 0;
        failure_set(&cmd->f, FAILURE_NOT_FOUND, "REASON_UNKNOWN",
                    "there is no reason %s; \"sscardctl explain\" lists them", cmd->o.words[1]);
        return fail(cmd, FAILURE_NOT_FOUND);
}

/* The context without its secrets. */
static int run_context(command *cmd)
{
        if (!cmd->ctx.document) {
                failure_set(&cmd->f, FAILURE_FAILED_PRECONDITION, "CONTEXT_UNUSABLE",
                            "there is no context: ./suite up writes one");
                return fail(cmd, COMMAND_NO_CONTEXT);
        }
        json_t *shown = json_deep_copy(cmd->ctx.document);
        const char *name;
        json_t *role;
        json_object_foreach(json_object_get(shown, "roles"), name, role)
        {
                json_object_del(role, "token");
                json_object_del(json_object_get(role, "claims"), "actor_id_number");
        }
        if (json_object_get(shown, "keys"))
                json_object_set_new(shown, "development_roles",
                                    json_string(role_names(&cmd->memory)));
        json_object_set_new(shown, "path", json_string(cmd->ctx.path));
        if (cmd->o.output == OUTPUT_TABLE) cmd->o.output = OUTPUT_YAML;
        print_json(cmd, shown, cmd->v.out);
        return 0;
}

static int run_help(command *cmd, int first)
{
        const help h = {&cmd->memory, cmd->c, cmd->v.width, cmd->v.out};
        int left = cmd->o.count - first;
        if (left <= 0) {
                help_all(&h);
                return 0;
        }
        const char *group = cmd->o.words[first];
        if (left == 1 && help_group(&h, group)) return 0;
        verb v = left > 1 ? verb_find(&cmd->memory, cmd->c, group, cmd->o.words[first + 1])
                          : (verb){0};
        if (v.method) {
                help_verb(&h, &v);
                return 0;
        }
        const char *name = left > 1 ? cmd->o.words[first + 1] : "";
        bool is_group = left > 1 && help_has_group(&h, group);
        failure_set(&cmd->f, FAILURE_INVALID_ARGUMENT, "USAGE",
                    "there is no \"%s%s%s\"; see \"sscardctl help%s%s\"", group, *name ? " " : "",
                    name, is_group ? " " : "", is_group ? group : "");
        return fail(cmd, COMMAND_USAGE);
}

static int dispatch(command *cmd)
{
        const char *first = cmd->o.count > 0 ? cmd->o.words[0] : "help";
        if (strcmp(first, "help") == 0) return run_help(cmd, 1);
        if (cmd->o.help) return run_help(cmd, 0);
        if (strcmp(first, "explain") == 0) return run_explain(cmd);
        if (strcmp(first, "context") == 0) return run_context(cmd);
        if (strcmp(first, "completion") == 0) {
                const help h = {&cmd->memory, cmd->c, 0, cmd->v.out};
                if (cmd->o.count > 1 && help_completion(&h, cmd->o.words[1])) return 0;
                failure_set(&cmd->f, FAILURE_INVALID_ARGUMENT, "USAGE",
                            "completion takes bash or zsh");
                return fail(cmd, COMMAND_USAGE);
        }
        if (strcmp(first, "man") == 0) {
                const help h = {&cmd->memory, cmd->c, 0, cmd->v.out};
                man_page(&h);
                return 0;
        }
        verb v = cmd->o.count > 1 ? verb_find(&cmd->memory, cmd->c, first, cmd->o.words[1])
                                  : (verb){0};
        return v.method ? run_verb(cmd, &v) : run_help(cmd, 0);
}

static void note_interrupt(int number)
{
        (void)number;
        interrupted = 1;
}

int command_run(int count, char *const *arguments)
{
        struct sigaction on_interrupt = {.sa_handler = note_interrupt};
        sigaction(SIGINT, &on_interrupt, NULL);
        signal(SIGPIPE, SIG_IGN);
        table_use_utf8();

        command cmd = {.language = "zh-CN"};
        int status = COMMAND_USAGE;
        if (!options_parse(&cmd.o, count, arguments, &cmd.memory, &cmd.f))
                status = fail(&cmd, COMMAND_USAGE);
        else if (!context_load(&cmd.ctx, cmd.o.context_file, &cmd.memory, &cmd.f))
                status = fail(&cmd, COMMAND_NO_CONTEXT);
        else if (!(cmd.c = catalog_open(&cmd.memory, &cmd.f)))
                status = fail(&cmd, FAILURE_INTERNAL);
        else {
                cmd.language = cmd.o.language ? cmd.o.language : cmd.ctx.language;
                cmd.v = (view){.a = &cmd.scratch,
                               .c = cmd.c,
                               .language = cmd.language,
                               .width = terminal_width(STDOUT_FILENO),
                               .out = stdout};
                status = dispatch(&cmd);
        }
        catalog_close(cmd.c);
        context_release(&cmd.ctx);
        arena_release(&cmd.scratch);
        arena_release(&cmd.memory);
        return status;
}
