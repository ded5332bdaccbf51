/* SPDX-License-Identifier: ISC */
/* Part of container.h: how a container is, as its health check says. */
#ifndef CONTAINER_HEALTH_H
#define CONTAINER_HEALTH_H

#include "base/err.h"
#include "base/json.h"

struct container;

/* One answer; times as records have them. */
struct health_answer {
	char *start, *end, *output;
	struct number exit_code;
};

/*
 * status   "starting", "healthy" or "unhealthy"
 * streak   failures in a row
 * answers  the last ones, HEALTH_KEPT at most
 */
struct health {
	char *status;
	struct number streak;
	struct health_answer *answers;
	size_t n_answers;
};

enum { HEALTH_KEPT = 5 };

/* Is there a check? */
bool container_has_health(const struct container *c);

/*
 * What its monitor has found out in this life, in the arena; "starting" if
 * nothing yet. It lies where a reboot takes it, or the end of the container.
 */
void container_health(const struct container *c, struct arena *a,
                      struct health *h);
int container_health_write(const struct container *c, const struct health *h,
                           struct err *e) MUST;

#endif
