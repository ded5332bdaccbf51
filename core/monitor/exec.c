/* SPDX-License-Identifier: ISC */
/* One more process in a container, watched by the caller himself. */
#include "monitor/monitor.h"
#include "monitor/console.h"
#include "monitor/loop.h"
#include "monitor/start_exec.h"
#include "monitor/stdio.h"
#include "sys/signal.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

/*
 * The terminal ends with the last who holds its master, and the process with
 * its terminal. So somebody stays behind, to hold it and to read what nobody
 * wants to see.
 */
static void
stay_behind(struct loop *l)
{
	if (fork() != 0)
		return;
	setsid();
	for (int fd = 0; fd <= 2; fd++)
		close(fd);
	l->console = NULL;
	loop_discard(l);
	_exit(0);
}

static int
watch(struct loop *l, struct err *e)
{
	console_open(l->console);
	if (loop_run(l, e) < 0)
		return -1;
	if (l->detached) {
		stay_behind(l);
		return ATTACH_DETACHED;
	}
	loop_drain(l);
	return l->status;
}

/* Signals are blocked before the process is there, so that none is lost. */
static int
open_signals(int *signals, struct err *e)
{
	sigset_t ours;

	console_signals(&ours);
	sigaddset(&ours, SIGCHLD);
	signal(SIGCHLD, SIG_DFL);
	return signal_open(&ours, signals, e);
}

int
monitor_exec(struct container *c, const struct spec *spec,
             const struct attach *how, struct err *e)
{
	AUTO(runtime_child) struct runtime_child child = { -1, -1, -1 };
	AUTO(stdio) struct stdio io = STDIO_NONE;
	AUTO(console) struct console console;
	AUTO(close) int signals = -1;
	AUTO(loop) struct loop l;
	struct exec_id id;
	int status;

	console_begin(&console, how, false);
	loop_begin(&l, &child, &io);
	if (monitor_check(how, e) < 0 ||
	    stdio_make(&io, how, false, e) < 0 ||
	    open_signals(&signals, e) < 0 ||
	    start_exec_stdio(c, spec, &io, &child, e) < 0)
		return -1;
	container_tell_exec(c, &id, &spec->process->args);
	loop_begin(&l, &child, &io);
	stdio_close_child(&io);
	console_begin(&console, how, how->tty || l.in >= 0);
	l.console = &console;
	l.signals = signals;
	if (!how->detached) {
		status = watch(&l, e);
		if (status >= 0)
			container_tell_exec_end(c, &id, status);
		return status;
	}
	if (how->tty)
		stay_behind(&l);
	return 0;
}
