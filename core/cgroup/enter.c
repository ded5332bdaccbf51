/* SPDX-License-Identifier: ISC */
/* Getting a process into its group, in every hierarchy. */
#include "base/log.h"
#include "cgroup/parts.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

/*
 * Moving a whole process takes a lock that stops all forks and exits of the
 * machine, and getting it waits for a grace period of RCU (5 to 20 ms when the
 * machine is idle). A single thread that moves itself needs no such lock.
 *
 * source   cgroup_procs_write_start in kernel/cgroup/cgroup.c
 */
int
cgroup_entries(const struct cgroup *g, int fds[CGROUP_MAX], size_t *n,
               struct err *e)
{
	size_t count = 0;

	for (size_t i = 0; i < g->n_trees; i++) {
		const struct cgroup_tree *t = &g->trees[i];

		if (t->dir < 0 || !*t->name)
			continue;
		fds[count] = cgroup_knob_open(t->dir, "tasks", O_WRONLY);
		if (fds[count++] >= 0)
			continue;
		fail_sys(e, "%s%s/tasks", t->mount, g->path);
		while (--count)
			close(fds[count - 1]);
		return -1;
	}
	*n = count;
	return 0;
}

static int
refused(struct err *e)
{
	if (errno == ENOSPC)
		return fail(e, ENOSPC, "cpuset: the group has no processors "
		            "or no memory nodes");
	if (errno == EBUSY)
		return fail(e, EBUSY, "the group hands controllers down, and "
		            "so cannot hold processes itself (v2)");
	if (errno == EOPNOTSUPP)
		return fail(e, EOPNOTSUPP, "the group lies below a threaded "
		            "one, and cannot hold processes (v2)");
	return fail_sys(e, "entering the cgroup");
}

int
cgroup_enter(const int fds[], size_t n, struct err *e)
{
	for (size_t i = 0; i < n; i++)
		if (fds[i] >= 0 && write(fds[i], "0", 1) < 0)
			return refused(e);
	return 0;
}

int
cgroup_birth_fd(const struct cgroup *g)
{
	const struct cgroup_tree *t = cgroup_tree(g, "");

	return t ? t->dir : -1;
}

int
cgroup_attach(const struct cgroup *g, pid_t pid, struct err *e)
{
	char text[16];

	snprintf(text, sizeof(text), "%d", (int)pid);
	for (size_t i = 0; i < g->n_trees; i++) {
		const struct cgroup_tree *t = &g->trees[i];

		if (t->dir < 0 ||
		    cgroup_knob_put(t->dir, "cgroup.procs", text) == 0)
			continue;
		refused(e);
		return fail_in(e, "process %d, %s%s", (int)pid, t->mount,
		               g->path);
	}
	return 0;
}
