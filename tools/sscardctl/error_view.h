/* A call that failed, for people or as JSON: what google.rpc.Status in the trailer says (S10). */
#ifndef SSCARD_TOOLS_SSCARDCTL_ERROR_VIEW_H
#define SSCARD_TOOLS_SSCARDCTL_ERROR_VIEW_H

#include "tools/sscardctl/client.h"
#include "tools/sscardctl/view.h"

#include <jansson.h>

void error_view_print(const view *v, const client_status *status);
/* {"code": 9, "status": "FAILED_PRECONDITION", "message": …, "details": […]}. A new reference. */
json_t *error_view_json(arena *a, const catalog *c, const client_status *status);
/* An entry of ErrorInfo.metadata; "" when there is none. */
const char *error_view_metadata(arena *a, const catalog *c, const client_status *status,
                                const char *key);

#endif
