/* SPDX-License-Identifier: ISC */
/* Inside `monitor`: the caller's terminal, keys and signals. */
#ifndef MONITOR_CONSOLE_H
#define MONITOR_CONSOLE_H

#include "monitor/frame.h"
#include "monitor/keys.h"
#include "monitor/monitor.h"

#include <signal.h>
#include <termios.h>

/*
 * raw      the terminal is raw now, and `before` is what it was
 * typing   stdin is copied by us, and has not ended
 * resized  the window has another size than the container knows
 */
struct console {
	const struct attach *how;
	struct keys keys;
	struct termios before;
	bool raw, typing, resized;
};

/* Signals to be blocked, and read by console_signal. */
void console_signals(sigset_t *set);

/* copied  stdin goes through our hands */
void console_begin(struct console *c, const struct attach *how, bool copied);

/* The command runs: from now on the keys are its own. */
void console_open(struct console *c);
void auto_console(struct console *c); /* everything as it was */

enum { CONSOLE_BYTES = 4096 }; /* that one read gives at most */

/* Read what was typed; bytes has room for CONSOLE_BYTES + MONITOR_KEYS. Returns
 * 1, 0 at the end, or ATTACH_DETACHED. */
int console_read(struct console *c, char *bytes, size_t *n);

/*
 * A signal came. Returns the number that the container is to get, or 0. Does
 * not return if we are to end of it.
 */
int console_signal(struct console *c, int number);

/* The window's size, if it is known. */
int console_size(struct frame_size *size) MUST;

#endif
