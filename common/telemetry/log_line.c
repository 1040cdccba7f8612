/* Making a line: each kind of field is checked for what it claims to be.
 * Must never print text that did not pass its check, nor allocate. */
#include "common/telemetry/log_line_internal.h"

#include "common/base/civil_date.h"

#include <assert.h>
#include <string.h>

enum {
        TAIL_BYTES = 32, /* kept free for what closes the line */
        NAME_BYTES_MAX = 96,
        NAME_DIGITS_MAX = 6,
        TEXT_BYTES_MAX = 256,
        RESOURCE_BYTES_MAX = 200,
        MESSAGE_DIGITS_MAX = 8,
        HEX_BYTES_MAX = 32,
        MS_PER_DAY = 86400000,
};

static void put(log_line *line, const char *text, size_t length)
{
        size_t room = sizeof line->text - TAIL_BYTES - line->length;
        if (length > room) {
                line->cut = true;
                return;
        }
        memcpy(line->text + line->length, text, length);
        line->length += length;
}

static void put_text(log_line *line, const char *text)
{
        put(line, text, strlen(text));
}

static void put_number(log_line *line, int64_t number)
{
        char digits[24];
        char *at = digits + sizeof digits;
        uint64_t left = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
        do {
                *--at = (char)('0' + left % 10);
                left /= 10;
        } while (left);
        if (number < 0) *--at = '-';
        put(line, at, (size_t)(digits + sizeof digits - at));
}

static void write_digits(char *to, int value, int count)
{
        for (int i = count - 1; i >= 0; i--, value /= 10)
                to[i] = (char)('0' + value % 10);
}

/* "12:03:04.567" */
static void write_time(char *to, int ms_of_day)
{
        write_digits(to, ms_of_day / 3600000, 2);
        to[2] = ':';
        write_digits(to + 3, ms_of_day / 60000 % 60, 2);
        to[5] = ':';
        write_digits(to + 6, ms_of_day / 1000 % 60, 2);
        to[8] = '.';
        write_digits(to + 9, ms_of_day % 1000, 3);
}

static void put_json_time(log_line *line, int64_t wall_ms)
{
        char text[] = "0000-00-00T00:00:00.000Z";
        if (wall_ms < 0) wall_ms = 0;
        char date[11];
        civil_date_format(civil_date_from_days((int32_t)(wall_ms / MS_PER_DAY)), date);
        memcpy(text, date, 10);
        write_time(text + 11, (int)(wall_ms % MS_PER_DAY));
        put(line, text, sizeof text - 1);
}

/* People read the clock on their wall: China Standard Time. */
static void put_readable_time(log_line *line, int64_t wall_ms)
{
        char text[] = "00:00:00.000";
        if (wall_ms < 0) wall_ms = 0;
        write_time(text, (int)((wall_ms + 8 * 3600000) % MS_PER_DAY));
        put(line, text, sizeof text - 1);
}

void log_line_begin(log_line *line, bool readable, int64_t wall_ms, log_level level,
                    const char *event, const char *service, const char *region)
{
        line->readable = readable;
        line->cut = false;
        line->length = 0;
        if (readable) {
                put_readable_time(line, wall_ms);
                put_text(line, " ");
                put_text(line, log_level_name(level));
                put_text(line, level == LOG_LEVEL_INFO || level == LOG_LEVEL_WARN ? "  " : " ");
                put_text(line, event);
                return;
        }
        put_text(line, "{\"time\":\"");
        put_json_time(line, wall_ms);
        put_text(line, "\",\"level\":\"");
        put_text(line, log_level_name(level));
        put_text(line, "\",\"event\":\"");
        put_text(line, event);
        if (service) {
                put_text(line, "\",\"service\":\"");
                put_text(line, service);
        }
        if (region) {
                put_text(line, "\",\"region\":\"");
                put_text(line, region);
        }
        put_text(line, "\"");
}

static void put_key(log_line *line, const char *key, const char *suffix)
{
        put_text(line, line->readable ? " " : ",\"");
        put_text(line, key);
        put_text(line, suffix);
        put_text(line, line->readable ? "=" : "\":");
}

static bool is_plain(char c)
{
        return c >= 0x20 && c <= 0x7e && c != '"' && c != '\\';
}

/* Printable ASCII between quotes; what JSON must escape is escaped, other bytes become '?'. */
static void put_quoted(log_line *line, const char *text, size_t length)
{
        bool quote = !line->readable || length == 0 || memchr(text, ' ', length);
        if (quote) put_text(line, "\"");
        size_t plain_from = 0;
        for (size_t i = 0; i < length; i++) {
                char c = text[i];
                if (is_plain(c)) continue;
                put(line, text + plain_from, i - plain_from);
                plain_from = i + 1;
                put_text(line, c == '"' ? "\\\"" : c == '\\' ? "\\\\" : "?");
        }
        put(line, text + plain_from, length - plain_from);
        if (quote) put_text(line, "\"");
}

static void put_withheld(log_line *line)
{
        put_quoted(line, "[withheld]", 10);
}

/* What a character may stand in. */
enum { DIGIT = 1, LETTER = 2, MARK = 4 };
static const uint8_t classes[256] = {
        ['0' ... '9'] = DIGIT, ['a' ... 'z'] = LETTER, ['A' ... 'Z'] = LETTER, ['.'] = MARK,
        ['_'] = MARK,          ['/'] = MARK,           [':'] = MARK,           ['-'] = MARK,
};

static bool is_digit(char c)
{
        return classes[(uint8_t)c] == DIGIT;
}

static bool is_letter(char c)
{
        return classes[(uint8_t)c] == LETTER;
}

/* Names of vocabularies: no free text, no number long enough to be somebody's. */
static bool is_name(const char *text, size_t length)
{
        if (length > NAME_BYTES_MAX) return false;
        size_t digits = 0;
        for (size_t i = 0; i < length; i++) {
                uint8_t class = classes[(uint8_t)text[i]];
                if (class == 0) return false;
                digits = class == DIGIT ? digits + 1 : 0;
                if (digits > NAME_DIGITS_MAX) return false;
        }
        return true;
}

static bool is_resource_segment(const char *segment, size_t length)
{
        ulid id;
        if (length == ULID_TEXT_BYTES && ulid_parse_bytes(segment, length, &id)) return true;
        bool letters = length > 0, digits = length == 6;
        for (size_t i = 0; i < length; i++) {
                if (!is_letter(segment[i])) letters = false;
                if (!is_digit(segment[i])) digits = false;
        }
        return letters || digits;
}

static bool is_resource(const char *name, size_t length)
{
        if (length > RESOURCE_BYTES_MAX) return false;
        const char *end = name + length;
        for (;;) {
                const char *slash = memchr(name, '/', (size_t)(end - name));
                const char *segment_end = slash ? slash : end;
                if (!is_resource_segment(name, (size_t)(segment_end - name))) return false;
                if (!slash) return true;
                name = slash + 1;
        }
}

/* A failure's sentence may quote a number that it was given: long ones are masked. */
static void put_message(log_line *line, const char *message)
{
        char masked[FAILURE_MESSAGE_BYTES];
        size_t length = strnlen(message, sizeof masked);
        memcpy(masked, message, length);
        for (size_t i = 0; i < length;) {
                size_t run = 0;
                while (i + run < length && is_digit(masked[i + run]))
                        run++;
                if (run > MESSAGE_DIGITS_MAX) memset(masked + i, '*', run);
                i += run ? run : 1;
        }
        put_quoted(line, masked, length);
}

static void put_failure(log_line *line, const failure *f)
{
        put_key(line, "failure", "");
        put_quoted(line, failure_kind_name(f->kind), strlen(failure_kind_name(f->kind)));
        if (f->reason && *f->reason) {
                put_key(line, "failure_reason", "");
                put_quoted(line, f->reason, strlen(f->reason));
        }
        put_key(line, "failure_message", "");
        put_message(line, f->message);
}

/* Microseconds as milliseconds with three decimals. */
static void put_duration(log_line *line, int64_t us)
{
        if (us < 0) us = 0;
        put_number(line, us / 1000);
        char decimals[] = ".000";
        write_digits(decimals + 1, (int)(us % 1000), 3);
        put(line, decimals, 4);
}

/* What has been checked needs no escapes. */
static void put_checked(log_line *line, const char *text, size_t length, bool good)
{
        if (!good) {
                put_withheld(line);
                return;
        }
        bool quote = !line->readable || length == 0;
        if (quote) put(line, "\"", 1);
        put(line, text, length);
        if (quote) put(line, "\"", 1);
}

static void put_value(log_line *line, const log_field *field)
{
        const char *text = "";
        size_t length = 0;
        if (field->kind <= LOG_FIELD_SETTING && field->value.text) {
                text = field->value.text;
                length = strnlen(text, TEXT_BYTES_MAX);
        }
        char id[ULID_TEXT_BYTES + 1];
        char hex[2 * HEX_BYTES_MAX + 1];
        switch (field->kind) {
        case LOG_FIELD_WORD:
                put_quoted(line, text, length);
                break;
        case LOG_FIELD_NAME:
                put_checked(line, text, length, is_name(text, length));
                break;
        case LOG_FIELD_RESOURCE:
                put_checked(line, text, length, length == 0 || is_resource(text, length));
                break;
        case LOG_FIELD_SETTING:
                put_quoted(line, text, length);
                break;
        case LOG_FIELD_ULID:
                ulid_format(field->value.id, id);
                put_checked(line, id, ULID_TEXT_BYTES, true);
                break;
        case LOG_FIELD_HEX:
                if (field->value.run.length > HEX_BYTES_MAX) {
                        put_withheld(line);
                        break;
                }
                bytes_to_hex(field->value.run, hex);
                put_checked(line, hex, 2 * field->value.run.length, true);
                break;
        case LOG_FIELD_NUMBER:
                put_number(line, field->value.number);
                break;
        case LOG_FIELD_DURATION:
                put_duration(line, field->value.number);
                break;
        case LOG_FIELD_BOOLEAN:
                put_text(line, field->value.number ? "true" : "false");
                break;
        case LOG_FIELD_WITHHELD:
                put_withheld(line);
                break;
        case LOG_FIELD_NONE:
        case LOG_FIELD_FAILURE:
                assert(false);
        }
}

void log_line_add(log_line *line, const log_field *field)
{
        size_t before = line->length;
        if (field->kind == LOG_FIELD_NONE) return;
        if (field->kind == LOG_FIELD_FAILURE) {
                if (field->value.failure) put_failure(line, field->value.failure);
        } else {
                put_key(line, field->key, field->kind == LOG_FIELD_DURATION ? "_ms" : "");
                put_value(line, field);
        }
        /* Half a field would not be JSON: it goes as a whole, and so does what follows. */
        if (line->cut) line->length = before;
}

void log_line_end(log_line *line)
{
        static const char json_cut[] = ",\"cut\":true";
        static const char readable_cut[] = " ...";
        if (line->cut) {
                const char *text = line->readable ? readable_cut : json_cut;
                size_t length = strlen(text);
                memcpy(line->text + line->length, text, length);
                line->length += length;
        }
        if (!line->readable) line->text[line->length++] = '}';
        line->text[line->length++] = '\n';
        assert(line->length <= sizeof line->text);
}
