/* A thread with a mailbox. Must never hold its mutex while it works or resumes. */
#define _GNU_SOURCE /* pthread_setname_np */
#include "common/store/engines/sqlite_mailbox.h"

#include <signal.h>

static void letters_add(sqlite_letters *letters, sqlite_letter *letter)
{
        letter->next = NULL;
        if (letters->last)
                letters->last->next = letter;
        else
                letters->first = letter;
        letters->last = letter;
        letters->count++;
}

static void letters_move(sqlite_letters *to, sqlite_letters *from)
{
        if (!from->first) return;
        if (to->last)
                to->last->next = from->first;
        else
                to->first = from->first;
        to->last = from->last;
        to->count += from->count;
        *from = (sqlite_letters){0};
}

/* The first `max` of them. */
static sqlite_letters letters_take(sqlite_letters *from, size_t max)
{
        sqlite_letters taken = *from;
        *from = (sqlite_letters){0};
        if (taken.count <= max) return taken;
        sqlite_letter *last = taken.first;
        for (size_t i = 1; i < max; i++)
                last = last->next;
        *from = (sqlite_letters){last->next, taken.last, taken.count - max};
        last->next = NULL;
        return (sqlite_letters){taken.first, last, max};
}

/* On the loop: resumes everybody whose letter came back. */
static void mailbox_wake(void *argument)
{
        sqlite_mailbox *m = argument;
        pthread_mutex_lock(&m->mutex);
        m->wake_is_posted = false;
        sqlite_letter *letter = m->returned.first;
        m->returned = (sqlite_letters){0};
        pthread_mutex_unlock(&m->mutex);
        m->wakes++;
        while (letter) {
                sqlite_letter *next = letter->next; /* the letter goes with the task's stack */
                task_resume(letter->t);
                letter = next;
        }
}

static void mailbox_return(sqlite_mailbox *m, sqlite_letters *letters)
{
        pthread_mutex_lock(&m->mutex);
        letters_move(&m->returned, letters);
        bool post = !m->wake_is_posted;
        m->wake_is_posted = true;
        pthread_mutex_unlock(&m->mutex);
        if (post) loop_post_embedded(m->loop, &m->wake);
}

static void *mailbox_run(void *argument)
{
        sqlite_mailbox *m = argument;
        pthread_mutex_lock(&m->mutex);
        for (;;) {
                __atomic_store_n(&m->idle, true, __ATOMIC_RELAXED);
                while (!m->inbox.first && !m->stops)
                        pthread_cond_wait(&m->cond, &m->mutex);
                __atomic_store_n(&m->idle, false, __ATOMIC_RELAXED);
                if (!m->inbox.first) break;
                sqlite_letters letters = letters_take(&m->inbox, m->take_max);
                pthread_mutex_unlock(&m->mutex);
                m->work(m->owner, letters.first);
                mailbox_return(m, &letters);
                pthread_mutex_lock(&m->mutex);
        }
        pthread_mutex_unlock(&m->mutex);
        return NULL;
}

static void outbox_hand_over(sqlite_mailbox *m)
{
        pthread_mutex_lock(&m->mutex);
        letters_move(&m->inbox, &m->outbox);
        __atomic_store_n(&m->idle, false, __ATOMIC_RELAXED);
        pthread_mutex_unlock(&m->mutex);
        pthread_cond_signal(&m->cond);
}

/* At the end of a turn: what its tasks sent goes over together. */
static void mailbox_flush(loop_flush *flush)
{
        sqlite_mailbox *m = (sqlite_mailbox *)((char *)flush - offsetof(sqlite_mailbox, flush));
        if (m->has_thread) {
                if (m->outbox.first) outbox_hand_over(m);
                return;
        }
        while (m->outbox.first) {
                sqlite_letters letters = letters_take(&m->outbox, m->take_max);
                m->work(m->owner, letters.first);
                mailbox_return(m, &letters);
        }
}

bool sqlite_mailbox_open(sqlite_mailbox *m, const char *thread_name, bool with_thread, failure *f)
{
        assert(m->loop && m->work && m->take_max > 0);
        m->flush.run = mailbox_flush;
        m->wake = (loop_posted){.callback = mailbox_wake, .argument = m};
        pthread_mutex_init(&m->mutex, NULL);
        pthread_cond_init(&m->cond, NULL);
        if (!with_thread) return true;

        sigset_t all, before; /* signals are the loop's */
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before);
        m->has_thread = pthread_create(&m->thread, NULL, mailbox_run, m) == 0;
        pthread_sigmask(SIG_SETMASK, &before, NULL);
        if (!m->has_thread) {
                pthread_mutex_destroy(&m->mutex);
                pthread_cond_destroy(&m->cond);
                return failure_set(f, FAILURE_UNAVAILABLE, "STORE_UNAVAILABLE",
                                   "There is no thread for \"%s\".", thread_name);
        }
        pthread_setname_np(m->thread, thread_name);
        return true;
}

void sqlite_mailbox_close(sqlite_mailbox *m)
{
        assert(!m->outbox.first);
        if (m->has_thread) {
                pthread_mutex_lock(&m->mutex);
                m->stops = true;
                pthread_mutex_unlock(&m->mutex);
                pthread_cond_signal(&m->cond);
                pthread_join(m->thread, NULL);
        }
        assert(!m->returned.first);
        loop_unmark_flush(m->loop, &m->flush);
        pthread_mutex_destroy(&m->mutex);
        pthread_cond_destroy(&m->cond);
}

bool sqlite_mailbox_send(task *t, sqlite_mailbox *m, sqlite_letter *letter)
{
        TASK_MAY_SUSPEND(t);
        if (task_is_interrupted(t)) return task_park(t, NULL, task_interrupt_nothing);
        letter->t = t;
        letters_add(&m->outbox, letter);
        if (m->early_min && m->outbox.count >= m->early_min &&
            __atomic_load_n(&m->idle, __ATOMIC_RELAXED))
                outbox_hand_over(m);
        else
                loop_mark_flush(m->loop, &m->flush);
        bool in_time = task_park(t, letter, NULL);
        (void)in_time; /* the letter is back all the same */
        return true;
}
