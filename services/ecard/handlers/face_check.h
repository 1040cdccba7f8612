/* The face of an applicant against the photo of the present card (R24 to R28). */
#ifndef SSCARD_SERVICES_ECARD_HANDLERS_FACE_CHECK_H
#define SSCARD_SERVICES_ECARD_HANDLERS_FACE_CHECK_H

#include "services/ecard/handlers/ecard_command.h"

enum { FACE_CAPTURE_MAX = 256, FACE_PHOTO_MAX = 128 };

/* Reference of the photo to compare with: what the family sent, else that of the card that the
 * electronic card belongs to (R28: after a replacement that is the new one), else the person's. ""
 * when there is none. Needs a command loaded with_secrets. */
const char *face_photo_of(const ecard_command *command);

/* Asks the vendor and fills event.face. Suspends. False: answered
 * UNAVAILABLE/FACE_CHECK_UNAVAILABLE, or failed. */
bool face_check(ecard_command *command, const char *capture, const char *photo) MUST_CHECK;

#endif
