/* SPDX-License-Identifier: ISC */
/* Capabilities of this process, as masks of 1 << CAP_…; errno on failure. */
#ifndef SYS_CAPS_H
#define SYS_CAPS_H

#include "base/auto.h"

#include <stdint.h>

struct caps {
	uint64_t effective, permitted, inheritable;
};

int caps_get(struct caps *caps) MUST;
int caps_set(const struct caps *caps) MUST;

/* Take all others out of the bounding set; ones it lacks stay out. */
int caps_bound(uint64_t keep) MUST;

/* The ambient set becomes this; it must be permitted and inheritable. */
int caps_ambient(uint64_t set) MUST;

#endif
