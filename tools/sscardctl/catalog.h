/* What there is to call: services, methods, types and their comments, from the descriptor sets
 * that are linked in. Built once at start, read-only then. */
#ifndef SSCARD_TOOLS_SSCARDCTL_CATALOG_H
#define SSCARD_TOOLS_SSCARDCTL_CATALOG_H

#include "common/base/arena.h"
#include "common/base/failure.h"

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stddef.h>

typedef enum catalog_kind {
        CATALOG_READ = 1,
        CATALOG_MUTATION = 2, /* takes a RequestContext */
        CATALOG_INTERNAL = 3, /* sandbox and health */
} catalog_kind;

typedef struct catalog_method {
        const char *service;  /* "sscard.card.v1.CardService" */
        const char *name;     /* "GetCard" */
        const char *path;     /* "/sscard.card.v1.CardService/GetCard" */
        const char *endpoint; /* which endpoint of the context serves it: "card" */
        const ProtobufCMessageDescriptor *request, *reply;
        bool streams; /* many answers */
        catalog_kind kind;
} catalog_method;

typedef struct catalog catalog;

/* Everything in the arena, which must outlive it. NULL and `f` set when a set cannot be read.
 * Pair: catalog_close(). */
catalog *catalog_open(arena *a, failure *f) MUST_CHECK;
/* NULL is allowed. */
void catalog_close(catalog *c);

/* In the order of the files. */
size_t catalog_method_count(const catalog *c);
const catalog_method *catalog_method_at(const catalog *c, size_t index);
/* By full name without the leading slash: "sscard.card.v1.CardService/GetCard". NULL: none. */
const catalog_method *catalog_method_find(const catalog *c, const char *full_name);

/* A message type that is linked in, by its full name; for google.protobuf.Any. NULL: none. */
const ProtobufCMessageDescriptor *catalog_type(const catalog *c, const char *full_name);

/* The comment in the .proto, one line a paragraph; "" when there is none. */
const char *catalog_method_comment(const catalog *c, const catalog_method *method);
const char *catalog_field_comment(const catalog *c, const ProtobufCMessageDescriptor *message,
                                  const ProtobufCFieldDescriptor *field);
const char *catalog_value_comment(const catalog *c, const ProtobufCEnumDescriptor *type,
                                  const ProtobufCEnumValue *value);

#endif
