/* The options that every service has, whatever it is about. */
#ifndef SSCARD_COMMON_SERVICE_OPTIONS_H
#define SSCARD_COMMON_SERVICE_OPTIONS_H

#include "common/config/config.h"

/* Same names as flag, in the environment (SSCARD_…) and in the YAML file. */
config_table service_options(void);

#define SERVICE_VERSION "0.1.0"

#endif
