/* The peer: a bare loop that does the work of VerifyPin and nothing else, on a copy of the
 * service's own database. A group of guesses is reserved and committed, MACed in the token by two
 * threads, and resolved and committed: the same statements, the same rows, the same MACs; no
 * server, no reads, no sealing. bare_pin FOLDER GROUP MS MODULE PIN_FILE TOKENS Prints
 * {"calls_per_s": …, "calls": …, "group": …}. */
#include "common/base/ulid.h"
#include "common/commit/commit_statements.h"
#include "common/crypto/hsm.h"
#include "services/credential/store/credential_statements.h"

#include <assert.h>
#include <openssl/sha.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ROWS_MAX = 1 << 16, JOURNAL_BYTES = 420, ANSWER_BYTES = 260, ATTEMPT_BYTES = 150 };
enum { PARAMETERS_MAX = 16, GROUP_MAX = 256, MAC_TEXT_BYTES = 58 };

typedef struct prepared {
        sqlite3_stmt *handle;
        int index_of[PARAMETERS_MAX];
} prepared;

typedef struct guess {
        int64_t part, version, holder_version;
        ulid holder, card;
        uint8_t record[96], salt[16], mac[32];
        int record_bytes;
} guess;

typedef struct bare {
        sqlite3 *db;
        prepared begin, commit, reserve, idem, holder, update, head, journal, journaled;
        guess *rows;
        size_t row_count;
        uint64_t count;
} bare;

static int64_t now_us(void)
{
        struct timespec t;
        clock_gettime(CLOCK_MONOTONIC, &t);
        return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void sha256(sqlite3_context *context, int count, sqlite3_value **values)
{
        unsigned char digest[32];
        (void)count;
        SHA256(sqlite3_value_blob(values[0]), (size_t)sqlite3_value_bytes(values[0]), digest);
        sqlite3_result_blob(context, digest, sizeof digest, SQLITE_TRANSIENT);
}

static prepared prepare(sqlite3 *db, const char *sql)
{
        prepared p = {0};
        int code = sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &p.handle, NULL);
        assert(code == SQLITE_OK);
        for (int i = 1; i <= sqlite3_bind_parameter_count(p.handle); i++)
                p.index_of[atoi(sqlite3_bind_parameter_name(p.handle, i) + 1)] = i;
        return p;
}

static void number(prepared *p, int n, int64_t value)
{
        sqlite3_bind_int64(p->handle, p->index_of[n], value);
}
static void blob(prepared *p, int n, const void *data, int length)
{
        sqlite3_bind_blob(p->handle, p->index_of[n], data, length, SQLITE_STATIC);
}
static void text(prepared *p, int n, const char *value)
{
        sqlite3_bind_text(p->handle, p->index_of[n], value, -1, SQLITE_STATIC);
}
static void run(prepared *p)
{
        int code = sqlite3_step(p->handle);
        assert(code == SQLITE_DONE);
        sqlite3_reset(p->handle);
}

static void rows_read(bare *b)
{
        prepared all =
                prepare(b->db, "SELECT c.part, c.holder, c.card, c.version, h.version, c.record,"
                               " c.salt FROM credential c JOIN holder h"
                               " ON h.part = c.part AND h.holder = c.holder");
        while (sqlite3_step(all.handle) == SQLITE_ROW && b->row_count < ROWS_MAX) {
                guess *g = &b->rows[b->row_count++];
                g->part = sqlite3_column_int64(all.handle, 0);
                memcpy(g->holder.bytes, sqlite3_column_blob(all.handle, 1), ULID_BYTES);
                memcpy(g->card.bytes, sqlite3_column_blob(all.handle, 2), ULID_BYTES);
                g->version = sqlite3_column_int64(all.handle, 3);
                g->holder_version = sqlite3_column_int64(all.handle, 4);
                g->record_bytes = sqlite3_column_bytes(all.handle, 5);
                assert(g->record_bytes <= (int)sizeof g->record);
                memcpy(g->record, sqlite3_column_blob(all.handle, 5), (size_t)g->record_bytes);
                memcpy(g->salt, sqlite3_column_blob(all.handle, 6), sizeof g->salt);
        }
        sqlite3_finalize(all.handle);
}

static void bare_open(bare *b, const char *folder)
{
        char path[4096];
        snprintf(path, sizeof path, "%s/credential.db", folder);
        int code = sqlite3_open_v2(path, &b->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
        assert(code == SQLITE_OK);
        sqlite3_create_function(b->db, "sha256", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL,
                                sha256, NULL, NULL);
        code = sqlite3_exec(b->db,
                            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                            "PRAGMA cache_size=-65536; PRAGMA wal_autocheckpoint=4000",
                            NULL, NULL, NULL);
        assert(code == SQLITE_OK);
        b->begin = prepare(b->db, "BEGIN IMMEDIATE");
        b->commit = prepare(b->db, "COMMIT");
        b->reserve = prepare(b->db, credential_reserve.sql);
        b->idem = prepare(b->db, idem_insert.sql);
        b->holder = prepare(b->db, holder_advance.sql);
        b->update = prepare(b->db, credential_update.sql);
        b->head = prepare(b->db, part_head_advance.sql);
        b->journal = prepare(b->db, journal_insert.sql);
        b->journaled = prepare(b->db, holder_journaled.sql);
        b->rows = calloc(ROWS_MAX, sizeof *b->rows);
        rows_read(b);
}

/* ---- the two writes of a guess ---- */

static void reserve_one(bare *b, const guess *g, uint64_t n)
{
        static const uint8_t attempt[ATTEMPT_BYTES];
        uint8_t id[16] = {0};
        memcpy(id, &n, sizeof n);
        number(&b->reserve, 1, g->part);
        blob(&b->reserve, 2, g->holder.bytes, 16);
        blob(&b->reserve, 3, g->card.bytes, 16);
        number(&b->reserve, 4, g->version);
        number(&b->reserve, 5, 6);
        blob(&b->reserve, 6, id, 16);
        blob(&b->reserve, 7, attempt, ATTEMPT_BYTES);
        number(&b->reserve, 8, (int64_t)n);
        run(&b->reserve);
        assert(sqlite3_changes(b->db) == 1);
}

static void resolve_one(bare *b, guess *g, uint64_t n)
{
        static const uint8_t filler[JOURNAL_BYTES];
        char card[ULID_TEXT_BYTES + 1], name[96];
        uint8_t key[16] = {0}, hash[32] = {0};
        uint64_t scattered = (n + 1) * 0x9e3779b97f4a7c15ull;
        memcpy(key, &scattered, sizeof scattered);
        memcpy(hash, &scattered, sizeof scattered);
        ulid_format(g->card, card);
        snprintf(name, sizeof name, "regions/330000/cards/%s/credential", card);

        number(&b->idem, 1, g->part);
        blob(&b->idem, 2, key, 16);
        blob(&b->idem, 3, hash, 32);
        blob(&b->idem, 4, g->holder.bytes, 16);
        number(&b->idem, 5, 0);
        blob(&b->idem, 7, filler, ANSWER_BYTES);
        number(&b->idem, 8, (int64_t)n);
        number(&b->idem, 9, 0);
        run(&b->idem);

        blob(&b->holder, 1, key, 16);
        number(&b->holder, 2, g->part);
        blob(&b->holder, 3, g->holder.bytes, 16);
        number(&b->holder, 4, g->holder_version);
        run(&b->holder);

        number(&b->update, 1, g->part);
        blob(&b->update, 2, g->holder.bytes, 16);
        blob(&b->update, 3, g->card.bytes, 16);
        number(&b->update, 4, 2);
        number(&b->update, 5, 0);
        number(&b->update, 6, ++g->version);
        blob(&b->update, 7, g->record, g->record_bytes);
        blob(&b->update, 8, g->salt, 16);
        blob(&b->update, 9, g->mac, 32);
        blob(&b->update, 10, g->salt, 16);
        blob(&b->update, 11, g->mac, 32);
        number(&b->update, 12, 1);
        run(&b->update);

        blob(&b->head, 1, hash, 32);
        number(&b->head, 2, g->part);
        run(&b->head);

        number(&b->journal, 1, g->part);
        blob(&b->journal, 2, g->holder.bytes, 16);
        number(&b->journal, 3, ++g->holder_version);
        blob(&b->journal, 4, key, 16);
        number(&b->journal, 5, (int64_t)n);
        text(&b->journal, 6, name);
        number(&b->journal, 7, g->version);
        text(&b->journal, 8, "credential.verified");
        blob(&b->journal, 9, hash, 32);
        blob(&b->journal, 10, filler, JOURNAL_BYTES);
        number(&b->journal, 11, 1);
        run(&b->journal);

        number(&b->journaled, 1, g->part);
        blob(&b->journaled, 2, g->holder.bytes, 16);
        run(&b->journaled);
}

/* ---- the MACs, half of them on a second thread ---- */

typedef struct macs {
        hsm_session *session;
        guess **guesses;
        int count;
} macs;

static void *mac_all(void *argument)
{
        macs *m = argument;
        uint8_t message[MAC_TEXT_BYTES] = "sscard-pin1";
        failure f = {0};
        for (int i = 0; i < m->count; i++) {
                memcpy(message + 12, m->guesses[i]->card.bytes, 16);
                memcpy(message + 28, m->guesses[i]->salt, 16);
                bool fine = hsm_mac(m->session, bytes_of(message, sizeof message),
                                    m->guesses[i]->mac, &f);
                assert(fine);
                (void)fine;
        }
        return NULL;
}

static void mac_group(hsm_session *sessions[2], guess **guesses, int count)
{
        macs half[2] = {{sessions[0], guesses, count / 2},
                        {sessions[1], guesses + count / 2, count - count / 2}};
        pthread_t other;
        pthread_create(&other, NULL, mac_all, &half[1]);
        mac_all(&half[0]);
        pthread_join(other, NULL);
}

int main(int argc, char **argv)
{
        if (argc != 7) return 64;
        int group = atoi(argv[2]);
        int64_t run_us = atoi(argv[3]) * 1000LL;
        static bare b;
        char config[4096];
        failure f = {0};
        snprintf(config, sizeof config, "%s/softhsm2.conf", argv[1]);
        hsm_options options = {.module = argv[4],
                               .token_label = "sscard",
                               .key_label = "card-pin",
                               .pin_file = argv[5],
                               .softhsm_tokens = argv[6],
                               .softhsm_config = config};
        hsm *token = hsm_open(&options, &f);
        if (!token) {
                fprintf(stderr, "bare_pin: %s\n", f.message);
                return 1;
        }
        hsm_session *sessions[2] = {hsm_session_open(token, &f), hsm_session_open(token, &f)};
        sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
        bare_open(&b, argv[1]);
        assert(group > 0 && group <= GROUP_MAX && b.row_count >= (size_t)group);
        guess *guesses[GROUP_MAX];
        int64_t began = now_us(), now;
        do {
                for (int i = 0; i < group; i++)
                        guesses[i] = &b.rows[(b.count + (uint64_t)i) % b.row_count];
                run(&b.begin);
                for (int i = 0; i < group; i++)
                        reserve_one(&b, guesses[i], b.count + (uint64_t)i);
                run(&b.commit);
                mac_group(sessions, guesses, group);
                run(&b.begin);
                for (int i = 0; i < group; i++)
                        resolve_one(&b, guesses[i], b.count++);
                run(&b.commit);
                now = now_us();
        } while (now - began < run_us);
        printf("{\"calls_per_s\": %.0f, \"calls\": %llu, \"group\": %d}\n",
               (double)b.count * 1e6 / (double)(now - began), (unsigned long long)b.count, group);
        return 0;
}
