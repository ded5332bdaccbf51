/* SPDX-License-Identifier: ISC */
/* The caller's side of a monitor: terminal, keys and signals, and the end. */
#include "monitor/attach.h"
#include "base/log.h"
#include "monitor/console.h"
#include "monitor/frame.h"
#include "sys/fd.h"
#include "sys/signal.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

enum { AT_SIGNALS, AT_MONITOR, AT_STDIN, AT_ALL };

/*
 * waiting  what was typed has been sent and not yet taken
 * over     there is nothing more to wait for: `status` says how it ended
 */
struct viewer {
	int socket, signals;
	struct console console;
	bool started, waiting, over;
	int status;
};

/* Neither can be mended here: the next read from the monitor will tell. */
static void
tell(struct viewer *v, enum frame_kind kind, const void *bytes, size_t n)
{
	if (frame_send(v->socket, kind, bytes, n) < 0)
		log_debug("monitor: %s", strerror(errno));
}

static void
tell_size(struct viewer *v)
{
	struct frame_size size;

	v->console.resized = false;
	if (console_size(&size) == 0)
		tell(v, FRAME_RESIZE, &size, sizeof(size));
}

/* Nobody reads what is shown. Then we end as any program does. */
static void
show(struct viewer *v, int fd, const struct frame *f)
{
	if (v->console.how->quiet[fd])
		return;
	if (fd_write(fd, f->bytes, f->n) < 0 && errno == EPIPE)
		console_signal(&v->console, SIGPIPE);
}

int
attach_failed(const struct frame *f, struct err *e)
{
	*e = f->err;
	e->text[sizeof(e->text) - 1] = '\0';
	return -1;
}

static int
obey(struct viewer *v, const struct frame *f, struct err *e)
{
	switch (f->kind) {
	case FRAME_STARTED:
		v->started = true;
		console_open(&v->console);
		break;
	case FRAME_FAILED:
		return attach_failed(f, e);
	case FRAME_OUT:
		show(v, STDOUT_FILENO, f);
		break;
	case FRAME_ERR:
		show(v, STDERR_FILENO, f);
		break;
	case FRAME_TAKEN:
		v->waiting = false;
		break;
	case FRAME_WARNING:
		log_warn("%.*s", (int)f->n, f->bytes);
		break;
	case FRAME_EXITED:
		v->over = true;
		v->status = f->number;
		break;
	default:
		break;
	}
	return 0;
}

static int
hear_monitor(struct viewer *v, struct err *e)
{
	struct frame f;
	int got = frame_receive(v->socket, &f);

	if (got < 0)
		return fail_sys(e, "monitor");
	if (got > 0)
		return obey(v, &f, e);
	if (!v->started)
		return fail(e, ECONNRESET, "the monitor has died");
	auto_console(&v->console);
	log_error("the monitor has died; the container may still be running");
	v->over = true;
	v->status = STATUS_OURS;
	return 0;
}

static void
hear_keys(struct viewer *v)
{
	char bytes[CONSOLE_BYTES + MONITOR_KEYS];
	size_t n;
	int got = console_read(&v->console, bytes, &n);

	if (n || got == 0) {
		tell(v, FRAME_STDIN, bytes, n);
		v->waiting = true;
	}
	if (got == ATTACH_DETACHED) {
		v->over = true;
		v->status = ATTACH_DETACHED;
	}
}

static void
hear_signals(struct viewer *v)
{
	int number;

	while ((number = signal_next(v->signals)) != 0) {
		int32_t theirs = console_signal(&v->console, number);

		if (theirs)
			tell(v, FRAME_SIGNAL, &theirs, sizeof(theirs));
	}
}

static int
turn(struct viewer *v, struct err *e)
{
	bool types = v->started && v->console.typing && !v->waiting;
	struct pollfd p[AT_ALL] = {
		[AT_SIGNALS] = { v->signals, POLLIN, 0 },
		[AT_MONITOR] = { v->socket, POLLIN, 0 },
		[AT_STDIN] = { types ? STDIN_FILENO : -1, POLLIN, 0 },
	};

	if (v->started && v->console.resized)
		tell_size(v);
	if (poll(p, AT_ALL, -1) < 0)
		return errno == EINTR ? 0 : fail_sys(e, "poll");
	if (p[AT_SIGNALS].revents)
		hear_signals(v);
	if (p[AT_STDIN].revents)
		hear_keys(v);
	if (p[AT_MONITOR].revents && !v->over)
		return hear_monitor(v, e);
	return 0;
}

int
attach_serve(int socket, int signals, const struct attach *how, bool copied,
             struct err *e)
{
	struct viewer v = { .socket = socket, .signals = signals };
	int done = 0;

	console_begin(&v.console, how, copied);
	while (done == 0 && !v.over)
		done = turn(&v, e);
	auto_console(&v.console);
	return done < 0 ? -1 : v.status;
}
