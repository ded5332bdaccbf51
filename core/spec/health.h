/* SPDX-License-Identifier: ISC */
/* Part of spec.h: health checks, of which runtimes know nothing. */
#ifndef SPEC_HEALTH_H
#define SPEC_HEALTH_H

#include "base/json.h"

/* A health check, as docker has it: times in nanoseconds, 0 for the usual. */
struct health_plan {
	struct words test; /* "CMD" or "CMD-SHELL" and the command; "NONE" */
	struct number interval, timeout, start_period, start_interval;
	struct number retries;
};

#endif
