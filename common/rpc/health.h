/* grpc.health.v1: which services of a server take calls, and who watches that. */
#ifndef SSCARD_COMMON_RPC_HEALTH_H
#define SSCARD_COMMON_RPC_HEALTH_H

#include "common/rpc/server.h"

typedef struct health_watcher health_watcher;
typedef struct health_entry {
        const char *service; /* "": the whole server */
        bool serving;
} health_entry;

/* Embedded in the server. */
typedef struct health {
        health_entry *entries; /* in the dispatch's arena */
        size_t count;
        bool draining; /* then nobody serves, whatever the entries say */
        health_watcher *watchers;
} health;

/* The rows of the standard service. */
rpc_service health_service(void);
void health_init(health *h, arena *a, const char *const *services, size_t count);
/* Unknown names are a bug. */
void health_set(health *h, const char *service, bool serving);
void health_drain(health *h);

#endif
