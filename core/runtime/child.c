/* SPDX-License-Identifier: ISC */
/* The child, from clone to the exec of `init`, and the maps of its ids. */
#include "base/mem.h"
#include "runtime/start.h"
#include "sys/fd.h"
#include "sys/process.h"
#include "sys/signal.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <inttypes.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

/* As many as fd_arrange takes. */
#define MOST_FDS 64

/* The descriptors that the child is to have, in order, from 0 up. */
struct list {
	int v[MOST_FDS];
	size_t n;
};

static int
list_add(struct list *l, int fd, struct err *e)
{
	if (l->n == MOST_FDS)
		return fail(e, E2BIG, "more than %d descriptors", MOST_FDS);
	l->v[l->n] = fd;
	return (int)l->n++;
}

/* Give away a descriptor that the init plan names, under its new number. */
static int
list_move(struct list *l, int *fd, struct err *e)
{
	int number;

	if (*fd < 0)
		return 0;
	number = list_add(l, *fd, e);
	if (number < 0)
		return -1;
	*fd = number;
	return 0;
}

/* A regular file with that name would be a place to leak to: look at it. */
static int
open_null(struct start *s, struct err *e)
{
	struct stat st;

	for (int i = 0; i < 3 && s->null < 0; i++) {
		if (s->plan->stdio[i] >= 0)
			continue;
		s->null = open("/dev/null", O_RDWR | O_CLOEXEC);
		if (s->null < 0 && errno == ENOENT)
			return 0; /* a bare root: it stays closed */
		if (s->null < 0 || fstat(s->null, &st) < 0)
			return fail_sys(e, "/dev/null");
		if (!S_ISCHR(st.st_mode) || st.st_rdev != makedev(1, 3))
			return fail(e, ENODEV, "/dev/null: not the null "
			            "device");
	}
	return 0;
}

/* The init plan's numbers become those of the child: `plan` is a copy. */
static int
list_fds(const struct start *s, struct init_plan *plan, struct list *l,
         struct err *e)
{
	for (int i = 0; i < 3; i++) {
		int fd = s->plan->stdio[i];

		if (list_add(l, fd >= 0 ? fd : s->null, e) < 0)
			return -1;
	}
	if (list_add(l, s->config[0], e) < 0 ||
	    list_add(l, s->socket[1], e) < 0)
		return -1;
	for (int i = 0; i < s->plan->preserve; i++)
		if (list_add(l, SYNC_CONFIG_FD + i, e) < 0)
			return -1;
	if (list_move(l, &plan->fifo, e) < 0 ||
	    list_move(l, &plan->join_pidfd, e) < 0)
		return -1;
	for (int i = 0; i < INIT_MAX_JOIN; i++)
		if (list_move(l, &plan->join_fd[i], e) < 0)
			return -1;
	return list_add(l, s->self, e);
}

/*
 * In a new user namespace: until the maps are written we are nobody, and an
 * exec would take our capabilities away. The configuration comes after the
 * maps, so its first byte says that they are there.
 */
static int
wait_for_ids(const struct start *s, struct err *e)
{
	struct pollfd config = { .fd = s->config[0], .events = POLLIN };

	close(s->config[1]);
	close(s->socket[0]);
	while (poll(&config, 1, -1) < 0)
		if (errno != EINTR)
			return fail_sys(e, "poll");
	if (setresgid(0, 0, 0) < 0 || setresuid(0, 0, 0) < 0)
		return fail_sys(e, "id 0 of the user namespace");
	/* Refused where setgroups is denied, and then none are ours. */
	if (setgroups(0, NULL) < 0 && errno != EPERM)
		return fail_sys(e, "setgroups");
	return 0;
}

/*
 * What the child is to do, made ready before it is there: it may share our
 * memory.
 *
 * fds   its descriptors, in order; the last is our own file
 * argv  of `init`
 */
struct birth {
	struct start *s;
	struct list fds;
	char **argv;
};

/* Nothing of the caller's environment concerns the child, nor do descriptors
 * that whoever started us has left open; our own file is the last of ours. */
static int
exec_init(const struct birth *b, struct err *e)
{
	int self = (int)b->fds.n - 1;
	char *no_environment[] = { NULL };

	if (fd_cloexec_from(self, e) < 0)
		return -1;
	syscall(SYS_execveat, self, "", b->argv, no_environment,
	        AT_EMPTY_PATH);
	return fail_sys(e, "exec of our own file");
}

/* What the child does before it is `init`; returns only on failure. *socket is
 * where it can be heard. */
static int
become_init(const struct birth *b, int *socket, struct err *e)
{
	const struct start *s = b->s;

	const struct cpu_affinity *where = s->spec->process->cpu_affinity;

	*socket = s->socket[1];
	if (s->init.exec && where && init_set_affinity(where->initial, e) < 0)
		return -1;
	if (cgroup_enter(s->entries, s->n_entries, e) < 0)
		return fail_in(e, "cgroup");
	if (s->flags & CLONE_NEWUSER && wait_for_ids(s, e) < 0)
		return -1;
	if (fd_arrange(b->fds.v, b->fds.n, 0, e) < 0)
		return -1;
	*socket = SYNC_SOCKET_FD;
	signal_reset();
	return exec_init(b, e);
}

static void
run_child(void *with)
{
	struct err said = { .status = STATUS_OURS }, unheard;
	int socket;

	if (become_init(with, &socket, &said) < 0 &&
	    sync_send(socket, SYNC_FAILED, &said, -1, &unheard) < 0)
		_exit(STATUS_NOT_EXECUTABLE);
	_exit(STATUS_OURS);
}

/*
 * setns() on a pid namespace is for children to come; ours is given back at
 * once, so that the hooks are not born in there.
 */
static int
clone_into(struct birth *b, bool *born, struct err *e)
{
	struct start *s = b->s;
	AUTO(close) int own = -1;
	struct process_spawn how = {
		.flags = s->flags,
		.cgroup = cgroup_birth_fd(&s->group),
		.child = run_child, .with = b, .pidfd = -1,
	};

	if (s->pid_space >= 0) {
		own = open("/proc/self/ns/pid", O_RDONLY | O_CLOEXEC);
		if (own < 0)
			return fail_sys(e, "/proc/self/ns/pid");
		if (setns(s->pid_space, CLONE_NEWPID) < 0)
			return fail_sys(e, "pid namespace");
	}
	s->child.pid = process_spawn(&how, e);
	s->child.pidfd = how.pidfd;
	if (own >= 0 && setns(own, CLONE_NEWPID) < 0)
		return fail_sys(e, "our own pid namespace");
	*born = how.born;
	return s->child.pid < 0 ? -1 : 0;
}

/* The ends that are the child's must be closed here, or no end of file would
 * ever be seen. */
static void
close_theirs(struct start *s)
{
	auto_close(&s->config[0]);
	auto_close(&s->socket[1]);
	s->config[0] = s->socket[1] = -1;
}

int
start_child(struct start *s, struct err *e)
{
	AUTO(arena) struct arena a = { 0 };
	struct init_plan plan = s->init;
	struct birth b = { .s = s };
	bool born = false;

	if (open_null(s, e) < 0)
		return -1;
	s->self = process_sealed_self(e);
	if (s->self < 0 || list_fds(s, &plan, &b.fds, e) < 0)
		return -1;
	b.argv = init_plan_words(&plan, &a);
	if (clone_into(&b, &born, e) < 0)
		return -1;
	close_theirs(s);
	if (cgroup_birth_fd(&s->group) >= 0 && !born)
		return cgroup_attach(&s->group, s->child.pid, e);
	return 0;
}

void
start_kill(struct start *s)
{
	struct err ignored;
	int status;

	if (s->child.pid <= 0)
		return;
	if (process_signal(s->child.pidfd, s->child.pid, SIGKILL,
	                   &ignored) == 0 &&
	    process_wait(s->child.pid, &status, &ignored) == 0)
		s->child.pid = -1;
}

/* The kernel takes a map in one write, and once. */
static int
write_map(int proc, const char *name, const struct id_map *maps, size_t n,
          struct err *e)
{
	AUTO(buf) struct buf text = { 0 };

	for (size_t i = 0; i < n; i++)
		buf_format(&text, "%" PRIu32 " %" PRIu32 " %" PRIu32 "\n",
		           maps[i].inside, maps[i].outside, maps[i].count);
	if (n && fd_write_at(proc, name, text.data) < 0)
		return fail_sys(e, "%s", name);
	return 0;
}

int
start_ids(struct start *s, struct err *e)
{
	const struct linux_part *l = s->spec->linux_part;
	AUTO(close) int proc = -1;
	char path[32];

	if (!(s->flags & CLONE_NEWUSER))
		return 0;
	snprintf(path, sizeof(path), "/proc/%d", s->child.pid);
	proc = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (proc < 0)
		return fail_sys(e, "%s", path);
	if (write_map(proc, "uid_map", l->uid_maps, l->n_uid_maps, e) < 0)
		return -1;
	/* Whoever lacks CAP_SETGID here may map groups only after this. */
	if (geteuid() != 0 && fd_write_at(proc, "setgroups", "deny") < 0)
		return fail_sys(e, "setgroups");
	return write_map(proc, "gid_map", l->gid_maps, l->n_gid_maps, e);
}
