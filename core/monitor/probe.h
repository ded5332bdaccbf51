/* SPDX-License-Identifier: ISC */
/* Inside `monitor`: asking a container now and then how it is. */
#ifndef MONITOR_PROBE_H
#define MONITOR_PROBE_H

#include "container/container.h"
#include "runtime/runtime.h"

#include <stdbool.h>
#include <sys/types.h>

#define PROBE_OUTPUT 4096 /* docker keeps so much of an answer */

/*
 * Times are in milliseconds of CLOCK_BOOTTIME.
 *
 * on        there is a check
 * born      when the container's life began
 * due       when it is to be asked next, or how long an answer may take
 * asking    the process that is asked, if child.pid is not -1
 * out       what it writes; -1: it writes no more
 * begun     when it was asked, as the record has it
 * id        which events tell of it
 */
struct probe {
	struct container *c;
	bool on, overdue;
	int64_t born, due;
	struct runtime_child child;
	int out;
	char begun[40];
	struct arena arena;
	struct health health;
	struct exec_id id;
	size_t n;
	char output[PROBE_OUTPUT];
};

void probe_begin(struct probe *p, struct container *c);
void auto_probe(struct probe *p);

/* The container has ended, and with it who was asked, as nobody else waits. */
void probe_end(struct probe *p);

/* How long until something is to be done, in milliseconds; -1: nothing is. */
int probe_wait(const struct probe *p);

/* Do what is due: ask, or end who does not answer. */
void probe_turn(struct probe *p);

/* p->out can be read. */
void probe_hear(struct probe *p);

/* Has the process ended, of which SIGCHLD tells? */
void probe_reap(struct probe *p);

#endif
