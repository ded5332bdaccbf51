/* SPDX-License-Identifier: ISC */
/* The door of `init`: the child, from clone to exec. */
#ifndef INIT_INIT_H
#define INIT_INIT_H

#include "base/err.h"
#include "spec/spec.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * What the parent did for this child and the spec cannot say; it comes as
 * words behind `init`, printed and read by init_plan_words and init_plan_read.
 *
 * join       descriptors of namespaces to enter (bits: namespace kinds that
 *            the pidfd `join_pidfd` gives; -1 fds are none). Where there is
 *            one of pids, who executes the command is born in it at the end,
 *            as a child of the parent's (BORN); a start needs mounts_proc_of
 *            for that
 * exec       enter a running container: no mounts, no pivot, no masks
 * fifo       wait on this descriptor of exec.fifo before exec; -1: do not
 * filter     this one of those compiled with us is the seccomp filter, and the
 *            spec does not say it again; -1: as the spec says
 * reaper     stay as pid 1: forward signals, reap, end with its status
 * id, bundle  for hooks inside of the container; NULL: there are none
 * log_level  of the parent
 */
#define INIT_MAX_JOIN 8

struct init_plan {
	int join_fd[INIT_MAX_JOIN]; /* by enum namespace_kind */
	int join_pidfd;
	uint64_t join_flags; /* CLONE_NEW… to enter through join_pidfd */
	int fifo, filter;
	int preserve; /* so many descriptors from SYNC_EXTRA_FD up are kept
	               * as 3, 4, … in the command */
	bool exec, reaper, no_pivot, no_new_keyring, new_cgroup_namespace;
	const char *id, *bundle;
	int log_level;
	bool log_json;
};

#define INIT_PLAN_NONE { \
	.join_fd = { -1, -1, -1, -1, -1, -1, -1, -1 }, \
	.join_pidfd = -1, .fifo = -1, .filter = -1, .log_level = 1 \
}

/* The whole argument vector for one plan, "mydocker" "init" "--exec"
 * "--join=net:5"; ended by NULL, in an arena. init_plan_read takes what stands
 * behind the first two. */
struct arena;
struct seccomp;
char **init_plan_words(const struct init_plan *plan, struct arena *a);
int init_plan_read(struct init_plan *plan, char **words, struct err *e) MUST;

/* Which of the filters compiled with us is that of the profile; -1: none. */
int init_filter(const struct seccomp *s);

/*
 * Be the child: read the command from fd 3, become it. Does not return on
 * success. On failure the error goes up fd 4 and the process ends.
 *
 * With no fd 4 (by hand: `mydocker init 3<file`) it makes the namespaces of
 * the spec itself and waits outside of them; the caller prints the error. A
 * parent has, before it closes fd 3: entered the pid namespace that is to be
 * joined, made all new ones but cgroup and time, written the id maps and
 * become their user 0. It answers MOUNTED with GO.
 */
int init_main(const struct init_plan *plan, struct err *e) MUST;

/* What hooks are told: the container, its state, and its first process, 0 when
 * that has ended. */
struct hook_call {
	const struct spec *spec;
	const char *id, *bundle, *status;
	pid_t pid;
};

/* Run hooks, in their order, with the state on their stdin. */
int init_hooks(const struct hook_call *call, const struct hook *hooks,
               size_t n, struct err *e) MUST;

/* The same where a failure is worth a warning, and the next one follows. */
void init_hooks_after(const struct hook_call *call, const struct hook *hooks,
                      size_t n);

/* The state as JSON, as runtime.md has it; no pid once that has ended. */
void init_state(const struct hook_call *call, struct buf *out);

/* execCPUAffinity: where the calling process may run, "0-3,7"; NULL leaves
 * it as it is. */
int init_set_affinity(const char *cpus, struct err *e) MUST;

/* process.scheduler, of one process; 0: the calling one. */
int init_set_scheduler(const struct spec *spec, pid_t pid,
                       struct err *e) MUST;

/* Move linux.netDevices into the network namespace: by its descriptor, or
 * that of the process. */
int init_net_devices(const struct spec *spec, int space, pid_t pid,
                     struct err *e) MUST;

/*
 * The parent's answer to SYNC_SOURCE: a copy of what the mount of that number
 * binds, its owners mapped, attached nowhere. The descriptors of the plan are
 * the caller's own.
 */
int init_mapped_source(const struct init_plan *plan, const struct spec *spec,
                       int number, struct err *e) MUST;

/*
 * Show the root of a container that does not run, an overlay if it is one, and
 * those of its mounts that bind something, as *root, a directory: to the
 * calling process alone, which from then on has a mount namespace of its own.
 * What it wants of the host it has to open before.
 */
int init_view(struct spec *spec, int *root, struct err *e) MUST;

/*
 * Mount what stands in spec->mounts into a container that runs, or take away
 * what is mounted at their destinations. Sources are the caller's, options as
 * at the start; all or nothing is mounted.
 *
 * plan     what to join, as for exec
 * errors   ENOTSUP  proc and cgroup, which are of the namespaces of who mounts
 *                   them; a kernel before 5.2
 *          EINVAL   remove: nothing is mounted there
 */
int init_mounts_live(const struct init_plan *plan, const struct spec *spec,
                     bool remove, struct err *e) MUST;

/*
 * Be pid 1 of a machine: mount /proc, /sys, /dev, run the words (or a shell),
 * reap, and power off at the end. Returns only on failure.
 */
int init_machine(char **words, struct err *e) MUST;

#endif
