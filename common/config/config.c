/* Configuration: the order of its sources, and what services ask of it.
 * Must never fall back silently: whatever was written and not understood is an error. */
#include "common/config/config.h"

#include "common/config/config_internal.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const config_option config_file_option = {
        .name = "config",
        .type = CONFIG_TEXT,
        .value_name = "FILE",
        .help = "A YAML file with the same names as the flags.",
};

void config_say(config *c, const char *format, ...)
{
        va_list arguments, again;
        va_start(arguments, format);
        va_copy(again, arguments);
        int length = vsnprintf(NULL, 0, format, arguments);
        assert(length >= 0);
        c->message = realloc(c->message, c->message_length + (size_t)length + 1);
        if (!c->message) abort();
        vsnprintf(c->message + c->message_length, (size_t)length + 1, format, again);
        c->message_length += (size_t)length;
        va_end(again);
        va_end(arguments);
}

void config_error(config *c, const char *format, ...)
{
        va_list arguments;
        va_start(arguments, format);
        const char *text = arena_vformat(&c->arena, format, arguments);
        va_end(arguments);
        config_say(c, "%s: %s\n", c->program->name, text);
        c->error_count++;
}

static size_t smallest(size_t a, size_t b, size_t c)
{
        size_t ab = a < b ? a : b;
        return ab < c ? ab : c;
}

/* How many letters must be put, taken or changed (Levenshtein). */
static size_t distance(const char *a, const char *b)
{
        enum { LENGTH_MAX = 63 };
        size_t a_length = strlen(a), b_length = strlen(b);
        if (a_length > LENGTH_MAX || b_length > LENGTH_MAX) return LENGTH_MAX;
        size_t row[LENGTH_MAX + 1];
        for (size_t k = 0; k <= b_length; k++)
                row[k] = k;
        for (size_t i = 0; i < a_length; i++) {
                size_t diagonal = row[0];
                row[0] = i + 1;
                for (size_t k = 0; k < b_length; k++) {
                        size_t above = row[k + 1];
                        row[k + 1] = smallest(above + 1, row[k] + 1, diagonal + (a[i] != b[k]));
                        diagonal = above;
                }
        }
        return row[b_length];
}

void config_error_unknown(config *c, const char *where, const char *shown, const char *name)
{
        const char *nearest = NULL;
        size_t nearest_distance = strlen(name) / 3 + 2; /* farther is no help */
        for (size_t i = 0; i < c->setting_count; i++) {
                size_t found = distance(name, c->settings[i].option->name);
                if (found >= nearest_distance) continue;
                nearest = c->settings[i].option->name;
                nearest_distance = found;
        }
        if (!nearest)
                config_error(c, "%sunknown option %s; --help lists all", where, shown);
        else if (strncmp(shown, "SSCARD_", 7) == 0)
                config_error(c, "%sunknown option %s; did you mean %s?", where, shown,
                             config_environment_name(&c->arena, nearest));
        else
                config_error(c, "%sunknown option %s; did you mean %s%s?", where, shown,
                             *shown == '-' ? "--" : "", nearest);
}

config_setting *config_find(const config *c, const char *name)
{
        for (size_t i = 0; i < c->setting_count; i++)
                if (strcmp(c->settings[i].option->name, name) == 0) return &c->settings[i];
        return NULL;
}

const char *config_place(config *c, const config_setting *setting, config_source source, int line)
{
        const char *name = setting->option->name;
        switch (source) {
        case CONFIG_SOURCE_FLAG:
                return arena_format(&c->arena, "--%s", name);
        case CONFIG_SOURCE_ENVIRONMENT:
                return config_environment_name(&c->arena, name);
        case CONFIG_SOURCE_FILE:
                return arena_format(&c->arena, "%s:%d: %s", c->file, line, name);
        case CONFIG_SOURCE_DEFAULT:
        case CONFIG_SOURCE_UNSET:
                break;
        }
        return name;
}

void config_set(config *c, config_setting *setting, config_source source, int line,
                const char *text)
{
        assert(setting->option->type != CONFIG_MAP);
        int64_t number;
        const char *canonical;
        const char *expected = config_parse_value(c, setting->option, text, &number, &canonical);
        /* Looked at even if it is overridden: what is wrong in the file is wrong. */
        if (expected) {
                assert(source != CONFIG_SOURCE_DEFAULT);
                config_error(c, "%s: expected %s", config_place(c, setting, source, line),
                             expected);
                return;
        }
        if (source < setting->source) return;
        setting->source = source;
        setting->line = line;
        setting->text = arena_strdup(&c->arena, canonical);
        setting->number = number;
}

void config_set_pair(config *c, config_setting *setting, config_source source, int line,
                     const char *key, const char *value)
{
        assert(setting->option->type == CONFIG_MAP);
        size_t at = 0;
        while (at < setting->pair_count && strcmp(setting->pairs[at].key, key) < 0)
                at++;
        config_pair pair = {arena_strdup(&c->arena, key), arena_strdup(&c->arena, value), source};
        if (source >= setting->source) {
                setting->source = source;
                setting->line = line;
        }
        if (at < setting->pair_count && strcmp(setting->pairs[at].key, key) == 0) {
                if (setting->pairs[at].source == source && source != CONFIG_SOURCE_DEFAULT)
                        config_error(c, "%s: %s stands twice",
                                     config_place(c, setting, source, line), key);
                if (source >= setting->pairs[at].source) setting->pairs[at] = pair;
                return;
        }
        config_pair *pairs =
                arena_alloc(&c->arena, (setting->pair_count + 1) * sizeof *setting->pairs);
        if (at) memcpy(pairs, setting->pairs, at * sizeof *pairs);
        pairs[at] = pair;
        if (setting->pair_count > at)
                memcpy(pairs + at + 1, setting->pairs + at,
                       (setting->pair_count - at) * sizeof *pairs);
        setting->pairs = pairs;
        setting->pair_count++;
}

static void declare(config *c, const config_option *option)
{
        assert(!config_find(c, option->name));
        assert(option->help && option->name[0]);
        assert(!(option->required && option->default_text));
        config_setting *setting = &c->settings[c->setting_count++];
        setting->option = option;
        if (option->default_text) {
                assert(option->type != CONFIG_MAP);
                config_set(c, setting, CONFIG_SOURCE_DEFAULT, 0, option->default_text);
        }
}

static void declare_all(config *c, const config_program *program)
{
        size_t count = 1;
        for (size_t i = 0; i < CONFIG_TABLES_MAX; i++)
                count += program->tables[i].count;
        c->settings = arena_zalloc(&c->arena, count * sizeof *c->settings);
        declare(c, &config_file_option);
        for (size_t i = 0; i < CONFIG_TABLES_MAX; i++)
                for (size_t k = 0; k < program->tables[i].count; k++)
                        declare(c, &program->tables[i].options[k]);
}

static bool takes_out(char **argv, int *argc, const char *wanted)
{
        bool found = false;
        int kept = 1;
        for (int i = 1; i < *argc; i++) {
                if (strcmp(argv[i], wanted) == 0)
                        found = true;
                else
                        argv[kept++] = argv[i];
        }
        if (*argc > 0) *argc = kept;
        return found;
}

static void check_required(config *c)
{
        for (size_t i = 0; i < c->setting_count; i++) {
                const config_setting *setting = &c->settings[i];
                if (!setting->option->required || setting->source != CONFIG_SOURCE_UNSET) continue;
                config_error(c, "--%s is required (or %s, or %s in the file): %s",
                             setting->option->name,
                             config_environment_name(&c->arena, setting->option->name),
                             setting->option->name, setting->option->help);
        }
}

static void read_all(config *c, const config_input *input)
{
        config_read_flags(c, input);
        config_read_environment(c, input);
        c->file = config_text(c, "config");
        if (c->file) config_read_file(c, c->file);
}

config_outcome config_load(const config_program *program, const config_input *input,
                           config **loaded)
{
        config *c = calloc(1, sizeof *c);
        if (!c) abort();
        *loaded = c;
        c->program = program;
        config_say(c, "%s", "");
        declare_all(c, program);

        config_input rest = *input;
        size_t argument_count = rest.argc > 0 ? (size_t)rest.argc : 0;
        char **argv = arena_zalloc(&c->arena, (argument_count + 1) * sizeof *argv);
        for (size_t i = 0; i < argument_count; i++)
                argv[i] = rest.argv[i];
        rest.argv = argv;
        bool help = takes_out(argv, &rest.argc, "--help");
        bool version = takes_out(argv, &rest.argc, "--version");
        bool print = takes_out(argv, &rest.argc, "--print-config");
        if (help) {
                config_say_help(c);
                return CONFIG_PRINT;
        }
        if (version) {
                config_say(c, "%s %s\n", program->name, program->version);
                return CONFIG_PRINT;
        }
        read_all(c, &rest);
        if (!print || c->error_count) check_required(c);
        if (c->error_count) return CONFIG_WRONG;
        if (!print) return CONFIG_READY;
        config_print(c);
        return CONFIG_PRINT;
}

void config_destroy(config *c)
{
        if (!c) return;
        free(c->message);
        arena_release(&c->arena);
        free(c);
}

const char *config_message(const config *c)
{
        return c->message;
}

static const config_setting *setting_of(const config *c, const char *name)
{
        const config_setting *setting = config_find(c, name);
        assert(setting); /* not declared: a bug */
        return setting;
}

static int64_t number_of(const config *c, const char *name, config_type type)
{
        const config_setting *setting = setting_of(c, name);
        assert(setting->option->type == type);
        return setting->number;
}

bool config_is_set(const config *c, const char *name)
{
        return setting_of(c, name)->source != CONFIG_SOURCE_UNSET;
}

const char *config_text(const config *c, const char *name)
{
        const config_setting *setting = setting_of(c, name);
        assert(setting->option->type == CONFIG_TEXT || setting->option->type == CONFIG_CHOICE);
        return setting->text;
}

int64_t config_integer(const config *c, const char *name)
{
        return number_of(c, name, CONFIG_INTEGER);
}

bool config_boolean(const config *c, const char *name)
{
        return number_of(c, name, CONFIG_BOOLEAN) != 0;
}

int64_t config_duration_ms(const config *c, const char *name)
{
        return number_of(c, name, CONFIG_DURATION);
}

int64_t config_size_bytes(const config *c, const char *name)
{
        return number_of(c, name, CONFIG_SIZE);
}

int config_choice(const config *c, const char *name)
{
        int64_t index = number_of(c, name, CONFIG_CHOICE);
        return config_is_set(c, name) ? (int)index : -1;
}

size_t config_map_count(const config *c, const char *name)
{
        const config_setting *setting = setting_of(c, name);
        assert(setting->option->type == CONFIG_MAP);
        return setting->pair_count;
}

void config_map_entry(const config *c, const char *name, size_t index, const char **key,
                      const char **value)
{
        assert(index < config_map_count(c, name));
        const config_setting *setting = setting_of(c, name);
        *key = setting->pairs[index].key;
        *value = setting->pairs[index].value;
}

const char *config_map_get(const config *c, const char *name, const char *key)
{
        const config_setting *setting = setting_of(c, name);
        assert(setting->option->type == CONFIG_MAP);
        for (size_t i = 0; i < setting->pair_count; i++)
                if (strcmp(setting->pairs[i].key, key) == 0) return setting->pairs[i].value;
        return NULL;
}

const char *config_origin(const config *c, const char *name)
{
        const config_setting *setting = setting_of(c, name);
        arena *a = (arena *)&c->arena; /* the text is the config's, and goes with it */
        switch (setting->source) {
        case CONFIG_SOURCE_FLAG:
                return "flag";
        case CONFIG_SOURCE_ENVIRONMENT:
                return arena_format(a, "environment %s", config_environment_name(a, name));
        case CONFIG_SOURCE_FILE:
                return arena_format(a, "file %s:%d", c->file, setting->line);
        case CONFIG_SOURCE_DEFAULT:
                return "default";
        case CONFIG_SOURCE_UNSET:
                break;
        }
        return "unset";
}
