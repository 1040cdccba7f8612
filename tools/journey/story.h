/* A story on the screen: numbered steps with who did what, the answer in sentences, what comes
 * next, and how long it took; and whether each step went as the rules say. Knows nothing of cards.
 */
#ifndef SSCARD_TOOLS_JOURNEY_STORY_H
#define SSCARD_TOOLS_JOURNEY_STORY_H

#include "common/base/arena.h"
#include "common/policy/vocabulary.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

typedef enum story_language {
        STORY_BOTH = 0, /* Chinese, with English beside it */
        STORY_CHINESE,
        STORY_ENGLISH,
} story_language;

/* Embedded; zero but for the first three. */
typedef struct story {
        FILE *out;
        story_language language;
        bool colour;
        unsigned steps, calls, skipped;
        unsigned differences; /* in all steps */
        unsigned differences_of_step;
        int64_t step_microseconds, microseconds; /* spent in calls */
        bool step_is_open;
} story;

/* The same arguments for both texts. In the arena. */
policy_text story_format(arena *a, const char *zh, const char *en, ...) FORMAT_CHECK(2, 4)
        FORMAT_CHECK(3, 4);
/* "zh", "en", "both", and what people write instead ("zh-CN", "en-GB"); false: none of them. */
bool story_language_parse(const char *text, story_language *language) MUST_CHECK;

void story_title(story *s, policy_text title);
/* Ends the step before. */
void story_step(story *s, policy_text title);
/* One call: "clerk · BRANCH · CardService/CollectCard · 3.1 ms". */
void story_call(story *s, policy_text who, const char *channel, const char *method,
                int64_t microseconds);
/* Each language on a line of its own. */
void story_say(story *s, policy_text text);
/* Both on one line: for what is short. */
void story_note(story *s, policy_text text);
/* What a service says, in the one language that it was asked for. */
void story_quote(story *s, const char *text);
/* One line of a list. */
void story_item(story *s, const char *text);
/* What can be done next: text, then in brackets code, rule and so on. */
void story_next(story *s, const char *text, const char *details);
/* A step that is not told, and why. */
void story_skip(story *s, policy_text title, policy_text why);
/* Something is not as it should be. */
void story_differs(story *s, const char *format, ...) FORMAT_CHECK(2, 3);
/* Ends the last step, and sums up. True: all went as the rules say, and to the end. */
bool story_end(story *s, bool complete, int64_t total_microseconds);

#endif
