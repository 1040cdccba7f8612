/* Making one token from flags, for a hand at the keyboard and for scripts.
 * Must never print a key. */
#include "tools/devkeys/token.h"

#include "common/base/clock.h"
#include "common/identity/token_issue.h"

#include <errno.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char token_usage[] =
        "  devkeys token --dir DIR --role ROLE[,ROLE] [flags]   print a token\n"
        "      --channels BRANCH,HOME_VISIT   --outlet ID[,ID]     --bank CODE[,CODE]\n"
        "      --region CODE (330000)         --assurance 0..3     --subject NAME\n"
        "      --operator-id ID               --platform NAME      --case-ref TEXT\n"
        "      --purpose NAME[,NAME]          --actor SELF|WARD|PRINCIPAL\n"
        "      --actor-id-number NUMBER       --actor-holder NAME  --request-hash BASE64URL\n"
        "      --lifetime-seconds 1..900 (900)  --issuer URL       --audience NAME\n";

enum { LIST_MAX = 32, LIFETIME_MAX = 900 };

typedef struct wanted {
        token_claims claims;
        const char *folder;
        const char *outlets[LIST_MAX], *banks[LIST_MAX], *purposes[LIST_MAX];
        arena arena;
} wanted;

static void wanted_release(wanted *w)
{
        arena_release(&w->arena);
}

static bool complain(const char *flag, const char *expected)
{
        fprintf(stderr, "devkeys token: --%s: expected %s\n", flag, expected);
        return false;
}

/* Cuts "a,b" into its words; 0: none or too many. */
static size_t split(arena *a, const char *text, const char **words)
{
        size_t count = 0;
        while (*text && count < LIST_MAX) {
                size_t length = strcspn(text, ",");
                if (length) words[count++] = arena_copy(a, text, length);
                text += length + (text[length] == ',');
        }
        return *text ? 0 : count;
}

static bool read_roles(wanted *w, const char *text)
{
        const char *words[LIST_MAX];
        size_t count = split(&w->arena, text, words);
        char known[400];
        for (size_t i = 0; i < count; i++) {
                policy_role role = policy_role_of(words[i]);
                if (role == POLICY_ROLE_UNSPECIFIED)
                        return complain("role",
                                        policy_roles_format(POLICY_ROLES_ALL, known, sizeof known));
                w->claims.roles |= POLICY_ROLE_BIT(role);
        }
        return count > 0 || complain("role", "at least one role");
}

static bool read_channels(wanted *w, const char *text)
{
        const char *words[LIST_MAX];
        size_t count = split(&w->arena, text, words);
        char known[400];
        for (size_t i = 0; i < count; i++) {
                policy_channel channel = policy_channel_of(words[i]);
                if (channel == POLICY_CHANNEL_UNSPECIFIED)
                        return complain("channels", policy_channels_format(POLICY_CHANNELS_ALL,
                                                                           known, sizeof known));
                w->claims.channels |= POLICY_CHANNEL_BIT(channel);
        }
        return count > 0 || complain("channels", "at least one channel");
}

static bool read_actor(wanted *w, const char *text)
{
        for (int actor = POLICY_ACTOR_SELF; actor < POLICY_ACTOR_COUNT; actor++) {
                if (strcmp(text, policy_actor_name((policy_actor)actor)) != 0) continue;
                w->claims.actor = (policy_actor)actor;
                return true;
        }
        return complain("actor", "SELF, WARD or PRINCIPAL");
}

static bool read_number(const char *flag, const char *text, int64_t min, int64_t max,
                        int64_t *number)
{
        errno = 0;
        char *end;
        long long value = strtoll(text, &end, 10);
        if (errno || end == text || *end || value < min || value > max) {
                fprintf(stderr, "devkeys token: --%s: expected a number from %lld to %lld\n", flag,
                        (long long)min, (long long)max);
                return false;
        }
        *number = value;
        return true;
}

enum {
        FLAG_DIR,
        FLAG_ROLE,
        FLAG_CHANNELS,
        FLAG_OUTLET,
        FLAG_BANK,
        FLAG_PURPOSE,
        FLAG_ACTOR,
        FLAG_ASSURANCE,
        FLAG_LIFETIME,
        FLAG_REGION,
        FLAG_SUBJECT,
        FLAG_OPERATOR_ID,
        FLAG_PLATFORM,
        FLAG_CASE_REF,
        FLAG_ACTOR_ID_NUMBER,
        FLAG_ACTOR_HOLDER,
        FLAG_REQUEST_HASH,
        FLAG_ISSUER,
        FLAG_AUDIENCE,
};
static const struct option flags[] = {
        {"dir", required_argument, NULL, FLAG_DIR},
        {"role", required_argument, NULL, FLAG_ROLE},
        {"roles", required_argument, NULL, FLAG_ROLE},
        {"channels", required_argument, NULL, FLAG_CHANNELS},
        {"channel", required_argument, NULL, FLAG_CHANNELS},
        {"outlet", required_argument, NULL, FLAG_OUTLET},
        {"bank", required_argument, NULL, FLAG_BANK},
        {"purpose", required_argument, NULL, FLAG_PURPOSE},
        {"actor", required_argument, NULL, FLAG_ACTOR},
        {"assurance", required_argument, NULL, FLAG_ASSURANCE},
        {"lifetime-seconds", required_argument, NULL, FLAG_LIFETIME},
        {"region", required_argument, NULL, FLAG_REGION},
        {"subject", required_argument, NULL, FLAG_SUBJECT},
        {"operator-id", required_argument, NULL, FLAG_OPERATOR_ID},
        {"platform", required_argument, NULL, FLAG_PLATFORM},
        {"case-ref", required_argument, NULL, FLAG_CASE_REF},
        {"actor-id-number", required_argument, NULL, FLAG_ACTOR_ID_NUMBER},
        {"actor-holder", required_argument, NULL, FLAG_ACTOR_HOLDER},
        {"request-hash", required_argument, NULL, FLAG_REQUEST_HASH},
        {"issuer", required_argument, NULL, FLAG_ISSUER},
        {"audience", required_argument, NULL, FLAG_AUDIENCE},
        {0},
};

/* Where a flag that is one text goes; NULL: it is not one. */
static const char **text_flag(wanted *w, int flag)
{
        switch (flag) {
        case FLAG_DIR:
                return &w->folder;
        case FLAG_REGION:
                return &w->claims.region;
        case FLAG_SUBJECT:
                return &w->claims.subject;
        case FLAG_OPERATOR_ID:
                return &w->claims.operator_id;
        case FLAG_PLATFORM:
                return &w->claims.platform;
        case FLAG_CASE_REF:
                return &w->claims.case_reference;
        case FLAG_ACTOR_ID_NUMBER:
                return &w->claims.actor_id_number;
        case FLAG_ACTOR_HOLDER:
                return &w->claims.actor_holder;
        case FLAG_REQUEST_HASH:
                return &w->claims.request_hash;
        case FLAG_ISSUER:
                return &w->claims.issuer;
        case FLAG_AUDIENCE:
                return &w->claims.audience;
        default:
                return NULL;
        }
}

static bool read_flag(wanted *w, int flag, const char *text)
{
        const char **place = text_flag(w, flag);
        int64_t number = 0;
        if (place) {
                *place = text;
                return true;
        }
        switch (flag) {
        case FLAG_ROLE:
                return read_roles(w, text);
        case FLAG_CHANNELS:
                return read_channels(w, text);
        case FLAG_OUTLET:
                w->claims.outlet_count = split(&w->arena, text, w->outlets);
                return w->claims.outlet_count || complain("outlet", "1 to 32 ids");
        case FLAG_BANK:
                w->claims.bank_count = split(&w->arena, text, w->banks);
                return w->claims.bank_count || complain("bank", "1 to 32 codes");
        case FLAG_PURPOSE:
                w->claims.purpose_count = split(&w->arena, text, w->purposes);
                return w->claims.purpose_count || complain("purpose", "1 to 32 names");
        case FLAG_ACTOR:
                return read_actor(w, text);
        case FLAG_ASSURANCE:
                if (!read_number("assurance", text, 0, 3, &number)) return false;
                w->claims.assurance = (uint8_t)number;
                return true;
        case FLAG_LIFETIME:
                return read_number("lifetime-seconds", text, 1, LIFETIME_MAX,
                                   &w->claims.lifetime_seconds);
        default:
                return false; /* getopt has said why */
        }
}

static bool read_flags(wanted *w, int argc, char **argv)
{
        int flag;
        optind = 0; /* glibc: start anew */
        while ((flag = getopt_long(argc, argv, "", flags, NULL)) != -1)
                if (!read_flag(w, flag, optarg)) return false;
        if (optind != argc) {
                fprintf(stderr, "devkeys token: expected flags only\n");
                return false;
        }
        if (!w->folder) return complain("dir", "the folder of the keys");
        if (!w->claims.roles) return complain("role", "at least one role");
        bool names_somebody = w->claims.actor_id_number || w->claims.actor_holder;
        if (names_somebody && w->claims.actor == POLICY_ACTOR_NONE)
                w->claims.actor = POLICY_ACTOR_SELF;
        return true;
}

int token_command(int argc, char **argv)
{
        SCOPED(wanted) w = {.claims = {.region = "330000"}};
        w.claims.outlets = w.outlets;
        w.claims.banks = w.banks;
        w.claims.purposes = w.purposes;
        w.claims.issued_unix_seconds = clock_wall_ms(clock_system()) / 1000;
        if (!read_flags(&w, argc, argv)) {
                fputs(token_usage, stderr);
                return 2;
        }
        failure f = {0};
        token_signer *signer =
                token_signer_load(arena_format(&w.arena, "%s/token-signing.jwk", w.folder), &f);
        const char *token = signer ? token_issue(signer, &w.claims, &w.arena, &f) : NULL;
        token_signer_destroy(signer);
        if (!token) {
                fprintf(stderr, "devkeys: %s\n", f.message);
                return 1;
        }
        puts(token);
        return 0;
}
