/* SPDX-License-Identifier: ISC */
/* Inside `runtime`: what the steps of one start hand to each other. */
#ifndef RUNTIME_START_H
#define RUNTIME_START_H

#include "cgroup/cgroup.h"
#include "init/init.h"
#include "runtime/runtime.h"
#include "sync/sync.h"

/*
 * config     the pipe that becomes fd 3 of the child; ours is [1]
 * socket     the pair of which it gets fd 4; ours is [0]
 * entries    what the child writes to, to enter its v1 cgroups
 * init       what the child is told in words; its descriptors are ours here
 * flags      namespaces to clone with
 * pid_space  descriptor of a pid namespace to be born in, -1: none
 * holder     pid of a process that keeps systemd's scope alive, until the
 *            child is in it
 * maker      pid of who was the child until it had another in its place
 * self       our own file, sealed
 * null       /dev/null, -1: nobody needs it
 * resctrl    where that is mounted, -1: it is not needed
 * listener   of a seccomp filter, until there is who the command will be; -1
 * next_source  the first mount of which the child may still ask the source
 * said       the error came from the child, who has named its place
 */
struct start {
	const struct spec *spec;
	const struct runtime_plan *plan;
	struct runtime_child child;
	int config[2], socket[2];
	struct cgroup group;
	int entries[CGROUP_MAX];
	size_t n_entries;
	struct init_plan init;
	uint64_t flags;
	int pid_space, self, null, resctrl, listener;
	pid_t maker, holder;
	int next_source;
	bool said, group_is_ours, resctrl_is_ours;
};

void start_begin(struct start *s, const struct spec *spec,
                 const struct runtime_plan *plan);
void auto_start(struct start *s); /* closes; undoes nothing */

/* One thing to do, and how to undo it; `undo` is also called when `make` has
 * failed half-way. */
struct step {
	const char *name;
	int (*make)(struct start *s, struct err *e);
	void (*undo)(struct start *s);
};

/* Make row by row; on failure undo in reverse. The table ends with a row
 * without a name. */
int start_steps(struct start *s, const struct step *steps,
                struct err *e) MUST;

/* Steps that start and exec share. */
int start_sync(struct start *s, struct err *e) MUST;
int start_config(struct start *s, struct err *e) MUST;

/* The scope, with somebody in it, by systemd; all gone again. */
int start_scope(struct start *s, struct err *e) MUST;
void start_release_scope(struct start *s);
void start_drop_scope(struct start *s);

/* Which namespaces are new, and descriptors of those that are not. */
int start_namespaces(struct start *s, struct err *e) MUST;
/* The same for one more process in a running container. */
int start_join(struct start *s, int into, struct err *e) MUST;

int start_child(struct start *s, struct err *e) MUST;
void start_kill(struct start *s);
int start_ids(struct start *s, struct err *e) MUST;

/*
 * Where the container shares the caller's mounts: take its root away again,
 * which init_root has bound over itself, and all that is mounted in it. Twice,
 * it does nothing.
 */
void start_leave_root(const struct spec *spec,
                      const struct runtime_plan *plan);

/*
 * Pass a seccomp filter's descriptor on to who listens at the profile's path;
 * it is closed. Where the child is still outside of the pid namespace that it
 * joins, that waits until somebody is born, whose pid it is to be.
 */
int start_listener(struct start *s, int fd, struct err *e) MUST;

/*
 * Hear the child out until it has said `word` (returns 1) or has closed its
 * side (0), which it does by executing the command or by dying.
 */
int start_hear(struct start *s, enum sync_word word, struct err *e) MUST;

#endif
