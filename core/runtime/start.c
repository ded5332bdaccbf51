/* SPDX-License-Identifier: ISC */
/* Making a start row by row, and the rows that every start has. */
#include "runtime/start.h"
#include "base/log.h"
#include "sys/fd.h"
#include "sys/process.h"
#include "sys/signal.h"

#include <errno.h>
#include <string.h>
#include <sys/wait.h>

void
auto_runtime_child(struct runtime_child *c)
{
	auto_close(&c->pidfd);
	auto_close(&c->master);
	c->pidfd = c->master = -1;
}

static bool
has_hooks_inside(const struct spec *spec)
{
	const struct hooks *h = spec->hooks;

	return h && (h->n_create_container || h->n_start_container);
}

void
start_begin(struct start *s, const struct spec *spec,
            const struct runtime_plan *plan)
{
	*s = (struct start){
		.spec = spec, .plan = plan,
		.child = { .pid = -1, .pidfd = -1, .master = -1 },
		.config = { -1, -1 }, .socket = { -1, -1 },
		.init = INIT_PLAN_NONE,
		.pid_space = -1, .self = -1, .null = -1, .resctrl = -1,
		.listener = -1,
		.maker = -1, .holder = -1,
	};
	s->init.reaper = plan->reaper;
	s->init.no_pivot = plan->no_pivot;
	s->init.no_new_keyring = plan->no_new_keyring;
	s->init.fifo = plan->fifo;
	s->init.preserve = plan->preserve;
	if (spec->linux_part && spec->linux_part->seccomp)
		s->init.filter = init_filter(spec->linux_part->seccomp);
	if (has_hooks_inside(spec)) {
		s->init.id = plan->id;
		s->init.bundle = plan->bundle;
	}
	s->init.log_level = (int)log_level();
	s->init.log_json = log_is_json();
}

/* Who made the child has ended after it said so. */
static void
bury_maker(struct start *s)
{
	struct err ignored;
	int status;

	if (s->maker > 0 && process_wait(s->maker, &status, &ignored) < 0)
		log_debug("%s", ignored.text);
	s->maker = -1;
}

void
auto_start(struct start *s)
{
	bury_maker(s);
	start_release_scope(s);
	for (int i = 0; i < 2; i++) {
		auto_close(&s->config[i]);
		auto_close(&s->socket[i]);
	}
	for (size_t i = 0; i < s->n_entries; i++)
		auto_close(&s->entries[i]);
	for (int i = 0; i < INIT_MAX_JOIN; i++)
		auto_close(&s->init.join_fd[i]);
	auto_close(&s->pid_space);
	auto_close(&s->self);
	auto_close(&s->null);
	auto_close(&s->resctrl);
	auto_close(&s->listener);
	auto_cgroup(&s->group);
	auto_runtime_child(&s->child);
}

int
start_steps(struct start *s, const struct step *steps, struct err *e)
{
	size_t i;

	for (i = 0; steps[i].name; i++)
		if (steps[i].make && steps[i].make(s, e) < 0)
			break;
	if (!steps[i].name)
		return 0;
	if (!s->said)
		fail_in(e, "%s", steps[i].name);
	for (size_t left = i + 1; left > 0; left--)
		if (steps[left - 1].undo)
			steps[left - 1].undo(s);
	return -1;
}

int
start_sync(struct start *s, struct err *e)
{
	return fd_pipe(s->config, e) < 0 ? -1 : fd_socketpair(s->socket, e);
}

/* The profile is most of a usual spec's text, and need not be said where one
 * word in the plan says it. */
static int
write_config(const struct start *s)
{
	AUTO(buf) struct buf text = { 0 };
	struct spec spec = *s->spec;
	struct linux_part part;

	if (s->init.filter >= 0) {
		part = *spec.linux_part;
		part.seccomp = NULL;
		spec.linux_part = &part;
	}
	spec_write(&spec, false, &text);
	return signal_write(s->config[1], text.data, text.n);
}

/* A child that has ended already has said why, which is better than EPIPE. */
int
start_config(struct start *s, struct err *e)
{
	if (write_config(s) < 0 && errno != EPIPE)
		return fail_sys(e, "pipe");
	auto_close(&s->config[1]);
	s->config[1] = -1;
	return 0;
}

/* The first master that comes is the container's. */
static void
keep_master(struct start *s, int fd)
{
	if (s->child.master < 0)
		s->child.master = fd;
	else
		auto_close(&fd);
}

/*
 * The one who was told to go on with stays behind in no container, and another
 * one, who was born in there, waits for our word. It may be traced by whoever
 * was there before, so that its words are not to be believed: a number that
 * is not that of a child of ours is no reason to send signals to it.
 */
static int
adopt(struct start *s, pid_t pid, struct err *e)
{
	siginfo_t info = { 0 };

	if (s->maker > 0 || pid == s->child.pid || pid <= 0 ||
	    waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) < 0)
		return fail(e, EPROTO, "process %d: not a child of ours", pid);
	s->maker = s->child.pid;
	auto_close(&s->child.pidfd);
	s->child.pid = pid;
	s->child.pidfd = process_pidfd(pid);
	if (s->child.pidfd < 0 && errno != ENOSYS)
		return fail_sys(e, "pidfd of process %d", pid);
	if (init_set_scheduler(s->spec, pid, e) < 0)
		return -1;
	if (s->plan->made && s->plan->made(s->plan->with, pid, e) < 0)
		return fail_in(e, "record");
	if (s->listener >= 0)
		return start_listener(s, take_fd(&s->listener), e);
	return sync_send(s->socket[0], SYNC_GO, NULL, -1, e);
}

/* Nobody but us has rights in the user namespace that the source is of. Later
 * somebody may be able to trace who asks. In the order of the mounts, and once
 * for each. */
static int
send_source(struct start *s, int number, struct err *e)
{
	AUTO(close) int tree = -1;

	if (number < s->next_source)
		return fail(e, EPROTO, "mount %d: asked for again", number);
	tree = init_mapped_source(&s->init, s->spec, number, e);
	s->next_source = number + 1;
	return tree < 0 ? -1 : sync_send(s->socket[0], SYNC_GO, NULL, tree, e);
}

/* What the child asks us to do. 1: that was it, and it goes on. */
static int
serve(struct start *s, const struct sync_message *m, int fd,
      enum sync_word awaited, struct err *e)
{
	int done;

	switch (m->word) {
	case SYNC_LISTENER:
		done = start_listener(s, fd, e);
		break;
	case SYNC_BORN:
		auto_close(&fd);
		done = adopt(s, m->err.code, e);
		break;
	case SYNC_SOURCE:
		auto_close(&fd);
		done = awaited != SYNC_MOUNTED || s->init.exec
		       ? fail(e, EPROTO, "it asks for a source")
		       : send_source(s, m->err.code, e);
		break;
	default:
		return 0;
	}
	return done < 0 ? -1 : 1;
}

int
start_hear(struct start *s, enum sync_word word, struct err *e)
{
	struct sync_message m;
	int fd, got;

	while ((got = sync_receive(s->socket[0], &m, &fd, e)) > 0) {
		int served = serve(s, &m, fd, word, e);

		if (served < 0)
			return -1;
		if (served)
			continue;
		keep_master(s, fd);
		if (m.word == SYNC_WARNING)
			log_warn("%s", m.err.text);
		if (m.word == SYNC_FAILED) {
			*e = m.err;
			s->said = true;
			return -1;
		}
		if (m.word == word)
			return 1;
	}
	return got;
}
