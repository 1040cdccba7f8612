/* The context file: region, endpoints, roles. Must never print a token or a key. */
#include "tools/sscardctl/context.h"

#include "common/base/clock.h"
#include "common/identity/token_issue.h"
#include "common/policy/vocabulary.h"
#include "tools/sscardctl/roles.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CONTEXT_DEFAULT_PATH "var/run/context.json"
#define DEFAULT_ROLE "OPERATOR"
enum { TOKEN_FILE_BYTES_MAX = 8192, LIST_MAX = 32 };

static bool unusable(failure *f, const char *path, const char *what)
{
        return failure_set(f, FAILURE_FAILED_PRECONDITION, "CONTEXT_UNUSABLE", "context %s: %s",
                           path, what);
}

static const char *text_of(const json_t *object, const char *name)
{
        const char *text = json_string_value(json_object_get(object, name));
        return text ? text : "";
}

/* From this folder upwards, as git looks for its own; NULL: nowhere. */
static const char *find_default(arena *a)
{
        char here[PATH_MAX];
        if (!getcwd(here, sizeof here)) return NULL;
        while (true) {
                const char *path = arena_format(a, "%s/%s", here, CONTEXT_DEFAULT_PATH);
                if (access(path, R_OK) == 0) return path;
                char *slash = strrchr(here, '/');
                if (!slash || slash == here) return NULL;
                *slash = '\0';
        }
}

bool context_load(context *ctx, const char *path, arena *a, failure *f)
{
        *ctx = (context){.path = "", .folder = ".", .region = "", .language = "zh-CN"};
        if (!path || *path == '\0') path = getenv("SSCARD_CONTEXT");
        if (!path || *path == '\0') path = find_default(a);
        if (!path) return true;

        json_error_t error;
        json_t *document = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
        if (!json_is_object(document)) {
                json_decref(document);
                return unusable(f, path,
                                arena_format(a, "%s (line %d); ./suite up writes one", error.text,
                                             error.line));
        }
        ctx->document = document;
        ctx->path = arena_strdup(a, path);
        const char *slash = strrchr(ctx->path, '/');
        if (slash) ctx->folder = arena_copy(a, ctx->path, (size_t)(slash - ctx->path));
        ctx->region = text_of(document, "region");
        if (*text_of(document, "language")) ctx->language = text_of(document, "language");
        ctx->production = json_is_true(json_object_get(document, "production"));
        ctx->sandbox = json_is_true(json_object_get(document, "sandbox"));
        return true;
}

void context_release(context *ctx)
{
        json_decref(ctx->document);
        ctx->document = NULL;
}

const char *context_endpoint(const context *ctx, const char *service, failure *f)
{
        const json_t *services = json_object_get(ctx->document, "services");
        const char *endpoint = text_of(services, service);
        if (*endpoint == '\0') endpoint = text_of(services, "card");
        if (*endpoint) return endpoint;
        failure_set(
                f, FAILURE_FAILED_PRECONDITION, "CONTEXT_UNUSABLE",
                "no endpoint for %s: start a region with ./suite up, or give --endpoint HOST:PORT",
                service);
        return NULL;
}

const char *context_file(const context *ctx, const char *name, arena *a)
{
        const char *file = text_of(ctx->document, name);
        if (*file == '\0') return NULL;
        return *file == '/' ? file : arena_format(a, "%s/%s", ctx->folder, file);
}

static size_t list_of(const json_t *object, const char *name, const char *items[LIST_MAX])
{
        const json_t *list = json_object_get(object, name);
        size_t count = 0;
        for (size_t i = 0; i < json_array_size(list) && count < LIST_MAX; i++) {
                const char *item = json_string_value(json_array_get(list, i));
                if (item) items[count++] = item;
        }
        return count;
}

static policy_actor actor_of(const char *name)
{
        for (int actor = 1; actor < POLICY_ACTOR_COUNT; actor++)
                if (strcmp(policy_actor_name((policy_actor)actor), name) == 0)
                        return (policy_actor)actor;
        return POLICY_ACTOR_NONE;
}

/* The claims of a role that the file describes. */
static void read_claims(const context *ctx, const char *role, const json_t *claims, arena *a,
                        token_claims *made)
{
        const char **lists = arena_zalloc(a, 4 * LIST_MAX * sizeof *lists);
        const char *claimed = text_of(claims, "role");
        *made = (token_claims){
                .subject = text_of(claims, "subject"),
                .roles = POLICY_ROLE_BIT(policy_role_of(*claimed ? claimed : role)),
                .outlets = lists,
                .outlet_count = list_of(claims, "outlets", lists),
                .banks = lists + LIST_MAX,
                .bank_count = list_of(claims, "banks", lists + LIST_MAX),
                .purposes = lists + 2 * LIST_MAX,
                .purpose_count = list_of(claims, "purposes", lists + 2 * LIST_MAX),
                .region = *text_of(claims, "region") ? text_of(claims, "region") : ctx->region,
                .operator_id = text_of(claims, "operator_id"),
                .platform = text_of(claims, "platform"),
                .case_reference = text_of(claims, "case_reference"),
                .assurance = (uint8_t)json_integer_value(json_object_get(claims, "assurance")),
                .actor = actor_of(text_of(claims, "actor")),
                .actor_id_number = text_of(claims, "actor_id_number"),
                .actor_holder = text_of(claims, "actor_holder"),
        };
        /* What the file does not say is left out of the token. */
        const char **optional[] = {
                &made->subject,        &made->region,          &made->operator_id, &made->platform,
                &made->case_reference, &made->actor_id_number, &made->actor_holder};
        for (size_t i = 0; i < ARRAY_LENGTH(optional); i++)
                if (**optional[i] == '\0') *optional[i] = NULL;
        const char **channels = lists + 3 * LIST_MAX;
        size_t count = list_of(claims, "channels", channels);
        for (size_t i = 0; i < count; i++)
                made->channels |= POLICY_CHANNEL_BIT(policy_channel_of(channels[i]));
}

/* A token of a quarter of an hour, signed with the development key. */
static const char *make_token(const context *ctx, const token_claims *claims,
                              const context_claims *besides, arena *a, failure *f)
{
        const char *keys = context_file(ctx, "keys", a);
        if (!keys) {
                unusable(f, ctx->path, "has no keys to make a token with");
                return NULL;
        }
        token_claims made = *claims;
        made.issued_unix_seconds = clock_wall_ms(clock_system()) / 1000;
        if (besides->request_hash) made.request_hash = besides->request_hash;
        if (besides->id_number) made.actor_id_number = besides->id_number;
        if (made.actor_id_number && made.actor == POLICY_ACTOR_NONE) made.actor = POLICY_ACTOR_SELF;
        token_signer *signer = token_signer_load(arena_format(a, "%s/token-signing.jwk", keys), f);
        if (!signer) return NULL;
        const char *token = token_issue(signer, &made, a, f);
        token_signer_destroy(signer);
        return token;
}

static const char *read_token(const char *path, arena *a, failure *f)
{
        FILE *file = fopen(path, "re");
        if (!file) {
                unusable(f, path, "the token file cannot be read");
                return NULL;
        }
        char *token = arena_zalloc(a, TOKEN_FILE_BYTES_MAX + 1);
        size_t length = fread(token, 1, TOKEN_FILE_BYTES_MAX, file);
        fclose(file);
        while (length > 0 && strchr(" \r\n\t", token[length - 1]))
                token[--length] = '\0';
        return token;
}

static const char *names_of(const json_t *object, arena *a)
{
        char *names = arena_strdup(a, "");
        const char *name;
        json_t *value;
        json_object_foreach((json_t *)object, name, value) names =
                arena_format(a, "%s%s%s", names, *names ? ", " : "", name);
        return names;
}

/* Without the file's name, which may be long: the names of the roles count. */
static bool no_role(failure *f, const char *role, const char *names)
{
        return failure_set(f, FAILURE_FAILED_PRECONDITION, "CONTEXT_UNUSABLE",
                           "there is no role %s; there are: %s", role, names);
}

/* A role that the file does not describe: one of those that everybody has in development. */
static bool identify_plainly(const context *ctx, const char *role, const context_claims *besides,
                             arena *a, context_identity *identity, failure *f)
{
        token_claims claims;
        if (!role_claims(role, ctx->region, a, &claims, &identity->channel)) {
                const char *more = names_of(json_object_get(ctx->document, "roles"), a);
                return no_role(f, role,
                               arena_format(a, "%s%s%s", role_names(a), *more ? ", " : "", more));
        }
        identity->outlet = claims.outlets[0];
        identity->token = make_token(ctx, &claims, besides, a, f);
        return identity->token != NULL;
}

bool context_identify(const context *ctx, const char *role, const context_claims *besides, arena *a,
                      context_identity *identity, failure *f)
{
        bool has_keys = context_file(ctx, "keys", a) != NULL;
        if (!role || *role == '\0') role = text_of(ctx->document, "default_role");
        if (*role == '\0' && has_keys) role = DEFAULT_ROLE;
        *identity = (context_identity){.role = role, .channel = "", .outlet = "", .token = ""};
        if (*role == '\0') return true;
        const json_t *roles = json_object_get(ctx->document, "roles");
        const json_t *entry = json_object_get(roles, role);
        if (!entry && has_keys) return identify_plainly(ctx, role, besides, a, identity, f);
        if (!json_is_object(entry)) return no_role(f, role, names_of(roles, a));
        const json_t *claims = json_object_get(entry, "claims");
        const char *first[LIST_MAX];
        identity->channel = text_of(entry, "channel");
        identity->outlet = text_of(entry, "outlet");
        if (*identity->channel == '\0' && list_of(claims, "channels", first) > 0)
                identity->channel = first[0];
        if (*identity->outlet == '\0' && list_of(claims, "outlets", first) > 0)
                identity->outlet = first[0];

        const char *file = text_of(entry, "token_file");
        if (claims) {
                token_claims made;
                read_claims(ctx, role, claims, a, &made);
                identity->token = make_token(ctx, &made, besides, a, f);
        } else if (*file) {
                identity->token = read_token(
                        *file == '/' ? file : arena_format(a, "%s/%s", ctx->folder, file), a, f);
        } else {
                identity->token = text_of(entry, "token");
        }
        return identity->token != NULL;
}
