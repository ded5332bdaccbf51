/* SPDX-License-Identifier: ISC */
/* Inside `monitor`: whether a container that has ended is started again. */
#ifndef MONITOR_RESTART_H
#define MONITOR_RESTART_H

#include "container/container.h"

/*
 * What is remembered between two lives.
 *
 * failures  in a row, for on-failure:N
 * delay     the last one, in milliseconds
 */
struct restart {
	int64_t failures;
	int delay;
};

/* Is one that has ended with this status to be started again, by what the
 * record says now? */
bool restart_is_wanted(const struct restart *s, const struct record *r,
                       int status);

/*
 * As docker: 100 ms before the first time, twice as long each time up to a
 * minute, and from the beginning after a life of ten seconds.
 *
 * status    how it ended
 * lived     for how long, in milliseconds
 * returns   how long to wait, in milliseconds, or -1: it stays as it is
 */
int restart_delay(struct restart *s, const struct record *r, int status,
                  int64_t lived);

#endif
