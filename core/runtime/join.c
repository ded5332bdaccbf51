/* SPDX-License-Identifier: ISC */
/* Which namespaces a child gets: new ones, named ones, a container's. */
#include "runtime/start.h"
#include "spec/spec.h"
#include "sys/mounts.h"
#include "sys/process.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* The child makes these itself: the one after it has entered its cgroup, the
 * other because its clocks must be set before anybody is in it. */
static bool
is_made_by_init(enum namespace_kind kind)
{
	return kind == NAMESPACE_CGROUP || kind == NAMESPACE_TIME;
}

/*
 * A namespace goes to the child by descriptor. Into that of pids one can only
 * be born: at the end, if the child can do the rest from outside, for there may
 * be somebody in there who may trace it; else at once, and then it stays here.
 */
static int *
place_of(struct start *s, enum namespace_kind kind)
{
	return kind == NAMESPACE_PID ? &s->pid_space : &s->init.join_fd[kind];
}

/* Who is in a user namespace of its own has no rights in one of pids that was
 * there before: only we can send a child there. */
static bool
can_be_late(const struct start *s, int pids)
{
	const struct namespace_row *user = spec_namespace(s->spec,
	                                                  NAMESPACE_USER);

	return !(user && !user->path) && mounts_has_proc_of(pids);
}

int
start_namespaces(struct start *s, struct err *e)
{
	for (int kind = 0; kind < NAMESPACE_KINDS; kind++) {
		const struct namespace_row *row =
		        spec_namespace(s->spec, (enum namespace_kind)kind);
		int *place = place_of(s, (enum namespace_kind)kind);

		if (!row)
			continue;
		if (row->path) {
			*place = open(row->path, O_RDONLY | O_CLOEXEC);
			if (*place < 0)
				return fail_sys(e, "%s", row->path);
			if (kind == NAMESPACE_PID && can_be_late(s, *place))
				s->init.join_fd[kind] = take_fd(place);
		} else if (kind == NAMESPACE_CGROUP) {
			s->init.new_cgroup_namespace = true;
		} else if (!is_made_by_init((enum namespace_kind)kind)) {
			s->flags |= spec_namespaces[kind].clone_flag;
		}
	}
	if (s->init.join_fd[NAMESPACE_USER] >= 0 && s->flags)
		return fail(e, ENOTSUP, "new namespaces inside a user "
		            "namespace that exists already: not supported; "
		            "join its other namespaces, too");
	return 0;
}

/* Is this namespace of the process another than ours? */
static bool
is_foreign(int theirs, int ours, const char *file)
{
	struct stat a, b;

	if (fstatat(theirs, file, &a, 0) < 0)
		return false; /* the kernel has no such kind */
	return fstatat(ours, file, &b, 0) < 0 || a.st_ino != b.st_ino ||
	       a.st_dev != b.st_dev;
}

static int
open_foreign(struct start *s, int theirs, uint64_t flags, struct err *e)
{
	for (int kind = 0; kind < NAMESPACE_KINDS; kind++) {
		const struct namespace_fact *fact = &spec_namespaces[kind];
		int *place = &s->init.join_fd[kind];

		if (!(flags & fact->clone_flag))
			continue;
		*place = openat(theirs, fact->file, O_RDONLY | O_CLOEXEC);
		if (*place < 0)
			return fail_sys(e, "%s namespace", fact->name);
	}
	return 0;
}

/* A kernel before 5.8 takes no pidfd in setns(); ours, with a namespace that
 * we are in, serves for trying. */
static bool
has_setns_by_pidfd(int into)
{
	AUTO(close) int own = into < 0 ? -1 : process_pidfd(getpid());

	return own >= 0 && (setns(own, CLONE_NEWUTS) == 0 || errno != EINVAL);
}

/* The numbers under /proc are those of the process that we mean only if that
 * has not ended and left its pid to another. */
static int
open_alive(pid_t pid, int into, struct err *e)
{
	AUTO(close) int theirs = -1;
	char path[32];

	snprintf(path, sizeof(path), "/proc/%d/ns", pid);
	theirs = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (theirs < 0)
		return fail_sys(e, "%s", path);
	if (into >= 0 && process_signal(into, pid, 0, e) < 0)
		return -1;
	return take_fd(&theirs);
}

int
start_join(struct start *s, int into, struct err *e)
{
	AUTO(close) int theirs = open_alive(s->plan->into_pid, into, e);
	AUTO(close) int ours = -1;
	uint64_t flags = 0;

	if (theirs < 0)
		return -1;
	ours = open("/proc/self/ns", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (ours < 0)
		return fail_sys(e, "/proc/self/ns");
	for (int kind = 0; kind < NAMESPACE_KINDS; kind++)
		if (is_foreign(theirs, ours, spec_namespaces[kind].file))
			flags |= spec_namespaces[kind].clone_flag;
	if (!has_setns_by_pidfd(into))
		return open_foreign(s, theirs, flags, e);
	s->init.join_flags = flags;
	s->init.join_pidfd = into;
	return 0;
}
