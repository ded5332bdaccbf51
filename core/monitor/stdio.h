/* SPDX-License-Identifier: ISC */
/* Inside `monitor`: which descriptors a container gets as 0, 1 and 2. */
#ifndef MONITOR_STDIO_H
#define MONITOR_STDIO_H

#include "monitor/monitor.h"

/*
 * child  what it gets; -1 is /dev/null
 * ours   our end of the pipe, where there is one; does not block
 * made   child's end is that of a pipe, and ours to close
 */
struct stdio {
	int child[3], ours[3];
	bool made[3], tty;
};

#define STDIO_NONE { .child = { -1, -1, -1 }, .ours = { -1, -1, -1 } }

/*
 * A terminal of the caller's is never given away: whoever holds it can type
 * on it (TIOCSTI). There is a pipe instead, which we copy from. Everything
 * else is passed as it is, and costs nothing, if the output need not be kept
 * (how->direct).
 *
 * open   input is to be had also when nobody watches
 */
int stdio_make(struct stdio *io, const struct attach *how, bool open,
               struct err *e) MUST;

/* The child's descriptors, and the size of its terminal if it has one. */
void stdio_plan(const struct stdio *io, struct runtime_plan *plan);

void stdio_close_child(struct stdio *io); /* what the child has by now */
void auto_stdio(struct stdio *io);

#endif
