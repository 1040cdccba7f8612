/* HMAC-SHA-256 by OpenSSL, the key prepared once (180 ns for a short text).
 * Must never be asked for two runs at a time. */
#include "common/crypto/keyed_hash.h"

#include "common/crypto/key_file.h"

#include <assert.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <stdlib.h>

struct keyed_hash {
        EVP_MAC *algorithm;
        EVP_MAC_CTX *prepared;
        bool running;
};

keyed_hash *keyed_hash_create(bytes key, failure *f)
{
        if (key.length < KEYED_HASH_KEY_BYTES_MIN) {
                failure_set(f, FAILURE_FAILED_PRECONDITION, "KEY_TOO_SHORT",
                            "a hash key needs at least %d bytes", KEYED_HASH_KEY_BYTES_MIN);
                return NULL;
        }
        keyed_hash *hash = calloc(1, sizeof *hash);
        if (!hash) abort();
        hash->algorithm = EVP_MAC_fetch(NULL, "HMAC", NULL);
        hash->prepared = hash->algorithm ? EVP_MAC_CTX_new(hash->algorithm) : NULL;
        char name[] = "SHA256";
        OSSL_PARAM parameters[] = {
                OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0),
                OSSL_PARAM_construct_end(),
        };
        if (!hash->prepared ||
            EVP_MAC_init(hash->prepared, key.data, key.length, parameters) != 1) {
                keyed_hash_destroy(hash);
                failure_set(f, FAILURE_INTERNAL, "CRYPTO_UNAVAILABLE",
                            "OpenSSL gives no HMAC-SHA-256");
                return NULL;
        }
        return hash;
}

keyed_hash *keyed_hash_load(const char *path, failure *f)
{
        SCOPED(secret_buffer) key = {0};
        if (!key_file_read_key(path, &key, f)) return NULL;
        return keyed_hash_create(secret_buffer_bytes(&key), f);
}

void keyed_hash_destroy(keyed_hash *hash)
{
        if (!hash) return;
        EVP_MAC_CTX_free(hash->prepared); /* wipes the key */
        EVP_MAC_free(hash->algorithm);
        free(hash);
}

void keyed_hash_begin(keyed_hash *hash)
{
        assert(!hash->running);
        hash->running = true;
        int outcome = EVP_MAC_init(hash->prepared, NULL, 0, NULL); /* the key stays */
        assert(outcome == 1);
}

void keyed_hash_add(keyed_hash *hash, bytes part)
{
        assert(hash->running);
        if (part.length == 0) return;
        int outcome = EVP_MAC_update(hash->prepared, part.data, part.length);
        assert(outcome == 1);
}

digest keyed_hash_end(keyed_hash *hash)
{
        assert(hash->running);
        hash->running = false;
        digest result;
        size_t length = 0;
        int outcome = EVP_MAC_final(hash->prepared, result.bytes, &length, sizeof result.bytes);
        assert(outcome == 1);
        assert(length == DIGEST_BYTES);
        return result;
}

digest keyed_hash_of(keyed_hash *hash, bytes whole)
{
        keyed_hash_begin(hash);
        keyed_hash_add(hash, whole);
        return keyed_hash_end(hash);
}
