/* Flags and environment.
 * Must never echo a value: it may be a secret in the wrong place. */
#include "common/config/config_internal.h"

#include <ctype.h>
#include <string.h>

char *config_environment_name(arena *a, const char *name)
{
        char *text = arena_format(a, "SSCARD_%s", name);
        for (char *c = text; *c; c++)
                *c = *c == '-' ? '_' : (char)toupper((unsigned char)*c);
        return text;
}

/* "key=value". */
static void set_pair_text(config *c, config_setting *setting, config_source source,
                          const char *text)
{
        const char *equals = strchr(text, '=');
        if (!equals || equals == text || !equals[1]) {
                config_error(c, "%s: expected %s", config_place(c, setting, source, 0),
                             config_value_name(setting->option));
                return;
        }
        const char *key = arena_copy(&c->arena, text, (size_t)(equals - text));
        config_set_pair(c, setting, source, 0, key, equals + 1);
}

static void set_list(config *c, config_setting *setting, config_source source, const char *text)
{
        while (*text) {
                size_t length = strcspn(text, ",");
                set_pair_text(c, setting, source, arena_copy(&c->arena, text, length));
                text += length + (text[length] == ',');
        }
}

static config_setting *find_negated(const config *c, const char *name)
{
        if (strncmp(name, "no-", 3) != 0) return NULL;
        config_setting *setting = config_find(c, name + 3);
        return setting && setting->option->type == CONFIG_BOOLEAN ? setting : NULL;
}

/* Returns how many further arguments were taken: 0 or 1. */
static int read_flag(config *c, const char *argument, const char *next)
{
        size_t length = strcspn(argument + 2, "=");
        const char *name = arena_copy(&c->arena, argument + 2, length);
        const char *value = argument[2 + length] == '=' ? argument + 2 + length + 1 : NULL;

        config_setting *setting = config_find(c, name);
        if (!setting) {
                config_setting *negated = value ? NULL : find_negated(c, name);
                if (negated)
                        config_set(c, negated, CONFIG_SOURCE_FLAG, 0, "false");
                else
                        config_error_unknown(c, "", arena_format(&c->arena, "--%s", name), name);
                return 0;
        }
        if (!value && setting->option->type == CONFIG_BOOLEAN) value = "true";
        int taken = 0;
        if (!value) {
                value = next;
                taken = 1;
        }
        if (!value) {
                config_error(c, "--%s: expected %s after it", name,
                             config_value_name(setting->option));
                return 0;
        }
        if (setting->option->type == CONFIG_MAP)
                set_pair_text(c, setting, CONFIG_SOURCE_FLAG, value);
        else
                config_set(c, setting, CONFIG_SOURCE_FLAG, 0, value);
        return taken;
}

void config_read_flags(config *c, const config_input *input)
{
        for (int i = 1; i < input->argc; i++) {
                const char *argument = input->argv[i];
                if (strncmp(argument, "--", 2) != 0 || argument[2] == '\0') {
                        config_error(c, "argument %d: expected a flag like --%s, see --help", i,
                                     c->settings[0].option->name);
                        continue;
                }
                i += read_flag(c, argument, i + 1 < input->argc ? input->argv[i + 1] : NULL);
        }
}

static void read_variable(config *c, const char *name, const char *value)
{
        for (size_t i = 0; i < c->setting_count; i++) {
                config_setting *setting = &c->settings[i];
                if (strcmp(name, config_environment_name(&c->arena, setting->option->name)) != 0)
                        continue;
                if (setting->option->type == CONFIG_MAP)
                        set_list(c, setting, CONFIG_SOURCE_ENVIRONMENT, value);
                else
                        config_set(c, setting, CONFIG_SOURCE_ENVIRONMENT, 0, value);
                return;
        }
        char *option_name = arena_strdup(&c->arena, name + strlen("SSCARD_"));
        for (char *at = option_name; *at; at++)
                *at = *at == '_' ? '-' : (char)tolower((unsigned char)*at);
        config_error_unknown(c, "", name, option_name);
}

void config_read_environment(config *c, const config_input *input)
{
        if (!input->envp) return;
        for (char *const *variable = input->envp; *variable; variable++) {
                if (strncmp(*variable, "SSCARD_", strlen("SSCARD_")) != 0) continue;
                size_t length = strcspn(*variable, "=");
                const char *name = arena_copy(&c->arena, *variable, length);
                const char *value = (*variable)[length] ? *variable + length + 1 : "";
                read_variable(c, name, value);
        }
}
