/* SPDX-License-Identifier: ISC */
/* Running a container: the monitor beside it, and the caller who watches. */
#include "monitor/monitor.h"
#include "base/log.h"
#include "monitor/attach.h"
#include "monitor/console.h"
#include "monitor/frame.h"
#include "monitor/life.h"
#include "monitor/stdio.h"
#include "sys/fd.h"
#include "sys/signal.h"
#include "sys/unix.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 * A monitor that has ended with its container is waited for, so that nothing
 * of it is left when we return. Any other lives on without us.
 */
static int
attach(int socket, pid_t pid, const struct attach *how, bool copied,
       struct err *e)
{
	AUTO(close) int signals = -1;
	sigset_t ours;
	int status;

	console_signals(&ours);
	if (signal_open(&ours, &signals, e) < 0)
		return -1;
	status = attach_serve(socket, signals, how, copied, e);
	if (status != ATTACH_DETACHED)
		while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
			continue;
	return status;
}

/* Hear whether it runs; then it goes on without us. */
static int
wait_for_start(int socket, struct err *e)
{
	struct frame f;

	for (;;) {
		int got = frame_receive(socket, &f);

		if (got < 0)
			return fail_sys(e, "monitor");
		if (got == 0)
			return fail(e, ECONNRESET, "the monitor has died");
		if (f.kind == FRAME_STARTED)
			return 0;
		if (f.kind == FRAME_WARNING)
			log_warn("%.*s", (int)f.n, f.bytes);
		if (f.kind == FRAME_FAILED)
			return attach_failed(&f, e);
	}
}

/* Fork it. Returns our end of the socket between us. */
static int
fork_monitor(struct container *c, const struct attach *how, struct stdio *io,
             pid_t *pid, struct err *e)
{
	sigset_t ours, before;
	int pair[2];

	if (fd_socketpair(pair, e) < 0)
		return -1;
	/* From here on no signal is lost, nor ends one of the two alone. */
	console_signals(&ours);
	sigprocmask(SIG_BLOCK, &ours, &before);
	fflush(NULL);
	*pid = fork();
	if (*pid == 0) {
		life_of_monitor(c, how, io, pair[1]);
		_exit(0);
	}
	if (how->detached)
		sigprocmask(SIG_SETMASK, &before, NULL);
	close(pair[1]);
	if (*pid > 0)
		return pair[0];
	close(pair[0]);
	return fail_sys(e, "fork");
}

int
monitor_run(struct container *c, const struct attach *how, struct err *e)
{
	AUTO(stdio) struct stdio io = STDIO_NONE;
	AUTO(close) int socket = -1;
	bool copied, open = c->record.interactive;
	struct attach what = *how;
	pid_t pid;

	what.direct = c->record.direct;
	if (monitor_check(&what, e) < 0 || stdio_make(&io, &what, open, e) < 0)
		return -1;
	if (!c->spec.process && container_load_spec(c, e) < 0)
		return -1;
	if (!how->detached)
		container_tell(c, "attach", NULL);
	socket = fork_monitor(c, how, &io, &pid, e);
	if (socket < 0)
		return -1;
	copied = how->tty || io.ours[0] >= 0;
	auto_stdio(&io);
	return how->detached ? wait_for_start(socket, e)
	                     : attach(socket, pid, how, copied, e);
}

int
monitor_start(struct container *c, const struct attach *how, struct err *e)
{
	struct attach what = *how;
	int status;

	if (container_begin(c, e) < 0)
		return -1;
	what.tty = c->record.tty;
	status = monitor_run(c, &what, e);
	if (status >= 0 || status == ATTACH_DETACHED)
		return status;
	container_begin_undo(c);
	if (e->code == EALREADY)
		e->code = EINVAL; /* that is for what was not begun */
	return -1;
}

int
monitor_attach(struct container *c, const struct attach *how, struct err *e)
{
	AUTO(close) int dir = -1;
	AUTO(close) int socket = -1;
	AUTO(close) int signals = -1;
	sigset_t ours;

	if (c->record.direct)
		return fail(e, ENOTCONN, "container '%s' writes to who has "
		            "started it", c->record.name);
	if (container_live(c, false, &dir, e) == 0)
		socket = unix_connect_at(dir, LIFE_SOCKET, e);
	if (socket < 0)
		return fail(e, ENOTCONN, "container '%s' has no monitor to "
		            "attach to", c->record.name);
	console_signals(&ours);
	if (signal_open(&ours, &signals, e) < 0)
		return -1;
	container_tell(c, "attach", NULL);
	return attach_serve(socket, signals, how, true, e);
}
