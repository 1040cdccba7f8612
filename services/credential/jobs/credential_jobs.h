/* The background work of the credential service. */
#ifndef SSCARD_SERVICES_CREDENTIAL_JOBS_CREDENTIAL_JOBS_H
#define SSCARD_SERVICES_CREDENTIAL_JOBS_CREDENTIAL_JOBS_H

#include "common/service/consumer.h"

/* Settles changes that wait for the card's answer: they finish by themselves (R7). */
extern const service_job CREDENTIAL_SETTLE_JOB;
/* A card that ended: its PIN is VOID for good. (Every read says so before.) */
extern const service_consumer CREDENTIAL_CARD_CONSUMER;

#endif
