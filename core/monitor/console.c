/* SPDX-License-Identifier: ISC */
/* The caller's terminal, keys and signals. */
#include "monitor/console.h"
#include "sys/signal.h"
#include "sys/tty.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

/* SIGPIPE is ours, so that it cannot leave a terminal raw. */
void
console_signals(sigset_t *set)
{
	signal_set_outside(set);
	sigaddset(set, SIGPIPE);
}

int
monitor_check(const struct attach *how, struct err *e)
{
	if (how->direct && how->detached && (isatty(1) || isatty(2)))
		return fail(e, ENOTTY, "--log-driver: passthrough gives no "
		            "terminal away");
	if (!how->tty || !how->interactive || how->detached ||
	    isatty(STDIN_FILENO))
		return 0;
	return fail(e, ENOTTY, "-t: the input device is not a TTY; leave -t "
	            "out where there is no terminal");
}

void
console_begin(struct console *c, const struct attach *how, bool copied)
{
	*c = (struct console){ .how = how };
	c->typing = copied && how->interactive;
	if (how->tty && how->interactive && how->detach) {
		c->keys.sequence = how->detach;
		c->keys.n = strlen(how->detach);
	}
}

/* With -t alone ^C is for us, and so the terminal stays as it is. */
void
console_open(struct console *c)
{
	c->raw = c->how->tty && c->how->interactive &&
	         tty_raw(STDIN_FILENO, &c->before) == 0;
	c->resized = c->how->tty;
}

void
auto_console(struct console *c)
{
	if (c->raw)
		tty_restore(STDIN_FILENO, &c->before);
	c->raw = false;
}

int
console_read(struct console *c, char *bytes, size_t *n)
{
	char typed[CONSOLE_BYTES];
	ssize_t got;

	do
		got = read(STDIN_FILENO, typed, sizeof(typed));
	while (got < 0 && errno == EINTR);
	*n = 0;
	if (got <= 0) {
		c->typing = false;
		return 0;
	}
	return keys_filter(&c->keys, typed, (size_t)got, bytes, n)
	               ? ATTACH_DETACHED
	               : 1;
}

/* A shell that was told to stop us has set the terminal to its own taste. */
static void
go_on(struct console *c)
{
	struct termios theirs;

	if (c->raw && tty_raw(STDIN_FILENO, &theirs) < 0)
		c->raw = false;
	c->resized = c->how->tty;
}

int
console_signal(struct console *c, int number)
{
	if (number == SIGWINCH)
		c->resized = c->how->tty;
	if (number == SIGCONT)
		go_on(c);
	if (number == SIGWINCH || number == SIGCONT)
		return 0;
	if (c->how->forward && !c->raw && number != SIGPIPE)
		return number;
	auto_console(c);
	signal_die(number);
	return 0;
}

int
console_size(struct frame_size *size)
{
	if (tty_size(STDIN_FILENO, &size->rows, &size->columns) == 0)
		return 0;
	return tty_size(STDOUT_FILENO, &size->rows, &size->columns);
}
