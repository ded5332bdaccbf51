/* SPDX-License-Identifier: ISC */
/* The door of `cgroup`: v2, v1, hybrid or none; make, limit, kill, measure. */
#ifndef CGROUP_CGROUP_H
#define CGROUP_CGROUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/err.h"
#include "base/mem.h"
#include "spec/spec.h"

enum cgroup_layout { CGROUP_NONE, CGROUP_V1, CGROUP_HYBRID, CGROUP_V2 };

/* Most hierarchies that a v1 host mounts, the named ones included. */
#define CGROUP_MAX 20

/* One mounted hierarchy, and the group's directory in it. */
struct cgroup_tree {
	char name[40];   /* controllers, "cpu,cpuacct"; "" is v2 */
	char mount[128]; /* "/sys/fs/cgroup/memory" */
	int dir;         /* the group's own directory, -1: not there */
};

/*
 * One group, in all hierarchies. `path` is relative to each mount point and
 * the same in all of them; it alone is in records, and is enough to find the
 * group again (cgroup_open).
 */
struct cgroup {
	enum cgroup_layout layout;
	struct cgroup_tree trees[CGROUP_MAX];
	size_t n_trees;
	char path[256]; /* "/mydocker/ID" */
};

void auto_cgroup(struct cgroup *g); /* closes; the group stays */

enum cgroup_layout cgroup_layout(void);

/*
 * Make the group in every hierarchy, and on v2 enable the controllers on the
 * way down. With no cgroup file system at all g->layout is CGROUP_NONE and
 * the call succeeds: limits are then refused by cgroup_limit.
 *
 * errors   EEXIST  a group of that path has processes already
 *          EROFS, EACCES  the hierarchy is not ours to write
 */
int cgroup_make(struct cgroup *g, const char *path, struct err *e) MUST;

/* Find a group again; hierarchies in which it is not are left out. */
int cgroup_open(struct cgroup *g, const char *path, struct err *e) MUST;

/*
 * Put limits in force, all of spec.linux.resources, device rules included.
 * NULL is no limit. Also for `update`.
 *
 * errors   ENOTSUP  the controller is missing, and the text names it and the
 *                   option: "memory: no such controller here; …"
 */
int cgroup_limit(const struct cgroup *g, const struct resources *r,
                 struct err *e) MUST;

/*
 * For the child to enter on its own: descriptors of `tasks` (v1) or
 * `cgroup.procs` into which the child writes "0" before it does anything else.
 * Writing 0 from a single thread spares the kernel's global lock.
 * For v2, -1 when the child is to be born in it (cgroup_birth_fd).
 */
int cgroup_entries(const struct cgroup *g, int fds[CGROUP_MAX], size_t *n,
                   struct err *e) MUST;
int cgroup_enter(const int fds[], size_t n, struct err *e) MUST;

/* The directory for CLONE_INTO_CGROUP, or -1 (v1 has none). */
int cgroup_birth_fd(const struct cgroup *g);

/* Put another process in, from outside (the fallback). */
int cgroup_attach(const struct cgroup *g, pid_t pid, struct err *e) MUST;

/* cgroup.kill, or freeze, kill, thaw until nobody is left, for 2 s at most. */
int cgroup_kill(const struct cgroup *g, int signal, struct err *e) MUST;
int cgroup_freeze(const struct cgroup *g, bool frozen, struct err *e) MUST;
int cgroup_is_frozen(const struct cgroup *g);
int cgroup_pids(const struct cgroup *g, struct arena *a, pid_t **pids,
                size_t *n, struct err *e) MUST;

/*
 * Remove the group and its sub-groups, retrying EBUSY for 2 s. Twice is fine.
 */
int cgroup_remove(const char *path, struct err *e) MUST;

/* How often the kernel's OOM killer ended a process of the group. */
int64_t cgroup_oom_kills(const struct cgroup *g);

#endif
