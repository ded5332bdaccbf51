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
 * tty          -t: a pty for the container, the caller's terminal raw
 * interactive  -i: the caller's stdin is passed on; else /dev/null
 * forward      signals that reach the caller go to the container (--sig-proxy)
 * detached     nobody watches: return when the command runs
 * direct       the caller's descriptors, where they are no terminals, become
 *              the container's own: nothing is copied, kept or to be attached
 *              to later. Of a container it is the record that says so
 * quiet        what of stdout (1) and stderr (2) is not shown
 * detach       the key sequence that detaches, as bytes, "\x10\x11"; "" none
 */
struct attach {
	bool tty, interactive, forward, detached, direct;
	bool quiet[3];
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
 * Run a container that this process has made or claimed (container_begin):
 * start its monitor, attach, and wait for the end. Returns the exit status
 * (128+n for a signal); ATTACH_DETACHED when the user pressed the keys and the
 * container goes on; 0 as soon as the command runs, if how->detached.
 */
int monitor_run(struct container *c, const struct attach *how,
                struct err *e) MUST;

/*
 * Claim a container that does not run, and run it; what is claimed and not
 * started is given up again. Whether it has a terminal is known from before.
 * Returns as monitor_run does.
 *
 * errors   EALREADY  it runs, and nothing was done
 *          EBUSY     it is paused, or dead
 */
int monitor_start(struct container *c, const struct attach *how,
                  struct err *e) MUST;

/*
 * Watch a container that runs. Returns as monitor_run does.
 *
 * errors   ENOTCONN  there is nothing to be watched: it has no monitor, or its
 *                    output goes to who started it
 */
int monitor_attach(struct container *c, const struct attach *how,
                   struct err *e) MUST;

/* Start one more process in a running container, attached to the caller.
 * Returns its exit status, or 0 when it runs, if how->detached. */
int monitor_exec(struct container *c, const struct spec *spec,
                 const struct attach *how, struct err *e) MUST;

#define MONITOR_KEYS 16 /* as long as a sequence may be, its NUL included */

/* Names of keys, "ctrl-p,ctrl-q", to bytes; "" is none, NULL the usual ones. */
int monitor_keys(const char *text, char keys[MONITOR_KEYS],
                 struct err *e) MUST;

#endif
