/* SPDX-License-Identifier: ISC */
/* Inside spec: the conditions of one seccomp rule as filter instructions. */
#ifndef SPEC_CONDITION_H
#define SPEC_CONDITION_H

#include "spec/linux.h"

/* Return `action` if the rule's conditions hold, else fall out at the end. */
int condition_emit(const struct seccomp_rule *r, uint32_t action,
                   struct buf *out, struct err *e) MUST;

#endif
