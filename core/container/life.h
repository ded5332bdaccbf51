/* SPDX-License-Identifier: ISC */
/* Part of container.h: what a monitor notes of the container's life. */
#ifndef CONTAINER_LIFE_H
#define CONTAINER_LIFE_H

#include "base/err.h"
#include "container/data.h"

#include <sys/types.h>

struct container;

/* What a monitor records: that it is the one from now on, and which process it
 * has made, which is still on the host's root; then, that the command runs. */
int container_watch(struct container *c, pid_t pid, struct err *e) MUST;
int container_started(struct container *c, struct err *e) MUST;

/* Read it again from the disk, with the memory of what it was given back. */
int container_reopen(struct container *c, struct err *e) MUST;

/* What follows the end of the first process: record it, take the remains
 * away, and remove the container if it is --rm. In any process, twice. */
int container_ended(struct container *c, int exit_status,
                    struct err *e) MUST;

/* The same for a start that has failed: it is created, or has ended, as it
 * was, and its record says why it did not run. */
int container_failed(struct container *c, const struct err *why,
                     struct err *e) MUST;

/* Take over what other commands have changed of the record; -1: it is gone. */
int container_refresh(struct container *c);

/* The state as it is on disk; what we have of the record stays as it is. */
enum container_state container_refresh_state(const struct container *c);

/* A process that is paused hears nothing, and on v1 does not even die: let all
 * of them go on, whatever the record says. */
void container_thaw(const struct container *c);

/* The number of the signal that asks it to end. */
int container_stop_signal(const struct container *c);

/* How long it has after that until it is killed, in seconds; below 0: for
 * ever. */
int64_t container_stop_seconds(const struct container *c);

/* The same where its monitor is going to start it again. */
int container_restarting(struct container *c, int exit_status,
                         struct err *e) MUST;

/*
 * Other limits, in force at once if it runs, and another restart policy.
 *
 * cpus     --cpus, if the quota is that; else NULL
 * restart  the policy's name, "" for no; NULL: as it was
 * errors   EINVAL  a policy for one that is --rm, a limit that contradicts
 *                  another one, or it is dead; and those of cgroup_limit,
 *                  after which nothing is changed
 */
struct container_change {
	const struct resources *limits;
	const char *cpus, *restart;
	struct number restart_most;
};

int container_update(struct container *c, const struct container_change *to,
                     struct err *e) MUST;

#endif
