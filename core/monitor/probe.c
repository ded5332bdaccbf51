/* SPDX-License-Identifier: ISC */
/* Asking a container now and then how it is, as docker does. */
#include "monitor/probe.h"
#include "base/log.h"
#include "monitor/clients.h"
#include "monitor/start_exec.h"
#include "sys/clock.h"
#include "sys/fd.h"
#include "sys/process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Docker's usual times, in milliseconds, and its number of failures. */
enum { INTERVAL = 30000, TIMEOUT = 30000, START_INTERVAL = 5000, RETRIES = 3 };

#define NS_OF_MS 1000000

static int64_t
time_of(const struct number *n, int64_t usual)
{
	return n->value > 0 ? (n->value + NS_OF_MS - 1) / NS_OF_MS : usual;
}

static const struct health_plan *
plan_of(const struct probe *p)
{
	return &p->c->record.health;
}

static bool
is_starting(const struct probe *p)
{
	return clock_ms() - p->born < time_of(&plan_of(p)->start_period, 0);
}

/* While it starts it is asked more often, until it has answered well. */
static void
plan_next(struct probe *p)
{
	const struct health_plan *plan = plan_of(p);
	bool eager = is_starting(p) &&
	             strcmp(p->health.status, "starting") == 0;

	p->due = clock_ms() +
	         (eager ? time_of(&plan->start_interval, START_INTERVAL)
	                : time_of(&plan->interval, INTERVAL));
}

void
probe_begin(struct probe *p, struct container *c)
{
	struct err e;

	memset(p, 0, offsetof(struct probe, output));
	p->c = c;
	p->child = (struct runtime_child){ -1, -1, -1 };
	p->out = -1;
	p->on = container_has_health(c);
	if (!p->on)
		return;
	p->born = clock_ms();
	p->health.status = arena_text(&p->arena, "starting");
	if (container_health_write(c, &p->health, &e) < 0)
		log_debug("health: %s", e.text);
	plan_next(p);
}

static int
status_of(int raw)
{
	return WIFSIGNALED(raw) ? STATUS_SIGNAL + WTERMSIG(raw)
	                        : WEXITSTATUS(raw);
}

void
probe_end(struct probe *p)
{
	struct timespec nap = { 0, 10000000 };
	struct err ignored;
	pid_t gone = 0;
	int raw;

	if (p->child.pid <= 0)
		return;
	if (process_signal(p->child.pidfd, p->child.pid, SIGKILL,
	                   &ignored) < 0)
		log_debug("health: %s", ignored.text);
	for (int tries = 0; tries < 100 && gone == 0; tries++) {
		gone = waitpid(p->child.pid, &raw, WNOHANG);
		if (gone == 0)
			nanosleep(&nap, NULL);
	}
	if (gone > 0)
		container_tell_exec_end(p->c, &p->id, status_of(raw));
	p->child.pid = -1;
}

void
auto_probe(struct probe *p)
{
	probe_end(p);
	auto_close(&p->out);
	auto_runtime_child(&p->child);
	auto_arena(&p->arena);
}

int
probe_wait(const struct probe *p)
{
	int64_t left = p->due - clock_ms();

	if (!p->on || p->overdue)
		return -1;
	return left < 0 ? 0 : left > 60000 ? 60000 : (int)left;
}

/* ---- what an answer means ---- */

/* In an arena of its own, so that nothing grows. */
static void
keep_answers(struct probe *p, const char *status, int64_t streak,
             const struct health_answer *last)
{
	struct health *old = &p->health, fresh = { 0 };
	struct arena a = { 0 };
	size_t first = old->n_answers < HEALTH_KEPT
	               ? 0 : old->n_answers - HEALTH_KEPT + 1;

	fresh.status = arena_text(&a, status);
	fresh.streak = (struct number){ true, streak };
	for (size_t i = first; i <= old->n_answers; i++) {
		const struct health_answer *from =
		        i < old->n_answers ? &old->answers[i] : last;
		struct health_answer *to = LIST_ADD(&a, fresh.answers,
		                                    fresh.n_answers);

		*to = *from;
		to->start = arena_text(&a, from->start);
		to->end = arena_text(&a, from->end);
		to->output = arena_text(&a, from->output);
	}
	auto_arena(&p->arena);
	p->arena = a;
	p->health = fresh;
}

static void
tell(const struct container *c, const char *status)
{
	char action[64];

	log_info("health: %s", status);
	snprintf(action, sizeof(action), "health_status: %s", status);
	container_tell(c, action, NULL);
}

static void
judge(struct probe *p, const struct health_answer *answer)
{
	bool good = answer->exit_code.value == 0;
	int64_t most = plan_of(p)->retries.value > 0
	               ? plan_of(p)->retries.value : RETRIES;
	int64_t streak = p->health.streak.value;
	const char *status = p->health.status;
	struct err e;

	if (good) {
		streak = 0;
		status = "healthy";
	} else if (!is_starting(p) || strcmp(status, "starting") != 0) {
		streak++;
		if (streak >= most)
			status = "unhealthy";
	}
	if (strcmp(status, p->health.status) != 0)
		tell(p->c, status);
	keep_answers(p, status, streak, answer);
	if (container_health_write(p->c, &p->health, &e) < 0)
		log_debug("health: %s", e.text);
}

static void
answer(struct probe *p, int64_t exit_code, const char *output)
{
	struct arena a = { 0 };
	struct health_answer last = {
		.start = p->begun, .end = clock_now(&a),
		.exit_code = { true, exit_code },
		.output = arena_text(&a, output),
	};

	judge(p, &last);
	auto_arena(&a);
	auto_close(&p->out);
	p->out = -1;
	auto_runtime_child(&p->child);
	p->child.pid = -1;
	p->overdue = false;
	plan_next(p);
}

/* ---- asking ---- */

/* The container's own process, but for what it executes. */
static int
start(struct probe *p, int out, struct err *e)
{
	const struct words *test = &plan_of(p)->test;
	bool shell = strcmp(test->v[0], "CMD-SHELL") == 0;
	struct spec spec = p->c->spec;
	struct process process = *spec.process;
	AUTO(arena) struct arena a = { 0 };

	process.args = (struct words){ 0 };
	if (shell) {
		words_add(&a, &process.args, "/bin/sh");
		words_add(&a, &process.args, "-c");
	}
	words_copy(&a, &process.args, test->v + 1);
	process.terminal = false;
	spec.process = &process;
	if (start_exec_plain(p->c, &spec, (int[3]){ -1, out, out }, &p->child,
	                     e) < 0)
		return -1;
	container_tell_exec(p->c, &p->id, &process.args);
	return 0;
}

static void
ask(struct probe *p)
{
	AUTO(arena) struct arena a = { 0 };
	AUTO(close) int ours = -1;
	AUTO(close) int theirs = -1;
	struct err e;
	int pair[2];

	strlcpy(p->begun, clock_now(&a), sizeof(p->begun));
	p->n = 0;
	if (fd_pipe(pair, &e) < 0) {
		answer(p, -1, e.text);
		return;
	}
	ours = pair[0];
	theirs = pair[1];
	fcntl(ours, F_SETFL, O_RDONLY | O_NONBLOCK);
	if (start(p, theirs, &e) < 0) {
		answer(p, -1, e.text);
		return;
	}
	p->out = take_fd(&ours);
	p->due = clock_ms() + time_of(&plan_of(p)->timeout, TIMEOUT);
}

static bool
is_paused(struct probe *p)
{
	return container_refresh_state(p->c) == CONTAINER_PAUSED;
}

void
probe_turn(struct probe *p)
{
	struct err ignored;

	if (!p->on || clock_ms() < p->due || p->overdue)
		return;
	if (p->child.pid > 0 && is_paused(p)) {
		p->due = clock_ms() + time_of(&plan_of(p)->timeout, TIMEOUT);
		return; /* who is frozen cannot answer */
	}
	if (p->child.pid > 0) {
		p->overdue = true;
		if (process_signal(p->child.pidfd, p->child.pid, SIGKILL,
		                   &ignored) < 0)
			log_debug("health: %s", ignored.text);
		return;
	}
	if (is_paused(p))
		plan_next(p);
	else
		ask(p);
}

void
probe_hear(struct probe *p)
{
	char more[PROBE_OUTPUT];
	ssize_t got = read(p->out, more, sizeof(more));
	size_t room = PROBE_OUTPUT - 1 - p->n;

	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (got <= 0) {
		auto_close(&p->out);
		p->out = -1;
		return;
	}
	if ((size_t)got < room)
		room = (size_t)got;
	memcpy(p->output + p->n, more, room);
	p->n += room;
}

void
probe_reap(struct probe *p)
{
	char text[64];
	int raw, status;

	if (p->child.pid <= 0 || waitpid(p->child.pid, &raw, WNOHANG) <= 0)
		return;
	status = status_of(raw);
	container_tell_exec_end(p->c, &p->id, status);
	if (p->out >= 0)
		probe_hear(p);
	p->output[p->n] = '\0';
	if (!p->overdue) {
		answer(p, status, p->output);
		return;
	}
	snprintf(text, sizeof(text), "Health check exceeded timeout (%.3gs)",
	         (double)time_of(&plan_of(p)->timeout, TIMEOUT) / 1000);
	answer(p, -1, text);
}
