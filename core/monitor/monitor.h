/* SPDX-License-Identifier: ISC */
/* The door of `monitor`: the process beside a container; attaching to it. */
#ifndef MONITOR_MONITOR_H
#define MONITOR_MONITOR_H

#include "base/err.h"
#include "container/container.h"
#include "runtime/runtime.h"

#include <stdbool.h>

/*
 * How the caller's terminal and descriptors meet the container's.
 *
 * tty        -t: a pty for the container, the caller's terminal raw
 * stdin      -i: the caller's stdin is passed on; else /dev/null
 * detach     the key sequence that detaches, as bytes, "\x10\x11"; "" none
 * forward    signals that reach the caller go to the container (--sig-proxy)
 */
struct attach {
	bool tty, interactive, forward;
	const char *detach;
};

/* What attaching ended with. */
enum { ATTACH_DETACHED = -2 };

/*
 * Can this be had? To be asked before a container is made for it.
 *
 * errors   ENOTTY  -t without a terminal
 */
int monitor_check(const struct attach *how, struct err *e) MUST;

/*
 * Run a created container in the foreground: start its monitor, attach, and
 * wait for the end. Returns the exit status (128+n for a signal), or
 * ATTACH_DETACHED when the user pressed the keys and the container goes on.
 */
int monitor_run(struct container *c, const struct attach *how,
                struct err *e) MUST;

/* Start one more process in a running container, attached to the caller.
 * Returns its exit status. */
int monitor_exec(struct container *c, const struct spec *spec,
                 const struct attach *how, struct err *e) MUST;

/* "ctrl-p,ctrl-q" to bytes, ended by NUL; n is 0 for "". */
int monitor_keys(const char *text, char keys[16], size_t *n,
                struct err *e) MUST;

#endif
