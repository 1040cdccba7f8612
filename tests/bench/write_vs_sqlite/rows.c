/* Which cards are reported lost, and in what order. Must give every side the same. */
#include "tests/bench/write_vs_sqlite/rows.h"

#include <assert.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

static ulid ulid_in(sqlite3_stmt *rows, int column)
{
        ulid id;
        assert(sqlite3_column_bytes(rows, column) == ULID_BYTES);
        memcpy(id.bytes, sqlite3_column_blob(rows, column), ULID_BYTES);
        return id;
}

card_row *cards_read(const char *database, size_t *count)
{
        static const char text[] =
                "SELECT c.card, c.holder, c.version, h.version, c.expires_on"
                " FROM card c JOIN holder h ON h.part = c.part AND h.holder = c.holder"
                " WHERE c.state = 5 AND c.legacy_duplicate = 0 ORDER BY substr(c.card, 7, 8)";
        card_row *cards = NULL;
        size_t room = 0;
        sqlite3 *db = NULL;
        sqlite3_stmt *rows = NULL;
        *count = 0;
        if (sqlite3_open_v2(database, &db, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK &&
            sqlite3_busy_timeout(db, 5000) == SQLITE_OK &&
            sqlite3_prepare_v2(db, text, -1, &rows, NULL) == SQLITE_OK) {
                while (sqlite3_step(rows) == SQLITE_ROW) {
                        if (*count == room) {
                                room = room ? room * 2 : 4096;
                                cards = realloc(cards, room * sizeof *cards);
                                assert(cards);
                        }
                        cards[(*count)++] = (card_row){
                                ulid_in(rows, 0), ulid_in(rows, 1), sqlite3_column_int64(rows, 2),
                                sqlite3_column_int64(rows, 3), sqlite3_column_int64(rows, 4)};
                }
        }
        sqlite3_finalize(rows);
        sqlite3_close(db);
        return cards;
}
