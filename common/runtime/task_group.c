/* Groups: children beside their parent, in the parent's arena.
 * Must never let go of the parent before the last child is over. */
#include "common/runtime/loop_internal.h"
#include "common/runtime/task.h"

typedef struct group_child {
        task task;
        task_group *group;
        void (*run)(task *child, void *argument);
        void *argument;
        struct group_child *next;
} group_child;

struct task_group {
        task *parent;
        group_child *children;
        int64_t deadline_ms; /* of the children */
        uint32_t open;
        bool waiting, failed;
};

task_group *task_group_begin(task *parent)
{
        task_group *group = arena_zalloc(&parent->arena, sizeof *group);
        group->parent = parent;
        group->deadline_ms = parent->deadline_ms;
        return group;
}

task_group *task_group_begin_within(task *parent, int64_t milliseconds)
{
        task_group *group = task_group_begin(parent);
        int64_t until_ms = clock_monotonic_ms(loop_clock(parent->loop)) + milliseconds;
        if (until_ms < group->deadline_ms) group->deadline_ms = until_ms;
        return group;
}

static void child_run(task *t)
{
        group_child *child = t->owner;
        child->run(t, child->argument);
}

static void child_done(task *t)
{
        group_child *child = t->owner;
        task_group *group = child->group;
        assert(group->open > 0);
        group->open--;
        if (group->open == 0 && group->waiting && task_is_parked(group->parent))
                task_resume(group->parent);
}

void task_group_spawn(task_group *group, void (*run)(task *child, void *argument), void *argument)
{
        group_child *child = arena_zalloc(&group->parent->arena, sizeof *child);
        child->group = group;
        child->run = run;
        child->argument = argument;
        task_init(&child->task, group->parent->loop, child);
        group->open++;
        if (!task_start(&child->task, group->deadline_ms, child_run, child_done)) {
                group->open--;
                group->failed = true;
                task_release(&child->task, NULL);
                return;
        }
        child->next = group->children;
        group->children = child;
}

static void children_interrupt(task_group *group)
{
        for (group_child *child = group->children; child; child = child->next)
                task_interrupt(&child->task, group->parent->interrupted);
}

static bool children_wait(task_group *group)
{
        bool undisturbed = !task_is_interrupted(group->parent);
        group->waiting = true;
        if (group->open > 0 && undisturbed)
                undisturbed = task_park(group->parent, group, task_interrupt_nothing);
        if (!undisturbed) children_interrupt(group);
        while (group->open > 0)
                undisturbed = task_park(group->parent, group, NULL);
        group->waiting = false;
        return undisturbed;
}

bool task_group_wait(task_group *group)
{
        TASK_MAY_SUSPEND(group->parent);
        bool undisturbed = children_wait(group);
        for (group_child *child = group->children; child; child = child->next)
                task_release(&child->task, NULL);
        group->children = NULL;
        if (!undisturbed)
                return task_fail(group->parent, group->parent->interrupted, "INTERRUPTED",
                                 "Interrupted while children ran.");
        if (group->failed)
                return task_fail(group->parent, FAILURE_RESOURCE_EXHAUSTED, "NO_STACK",
                                 "No memory for the stack of a child.");
        return true;
}
