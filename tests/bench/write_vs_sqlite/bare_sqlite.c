/* The peer: a bare C loop on one thread that commits the rows of ReportLoss in groups. No server,
 * no tasks, no reads, no hashing or sealing beyond what the rows' own SQL asks for.
 *   bare_sqlite FOLDER HOLDERS GROUP SECONDS
 * Prints {"writes_per_s": …, "writes": …, "group": …}. */
#include "common/commit/commit_statements.h"
#include "services/card/store/card_statements.h"
#include "tests/bench/write_vs_sqlite/rows.h"

#include <assert.h>
#include <openssl/sha.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct prepared {
        sqlite3_stmt *handle;
        int index_of[12];
} prepared;

typedef struct bare {
        sqlite3 *db;
        prepared begin, commit, idem, holder, card, timer, head, journal, journaled;
} bare;

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

static void write_one(bare *b, uint32_t n, int64_t version, uint64_t count)
{
        static uint8_t record[JOURNAL_BYTES], hash[32];
        ulid holder = holder_of(n), card = card_of(n);
        int64_t part = ulid_part(holder), at = 1700000000000 + (int64_t)count;
        char name[80], card_text[ULID_TEXT_BYTES + 1];
        uint64_t scattered = (count + 1) * 0x9e3779b97f4a7c15ull;
        uint8_t key[16] = {0};
        memcpy(key, &scattered, sizeof scattered);
        ulid_format(card, card_text);
        snprintf(name, sizeof name, "regions/330000/cards/%s", card_text);
        memcpy(hash, &scattered, sizeof scattered);
        memcpy(record, &scattered, sizeof scattered);

        number(&b->idem, 1, part);
        blob(&b->idem, 2, key, 16);
        blob(&b->idem, 3, hash, 32);
        blob(&b->idem, 4, holder.bytes, 16);
        number(&b->idem, 5, 0);
        blob(&b->idem, 7, record, ANSWER_BYTES);
        number(&b->idem, 8, at);
        number(&b->idem, 9, 0);
        run(&b->idem);

        blob(&b->holder, 1, hash, 16);
        number(&b->holder, 2, part);
        blob(&b->holder, 3, holder.bytes, 16);
        number(&b->holder, 4, version);
        run(&b->holder);

        number(&b->card, 1, part);
        blob(&b->card, 2, card.bytes, 16);
        blob(&b->card, 3, holder.bytes, 16);
        number(&b->card, 4, STATE_TEMP_LOST);
        number(&b->card, 5, 0);
        number(&b->card, 6, 20300 + n % 3000);
        number(&b->card, 7, version + 2);
        blob(&b->card, 8, record, RECORD_BYTES);
        run(&b->card);

        number(&b->timer, 1, part);
        number(&b->timer, 2, at + 864000000);
        blob(&b->timer, 3, card.bytes, 16);
        text(&b->timer, 4, "temp_loss_end");
        run(&b->timer);
        number(&b->timer, 2, at + 777600000);
        text(&b->timer, 4, "temp_loss_warning");
        run(&b->timer);

        blob(&b->head, 1, hash, 32);
        number(&b->head, 2, part);
        run(&b->head);

        number(&b->journal, 1, part);
        blob(&b->journal, 2, holder.bytes, 16);
        number(&b->journal, 3, version + 1);
        blob(&b->journal, 4, hash, 16);
        number(&b->journal, 5, at);
        text(&b->journal, 6, name);
        number(&b->journal, 7, version + 2);
        text(&b->journal, 8, "card.temp_lost");
        blob(&b->journal, 9, hash, 32);
        blob(&b->journal, 10, record, JOURNAL_BYTES);
        number(&b->journal, 11, 1);
        run(&b->journal);

        number(&b->journaled, 1, part);
        blob(&b->journaled, 2, holder.bytes, 16);
        run(&b->journaled);
}

static void bare_open(bare *b, const char *folder)
{
        char path[4096];
        snprintf(path, sizeof path, "%s/card.db", folder);
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
        b->idem = prepare(b->db, idem_insert.sql);
        b->holder = prepare(b->db, holder_advance.sql);
        b->card = prepare(b->db, card_update.sql);
        b->timer = prepare(b->db, timer_set.sql);
        b->head = prepare(b->db, part_head_advance.sql);
        b->journal = prepare(b->db, journal_insert.sql);
        b->journaled = prepare(b->db, holder_journaled.sql);
}

int main(int argc, char **argv)
{
        if (argc != 5) return 64;
        uint32_t holders = (uint32_t)strtoul(argv[2], NULL, 10);
        int group = atoi(argv[3]);
        int64_t run_us = atoi(argv[4]) * 1000000LL;
        bare b;
        sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
        bare_open(&b, argv[1]);
        int64_t *versions = calloc(holders, sizeof *versions);
        uint64_t count = 0;
        int64_t began = now_us(), now;
        do {
                run(&b.begin);
                for (int i = 0; i < group; i++, count++) {
                        uint32_t n = (uint32_t)(count * 2654435761u % holders);
                        write_one(&b, n, versions[n]++, count);
                }
                run(&b.commit);
                now = now_us();
        } while (now - began < run_us);
        printf("{\"writes_per_s\": %.0f, \"writes\": %llu, \"group\": %d}\n",
               (double)count * 1e6 / (double)(now - began), (unsigned long long)count, group);
        return 0;
}
