/* The canonical form of a request, as its bytes came: top-level fields in the order of their
 * numbers. Must never keep a request: they carry PINs; only a keyed hash leaves this file. */
#include "common/commit/engine.h"

#include <stdlib.h>
#include <string.h>

typedef struct wire_field {
        uint32_t number;
        uint32_t offset, length; /* of the tag with its value */
} wire_field;

enum { FIELDS_ON_STACK = 64 };

static bool varint_read(bytes in, size_t *at, uint64_t *value)
{
        *value = 0;
        for (int shift = 0; shift < 70; shift += 7) {
                if (*at >= in.length) return false;
                uint8_t byte = in.data[(*at)++];
                *value |= shift < 64 ? (uint64_t)(byte & 0x7f) << shift : 0;
                if (byte < 0x80) return true;
        }
        return false;
}

/* Moves past one field; false: not protobuf. Groups are not of proto3. */
static bool field_skip(bytes in, size_t *at, uint32_t *number)
{
        uint64_t tag, value;
        if (!varint_read(in, at, &tag)) return false;
        if (tag >> 3 == 0 || tag >> 3 > 0x1fffffff) return false;
        *number = (uint32_t)(tag >> 3);
        switch (tag & 7) {
        case 0:
                return varint_read(in, at, &value);
        case 1:
                value = 8;
                break;
        case 2:
                if (!varint_read(in, at, &value)) return false;
                break;
        case 5:
                value = 4;
                break;
        default:
                return false;
        }
        if (value > in.length - *at) return false;
        *at += value;
        return true;
}

static int field_compare(const void *a, const void *b)
{
        const wire_field *first = a, *second = b;
        if (first->number != second->number) return first->number < second->number ? -1 : 1;
        return first->offset < second->offset ? -1 : first->offset > second->offset;
}

/* How many fields; -1: not protobuf. Fills in the first `room`. `sorted`: they came in order. */
static ssize_t fields_read(bytes in, wire_field *fields, size_t room, bool *sorted)
{
        size_t count = 0, at = 0;
        uint32_t before = 0;
        *sorted = true;
        while (at < in.length) {
                wire_field field = {.offset = (uint32_t)at};
                if (!field_skip(in, &at, &field.number)) return -1;
                field.length = (uint32_t)(at - field.offset);
                if (field.number < before) *sorted = false;
                before = field.number;
                if (count < room) fields[count] = field;
                count++;
        }
        return (ssize_t)count;
}

static void free_fields(wire_field **fields)
{
        free(*fields);
}

bool idempotency_hash_request(const commit_engine *engine, bytes request,
                              uint8_t hash[IDEMPOTENCY_HASH_BYTES])
{
        _Static_assert((int)IDEMPOTENCY_HASH_BYTES == (int)DIGEST_BYTES, "one digest");
        if (request.length > UINT32_MAX) return false;
        wire_field on_stack[FIELDS_ON_STACK], *fields = on_stack;
        __attribute__((cleanup(free_fields))) wire_field *many = NULL;
        bool sorted;
        ssize_t count = fields_read(request, fields, FIELDS_ON_STACK, &sorted);
        if (count < 0) return false;
        if (sorted) {
                digest whole = keyed_hash_of(engine->hash, request);
                memcpy(hash, whole.bytes, DIGEST_BYTES);
                return true;
        }
        if (count > FIELDS_ON_STACK) {
                many = calloc((size_t)count, sizeof *many);
                assert(many);
                ssize_t again = fields_read(request, many, (size_t)count, &sorted);
                assert(again == count);
                fields = many;
        }
        qsort(fields, (size_t)count, sizeof *fields, field_compare);
        keyed_hash_begin(engine->hash);
        for (ssize_t i = 0; i < count; i++)
                keyed_hash_add(engine->hash,
                               bytes_of(request.data + fields[i].offset, fields[i].length));
        digest sum = keyed_hash_end(engine->hash);
        memcpy(hash, sum.bytes, DIGEST_BYTES);
        return true;
}
