/* How much is half done, and how old the oldest of it is: metrics. */
#ifndef SSCARD_SERVICES_BANK_JOBS_CASE_AGES_H
#define SSCARD_SERVICES_BANK_JOBS_CASE_AGES_H

#include "common/service/service.h"

extern const service_job BANK_CASE_AGES;

#endif
