/* SPDX-License-Identifier: ISC */
/* The door of `cgroup`: v2, v1, hybrid or none; make, limit, kill, measure. */
#ifndef CGROUP_CGROUP_H
#define CGROUP_CGROUP_H

#include "base/err.h"
#include "base/mem.h"
#include "cgroup/details.h"
#include "spec/spec.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum cgroup_layout { CGROUP_NONE, CGROUP_V1, CGROUP_HYBRID, CGROUP_V2 };

#define CGROUP_MAX 20 /* hierarchies, the named ones included */

/*
 * One mounted hierarchy, and the group's directory in it. The tree of v2, if
 * there is one, is the last.
 */
struct cgroup_tree {
	char name[104];  /* controllers, "cpu,cpuacct"; "" is v2 */
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
	bool fresh;     /* made by us: no limits in it, no processes */
	char path[256]; /* "/mydocker/ID" */
};

void auto_cgroup(struct cgroup *g); /* closes; the group stays */

enum cgroup_layout cgroup_layout(void);
/*
 * Make the group in every hierarchy, and on v2 enable the controllers on the
 * way down. Parents that are missing are made and stay. What a crash left
 * behind under that path is removed first.
 *
 * A hierarchy that is not ours to write is left out, and with no cgroup file
 * system at all g->layout is CGROUP_NONE; what cannot be limited then is
 * refused by cgroup_limit.
 *
 * errors   EEXIST  a group of that path has processes already
 *          EINVAL  not a path of a group
 */
int cgroup_make(struct cgroup *g, const char *path, struct err *e) MUST;

/* The same where somebody else may have made it, and be in it. */
int cgroup_adopt(struct cgroup *g, const char *path, struct err *e) MUST;

/* Find one again; hierarchies in which it is not are left out. */
int cgroup_open(struct cgroup *g, const char *path, struct err *e) MUST;

/*
 * Go on to a group below, which is there: in all hierarchies ("PATH", nothing
 * else), or in some of v1 ("CONTROLLER[,CONTROLLER]:PATH", as many as one
 * likes). errors: EINVAL, not of that form, a way out; ENOENT
 */
int cgroup_descend(struct cgroup *g, const struct words *where,
                   struct err *e) MUST;
/* Where v2 wants no processes in the group itself: to where that one is. */
int cgroup_follow(struct cgroup *g, pid_t pid, struct err *e) MUST;
/* EACCES: a mounted hierarchy was left out, as it is not ours to write. */
int cgroup_check_whole(const struct cgroup *g, struct err *e) MUST;
/* v2: give it to a user who may then make groups in it. */
int cgroup_delegate(const struct cgroup *g, uid_t uid, gid_t gid,
                    struct err *e) MUST;

/*
 * Put limits in force, all of spec.linux.resources, device rules included.
 * NULL is no limit. Also for `update`, where what is not set stays as it is.
 *
 * What cannot be enforced is an error, with two exceptions, which stand in
 * every container's spec without anybody having asked: device rules, where
 * the kernel has no way of enforcing any; and a pids limit of CGROUP_PIDS
 * where there is no pids controller. These are told at level info.
 *
 * errors   ENOTSUP  the controller is missing, and the text names it: "memory:
 *                   no such controller here; …"
 *          EBUSY    more memory is in use than the new limit
 *          EINVAL   a value that the kernel refuses, or that contradicts
 *                   another; the text names the file
 * source   runtime-spec, config-linux.md; cgroup-v2.rst; cgroup-v1/
 */
#define CGROUP_PIDS 2048
int cgroup_limit(const struct cgroup *g, const struct resources *r,
                 struct err *e) MUST;

/*
 * For the child to enter the v1 hierarchies on its own, as a single thread:
 * descriptors of `tasks` into which it writes "0". That spares the kernel's
 * global lock, which on an idle machine takes 5 ms and more to get. Into the
 * v2 tree a child is born (cgroup_birth_fd); where the kernel cannot do that
 * (before 5.7), the parent calls cgroup_attach. Negative descriptors are passed
 * over. All are close-on-exec, and the caller's to close.
 */
int cgroup_entries(const struct cgroup *g, int fds[CGROUP_MAX], size_t *n,
                   struct err *e) MUST;
int cgroup_enter(const int fds[], size_t n, struct err *e) MUST;

/* The directory for CLONE_INTO_CGROUP (v2, hybrid), or -1: v1 has none. */
int cgroup_birth_fd(const struct cgroup *g);

/* Put another process in, from outside. */
int cgroup_attach(const struct cgroup *g, pid_t pid, struct err *e) MUST;

/*
 * Signal every process of the group and of its sub-groups. SIGKILL goes by
 * cgroup.kill, or freeze, kill, thaw, until nobody is left, for 2 s at most;
 * frozen groups are thawed, so that it works.
 *
 * errors   ETIMEDOUT  somebody is left (in the kernel, uninterruptibly)
 */
int cgroup_kill(const struct cgroup *g, int signal, struct err *e) MUST;

/*
 * Stop all processes of the group, or let them go on; returns when it is so,
 * or with all going on.
 *
 * errors   ENOTSUP  neither cgroup.freeze nor a freezer hierarchy
 *          ETIMEDOUT  after 2 s
 */
int cgroup_freeze(const struct cgroup *g, bool frozen, struct err *e) MUST;
int cgroup_is_frozen(const struct cgroup *g); /* 1, 0 */
/* The processes of the group and of its sub-groups. */
int cgroup_pids(const struct cgroup *g, struct arena *a, pid_t **pids,
                size_t *n, struct err *e) MUST;

/* Remove the group and all below, retrying for 2 s; EBUSY: processes are left.
 * Twice is fine. The second form spares finding the mounts. */
int cgroup_remove(const char *path, struct err *e) MUST;
int cgroup_remove_open(struct cgroup *g, struct err *e) MUST;

/* To v2: cpu.shares, blkio.weight, and swap alone from memory and both. */
uint64_t cgroup_weight(uint64_t shares);
uint64_t cgroup_io_weight(uint64_t weight);
int cgroup_swap(int64_t limit, int64_t both, int64_t *swap, struct err *e) MUST;

#endif
