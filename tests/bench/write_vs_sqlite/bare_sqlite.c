/* The peer: a bare C loop on one thread that commits the rows of ReportLoss in groups, for the same
 * cards of the same database in the same order. No server, no tasks, no reads, no hashing or
 * sealing beyond what the rows' own SQL asks for.
 *   bare_sqlite FOLDER GROUP MS
 * Ends earlier when there are no more cards.
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

static void write_one(bare *b, const card_row *row, uint64_t count)
{
        static uint8_t record[JOURNAL_BYTES], hash[32];
        int64_t part = ulid_part(row->card), at = 1700000000000 + (int64_t)count;
        char name[80], card_text[ULID_TEXT_BYTES + 1];
        uint64_t scattered = (count + 1) * 0x9e3779b97f4a7c15ull;
        uint8_t key[16] = {0};
        memcpy(key, &scattered, sizeof scattered);
        ulid_format(row->card, card_text);
        snprintf(name, sizeof name, "regions/330000/cards/%s", card_text);
        memcpy(hash, &scattered, sizeof scattered);
        memcpy(record, &scattered, sizeof scattered);

        number(&b->idem, 1, part);
        blob(&b->idem, 2, key, 16);
        blob(&b->idem, 3, hash, 32);
        blob(&b->idem, 4, row->holder.bytes, 16);
        number(&b->idem, 5, 0);
        blob(&b->idem, 7, record, ANSWER_BYTES);
        number(&b->idem, 8, at);
        number(&b->idem, 9, 0);
        run(&b->idem);

        blob(&b->holder, 1, hash, 16);
        number(&b->holder, 2, part);
        blob(&b->holder, 3, row->holder.bytes, 16);
        number(&b->holder, 4, row->holder_version);
        run(&b->holder);

        number(&b->card, 1, part);
        blob(&b->card, 2, row->card.bytes, 16);
        blob(&b->card, 3, row->holder.bytes, 16);
        number(&b->card, 4, STATE_TEMP_LOST);
        number(&b->card, 5, 0);
        number(&b->card, 6, row->expires_on);
        number(&b->card, 7, row->version + 1);
        blob(&b->card, 8, record, RECORD_BYTES);
        run(&b->card);

        number(&b->timer, 1, part);
        number(&b->timer, 2, at + 864000000);
        blob(&b->timer, 3, row->card.bytes, 16);
        text(&b->timer, 4, "temp_loss_end");
        run(&b->timer);
        number(&b->timer, 2, at + 777600000);
        text(&b->timer, 4, "temp_loss_warning");
        run(&b->timer);

        blob(&b->head, 1, hash, 32);
        number(&b->head, 2, part);
        run(&b->head);

        number(&b->journal, 1, part);
        blob(&b->journal, 2, row->holder.bytes, 16);
        number(&b->journal, 3, row->holder_version + 1);
        blob(&b->journal, 4, hash, 16);
        number(&b->journal, 5, at);
        text(&b->journal, 6, name);
        number(&b->journal, 7, row->version + 1);
        text(&b->journal, 8, "card.temp_lost");
        blob(&b->journal, 9, hash, 32);
        blob(&b->journal, 10, record, JOURNAL_BYTES);
        number(&b->journal, 11, 1);
        run(&b->journal);

        number(&b->journaled, 1, part);
        blob(&b->journaled, 2, row->holder.bytes, 16);
        run(&b->journaled);
}

static void bare_open(bare *b, const char *path)
{
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
        if (argc != 4) return 64;
        size_t group = strtoul(argv[2], NULL, 10), card_count = 0, done = 0;
        int64_t run_us = strtol(argv[3], NULL, 10) * 1000;
        char path[4096];
        bare b;
        sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
        snprintf(path, sizeof path, "%s/card.db", argv[1]);
        card_row *cards = cards_read(path, &card_count);
        bare_open(&b, path);
        int64_t began = now_us(), now = began;
        for (; done + group <= card_count && now - began < run_us; now = now_us()) {
                run(&b.begin);
                for (size_t i = 0; i < group; i++, done++)
                        write_one(&b, &cards[done], done);
                run(&b.commit);
        }
        printf("{\"writes_per_s\": %.0f, \"writes\": %zu, \"group\": %zu}\n",
               (double)done * 1e6 / (double)(now - began), done, group);
        return 0;
}
