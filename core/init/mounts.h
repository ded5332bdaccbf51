/* SPDX-License-Identifier: ISC */
/* Inside `init`: the kinds of mounts, each in a file of its own. */
#ifndef INIT_MOUNTS_H
#define INIT_MOUNTS_H

#include "init/child.h"
#include "init/mount_options.h"

/* One of the spec's; not an overlay at "/". */
int init_mount(struct child *c, const struct mount *m, struct err *e) MUST;

/* Copy what a directory holds into another, not crossing mounts and not
 * following links; devices are left out. -1 with errno. */
int init_copy_up(int from, int to) MUST;

/* A user namespace with the mount's own id maps, or the container's. */
int init_map_owners(struct child *c, const struct mount *m, int *userns,
                    struct err *e) MUST;

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
