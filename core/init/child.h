/* SPDX-License-Identifier: ISC */
/* Inside `init`: what the stages of the child hand to each other. */
#ifndef INIT_CHILD_H
#define INIT_CHILD_H

#include "init/init.h"
#include "spec/spec.h"
#include "sys/caps.h"
#include "sys/mounts.h"

#include <linux/filter.h>

/* What seccomp(2) takes. */
struct filter {
	const struct sock_filter *program;
	size_t n;
	unsigned int flags;
};

/*
 * bare      fd 3 held words, not a spec: nothing is set up
 * by_hand   there is no parent on fd 4, so we are our own
 * socket    fd 4, where answers go; -1 by hand
 * started   it is exec.fifo by now: there is only who started us to hear an
 *           error's text, and the end of the file when we execute the command
 * proc      the host's /proc as it was before anything was mounted, or the
 *           container's where the host has none; -1: neither
 * cwd       where relative paths of the spec begin
 * root      the container's root directory
 * workdir   process.cwd, opened; -1: only the user may open it
 * null      the container's /dev/null, known to be the device; -1: none
 * shroud    the empty file system that hides directories, attached; -1
 * master, slave  of the terminal, -1: none
 * program   what will be executed, found
 * filter    the program of the seccomp filter, once somebody has asked
 * filtered  it is in force
 * released  somebody has said start, and what is ours is closed
 * proc_inside  a start: that of the pid namespace that is joined, not attached
 * born      we are who was born in the container's pid namespace
 */

struct child {
	const struct init_plan *plan;
	struct spec spec;
	struct words command, environment;
	bool bare, by_hand, started, filtered, born, released;
	struct filter filter;
	int socket, proc, proc_inside, cwd, root, workdir, null, shroud;
	int master, slave;
	char *program;
	struct caps caps;
	uint64_t bounding, ambient;
};

/* Without a plan, a parent and anything that is open. */
#define CHILD_NONE \
	.socket = -1, .proc = -1, .proc_inside = -1, .cwd = -1, .root = -1, \
	.workdir = -1, .null = -1, .shroud = -1, .master = -1, .slave = -1

/* Where a stage applies: a new container, one more process in a container, a
 * bare command. */
enum { IN_START = 1, IN_EXEC = 2, IN_BARE = 4, IN_ALL = 7 };

struct stage {
	const char *name;
	int when;
	int (*run)(struct child *c, struct err *e);
};

/* The table, ended by a row without a name. */
extern const struct stage init_stages[];

/* The stages, in the order in which they run; each is a file. */
int init_config(struct child *c, struct err *e) MUST;
int init_session(struct child *c, struct err *e) MUST;
int init_root(struct child *c, struct err *e) MUST;
int init_mounts(struct child *c, struct err *e) MUST;
int init_devices(struct child *c, struct err *e) MUST;
int init_terminal(struct child *c, struct err *e) MUST;
int init_parent(struct child *c, struct err *e) MUST;
int init_hooks_create(struct child *c, struct err *e) MUST;
int init_workdir(struct child *c, struct err *e) MUST;
int init_pivot(struct child *c, struct err *e) MUST;
int init_masks(struct child *c, struct err *e) MUST;
int init_sysctl(struct child *c, struct err *e) MUST;
int init_limits(struct child *c, struct err *e) MUST;
int init_command(struct child *c, struct err *e) MUST;
int init_identity(struct child *c, struct err *e) MUST;
int init_seccomp(struct child *c, struct err *e) MUST;
int init_capabilities(struct child *c, struct err *e) MUST;
int init_birthplace(struct child *c, struct err *e) MUST;
int init_birth_early(struct child *c, struct err *e) MUST;
int init_birth(struct child *c, struct err *e) MUST;
int init_release(struct child *c, struct err *e) MUST;
int init_exec(struct child *c, struct err *e) MUST;

/* Something is less than was asked for, but the container can go on: tell the
 * parent, or log it. */
void init_warn(const struct child *c, const char *format, ...)
        __attribute__((format(printf, 2, 3)));

/* A new namespace of that kind is the container's own. */
bool init_has_new(const struct child *c, enum namespace_kind kind);

/* seccomp.c: a filter is to be loaded. */
bool init_has_filter(const struct child *c);
/* seccomp.c: whoever is under the filter may make this call. */
bool init_filter_allows(struct child *c, int call, const uint64_t args[6]);
/* seccomp.c: compile it, if that has not been done. */
int init_filter_compile(struct child *c, struct err *e) MUST;
/* birth.c: another process than this one will execute the command. */
bool init_is_to_be_born(const struct child *c);
/* seccomp.c: somebody outside answers for system calls. */
bool init_has_listener(const struct child *c);

/* session.c: by hand, make the namespaces that a parent would have made. */
int init_namespaces(struct child *c, struct err *e) MUST;

/* session.c: be id 0 of the user namespace that we have joined. */
int init_become_root(struct err *e) MUST;

/* hooks.c: those of the start, before the command. */
int init_hooks_start(struct child *c, struct err *e) MUST;

/* host_mounts.c: show the host's further mounts below the root, too. */
int init_host_mounts(struct child *c, bool readonly, struct err *e) MUST;

/* cgroupfs.c: the mount of type cgroup, whatever this host has. */
struct mount_options;
int init_mount_cgroups(struct child *c, const struct mount *m,
                       const struct mount_options *o, struct err *e) MUST;

/* place.c: prepare a place; file is what the source is. */
int init_place(const struct child *c, const char *path, bool file,
               struct mount_at *at, struct err *e) MUST;

/* reaper.c: does not return. */
void init_wait_for(pid_t pid) __attribute__((noreturn));
int init_reaper(struct child *c, struct err *e) MUST;

#endif
