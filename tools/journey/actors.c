/* Who acts in the journey. */
#include "tools/journey/actors.h"

static const char *const MEDICAL[] = {"MEDICAL"};

void actors_cast(actors *cast, const person *who, uint64_t apart, arena *a)
{
        const char **outlets = arena_alloc(a, sizeof *outlets);
        outlets[0] = who->outlet;
        const char **banks = arena_alloc(a, sizeof *banks);
        banks[0] = who->bank->code;
        *cast = (actors){
                .holder = {.name = {"持卡人", "holder"},
                           .claims = {.subject = arena_format(a, "holder-%016llx",
                                                              (unsigned long long)apart),
                                      .roles = POLICY_R(HOLDER),
                                      .channels = POLICY_CHANNELS_ONLINE,
                                      .assurance = 2,
                                      .actor = POLICY_ACTOR_SELF,
                                      .actor_id_number = who->holder->identity_number},
                           .outlet = ""},
                .clerk = {.name = {"经办人员", "clerk"},
                          .claims = {.subject = "clerk-1",
                                     .roles = POLICY_R(OPERATOR),
                                     .channels = POLICY_C(BRANCH),
                                     .outlets = outlets,
                                     .outlet_count = 1,
                                     .operator_id = "op-0001",
                                     .case_reference = JOURNEY_CASE,
                                     .assurance = 3},
                          .outlet = who->outlet,
                          .is_staff = true},
                .teller = {.name = {"银行柜员", "bank teller"},
                           .claims = {.subject = "teller-1",
                                      .roles = POLICY_R(BANK_OPERATOR),
                                      .channels = POLICY_C(BANK_BRANCH),
                                      .outlets = outlets,
                                      .outlet_count = 1,
                                      .banks = banks,
                                      .bank_count = 1,
                                      .operator_id = "op-b001",
                                      .case_reference = JOURNEY_CASE,
                                      .assurance = 3},
                           .outlet = who->outlet,
                           .is_staff = true},
                .hotline = {.name = {"12333话务员", "hotline"},
                            .claims = {.subject = "hotline-1",
                                       .roles = POLICY_R(HOTLINE),
                                       .channels = POLICY_C(PHONE_12333),
                                       .operator_id = "op-1233",
                                       .case_reference = JOURNEY_CASE},
                            .outlet = "",
                            .is_staff = true},
                .factory = {.name = {"制卡厂", "factory"},
                            .claims = {.subject = "factory-1",
                                       .roles = POLICY_R(PLATFORM),
                                       .channels = POLICY_C(SYSTEM),
                                       .platform = "factory"},
                            .outlet = ""},
                .pharmacy = {.name = {"药店", "pharmacy"},
                             .claims = {.subject = "pharmacy-1",
                                        .roles = POLICY_R(PLATFORM),
                                        .channels = POLICY_C(MEDICAL_POS),
                                        .purposes = MEDICAL,
                                        .purpose_count = 1,
                                        .platform = "pharmacy"},
                             .outlet = ""},
        };
}
