/* Claims: each is looked at once, by type, length and vocabulary; then judged by the clock.
 * Must never keep a citizen's number: it is hashed here and forgotten. */
#include "common/identity/claims_internal.h"

#include "common/crypto/base64url.h"
#include "common/crypto/secret_buffer.h"
#include "common/identity/caller_internal.h"
#include "common/identity/token.h"
#include "common/text/ascii.h"

#include <assert.h>
#include <jansson.h>
#include <string.h>

enum { NESTING_MAX = 8, TEXT_BYTES_MAX = 128, IDENTITY_BYTES_MAX = 32, REGION_DIGITS = 6 };

/* The claims that are being read, and where what is loose lies until it is packed. */
typedef struct reading {
        json_t *root;
        const claims_rules *rules;
        failure *failure;
        caller loose;
        const char *outlets[TOKEN_LIST_MAX], *banks[TOKEN_LIST_MAX], *purposes[TOKEN_LIST_MAX];
} reading;

bool claims_are_shallow(bytes json)
{
        int depth = 0;
        for (size_t i = 0; i < json.length; i++) {
                if (json.data[i] == '{' || json.data[i] == '[') depth++;
                if (json.data[i] == '}' || json.data[i] == ']') depth--;
                if (depth > NESTING_MAX) return false;
        }
        return true;
}

static bool wrong(reading *r, const char *claim, const char *expected)
{
        return failure_set(r->failure, FAILURE_UNAUTHENTICATED, "TOKEN_CLAIMS",
                           "the claim %s of the token must be %s", claim, expected);
}

static bool text_is_good(json_t *value)
{
        if (!json_is_string(value)) return false;
        bytes text = bytes_of(json_string_value(value), json_string_length(value));
        return text.length > 0 && text.length <= TEXT_BYTES_MAX && ascii_is_printable(text);
}

static bool read_text(reading *r, json_t *from, const char *claim, const char **text)
{
        json_t *value = json_object_get(from, claim);
        if (!value) return true;
        if (!text_is_good(value)) return wrong(r, claim, "1 to 128 printable ASCII characters");
        *text = json_string_value(value);
        return true;
}

static bool read_required_text(reading *r, const char *claim, const char **text)
{
        if (!read_text(r, r->root, claim, text)) return false;
        return *text || wrong(r, claim, "there");
}

/* One text, or an array of them. */
static bool read_list(reading *r, const char *claim, const char **list, size_t *count)
{
        json_t *value = json_object_get(r->root, claim);
        if (!value) return true;
        if (text_is_good(value)) {
                list[(*count)++] = json_string_value(value);
                return true;
        }
        if (!json_is_array(value) || json_array_size(value) > TOKEN_LIST_MAX)
                return wrong(r, claim, "a list of at most 32 texts");
        size_t index;
        json_t *item;
        json_array_foreach(value, index, item)
        {
                if (!text_is_good(item)) return wrong(r, claim, "a list of at most 32 texts");
                list[(*count)++] = json_string_value(item);
        }
        return true;
}

static bool read_roles(reading *r, const char *claim)
{
        const char *names[TOKEN_LIST_MAX];
        size_t count = 0;
        if (!read_list(r, claim, names, &count)) return false;
        for (size_t i = 0; i < count; i++) {
                policy_role role = policy_role_of(names[i]);
                if (role == POLICY_ROLE_UNSPECIFIED) return wrong(r, claim, "known roles");
                r->loose.roles |= POLICY_ROLE_BIT(role);
        }
        return true;
}

static bool read_channels(reading *r)
{
        const char *names[TOKEN_LIST_MAX];
        size_t count = 0;
        if (!read_list(r, "channels", names, &count)) return false;
        for (size_t i = 0; i < count; i++) {
                policy_channel channel = policy_channel_of(names[i]);
                if (channel == POLICY_CHANNEL_UNSPECIFIED)
                        return wrong(r, "channels", "known channels");
                r->loose.channels |= POLICY_CHANNEL_BIT(channel);
        }
        return true;
}

static bool read_region(reading *r)
{
        if (!read_text(r, r->root, "region", &r->loose.region)) return false;
        if (!r->loose.region) return true;
        if (strlen(r->loose.region) != REGION_DIGITS ||
            strspn(r->loose.region, "0123456789") != REGION_DIGITS)
                return wrong(r, "region", "six digits");
        return true;
}

static bool read_assurance(reading *r)
{
        json_t *value = json_object_get(r->root, "assurance");
        if (!value) return true;
        if (!json_is_integer(value) || json_integer_value(value) < 0 ||
            json_integer_value(value) > 3)
                return wrong(r, "assurance", "0, 1, 2 or 3");
        r->loose.assurance = (uint8_t)json_integer_value(value);
        return true;
}

static policy_actor actor_of(const char *kind)
{
        static const struct {
                const char *kind;
                policy_actor actor;
        } kinds[] = {
                {"SELF", POLICY_ACTOR_SELF},           {"HOLDER", POLICY_ACTOR_SELF},
                {"WARD", POLICY_ACTOR_WARD},           {"GUARDIAN", POLICY_ACTOR_WARD},
                {"PRINCIPAL", POLICY_ACTOR_PRINCIPAL}, {"AGENT", POLICY_ACTOR_PRINCIPAL},
        };
        for (size_t i = 0; kind && i < ARRAY_LENGTH(kinds); i++)
                if (strcmp(kind, kinds[i].kind) == 0) return kinds[i].actor;
        return POLICY_ACTOR_NONE;
}

static bool read_identity(reading *r, json_t *act)
{
        json_t *value = json_object_get(act, "id_number");
        if (!value) return true;
        bytes number = bytes_of(json_string_value(value), json_string_length(value));
        bool good = ascii_is_token(number, "", IDENTITY_BYTES_MAX);
        for (size_t i = 0; good && i < number.length; i++)
                if (number.data[i] >= 'a') good = false; /* one spelling, one hash */
        if (!good) return wrong(r, "act.id_number", "digits and capital letters");
        r->loose.actor_identity = keyed_hash_of(r->rules->identity_hash, number);
        r->loose.actor_has_identity = true;
        return true;
}

static bool read_actor(reading *r)
{
        json_t *act = json_object_get(r->root, "act");
        if (!act) return true;
        if (!json_is_object(act)) return wrong(r, "act", "an object");
        r->loose.actor = actor_of(json_string_value(json_object_get(act, "kind")));
        if (r->loose.actor == POLICY_ACTOR_NONE)
                return wrong(r, "act.kind", "SELF, WARD or PRINCIPAL");
        if (!read_text(r, act, "holder", &r->loose.actor_holder)) return false;
        return read_identity(r, act);
}

static bool read_request_hash(reading *r)
{
        const char *text = "";
        if (!read_text(r, r->root, "request_hash", &text)) return false;
        if (!*text) return true;
        size_t length = 0;
        if (!base64url_decode(bytes_of_text(text), r->loose.request_hash.bytes, DIGEST_BYTES,
                              &length) ||
            length != DIGEST_BYTES)
                return wrong(r, "request_hash", "32 bytes in base64url");
        r->loose.has_request_hash = true;
        return true;
}

/* Seconds since the epoch; 0: absent, which no claim of a real token is. */
static bool read_time(reading *r, const char *claim, bool required, int64_t *unix_ms)
{
        const double year_9999 = 253402300799.0;
        json_t *value = json_object_get(r->root, claim);
        if (!value && !required) return true;
        double seconds = json_number_value(value);
        if (!json_is_number(value) || !(seconds >= 1 && seconds <= year_9999))
                return wrong(r, claim, "seconds since 1970");
        *unix_ms = (int64_t)(seconds * 1000);
        return true;
}

static bool read_audience(reading *r)
{
        const char *audiences[TOKEN_LIST_MAX];
        size_t count = 0;
        if (!read_list(r, "aud", audiences, &count)) return false;
        if (count == 0) return wrong(r, "aud", "there");
        for (size_t i = 0; i < count; i++)
                if (strcmp(audiences[i], r->rules->audience) == 0) return true;
        return failure_set(r->failure, FAILURE_UNAUTHENTICATED, "TOKEN_AUDIENCE",
                           "the token is not for us");
}

static bool judge_issuer(reading *r)
{
        assert(r->loose.issuer);
        if (!r->rules->issuer || strcmp(r->loose.issuer, r->rules->issuer) == 0) return true;
        return failure_set(r->failure, FAILURE_UNAUTHENTICATED, "TOKEN_AUDIENCE",
                           "the token is from an issuer that we do not know");
}

static bool judge_times(reading *r)
{
        const int64_t skew_ms = TOKEN_CLOCK_SKEW_SECONDS * 1000;
        const int64_t lifetime_ms = TOKEN_LIFETIME_MAX_SECONDS * 1000;
        const caller *c = &r->loose;
        int64_t now = r->rules->now_ms;
        if (c->expires_unix_ms <= now)
                return failure_set(r->failure, FAILURE_UNAUTHENTICATED, "TOKEN_EXPIRED",
                                   "the token has expired: get a new one");
        if (c->issued_unix_ms > now + skew_ms || c->not_before_unix_ms > now + skew_ms)
                return failure_set(r->failure, FAILURE_UNAUTHENTICATED, "TOKEN_EXPIRED",
                                   "the token is not valid yet: check the clocks");
        if (c->expires_unix_ms - c->issued_unix_ms > lifetime_ms ||
            c->expires_unix_ms > now + lifetime_ms + skew_ms)
                return failure_set(r->failure, FAILURE_UNAUTHENTICATED, "TOKEN_LIFETIME",
                                   "the token lives longer than 15 minutes");
        return true;
}

static bool read_all(reading *r)
{
        caller *c = &r->loose;
        if (!read_required_text(r, "iss", &c->issuer)) return false;
        if (!read_required_text(r, "sub", &c->subject)) return false;
        if (!read_time(r, "exp", true, &c->expires_unix_ms)) return false;
        if (!read_time(r, "iat", true, &c->issued_unix_ms)) return false;
        if (!read_time(r, "nbf", false, &c->not_before_unix_ms)) return false;
        if (!judge_issuer(r) || !read_audience(r) || !judge_times(r)) return false;
        if (!read_roles(r, "role") || !read_roles(r, "roles")) return false;
        if (c->roles == 0) return wrong(r, "roles", "there");
        if (!read_channels(r)) return false;
        if (!read_list(r, "outlets", r->outlets, &c->outlet_count)) return false;
        if (!read_list(r, "banks", r->banks, &c->bank_count)) return false;
        if (!read_list(r, "purpose", r->purposes, &c->purpose_count)) return false;
        if (!read_region(r) || !read_assurance(r)) return false;
        if (!read_text(r, r->root, "operator_id", &c->operator_id)) return false;
        if (!read_text(r, r->root, "platform", &c->platform)) return false;
        if (!read_text(r, r->root, "case_ref", &c->case_reference)) return false;
        return read_actor(r) && read_request_hash(r);
}

/* The parsed tree still has the citizen's number: wipe it before the memory goes back. */
static void forget_identity(json_t *root)
{
        json_t *number = json_object_get(json_object_get(root, "act"), "id_number");
        if (json_is_string(number))
                secret_wipe((char *)json_string_value(number), json_string_length(number));
}

caller *claims_read(bytes json, const claims_rules *rules, failure *f)
{
        reading r = {.rules = rules, .failure = f};
        r.loose.outlets = r.outlets;
        r.loose.banks = r.banks;
        r.loose.purposes = r.purposes;
        if (claims_are_shallow(json))
                r.root = json_loadb((const char *)json.data, json.length, JSON_REJECT_DUPLICATES,
                                    NULL);
        if (!json_is_object(r.root)) {
                json_decref(r.root);
                failure_set(f, FAILURE_UNAUTHENTICATED, "TOKEN_MALFORMED",
                            "the claims of the token are not a JSON object");
                return NULL;
        }
        caller *packed = read_all(&r) ? caller_pack(&r.loose) : NULL;
        assert(packed || f->kind != FAILURE_NONE);
        forget_identity(r.root);
        json_decref(r.root);
        return packed;
}
