/* JSON values as YAML, through libyaml's emitter. */
#include "tools/sscardctl/yaml.h"

#include <string.h>
#include <yaml.h>

static bool emit(yaml_emitter_t *emitter, yaml_event_t *event, int made)
{
        return made && yaml_emitter_emit(emitter, event);
}

static bool emit_scalar(yaml_emitter_t *emitter, const char *text, yaml_scalar_style_t style)
{
        yaml_event_t event;
        return emit(emitter, &event,
                    yaml_scalar_event_initialize(&event, NULL, NULL, (const yaml_char_t *)text,
                                                 (int)strlen(text), 1, 1, style));
}

/* A text that a reader would take for something else is quoted. */
static yaml_scalar_style_t style_of(const char *text)
{
        static const char *const words[] = {"",   "~",   "null", "true", "false", "yes", "no",
                                            "on", "off", "Null", "True", "False", "Yes", "No",
                                            "On", "Off", "NULL", "TRUE", "FALSE", "YES", "NO",
                                            "ON", "OFF", "y",    "n",    "Y",     "N"};
        for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
                if (strcmp(text, words[i]) == 0) return YAML_DOUBLE_QUOTED_SCALAR_STYLE;
        bool number_like = strchr("+-.0123456789", text[0]) != NULL;
        if (number_like || strchr(text, ':')) return YAML_DOUBLE_QUOTED_SCALAR_STYLE;
        return YAML_ANY_SCALAR_STYLE;
}

static bool emit_value(yaml_emitter_t *emitter, const json_t *value);

static bool emit_mapping(yaml_emitter_t *emitter, const json_t *value)
{
        yaml_event_t event;
        if (!emit(emitter, &event,
                  yaml_mapping_start_event_initialize(&event, NULL, NULL, 1,
                                                      YAML_ANY_MAPPING_STYLE)))
                return false;
        const char *name;
        json_t *item;
        json_object_foreach((json_t *)value, name, item)
        {
                if (!emit_scalar(emitter, name, style_of(name)) || !emit_value(emitter, item))
                        return false;
        }
        return emit(emitter, &event, yaml_mapping_end_event_initialize(&event));
}

static bool emit_sequence(yaml_emitter_t *emitter, const json_t *value)
{
        yaml_event_t event;
        if (!emit(emitter, &event,
                  yaml_sequence_start_event_initialize(&event, NULL, NULL, 1,
                                                       YAML_ANY_SEQUENCE_STYLE)))
                return false;
        for (size_t i = 0; i < json_array_size(value); i++)
                if (!emit_value(emitter, json_array_get(value, i))) return false;
        return emit(emitter, &event, yaml_sequence_end_event_initialize(&event));
}

static bool emit_value(yaml_emitter_t *emitter, const json_t *value)
{
        char number[64];
        switch (json_typeof(value)) {
        case JSON_OBJECT:
                return emit_mapping(emitter, value);
        case JSON_ARRAY:
                return emit_sequence(emitter, value);
        case JSON_STRING:
                return emit_scalar(emitter, json_string_value(value),
                                   style_of(json_string_value(value)));
        case JSON_INTEGER:
                snprintf(number, sizeof number, "%lld", (long long)json_integer_value(value));
                return emit_scalar(emitter, number, YAML_PLAIN_SCALAR_STYLE);
        case JSON_REAL:
                snprintf(number, sizeof number, "%.17g", json_real_value(value));
                return emit_scalar(emitter, number, YAML_PLAIN_SCALAR_STYLE);
        case JSON_TRUE:
                return emit_scalar(emitter, "true", YAML_PLAIN_SCALAR_STYLE);
        case JSON_FALSE:
                return emit_scalar(emitter, "false", YAML_PLAIN_SCALAR_STYLE);
        case JSON_NULL:
                return emit_scalar(emitter, "null", YAML_PLAIN_SCALAR_STYLE);
        }
        return false;
}

bool yaml_print(const json_t *value, FILE *out)
{
        yaml_emitter_t emitter;
        yaml_event_t event;
        if (!yaml_emitter_initialize(&emitter)) return false;
        yaml_emitter_set_output_file(&emitter, out);
        yaml_emitter_set_unicode(&emitter, 1);
        yaml_emitter_set_width(&emitter, -1);
        bool ok = emit(&emitter, &event,
                       yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING)) &&
                  emit(&emitter, &event,
                       yaml_document_start_event_initialize(&event, NULL, NULL, NULL, 0)) &&
                  emit_value(&emitter, value) &&
                  emit(&emitter, &event, yaml_document_end_event_initialize(&event, 1)) &&
                  emit(&emitter, &event, yaml_stream_end_event_initialize(&event));
        yaml_emitter_delete(&emitter);
        return ok && fflush(out) == 0;
}
