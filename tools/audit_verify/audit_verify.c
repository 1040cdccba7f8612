/* Verifies the audit trail of a database, offline: every part's chain, or a stream of reads.
 * Opens for reading only; needs no key. Must never say "whole" of what it could not read. */
#include "common/base/clock.h"
#include "common/commit/journal.h"
#include "common/commit/read_audit.h"
#include "common/runtime/task.h"
#include "common/store/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXIT_WHOLE = 0, EXIT_BROKEN = 1, EXIT_UNREADABLE = 2, EXIT_USAGE = 64 };

typedef struct verification {
        task task;
        store *store;
        const char *file;
        bool reads; /* a stream of reads, not a journal */
        int exit_code;
} verification;

static bool verify_part(task *t, verification *v, int part, uint64_t *rows)
{
        journal_verdict verdict;
        if (!journal_verify_part(t, v->store, (uint8_t)part, &verdict)) return false;
        *rows += verdict.rows;
        if (verdict.fault == JOURNAL_WHOLE) return true;
        v->exit_code = EXIT_BROKEN;
        printf("%s: part %d: row %lld: %s\n", v->file, part, (long long)verdict.seq,
               journal_fault_name(verdict.fault));
        return true;
}

static bool verify_journal(task *t, verification *v)
{
        uint64_t rows = 0;
        for (int part = 0; part < 256; part++)
                if (!verify_part(t, v, part, &rows)) return false;
        printf("%s: %llu rows in 256 chains: %s\n", v->file, (unsigned long long)rows,
               v->exit_code == EXIT_WHOLE ? "whole" : "BROKEN");
        return true;
}

static bool verify_reads(task *t, verification *v)
{
        read_audit_verdict verdict;
        if (!read_audit_verify(t, v->store, &verdict)) return false;
        if (!verdict.whole) {
                v->exit_code = EXIT_BROKEN;
                printf("%s: row %lld: the chain breaks at it\n", v->file,
                       (long long)verdict.bad_seq);
        }
        printf("%s: %llu reads: %s\n", v->file, (unsigned long long)verdict.rows,
               verdict.whole ? "whole" : "BROKEN");
        return true;
}

static void verify_run(task *t)
{
        verification *v = t->owner;
        if (v->reads ? verify_reads(t, v) : verify_journal(t, v)) return;
        fprintf(stderr, "%s: %s\n", v->file, t->failure.message);
        v->exit_code = EXIT_UNREADABLE;
}

/* "…/card.db" is the store "card" in the folder before it. */
static bool split(const char *file, char **folder, char **name)
{
        const char *slash = strrchr(file, '/');
        const char *base = slash ? slash + 1 : file;
        size_t length = strlen(base);
        if (length <= 3 || strcmp(base + length - 3, ".db") != 0) return false;
        *folder = slash ? strndup(file, (size_t)(slash - file)) : strdup(".");
        *name = strndup(base, length - 3);
        return true;
}

static int verify_file(loop *l, const char *file, bool reads)
{
        char *folder, *name;
        if (!split(file, &folder, &name)) {
                fprintf(stderr, "%s: not a .db file\n", file);
                return EXIT_UNREADABLE;
        }
        failure why = {0};
        store_options options = {.folder = folder,
                                 .name = name,
                                 .read_only = true,
                                 .schemas = {reads ? &read_audit_schema : &commit_schema}};
        verification v = {.file = file, .reads = reads};
        v.store = store_open(l, &options, &why);
        free(folder);
        free(name);
        if (!v.store) {
                fprintf(stderr, "%s: %s\n", file, why.message);
                return EXIT_UNREADABLE;
        }
        task_init(&v.task, l, &v);
        if (task_start(&v.task, TASK_NO_DEADLINE, verify_run, NULL)) {
                while (!task_is_over(&v.task))
                        loop_run_virtual(l, loop_now_ms(l));
        } else {
                v.exit_code = EXIT_UNREADABLE;
        }
        task_release(&v.task, NULL);
        store_close(v.store);
        return v.exit_code;
}

static int usage(void)
{
        fputs("usage: audit_verify [--reads] FILE.db ...\n"
              "Verifies the hash chains of a service's database (or, with --reads, of its stream "
              "of\n"
              "audited reads) and names the first bad row of each chain. Needs no key.\n"
              "Exit: 0 whole, 1 broken, 2 unreadable.\n",
              stderr);
        return EXIT_USAGE;
}

int main(int argc, char **argv)
{
        bool reads = argc > 1 && strcmp(argv[1], "--reads") == 0;
        int first = reads ? 2 : 1;
        if (argc <= first || argv[first][0] == '-') return usage();

        clock_manual clock;
        random_seeded random;
        clock_manual_init(&clock, 0);
        random_seeded_init(&random, 1);
        loop_options options = {.clock = &clock.base, .random = &random.base};
        loop *l = loop_create_virtual(&options, &clock);
        if (!l) return EXIT_UNREADABLE;
        int worst = EXIT_WHOLE;
        for (int i = first; i < argc; i++) {
                int code = verify_file(l, argv[i], reads);
                if (code > worst) worst = code;
        }
        loop_destroy(l);
        return worst;
}
