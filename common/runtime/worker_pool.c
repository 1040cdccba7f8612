/* Threads for blocking work: jobs in the order of submission, done jobs posted to the loop.
 * Must never touch a task: what a job shares with its task is the job's argument alone. */
#include "common/runtime/loop_internal.h"

#include <assert.h>
#include <stdlib.h>

struct worker_pool {
        loop *owner;
        pthread_mutex_t lock;
        pthread_cond_t wanted;
        worker_job *jobs, **jobs_end; /* under the lock, as all below */
        uint32_t busy, waiting;
        bool stopping;
        uint32_t thread_count;
        pthread_t threads[];
};

static void *worker_main(void *argument)
{
        worker_pool *pool = argument;
        pthread_mutex_lock(&pool->lock);
        for (;;) {
                while (!pool->jobs && !pool->stopping)
                        pthread_cond_wait(&pool->wanted, &pool->lock);
                worker_job *job = pool->jobs;
                if (!job) break;
                pool->jobs = job->next;
                if (!pool->jobs) pool->jobs_end = &pool->jobs;
                pool->waiting--;
                pool->busy++;
                pthread_mutex_unlock(&pool->lock);
                job->work(job->argument);
                loop_post_embedded(pool->owner, &job->done); /* the job is gone after this */
                pthread_mutex_lock(&pool->lock);
                pool->busy--;
        }
        pthread_mutex_unlock(&pool->lock);
        return NULL;
}

worker_pool *worker_pool_create(loop *l, uint32_t threads)
{
        worker_pool *pool = calloc(1, sizeof *pool + threads * sizeof pool->threads[0]);
        if (!pool) return NULL;
        pool->owner = l;
        pool->jobs_end = &pool->jobs;
        pthread_mutex_init(&pool->lock, NULL);
        pthread_cond_init(&pool->wanted, NULL);
        for (; pool->thread_count < threads; pool->thread_count++) {
                if (pthread_create(&pool->threads[pool->thread_count], NULL, worker_main, pool)) {
                        worker_pool_destroy(pool);
                        return NULL;
                }
        }
        return pool;
}

void worker_pool_destroy(worker_pool *pool)
{
        pthread_mutex_lock(&pool->lock);
        pool->stopping = true;
        pthread_cond_broadcast(&pool->wanted);
        pthread_mutex_unlock(&pool->lock);
        for (uint32_t i = 0; i < pool->thread_count; i++)
                pthread_join(pool->threads[i], NULL);
        assert(!pool->jobs);
        pthread_cond_destroy(&pool->wanted);
        pthread_mutex_destroy(&pool->lock);
        free(pool);
}

void worker_pool_submit(worker_pool *pool, worker_job *job)
{
        job->next = NULL;
        pthread_mutex_lock(&pool->lock);
        *pool->jobs_end = job;
        pool->jobs_end = &job->next;
        pool->waiting++;
        pthread_cond_signal(&pool->wanted);
        pthread_mutex_unlock(&pool->lock);
}

void worker_pool_count(worker_pool *pool, uint32_t *busy, uint32_t *waiting)
{
        pthread_mutex_lock(&pool->lock);
        *busy = pool->busy;
        *waiting = pool->waiting;
        pthread_mutex_unlock(&pool->lock);
}
