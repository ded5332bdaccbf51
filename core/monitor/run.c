/* SPDX-License-Identifier: ISC */
/* Running a container: the monitor beside it, and the caller who watches. */
#include "monitor/monitor.h"
#include "base/log.h"
#include "monitor/attach.h"
#include "monitor/console.h"
#include "monitor/frame.h"
#include "monitor/loop.h"
#include "monitor/stdio.h"
#include "runtime/runtime.h"
#include "sys/close.h"
#include "sys/fd.h"
#include "sys/process.h"
#include "sys/signal.h"
#include "sys/title.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* A frame to the watcher. If he has gone, nobody need be told. */
static void
tell(int client, enum frame_kind kind, const void *bytes, size_t n)
{
	if (client >= 0 && frame_send(client, kind, bytes, n) < 0)
		log_debug("watcher: %s", strerror(errno));
}

/*
 * For the table of steps: the record knows us and the process before that may
 * run. Until then the record has the pid of who made the container, and so
 * nobody takes it for abandoned.
 */
static int
record_child(void *with, pid_t pid, struct err *e)
{
	return container_watch(with, pid, e);
}

/*
 * Become a process of its own: no terminal, no signals but through the
 * descriptor, none of the caller's files.
 */
static int
stand_apart(const struct container *c, const struct stdio *io, int client,
            int *signals, struct err *e)
{
	int keep[] = { client, c->dir, c->store.data, c->store.run,
	               io->child[0], io->child[1], io->child[2],
	               io->ours[0], io->ours[1], io->ours[2] };
	sigset_t all;

	fd_close_but(keep, sizeof(keep) / sizeof(*keep));
	setsid();
	signal(SIGCHLD, SIG_DFL); /* or there would be nobody to wait for */
	sigfillset(&all);
	return signal_open(&all, signals, e);
}

/*
 * The caller's stdin, stdout and stderr are his and the container's. The
 * directory stands in where there is no /dev/null: it can be neither read nor
 * written, and the numbers must not be free for the next file.
 */
static void
let_go(const struct container *c)
{
	AUTO(close) int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	char title[128];

	for (int fd = 0; fd <= 2; fd++)
		if (dup2(null >= 0 ? null : c->dir, fd) < 0)
			close(fd);
	if (chdir("/") < 0)
		log_debug("chdir: %s", strerror(errno));
	snprintf(title, sizeof(title), "mydocker: %s", c->record.name);
	title_set(title);
	/* As low as we may; the container was born with what we had. */
	if (fd_write_at(AT_FDCWD, "/proc/self/oom_score_adj", "-999") < 0)
		log_debug("oom_score_adj: %s", strerror(errno));
}

static int
start(struct container *c, const struct stdio *io,
      struct runtime_child *child, struct err *e)
{
	struct runtime_plan plan = RUNTIME_PLAN_NONE;
	struct err late;

	container_plan(c, &plan);
	stdio_plan(io, &plan);
	plan.made = record_child;
	plan.with = c;
	if (runtime_start(&c->spec, &plan, child, e) < 0)
		return -1;
	if (container_started(c, e) == 0)
		return 0;
	/* What is not on record must not be. */
	if (process_signal(child->pidfd, child->pid, SIGKILL, &late) < 0)
		log_debug("%s", late.text);
	return -1;
}

/* The container did not come to be; what there is of it is taken away. */
static void
report_failure(struct container *c, int client, struct err *why)
{
	struct err late;

	if (why->status == 0)
		why->status = STATUS_OURS;
	if (container_ended(c, why->status, &late) < 0)
		tell(client, FRAME_WARNING, late.text, strlen(late.text));
	tell(client, FRAME_FAILED, why, sizeof(*why));
}

static void
watch(struct container *c, struct loop *l)
{
	struct err e;

	if (loop_run(l, &e) < 0) {
		l->status = STATUS_OURS;
		tell(l->client, FRAME_WARNING, e.text, strlen(e.text));
	}
	loop_drain(l);
	if (container_ended(c, l->status, &e) < 0)
		tell(l->client, FRAME_WARNING, e.text, strlen(e.text));
	loop_finish(l);
	tell(l->client, FRAME_EXITED, &(int32_t){ l->status },
	     sizeof(int32_t));
}

/* The monitor's whole life. */
static void
monitor(struct container *c, struct stdio *io, int client)
{
	struct runtime_child child = { -1, -1, -1 };
	AUTO(close) int signals = -1;
	AUTO(loop) struct loop l;
	struct err e = { .status = STATUS_OURS };
	int failed = stand_apart(c, io, client, &signals, &e);

	if (failed == 0)
		failed = start(c, io, &child, &e);
	loop_begin(&l, &child, io);
	if (failed < 0) {
		report_failure(c, client, &e);
		return;
	}
	tell(client, FRAME_STARTED, NULL, 0);
	stdio_close_child(io);
	let_go(c);
	fcntl(client, F_SETFL, O_RDWR | O_NONBLOCK);
	l.client = client;
	l.signals = take_fd(&signals);
	watch(c, &l);
}

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

int
monitor_run(struct container *c, const struct attach *how, struct err *e)
{
	AUTO(stdio) struct stdio io = STDIO_NONE;
	AUTO(close) int socket = -1;
	sigset_t ours;
	int pair[2];
	bool copied;
	pid_t pid;

	if (monitor_check(how, e) < 0 || stdio_make(&io, how, e) < 0)
		return -1;
	if (!c->spec.process && container_load_spec(c, e) < 0)
		return -1;
	if (fd_socketpair(pair, e) < 0)
		return -1;
	socket = pair[0];
	/* From here on no signal is lost, nor ends one of the two alone. */
	console_signals(&ours);
	sigprocmask(SIG_BLOCK, &ours, NULL);
	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		monitor(c, &io, pair[1]);
		_exit(0);
	}
	close(pair[1]);
	if (pid < 0)
		return fail_sys(e, "fork");
	copied = how->tty || io.ours[0] >= 0;
	auto_stdio(&io);
	return attach(socket, pid, how, copied, e);
}
