/* Reads and writes resource names. Must never guess: a name that is not exact is refused. */
#include "common/federation/resource_name.h"

#include <string.h>

static bool refuse(const char **why, const char *what)
{
        *why = what;
        return false;
}

static bool is_collection_character(char c)
{
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static const char *region_read(const char *text, resource_name *name)
{
        static const char prefix[] = "regions/";
        if (strncmp(text, prefix, sizeof prefix - 1) != 0) return NULL;
        text += sizeof prefix - 1;
        for (int i = 0; i < REGION_CODE_LENGTH; i++) {
                if (text[i] < '0' || text[i] > '9') return NULL;
                name->region[i] = text[i];
        }
        text += REGION_CODE_LENGTH;
        return *text == '\0' || *text == '/' ? text : NULL;
}

bool resource_name_parse(const char *text, resource_name *name, const char **why)
{
        resource_name read = {.rest = ""};
        const char *at = region_read(text, &read);
        if (!at) return refuse(why, "must begin with regions/ and six digits");
        if (*at == '/') {
                size_t length = 0;
                for (at++; is_collection_character(at[length]); length++) {
                        if (length == RESOURCE_COLLECTION_BYTES_MAX)
                                return refuse(why, "has a collection that is too long");
                }
                if (length == 0 || at[length] != '/')
                        return refuse(why, "must be regions/{region}/{collection}/{id}");
                memcpy(read.collection, at, length);
                at += length + 1;
                if (strnlen(at, ULID_TEXT_BYTES) < ULID_TEXT_BYTES ||
                    !ulid_parse_bytes(at, ULID_TEXT_BYTES, &read.id))
                        return refuse(why, "must end in an id of 26 upper-case characters (ULID)");
                read.has_id = true;
                at += ULID_TEXT_BYTES;
                if (*at != '\0' && *at != '/') return refuse(why, "has an id that is too long");
                read.rest = *at == '/' ? at + 1 : at;
                if (*at == '/' && at[1] == '\0') return refuse(why, "must not end in a slash");
        }
        *name = read;
        return true;
}

char *resource_name_format(arena *a, const char *region, const char *collection, ulid id)
{
        char text[ULID_TEXT_BYTES + 1];
        ulid_format(id, text);
        return arena_format(a, "regions/%s/%s/%s", region, collection, text);
}
