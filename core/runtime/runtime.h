/* SPDX-License-Identifier: ISC */
/* The door of `runtime`: the parent of a container's first process. */
#ifndef RUNTIME_RUNTIME_H
#define RUNTIME_RUNTIME_H

#include "base/err.h"
#include "spec/spec.h"

#include <stdbool.h>
#include <sys/types.h>

struct systemd_unit;

/* Who makes the group instead of us, with a process in it: systemd, for `oci`
 * when that is asked to; the functions are of the door of `systemd`. Without
 * `start` there is nobody, and the room is not needed. */
struct runtime_scope {
	const struct systemd_unit *unit;
	int (*start)(const struct systemd_unit *u, pid_t pid,
	             const struct spec *spec, struct err *e);
	int (*stop)(const struct systemd_unit *u, struct err *e);
};

/* Who does linux.intelRdt: the door of `resctrl`, for `oci`; the room is not
 * needed without. */
struct runtime_resctrl {
	int (*root)(struct err *e);
	int (*make)(int root, const struct intel_rdt *rdt, const char *id,
	            struct err *e);
	int (*enter)(int root, const struct intel_rdt *rdt, const char *id,
	             pid_t pid, struct err *e);
	int (*remove)(int root, const struct intel_rdt *rdt, const char *id,
	              struct err *e);
};

/*
 * How to start, beyond the spec. Begin with RUNTIME_PLAN_NONE.
 *
 * id        for hooks and messages
 * cgroup    the group's path, "/mydocker/ID"; NULL makes none
 * scope     who makes the group; nobody: it is made by us
 * resctrl   who does intelRdt; NULL: nobody
 * bundle    directory of config.json, for hooks and relative root paths;
 *           NULL: none
 * stdio     descriptors for the child's 0, 1 and 2; -1 is /dev/null
 * reaper    our own reaper is pid 1 (--init)
 * fifo      descriptor of exec.fifo: the command waits until somebody reads
 *           it, and runtime_started is the reader's to call; -1: do not wait
 * preserve  keep descriptors 3 … 3+preserve-1 of ours
 * rows, columns  the terminal's size, 0: not known
 * strict    every hierarchy that is mounted must take the group
 * below     runtime_exec: the group is one below, as cgroup_descend has it;
 *           NULL: it is the container's
 * into_pid  runtime_exec: the container's first process
 * made      called once the child is there and before it may run the command,
 *           while it sets itself up; a failure ends the start. Once more
 *           where another process takes its place, in a pid namespace that is
 *           joined
 */
struct runtime_plan {
	const char *id, *cgroup, *bundle;
	struct runtime_scope scope;
	const struct runtime_resctrl *resctrl;
	int stdio[3];
	bool reaper, no_pivot, no_new_keyring, strict;
	const struct words *below;
	int fifo;
	int preserve;
	unsigned short rows, columns;
	pid_t into_pid;
	int (*made)(void *with, pid_t pid, struct err *e);
	void *with;
};

#define RUNTIME_PLAN_NONE { \
	.stdio = { -1, -1, -1 }, .fifo = -1 \
}

/* What has been started; owns its descriptors. */
struct runtime_child {
	pid_t pid;
	int pidfd;
	int master; /* the terminal's master side, -1: none */
};

void auto_runtime_child(struct runtime_child *c);

/*
 * Start the container: cgroup, clone, id maps, network, hooks, exec. Returns
 * when the command runs (or waits on its fifo). On failure all is undone and
 * e->status tells 125, 126 or 127.
 *
 * errors   as the stage says that failed, its name in front: "mounts: …"
 */
int runtime_start(const struct spec *spec, const struct runtime_plan *plan,
                  struct runtime_child *child, struct err *e) MUST;

/*
 * Start one more process in a running container: in its namespaces and
 * cgroup, with the capabilities, seccomp filter and limits of `spec`, whose
 * process part the caller has changed to what is to run.
 *
 * into     a pidfd of the container's first process, plan->into_pid, known to
 *          be alive; -1 on kernels that have no pidfds
 */
int runtime_exec(const struct spec *spec, const struct runtime_plan *plan,
                 int into, struct runtime_child *child, struct err *e) MUST;

/*
 * Mount what stands in spec->mounts into a running container, or take it away
 * again; `into` as above. Errors as of init_mounts_live.
 */
int runtime_mounts(const struct spec *spec, const struct runtime_plan *plan,
                   int into, bool remove, struct err *e) MUST;

/*
 * For a process that somebody else makes, by restoring it: the group with its
 * limits, with `pid` in it, whose children will be, too; and the hooks that
 * run once there are namespaces, whose first process that is. A failure of the
 * former leaves no group.
 */
int runtime_group(const struct spec *spec, const struct runtime_plan *plan,
                  pid_t pid, struct err *e) MUST;
int runtime_hooks(const struct spec *spec, const struct runtime_plan *plan,
                  pid_t pid, struct err *e) MUST;

/* The command runs: run poststart hooks, where the start was to wait. */
void runtime_started(const struct spec *spec, const struct runtime_plan *plan,
                     pid_t pid);

/* A container is gone, or a start has failed and been undone: run poststop
 * hooks. */
void runtime_stopped(const struct spec *spec, const struct runtime_plan *plan);

/*
 * Take away what is left of a container that has ended: kill what remains in
 * its cgroup, remove that, run poststop hooks. Works from the record alone,
 * in any process, twice.
 */
int runtime_remove(const struct spec *spec, const struct runtime_plan *plan,
                   struct err *e) MUST;

#endif
