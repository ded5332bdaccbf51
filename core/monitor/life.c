/* SPDX-License-Identifier: ISC */
/* The monitor: it starts a container, watches it, and starts it again. */
#include "monitor/life.h"
#include "base/heap.h"
#include "base/log.h"
#include "monitor/clients.h"
#include "monitor/loop.h"
#include "monitor/restart.h"
#include "sys/clock.h"
#include "sys/close.h"
#include "sys/fd.h"
#include "sys/process.h"
#include "sys/signal.h"
#include "sys/title.h"
#include "sys/unix.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * signals, listen  for all lives of the container
 * client           who has started us; -1 after its first life
 * logs             NULL: its output goes elsewhere
 * begun            when this one began, in milliseconds
 * oom_score        what we had, and the container is to have, not ours
 * detached         nobody waits for the container who has our memory, too
 */
struct monitor {
	struct container *c;
	struct stdio *io;
	int signals, listen, client;
	struct logs *logs;
	struct restart restart;
	int64_t begun;
	struct number oom_score;
	bool down, detached;
};

static void
auto_monitor(struct monitor *m)
{
	auto_close(&m->signals);
	auto_close(&m->listen);
	auto_close(&m->client);
	if (m->logs)
		auto_logs(m->logs);
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

static void
note_oom_score(struct monitor *m)
{
	AUTO(buf) struct buf text = { 0 };

	if (fd_read_at(AT_FDCWD, "/proc/self/oom_score_adj", 16, &text) == 0 &&
	    text.n)
		m->oom_score = (struct number){ true,
		                                strtol(text.data, NULL, 10) };
}

/* Who is born of us later than we are as low as we may. */
static void
set_oom_score(const struct monitor *m)
{
	struct process *p = m->c->spec.process;

	if (p && !p->oom_score_adj.set)
		p->oom_score_adj = m->oom_score;
}

/*
 * Become a process of its own: no terminal, no signals but through the
 * descriptor, none of the caller's files.
 */
static int
stand_apart(struct monitor *m, struct err *e)
{
	const struct container *c = m->c;
	const struct stdio *io = m->io;
	int keep[] = { m->client, c->dir, c->store.data, c->store.run,
	               io->child[0], io->child[1], io->child[2],
	               io->ours[0], io->ours[1], io->ours[2] };
	sigset_t all;

	fd_close_but(keep, sizeof(keep) / sizeof(*keep));
	setsid();
	signal(SIGCHLD, SIG_DFL); /* or there would be nobody to wait for */
	sigfillset(&all);
	return signal_open(&all, &m->signals, e);
}

/*
 * The caller's stdin, stdout and stderr are his and the container's. The
 * directory stands in where there is no /dev/null: it can be neither read nor
 * written, and the numbers must not be free for the next file.
 */
static void
let_go(struct monitor *m)
{
	const struct container *c = m->c;
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
	if (!m->oom_score.set)
		note_oom_score(m);
	if (fd_write_at(AT_FDCWD, "/proc/self/oom_score_adj", "-999") < 0)
		log_debug("oom_score_adj: %s", strerror(errno));
}

/* What others may want of us later, unless all goes to who has started us. */
static int
open_door(struct monitor *m, struct logs *logs, struct err *e)
{
	const struct record *r = &m->c->record;
	struct logs_how how = {
		.driver = r->log_driver, .options = &r->log_options,
		.id = r->id, .name = r->name, .image = r->image,
		.kept = m->c->kept, .labels = &r->labels,
		.env = m->c->spec.process ? &m->c->spec.process->env : NULL,
	};
	AUTO(close) int dir = -1;

	if (r->direct)
		return 0;
	if (container_live(m->c, true, &dir, e) < 0)
		return -1;
	m->listen = unix_listen_at(dir, LIFE_SOCKET, e);
	if (m->listen < 0)
		return -1;
	if (logs_open(logs, m->c->dir, &how, e) < 0)
		return -1;
	m->logs = logs;
	return 0;
}

static int
start(struct monitor *m, struct runtime_child *child, struct err *e)
{
	struct runtime_plan plan = RUNTIME_PLAN_NONE;
	struct err late;

	container_plan(m->c, &plan);
	stdio_plan(m->io, &plan);
	plan.made = record_child;
	plan.with = m->c;
	if (runtime_start(&m->c->spec, &plan, child, e) < 0)
		return -1;
	m->begun = clock_ms();
	if (container_started(m->c, e) == 0)
		return 0;
	/* What is not on record must not be. */
	if (process_signal(child->pidfd, child->pid, SIGKILL, &late) < 0)
		log_debug("%s", late.text);
	return -1;
}

static void
warn(struct loop *l, const struct err *e)
{
	loop_tell(l, FRAME_WARNING, e->text, strlen(e->text));
}

/* The container did not come to be; what there is of it is taken away. */
static void
report_failure(struct monitor *m, struct loop *l, struct err *why)
{
	struct err late;

	if (why->status == 0)
		why->status = STATUS_OURS;
	if (container_failed(m->c, why, &late) < 0)
		warn(l, &late);
	loop_tell(l, FRAME_FAILED, why, sizeof(*why));
}

/* It has ended. Returns how long to wait before it is started again, or -1. */
static int
end_life(struct monitor *m, struct loop *l)
{
	struct record *r = &m->c->record;
	struct err e;
	int delay = -1, done;

	m->down |= l->down;
	if (m->c->kept && !m->down && container_refresh(m->c) == 0)
		delay = restart_delay(&m->restart, r, l->status,
		                      clock_ms() - m->begun);
	done = delay < 0 ? container_ended(m->c, l->status, &e)
	                 : container_restarting(m->c, l->status, &e);
	if (done < 0)
		warn(l, &e);
	return delay;
}

static int
watch(struct monitor *m, struct loop *l)
{
	struct err e;
	int delay;

	if (loop_run(l, &e) < 0) {
		l->status = STATUS_OURS;
		warn(l, &e);
	}
	loop_drain(l);
	if (m->logs)
		logs_flush(m->logs);
	if (l->probe)
		probe_end(l->probe);
	delay = end_life(m, l);
	loop_finish(l);
	loop_tell(l, FRAME_EXITED, &(int32_t){ l->status }, sizeof(int32_t));
	return delay;
}

static void
begin_loop(struct monitor *m, struct loop *l, struct runtime_child *child)
{
	const struct record *r = &m->c->record;

	loop_begin(l, child, m->io);
	l->keep_in |= r->interactive && !r->stdin_once;
	l->stop_signal = container_stop_signal(m->c);
	l->thaw = container_thaw;
	l->c = m->c;
	l->stop_seconds = container_stop_seconds(m->c);
	l->listen = m->listen;
	l->logs = m->logs;
	if (m->client >= 0)
		loop_add_client(l, take_fd(&m->client), false);
}

/* From now on there is nothing to do but to wait: with little memory. */
static void
settle_down(struct monitor *m, const struct probe *probe)
{
	if (!probe)
		container_forget_spec(m->c);
	if (heap_trim)
		heap_trim();
}

/* Somebody has asked it to stop while we were starting it again. */
static void
heed_stop(const struct monitor *m, const struct runtime_child *child)
{
	const struct record *r = &m->c->record;
	struct err ignored;

	if ((r->stopped || r->again) &&
	    process_signal(child->pidfd, child->pid, SIGKILL, &ignored) < 0)
		log_debug("%s", ignored.text);
}

/* One life of the container. Returns as end_life does. */
static int
live(struct monitor *m, struct err *e)
{
	AUTO(runtime_child) struct runtime_child child = { -1, -1, -1 };
	AUTO(loop) struct loop l;
	AUTO(probe) struct probe probe;
	int failed = e->code ? -1 : start(m, &child, e);

	begin_loop(m, &l, &child);
	probe_begin(&probe, m->c);
	l.probe = probe.on ? &probe : NULL;
	l.signals = m->signals;
	if (failed < 0) {
		report_failure(m, &l, e);
		return -1;
	}
	loop_tell(&l, FRAME_STARTED, NULL, 0);
	stdio_close_child(m->io);
	let_go(m);
	set_oom_score(m);
	heed_stop(m, &child);
	if (m->detached)
		settle_down(m, l.probe);
	return watch(m, &l);
}

/* Nobody watches from the beginning, and what there was of memory is given
 * back. */
static int
prepare_again(struct monitor *m, struct err *e)
{
	struct attach how = { .detached = true };
	const struct record *r = &m->c->record;

	auto_stdio(m->io);
	if (container_reopen(m->c, e) < 0)
		return -1;
	set_oom_score(m);
	how.tty = r->tty;
	return stdio_make(m->io, &how, r->interactive && !r->stdin_once, e);
}

/* Somebody has sent us a signal that concerns us; false: it is time. */
static bool
wait_for_word(struct monitor *m, int64_t end)
{
	struct pollfd p = { m->signals, POLLIN, 0 };

	for (;;) {
		int64_t left = end - clock_ms();
		int number;

		if (left <= 0 || poll(&p, 1, (int)left) == 0)
			return false;
		while ((number = signal_next(m->signals)) != 0) {
			m->down |= number == SIGTERM;
			if (number == SIGTERM || number == SIGUSR1)
				return true;
		}
	}
}

/* By what others may have written into the record meanwhile. */
static bool
is_still_wanted(const struct monitor *m)
{
	const struct record *r = &m->c->record;

	return !m->down && container_refresh(m->c) == 0 &&
	       restart_is_wanted(&m->restart, r, (int)r->exit_status.value);
}

/* Wait until it is time; false: somebody has asked us not to. */
static bool
wait_for_time(struct monitor *m, int delay)
{
	int64_t end = clock_ms() + delay;

	while (!m->down && clock_ms() < end) {
		if (!wait_for_word(m, end))
			break;
		if (!is_still_wanted(m))
			return false;
	}
	return is_still_wanted(m);
}

void
life_of_monitor(struct container *c, const struct attach *how,
                struct stdio *io, int client)
{
	AUTO(monitor) struct monitor m = {
		.c = c, .io = io, .signals = -1, .listen = -1,
		.client = client, .detached = how->detached,
	};
	struct err e = { .status = STATUS_OURS };
	struct logs logs; /* large, and not all of it is used */
	int delay;

	if (stand_apart(&m, &e) == 0 && open_door(&m, &logs, &e) == 0)
		e.code = 0;
	delay = live(&m, &e);
	while (delay >= 0) {
		e = (struct err){ .status = STATUS_OURS };
		if (!wait_for_time(&m, delay)) {
			if (container_ended(c, (int)c->record.exit_status.value,
			                    &e) < 0)
				log_debug("%s", e.text);
			return;
		}
		m.detached = true;
		if (prepare_again(&m, &e) == 0)
			e.code = 0;
		delay = live(&m, &e);
	}
}
