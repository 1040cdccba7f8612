/* Walks through the model: every state once, or at random. */
#ifndef SSCARD_TESTS_SIM_CACHE_MODEL_SEARCH_H
#define SSCARD_TESTS_SIM_CACHE_MODEL_SEARCH_H

#include "tests/sim/cache_model/model.h"

#include <stdio.h>

enum { SEARCH_PATH_MAX = 4096 };

typedef struct search_result {
        model_verdict verdict;
        bool exhausted; /* every state that can be reached was looked at */
        uint64_t states, transitions;
        uint64_t acknowledged; /* walks only: writes that were answered OK */
        uint32_t path_length;  /* to the violation; 0 when none, or not traced */
        struct {
                uint8_t step, actor;
        } path[SEARCH_PATH_MAX];
} search_result;

/* Depth first, at most `states_max` of them (rounded to what a table of a power of two holds). A
 * state is remembered by a hash of 64 bits: two states of the same hash would hide each other, at
 * 13 million states with a chance of one in 200,000. `traced` costs memory and finds the path. */
void search_all(const model_options *options, uint64_t states_max, bool traced,
                search_result *result);

/* `walks` of at most `steps` each. */
void search_walk(const model_options *options, uint64_t seed, uint32_t walks, uint32_t steps,
                 search_result *result);

void search_path_print(const search_result *result, FILE *out);

#endif
