/* GetCardStatus: the state of a card and what to do now (R2, R3, R36-R40, R48). */
#include "services/status/handlers/status_handlers.h"
#include "services/status/handlers/status_message.h"

void handle_get_card_status(rpc_call *call, const ProtobufCMessage *message)
{
        const Status__GetCardStatusRequest *request = (const Status__GetCardStatusRequest *)message;
        subject_question question = {0};
        subject s;
        switch (request->subject_case) {
        case STATUS__GET_CARD_STATUS_REQUEST__SUBJECT_NAME:
                question.name = request->name;
                break;
        case STATUS__GET_CARD_STATUS_REQUEST__SUBJECT_CARD_NUMBER:
                question.card_number = request->card_number;
                break;
        case STATUS__GET_CARD_STATUS_REQUEST__SUBJECT_IDENTITY_NUMBER:
                question.identity_number = request->identity_number;
                break;
        default:
                break;
        }
        if (subject_find(call, &question, &s))
                rpc_reply(call, &card_status_message(call, &s)->base);
}
