/* Asking the vendor. The wait is a child's, so that a silent vendor costs its deadline and no more.
 */
#include "services/ecard/ports/face_match.h"

#include "sscard/port/v1/face_match.pb-c.h"

#include <string.h>

enum { SCORE_MAX = 1000 };

typedef struct asking {
        rpc_peer *vendor;
        const face_question *question;
        face_finding finding;
} asking;

static face_finding read_answer(const face_question *question,
                                const Port__CompareResponse *response)
{
        if (strcmp(response->check_id, question->check_id) != 0) return FACE_UNKNOWN;
        if (response->score < 0 || response->score > SCORE_MAX) return FACE_UNKNOWN;
        switch (response->verdict) {
        case PORT__MATCH_VERDICT__MATCH_VERDICT_MATCH:
                return FACE_MATCHES;
        case PORT__MATCH_VERDICT__MATCH_VERDICT_MISMATCH:
        case PORT__MATCH_VERDICT__MATCH_VERDICT_UNUSABLE:
                return FACE_DIFFERS;
        default:
                return FACE_UNKNOWN;
        }
}

static void ask(task *t, void *argument)
{
        asking *a = argument;
        Port__CompareRequest request = PORT__COMPARE_REQUEST__INIT;
        ProtobufCMessage *reply = NULL;
        request.parent = a->question->parent;
        request.check_id = a->question->check_id;
        request.live_capture = a->question->live_capture;
        request.reference_photo = a->question->reference_photo;
        if (rpc_peer_call_message(a->vendor, t, "sscard.port.v1.FaceMatch/Compare", &request.base,
                                  &port__compare_response__descriptor, NULL, 0, &reply))
                a->finding = read_answer(a->question, (const Port__CompareResponse *)reply);
}

bool face_match_compare(task *t, rpc_peer *vendor, const face_question *question,
                        face_finding *finding)
{
        TASK_MAY_SUSPEND(t);
        asking a = {vendor, question, FACE_UNKNOWN};
        *finding = FACE_UNKNOWN;
        if (!vendor) return !task_is_interrupted(t);
        task_group *group = task_group_begin_within(t, FACE_MATCH_DEADLINE_MS);
        task_group_spawn(group, ask, &a);
        if (!task_group_wait(group)) return false;
        *finding = a.finding;
        return true;
}
