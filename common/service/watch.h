/* Watch, the same for every service: checks, cursor, filter. A service says only how a changed
 * thing reads as a message. */
#ifndef SSCARD_COMMON_SERVICE_WATCH_H
#define SSCARD_COMMON_SERVICE_WATCH_H

#include "common/feed/feed.h"
#include "common/service/call.h"

/* service_watch_record: the thing after the change, masked for the watcher, in `a`; NULL when it
 * cannot be read. `after` is what the service's change_kind packed; event->record->kind says which
 * kind.
 *
 * The whole body of a Watch handler; `request` is a common.v1.WatchRequest. Suspends. */
void service_watch(rpc_call *call, const ProtobufCMessage *request, service_watch_record *record);

#endif
