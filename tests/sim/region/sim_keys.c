/* Makes keys. The same bytes every time, but for the key of tokens: that one decides nothing. */
#include "tests/sim/region/sim_keys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <uthash.h>

typedef struct sim_token_kept {
        char key[160], *text;
        UT_hash_handle hh;
} sim_token_kept;

struct sim_tokens {
        sim_token_kept *kept;
};

static keyed_hash *hash_of(const char *key)
{
        failure f = {0};
        keyed_hash *hash = keyed_hash_create(bytes_of_text(key), &f);
        assert(hash);
        return hash;
}

void sim_keys_init(sim_keys *k)
{
        memset(k, 0, sizeof *k);
        failure f = {0};
        const char *base = getenv("TEST_TMPDIR");
        snprintf(k->folder, sizeof k->folder, "%s/sim-XXXXXX",
                 base && strlen(base) < 60 ? base : "/tmp");
        if (!mkdtemp(k->folder)) abort();
        snprintf(k->signing_file, sizeof k->signing_file, "%s/signing.jwk", k->folder);
        snprintf(k->jwks_file, sizeof k->jwks_file, "%s/jwks.json", k->folder);
        if (!token_signer_create_files(k->signing_file, k->jwks_file, &f)) abort();
        k->signer = token_signer_load(k->signing_file, &f);
        assert(k->signer);
        k->tokens = calloc(1, sizeof *k->tokens);
        assert(k->tokens);
        k->keys.part = hash_of("the simulator's key of parts....");
        k->keys.lookup = hash_of("the simulator's key of look-ups.");
        memcpy(k->keys.request_key, "the simulator's key of requests.", sizeof k->keys.request_key);
        k->keys.data = keyring_create(bytes_of_text("the simulator's key of its data."), &f);
        assert(k->keys.data);
}

const char *sim_keys_token(const sim_keys *k, const token_claims *claims)
{
        char key[sizeof((sim_token_kept *)0)->key];
        snprintf(key, sizeof key, "%s %s", claims->subject,
                 claims->request_hash ? claims->request_hash : "");
        sim_token_kept *kept;
        HASH_FIND_STR(k->tokens->kept, key, kept);
        if (kept) return kept->text;
        SCOPED(arena) a = {0};
        failure f = {0};
        const char *text = token_issue(k->signer, claims, &a, &f);
        assert(text);
        kept = calloc(1, sizeof *kept);
        assert(kept);
        strcpy(kept->key, key);
        kept->text = strdup(text);
        HASH_ADD_STR(k->tokens->kept, key, kept);
        return kept->text;
}

void sim_keys_release(sim_keys *k)
{
        sim_token_kept *kept, *next;
        HASH_ITER(hh, k->tokens->kept, kept, next)
        {
                HASH_DEL(k->tokens->kept, kept);
                free(kept->text);
                free(kept);
        }
        free(k->tokens);
        token_signer_destroy(k->signer);
        keyed_hash_destroy(k->keys.part);
        keyed_hash_destroy(k->keys.lookup);
        keyring_destroy(k->keys.data);
        unlink(k->signing_file);
        unlink(k->jwks_file);
        rmdir(k->folder);
}
