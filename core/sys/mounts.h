/* SPDX-License-Identifier: ISC */
/* Mounts by descriptor, with the kernel's newer calls or without them. */
#ifndef SYS_MOUNTS_H
#define SYS_MOUNTS_H

#include "base/auto.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mount.h>

/*
 * The place a mount goes to.
 *
 * root  the directory that `path` is below
 * fd    O_PATH, what is at `path` now
 * proc  a directory of procfs, for old kernels and files; -1: none
 */
struct mount_at {
	int root, fd, proc;
	const char *path;
};

/*
 * How a mount differs from what it was made from, in mount(2)'s flags. The
 * times of access (MS_NOATIME, MS_RELATIME, MS_STRICTATIME) are one choice.
 *
 * set          on
 * set_all      on, here and in all mounts below
 * clear_all    off, here and in all mounts below
 * propagation  MS_PRIVATE and so on, perhaps with MS_REC; 0 leaves it
 * userns       map owners as this user namespace does; -1: do not
 */
struct mount_change {
	unsigned long set, set_all, clear_all, propagation;
	int userns;
	bool userns_all;
};

#define MOUNT_CHANGE_NONE { .userns = -1 }

/*
 * Mount a new file system there; mounts_over opens its root.
 *
 * source  is in mountinfo; the device of one that has one
 * flags   mount(2)'s, MS_RDONLY…
 * data    "mode=755,size=64k", or NULL
 * errors  as mount(2); -1 with errno
 */
struct mount_new {
	const char *type, *source, *data;
	unsigned long flags;
};

int mounts_make(const struct mount_new *new, const struct mount_at *at) MUST;

/*
 * Make what `source` is visible at another place, changed; returns an O_PATH
 * descriptor of it there.
 *
 * recursive  with all that is mounted below the source
 * detached   the source is of mounts_detach, and is itself attached
 * errors     ENOTSUP  this kernel cannot change mounts recursively or map
 *                     owners (before 5.12)
 */
struct mount_bind {
	int source;
	bool recursive, detached;
	struct mount_change change;
};

int mounts_bind(const struct mount_bind *bind, const struct mount_at *at) MUST;

/* A copy of what is at `source` that is attached nowhere, and so can be passed
 * to a process in another mount namespace; -1 with errno. */
int mounts_detach(int source, bool recursive) MUST;

/* Change a mount that is attached, by its root; -1 with errno. */
int mounts_alter(int mount, const struct mount_change *change, int proc) MUST;

/*
 * A new file system that is attached nowhere yet, for mounts_attach, made of
 * options that are too long or too strange for mount(2).
 *
 * options  "key" or "key=value", taken as they are; ended by NULL
 * errors   ENOSYS, EPERM; -1 with *e, in which the kernel's own words are
 */
int mounts_prepare(const char *type, char *const *options, unsigned long flags,
                  struct err *e) MUST;
int mounts_attach(int mount, int at) MUST;

/*
 * A procfs of another pid namespace, `pids`, in the same way, which whoever is
 * in none of its processes can make: Linux 6.17. The question is whether it
 * will do.
 */
int mounts_proc_of(int pids, char *const *options, unsigned long flags,
                   struct err *e) MUST;
bool mounts_has_proc_of(int pids);

/* What is mounted on top of a directory of which `fd` is the lower side. */
int mounts_over(const struct mount_at *at, int flags) MUST;

/* The number of the mount that a directory is on; 0: the kernel does not tell
 * (before 5.8). */
uint64_t mounts_number(int fd);

#endif
