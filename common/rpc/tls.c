/* PEM files to gRPC's credentials. The server's reload callback runs in handshakes, on any thread
 * of core: it must be cheap and mostly say that nothing has changed. A channel's files are watched
 * by a thread of core's. */
#include "common/rpc/tls.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { PEM_BYTES_MAX = 1 << 20, PEER_RELOAD_SECONDS = 2 };

struct tls_source {
        pthread_mutex_t lock;
        char *certificate_file, *key_file, *ca_file; /* ca_file NULL: no client certificate */
        struct timespec changed[3];                  /* under the lock */
};

static char *file_read(const char *path, failure *f)
{
        FILE *file = fopen(path, "re");
        char *text = file ? malloc(PEM_BYTES_MAX + 1) : NULL;
        size_t length = text ? fread(text, 1, PEM_BYTES_MAX + 1, file) : 0;
        bool good = file && text && !ferror(file) && length > 0 && length <= PEM_BYTES_MAX;
        if (file) fclose(file);
        if (good) {
                text[length] = '\0';
                return text;
        }
        free(text);
        failure_set(f, FAILURE_FAILED_PRECONDITION, "CANNOT_READ_PEM", "Cannot read %s: %s.", path,
                    strerror(errno));
        return NULL;
}

typedef struct pem {
        char *certificate, *key, *ca;
} pem;

static void pem_release(pem *p)
{
        free(p->certificate);
        if (p->key) explicit_bzero(p->key, strlen(p->key));
        free(p->key);
        free(p->ca);
}

static bool pem_read(pem *p, const char *certificate_file, const char *key_file,
                     const char *ca_file, failure *f)
{
        if (certificate_file && !(p->certificate = file_read(certificate_file, f))) return false;
        if (key_file && !(p->key = file_read(key_file, f))) return false;
        if (ca_file && !(p->ca = file_read(ca_file, f))) return false;
        return true;
}

static bool have_changed(tls_source *source)
{
        const char *paths[] = {source->certificate_file, source->key_file, source->ca_file};
        bool changed = false;
        for (int i = 0; i < 3; i++) {
                struct stat status;
                if (!paths[i] || stat(paths[i], &status) < 0) continue;
                struct timespec at = status.st_mtim;
                changed |= at.tv_sec != source->changed[i].tv_sec ||
                           at.tv_nsec != source->changed[i].tv_nsec;
                source->changed[i] = at;
        }
        return changed;
}

static grpc_ssl_server_certificate_config *config_read(tls_source *source, failure *f)
{
        SCOPED(pem) p = {0};
        if (!pem_read(&p, source->certificate_file, source->key_file, source->ca_file, f))
                return NULL;
        grpc_ssl_pem_key_cert_pair pair = {.private_key = p.key, .cert_chain = p.certificate};
        return grpc_ssl_server_certificate_config_create(p.ca, &pair, 1);
}

static grpc_ssl_certificate_config_reload_status
config_reload(void *user_data, grpc_ssl_server_certificate_config **config)
{
        tls_source *source = user_data;
        failure f = {0};
        pthread_mutex_lock(&source->lock);
        bool changed = have_changed(source);
        *config = changed ? config_read(source, &f) : NULL;
        /* A half-written file: the old certificate goes on, the next handshake reads again. */
        if (changed && !*config) memset(source->changed, 0, sizeof source->changed);
        pthread_mutex_unlock(&source->lock);
        if (!changed) return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_UNCHANGED;
        return *config ? GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_NEW
                       : GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_FAIL;
}

static char *copy_or_null(const char *text)
{
        char *copy = text ? strdup(text) : NULL;
        if (text && !copy) abort();
        return copy;
}

void tls_source_destroy(tls_source *source)
{
        if (!source) return;
        pthread_mutex_destroy(&source->lock);
        free(source->certificate_file);
        free(source->key_file);
        free(source->ca_file);
        free(source);
}

grpc_server_credentials *tls_server_credentials(const rpc_server_options *options,
                                                tls_source **source_, failure *f)
{
        *source_ = NULL;
        if (!options->certificate_file) return grpc_insecure_server_credentials_create();
        if (!options->key_file) {
                failure_set(f, FAILURE_FAILED_PRECONDITION, "NO_KEY_FILE",
                            "A certificate needs its key file.");
                return NULL;
        }
        SCOPED(pem) p = {0}; /* once now, so that a wrong path is an error at start */
        if (!pem_read(&p, options->certificate_file, options->key_file, options->client_ca_file, f))
                return NULL;
        tls_source *source = calloc(1, sizeof *source);
        if (!source) abort();
        pthread_mutex_init(&source->lock, NULL);
        source->certificate_file = copy_or_null(options->certificate_file);
        source->key_file = copy_or_null(options->key_file);
        source->ca_file = copy_or_null(options->client_ca_file);
        *source_ = source;
        grpc_ssl_client_certificate_request_type request =
                options->client_ca_file ? GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY
                                        : GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE;
        grpc_ssl_server_credentials_options *o =
                grpc_ssl_server_credentials_create_options_using_config_fetcher(
                        request, config_reload, source);
        return grpc_ssl_server_credentials_create_with_options(o);
}

grpc_channel_credentials *tls_channel_credentials(const rpc_peer_options *options, failure *f)
{
        if (!options->ca_file) return grpc_insecure_credentials_create();
        assert(!options->certificate_file == !options->key_file);
        SCOPED(pem) p = {0}; /* once now, so that a wrong path is an error at start */
        if (!pem_read(&p, options->certificate_file, options->key_file, options->ca_file, f))
                return NULL;
        grpc_tls_certificate_provider *files = grpc_tls_certificate_provider_file_watcher_create(
                options->key_file, options->certificate_file, options->ca_file,
                PEER_RELOAD_SECONDS);
        grpc_tls_certificate_verifier *verifier = grpc_tls_certificate_verifier_host_name_create();
        grpc_tls_credentials_options *o = grpc_tls_credentials_options_create();
        grpc_tls_credentials_options_set_certificate_provider(o, files);
        grpc_tls_credentials_options_watch_root_certs(o);
        if (options->certificate_file)
                grpc_tls_credentials_options_watch_identity_key_cert_pairs(o);
        grpc_tls_credentials_options_set_certificate_verifier(o, verifier);
        grpc_channel_credentials *credentials = grpc_tls_credentials_create(o);
        grpc_tls_certificate_verifier_release(verifier);
        grpc_tls_certificate_provider_release(files);
        return credentials;
}
