/* Follows the card service's feed: an account is opened for a made card, the bank of a lost one is
 * asked, the account of an ended one goes to closure. What must hold at once does not wait for it.
 */
#ifndef SSCARD_SERVICES_BANK_JOBS_CARD_FOLLOWER_H
#define SSCARD_SERVICES_BANK_JOBS_CARD_FOLLOWER_H

#include "common/service/consumer.h"

extern const service_consumer BANK_CONSUMERS[1];

#endif
