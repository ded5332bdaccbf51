/* SPDX-License-Identifier: ISC */
/* Inside `init`: the kinds of mounts, each in a file of its own. */
#ifndef INIT_MOUNTS_H
#define INIT_MOUNTS_H

#include "init/child.h"
#include "init/mount_options.h"

/* One of the spec's; not an overlay at "/". */
int init_mount(struct child *c, const struct mount *m, struct err *e) MUST;

/*
 * Nothing but procfs may be at /proc, and nothing in it be replaced, for what
 * is written there decides on labels and limits (CVE-2019-16884,
 * CVE-2019-19921).
 *
 * source   what is bound there, -1: a new file system
 */
int init_check_proc(const struct mount *m, int source, int place,
                    struct err *e) MUST;

/*
 * A bind in two parts, for who finds its source in another place than that
 * where it goes. The first fills in `b`, of which `source` and, if it is one,
 * `change.userns` are the caller's to close; the second mounts it.
 */
int init_bind_source(struct child *c, const struct mount *m,
                     const struct mount_options *o, struct mount_bind *b,
                     struct err *e) MUST;
int init_bind_on(struct child *c, const struct mount *m,
                 const struct mount_bind *b, struct err *e) MUST;

/*
 * Have a process of its own do that, and wait for it. A descriptor that it
 * leaves in *fd becomes ours; -1: it left none.
 */
struct helper {
	int (*work)(void *with, int *fd, struct err *e);
	void *with;
};

int init_help(const struct helper *h, int *fd, struct err *e) MUST;

/* Copy what a directory holds into another, not crossing mounts and not
 * following links; devices are left out. -1 with errno. */
int init_copy_up(int from, int to) MUST;

/*
 * A user namespace with the mount's own id maps, or the container's. Who has
 * left the namespace that the host's file systems belong to has no right to map
 * their owners, and asks the parent for a source where that has been done.
 */
int init_map_owners(struct child *c, const struct mount *m, int *userns,
                    struct err *e) MUST;
bool init_must_ask(const struct child *c);
int init_ask_source(const struct child *c, const struct mount *m, int *tree,
                    struct err *e) MUST;

/* Who is outside: the host's /proc, and where relative paths begin. */
int init_open_host(struct child *c, struct err *e) MUST;

/*
 * What a path such as /proc/PID/root/dev/shm leads to lies in the mount
 * namespace of that process, and only from inside of it can it be copied. If
 * it is such a path, *tree becomes the copy, attached nowhere; else it stays.
 */
int init_open_foreign(struct child *c, const char *path, bool recursive,
                      int *tree, struct err *e) MUST;

/* An SELinux label for what a file system holds, as a word of data. */
int init_mount_label(struct child *c, struct mount_options *o,
                     struct err *e) MUST;

#endif
