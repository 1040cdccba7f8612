/* JWKS files: EC P-256 keys for ES256, RSA keys of 2048 bits and more for PS256, by kid.
 * Must never accept a symmetric or a private key: the file is public. */
#include "common/identity/key_set_internal.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { RSA_MODULUS_CHARACTERS_MIN = 341 }; /* 2048 bits in base64url */

struct key_set {
        size_t count;
        key_set_key keys[KEY_SET_KEYS_MAX];
};

static bool malformed(failure *f, const char *path, const char *what)
{
        return failure_set(f, FAILURE_FAILED_PRECONDITION, "KEY_SET_MALFORMED",
                           "the JWKS file %s %s", path, what);
}

static json_t *read_json(const char *path, struct stat *status, failure *f)
{
        int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
        if (fd < 0 || fstat(fd, status) != 0 || !S_ISREG(status->st_mode)) {
                failure_set(f, FAILURE_FAILED_PRECONDITION, "KEY_SET_MISSING",
                            "cannot read the JWKS file %s: %s", path,
                            fd < 0 ? strerror(errno) : "not a regular file");
                if (fd >= 0) close(fd);
                return NULL;
        }
        json_t *root = NULL;
        if (status->st_mode & S_IWOTH)
                failure_set(f, FAILURE_FAILED_PRECONDITION, "KEY_SET_OPEN_TO_OTHERS",
                            "everyone may write the JWKS file %s: make it 0644", path);
        else if (status->st_size > KEY_SET_BYTES_MAX)
                malformed(f, path, "is larger than 256 KiB");
        else if (!(root = json_loadfd(fd, JSON_REJECT_DUPLICATES, NULL)))
                malformed(f, path, "is not JSON");
        close(fd);
        return root;
}

static const char *member(json_t *key, const char *name)
{
        return json_string_value(json_object_get(key, name));
}

static bool is_text(json_t *key, const char *name, const char *wanted)
{
        const char *value = member(key, name);
        return value && strcmp(value, wanted) == 0;
}

/* NULL: a key that is not for us (encryption, another algorithm): left out, as RFC 7517 says. */
static const char *algorithm_of(json_t *key)
{
        if (json_object_get(key, "use") && !is_text(key, "use", "sig")) return NULL;
        const char *algorithm = NULL;
        if (is_text(key, "kty", "EC") && is_text(key, "crv", "P-256")) algorithm = "ES256";
        if (is_text(key, "kty", "RSA")) algorithm = "PS256";
        if (!algorithm) return NULL;
        if (json_object_get(key, "alg") && !is_text(key, "alg", algorithm)) return NULL;
        return algorithm;
}

static bool add_key(key_set *set, json_t *key, const char *path, failure *f)
{
        if (!json_is_object(key)) return malformed(f, path, "holds something that is not a key");
        if (json_object_get(key, "d") || json_object_get(key, "k"))
                return malformed(f, path,
                                 "holds a private or symmetric key: it is for public keys");
        const char *algorithm = algorithm_of(key);
        if (!algorithm) return true;

        const char *kid = member(key, "kid");
        if (!kid || !*kid) return malformed(f, path, "holds a key without kid");
        if (key_set_find(set, kid)) return malformed(f, path, "holds one kid twice");
        if (set->count == KEY_SET_KEYS_MAX) return malformed(f, path, "holds more than 64 keys");
        const char *modulus = member(key, "n");
        if (strcmp(algorithm, "PS256") == 0 &&
            (!modulus || strlen(modulus) < RSA_MODULUS_CHARACTERS_MIN))
                return malformed(f, path, "holds an RSA key of less than 2048 bits");

        cjose_err error = {0};
        cjose_jwk_t *jwk = cjose_jwk_import_json((cjose_header_t *)key, &error);
        if (!jwk) return malformed(f, path, "holds a key that cannot be used");
        key_set_key *added = &set->keys[set->count++];
        added->kid = strdup(kid);
        if (!added->kid) abort();
        added->algorithm = algorithm;
        added->jwk = jwk;
        return true;
}

key_set *key_set_load(const char *path, struct stat *status, failure *f)
{
        json_t *root = read_json(path, status, f);
        if (!root) return NULL;
        key_set *set = calloc(1, sizeof *set);
        if (!set) abort();

        json_t *keys = json_object_get(root, "keys");
        bool good = json_is_array(keys) || malformed(f, path, "has no \"keys\"");
        size_t index;
        json_t *key;
        json_array_foreach(keys, index, key)
        {
                if (good) good = add_key(set, key, path, f);
        }
        if (good && set->count == 0) good = malformed(f, path, "has no ES256 or PS256 key");
        json_decref(root);
        if (good) return set;
        key_set_destroy(set);
        return NULL;
}

void key_set_destroy(key_set *set)
{
        if (!set) return;
        for (size_t i = 0; i < set->count; i++) {
                cjose_jwk_release(set->keys[i].jwk);
                free(set->keys[i].kid);
        }
        free(set);
}

const key_set_key *key_set_find(const key_set *set, const char *kid)
{
        for (size_t i = 0; i < set->count; i++)
                if (strcmp(set->keys[i].kid, kid) == 0) return &set->keys[i];
        return NULL;
}

size_t key_set_count(const key_set *set)
{
        return set->count;
}
