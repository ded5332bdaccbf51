/* SPDX-License-Identifier: ISC */
/* Signals as descriptors, and a clean slate for a child. */
#ifndef SYS_SIGNAL_H
#define SYS_SIGNAL_H

#include "base/err.h"

#include <signal.h>

/*
 * The signals that somebody else may send us and that would end us, and those
 * that tell of a window or of being continued. Not among them: faults of our
 * own, what stops a job, SIGCHLD, SIGPIPE and SIGURG.
 */
void signal_set_outside(sigset_t *set);

/*
 * Block the set and read it from a descriptor instead (non-blocking,
 * close-on-exec).
 */
int signal_open(const sigset_t *set, int *fd, struct err *e) MUST;

/* The next pending signal, or 0 when there is none. */
int signal_next(int fd);

/* Nothing blocked, nothing ignored: for a child before exec. */
void signal_reset(void);

/* To a pipe whose reader may be gone, without SIGPIPE; -1 with errno. */
int signal_write(int fd, const void *bytes, size_t n) MUST;

/* End as if nobody had caught this signal. */
void signal_die(int number);

#endif
