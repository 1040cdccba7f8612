/* What people are shown: --help and --print-config.
 * Must never print a secret. */
#include "common/config/config_internal.h"

#include <stdio.h>
#include <string.h>

static const char masked[] = "\"******\"";

void config_say_help(config *c)
{
        const config_program *program = c->program;
        config_say(c, "%s %s\n%s\n\nUsage: %s [flags]\n\n", program->name, program->version,
                   program->summary, program->name);
        for (size_t i = 0; i < c->setting_count; i++) {
                const config_option *option = c->settings[i].option;
                const char *value = option->type == CONFIG_BOOLEAN ? "" : config_value_name(option);
                config_say(c, "  --%s%s%s\n        %s", option->name, *value ? " " : "", value,
                           option->help);
                if (option->type == CONFIG_CHOICE) {
                        config_say(c, " One of:");
                        for (int k = 0; option->choices[k]; k++)
                                config_say(c, " %s", option->choices[k]);
                        config_say(c, ".");
                }
                if (option->type == CONFIG_MAP) config_say(c, " May be repeated.");
                if (option->default_text) config_say(c, " Default: %s.", option->default_text);
                if (option->required) config_say(c, " Required.");
                config_say(c, "\n        [%s]\n", config_environment_name(&c->arena, option->name));
        }
        config_say(c,
                   "  --print-config\n        Shows the effective values and where each came "
                   "from.\n  --version\n  --help\n\n"
                   "The same names work as flags, as environment variables and in the YAML file; "
                   "a flag\nwins over the environment, that over the file.\n");
}

/* YAML that reads back as the same text: quoted unless it is plainly plain. */
static const char *quoted(config *c, const char *text)
{
        bool plain = *text != '\0';
        for (const char *at = text; *at; at++) {
                bool safe = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') ||
                            (*at >= '0' && *at <= '9') || strchr("/._", *at) ||
                            (at > text && (*at == '-' || (*at == ':' && at[1] && at[1] != ' ')));
                if (!safe) plain = false;
        }
        if (plain) return text;
        char *to = arena_alloc(&c->arena, 4 * strlen(text) + 3), *start = to;
        *to++ = '"';
        for (const char *at = text; *at; at++) {
                if (*at == '"' || *at == '\\') *to++ = '\\';
                if ((unsigned char)*at < 0x20)
                        to += snprintf(to, sizeof "\\x00", "\\x%02x", (unsigned char)*at);
                else
                        *to++ = *at;
        }
        *to++ = '"';
        *to = '\0';
        return start;
}

static void say_value(config *c, const config_setting *setting)
{
        const char *name = setting->option->name;
        bool secret = setting->option->secret;
        const char *origin = config_origin(c, name);
        if (setting->source == CONFIG_SOURCE_UNSET) {
                config_say(c, "# %s: # unset\n", name);
        } else if (setting->option->type != CONFIG_MAP) {
                config_say(c, "%s: %s # %s\n", name, secret ? masked : quoted(c, setting->text),
                           origin);
        } else {
                config_say(c, "%s: # %s\n", name, origin);
                for (size_t i = 0; i < setting->pair_count; i++)
                        config_say(c, "  %s: %s\n", quoted(c, setting->pairs[i].key),
                                   secret ? masked : quoted(c, setting->pairs[i].value));
        }
}

const char *config_print(config *c)
{
        c->message_length = 0;
        config_say(c, "# %s %s\n", c->program->name, c->program->version);
        for (size_t i = 0; i < c->setting_count; i++)
                if (strcmp(c->settings[i].option->name, "config") != 0)
                        say_value(c, &c->settings[i]);
        return c->message;
}
