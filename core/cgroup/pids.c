/* SPDX-License-Identifier: ISC */
/* Who is in a group, its sub-groups included; and signals to all of them. */
#include "base/log.h"
#include "cgroup/parts.h"
#include "sys/clock.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PATIENCE 2000000000
#define LATE 8 /* turns: some ten milliseconds */

struct list {
	struct arena *arena;
	pid_t *v;
	size_t n;
	bool others; /* there are some that our pid namespace does not see */
};

/* A threaded group lists no processes (EOPNOTSUPP); its domain does. */
static int
list_here(int dir, struct list *list)
{
	AUTO(close) int fd = cgroup_knob_open(dir, "cgroup.procs", O_RDONLY);
	AUTO(fclose) FILE *f = fd < 0 ? NULL : fdopen(fd, "r");
	char line[32];

	if (!f)
		return errno == ENOENT || errno == ENODEV ? 0 : -1;
	take_fd(&fd);
	while (fgets(line, sizeof(line), f)) {
		long pid = strtol(line, NULL, 10);

		if (pid == 0)
			list->others = true;
		else
			*LIST_ADD(list->arena, list->v, list->n) = (pid_t)pid;
	}
	return ferror(f) && errno != EOPNOTSUPP && errno != ENODEV ? -1 : 0;
}

/* The sub-groups that have been seen but not visited yet. */
struct todo {
	struct arena *arena;
	char **v;
	size_t n;
};

static int
add_children(int dir, const char *path, struct todo *todo)
{
	int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;

	if (!d) {
		auto_close(&fd);
		return errno == ENOENT ? 0 : -1;
	}
	while ((entry = readdir(d))) {
		if (entry->d_type != DT_DIR ||
		    strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0)
			continue;
		*LIST_ADD(todo->arena, todo->v, todo->n) =
		        arena_format(todo->arena, "%s/%s", path,
		                     entry->d_name);
	}
	closedir(d);
	return 0;
}

static int
list_all(int top, struct list *list)
{
	struct todo todo = { list->arena, NULL, 0 };

	if (list_here(top, list) < 0 || add_children(top, ".", &todo) < 0)
		return -1;
	for (size_t i = 0; i < todo.n; i++) {
		AUTO(close) int dir = openat(top, todo.v[i], O_RDONLY |
		                             O_DIRECTORY | O_CLOEXEC |
		                             O_NOFOLLOW);

		if (dir < 0 && errno == ENOENT)
			continue;
		if (dir < 0 || list_here(dir, list) < 0 ||
		    add_children(dir, todo.v[i], &todo) < 0)
			return -1;
	}
	return 0;
}

bool
cgroup_is_busy(int dir)
{
	AUTO(arena) struct arena a = { 0 };
	struct list list = { &a, NULL, 0, false };

	return list_all(dir, &list) < 0 || list.n || list.others;
}

int
cgroup_pids(const struct cgroup *g, struct arena *a, pid_t **pids, size_t *n,
            struct err *e)
{
	const struct cgroup_tree *t = cgroup_main_tree(g);
	struct list list = { a, NULL, 0, false };

	if (t && list_all(t->dir, &list) < 0)
		return fail_sys(e, "processes of cgroup %s", g->path);
	*pids = list.v;
	*n = list.n;
	return 0;
}

/* Returns how many were there. */
static int
signal_all(const struct cgroup *g, int signal, struct err *e)
{
	AUTO(arena) struct arena a = { 0 };
	pid_t *pids;
	size_t n;

	if (cgroup_pids(g, &a, &pids, &n, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (kill(pids[i], signal) < 0 && errno != ESRCH)
			return fail_sys(e, "signal %d to process %d", signal,
			                (int)pids[i]);
	return n > INT32_MAX ? INT32_MAX : (int)n;
}

/*
 * Dying takes processor time, and before Linux 6.18 whoever has used up his
 * quota waits for the next period first. Nobody is to be left in here, so it is
 * lifted, for those that are not gone at once.
 */
static void
lift_quota(const struct cgroup *g)
{
	const struct cgroup_tree *v1 = cgroup_tree(g, "cpu");
	const struct cgroup_tree *t = v1 ? v1 : cgroup_tree(g, "");

	if (t && t->dir >= 0 &&
	    cgroup_knob_put(t->dir, v1 ? "cpu.cfs_quota_us" : "cpu.max",
	                    v1 ? "-1" : "max") < 0)
		log_debug("cgroup %s: its quota stays", g->path);
}

/*
 * One that forks while we read the list gets away, but not for ever: while
 * they are frozen they cannot fork. Frozen by v1 they cannot die either, so
 * the first turn thaws, too: the group may have been paused.
 */
static int
kill_by_list(const struct cgroup *g, int64_t end, struct err *e)
{
	int64_t nap = 0;

	for (int turn = 0;; turn++) {
		struct err ignored;
		bool frozen = turn > 1 && cgroup_freeze(g, true, &ignored) == 0;
		int n = signal_all(g, SIGKILL, e);

		if (frozen && cgroup_freeze(g, false, e) < 0)
			return -1;
		if (turn == 0 && cgroup_is_frozen(g) &&
		    cgroup_freeze(g, false, e) < 0)
			return -1;
		if (n <= 0)
			return n;
		if (turn == LATE)
			lift_quota(g);
		if (!cgroup_nap(&nap, end))
			return fail(e, ETIMEDOUT, "cgroup %s: %d processes "
			            "cannot be killed", g->path, n);
	}
}

static bool
is_populated(const struct cgroup_tree *t)
{
	return cgroup_number_of(t, "cgroup.events", "populated") == 1;
}

static int
kill_all(const struct cgroup *g, struct err *e)
{
	const struct cgroup_tree *v2 = cgroup_tree(g, "");
	int64_t end = clock_ns() + PATIENCE, nap = 0;

	if (!v2 || v2->dir < 0 ||
	    cgroup_knob_put(v2->dir, "cgroup.kill", "1") < 0)
		return kill_by_list(g, end, e);
	for (int turn = 0; is_populated(v2); turn++) {
		struct err ignored;

		if (turn == LATE)
			lift_quota(g);

		/* A group that v1 has frozen cannot die. */
		if (nap && cgroup_tree(g, "freezer") &&
		    cgroup_freeze(g, false, &ignored) < 0)
			return kill_by_list(g, end, e);
		if (!cgroup_nap(&nap, end))
			return fail(e, ETIMEDOUT, "cgroup %s: some processes "
			            "cannot be killed", g->path);
	}
	return 0;
}

/* Somebody has removed it meanwhile, so nobody was left in it. */
static bool
is_removed(const struct cgroup *g)
{
	for (size_t i = 0; i < g->n_trees; i++)
		if (g->trees[i].dir >= 0 &&
		    faccessat(g->trees[i].dir, "cgroup.procs", F_OK, 0) == 0)
			return false;
	return true;
}

int
cgroup_kill(const struct cgroup *g, int signal, struct err *e)
{
	if (signal != SIGKILL)
		return signal_all(g, signal, e) < 0 ? -1 : 0;
	return kill_all(g, e) < 0 && !is_removed(g) ? -1 : 0;
}
