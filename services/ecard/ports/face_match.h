/* The port to the vendor of face checks: one question over sscard.port.v1.FaceMatch, with a
 * deadline. Must never take "no answer", or one that makes no sense, for a match. */
#ifndef SSCARD_SERVICES_ECARD_PORTS_FACE_MATCH_H
#define SSCARD_SERVICES_ECARD_PORTS_FACE_MATCH_H

#include "common/rpc/client.h"

enum { FACE_MATCH_DEADLINE_MS = 3000 };

typedef struct face_question {
        const char *parent;          /* "regions/330000" */
        const char *check_id;        /* new for every question */
        const char *live_capture;    /* the vendor's reference */
        const char *reference_photo; /* what it is compared with */
} face_question;

typedef enum face_finding {
        FACE_UNKNOWN = 0, /* the vendor is away, slow, or gave an answer that is none */
        FACE_MATCHES,
        FACE_DIFFERS, /* another face, or a picture that cannot be judged */
} face_finding;

/* `vendor` NULL: this region has none, UNKNOWN. Suspends. False: the task was interrupted. */
bool face_match_compare(task *t, rpc_peer *vendor, const face_question *question,
                        face_finding *finding) MUST_CHECK;

#endif
