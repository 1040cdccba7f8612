/* The folder of development keys. */
#ifndef SSCARD_TOOLS_DEVKEYS_KEYS_H
#define SSCARD_TOOLS_DEVKEYS_KEYS_H

#include "common/base/failure.h"

#include <stdbool.h>

/* Makes what is missing in `folder` (and the folder, 0700) and leaves what is there alone; prints a
 * line a file unless `quiet`:
 *   part.key            keyed hash from an identity number to its part
 *   hash.key            keyed hash by which identity numbers are looked up
 *   service.key         keyed hash of requests
 *   data-keys.json      ring of the keys that seal personal columns
 *   token-signing.jwk   private key of development tokens
 *   jwks.json           its public half: what services verify tokens with */
bool keys_make(const char *folder, bool quiet, failure *f) MUST_CHECK;

/* What the PIN printer of a development region does: opens a sealed PIN (base64url). */
enum { PIN_TEXT_BYTES = 7 };
bool keys_open_pin(const char *folder, const char *sealed, char pin[PIN_TEXT_BYTES],
                   failure *f) MUST_CHECK;

#endif
