/* SPDX-License-Identifier: ISC */
/* The door of `files`: what is in a container; cp, diff and export. */
#ifndef FILES_FILES_H
#define FILES_FILES_H

#include "base/err.h"
#include "container/container.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

/*
 * The root of a container, as a directory: as it sees it if it runs, else as it
 * would, with its volumes; then the calling process has a mount namespace of
 * its own from here on, and must have opened before what it wants of the host.
 * Nothing in there is trusted.
 */
int files_root(struct container *c, int *root, struct err *e) MUST;

/*
 * A path of `cp`, and what is there: one name in a directory that is open.
 *
 * root     what it is below; -1: the host's
 * content  it ends in "/." and means what is in it
 * asserts  it ends in a slash and means a directory
 */
struct files_path {
	struct arena arena;
	int root, dir;
	bool content, asserts, there;
	char *text, *name;
	struct stat st;
};

void auto_files_path(struct files_path *p);

/*
 * Find it. The last name may be a link, which is followed if that is asked for.
 *
 * errors   ENOENT, ENOTDIR  what it lies in is not there
 */
int files_find(struct files_path *p, const char *text, bool follow,
               struct err *e) MUST;

/*
 * May it be written to? That its root is read-only a container that does not
 * run only says.
 *
 * errors   EROFS  "container rootfs is marked read-only"
 */
int files_check_writable(const struct container *c,
                         const struct files_path *p, struct err *e) MUST;

/*
 * Copy the one to the other by docker's rules: into a directory that is there,
 * or under the new name.
 *
 * keep     owners stay who they are; else all belongs to the caller
 * bytes    what docker tells: the size of an archive of it
 */
int files_copy(const struct files_path *from, const struct files_path *to,
               bool keep, uint64_t *bytes, struct err *e) MUST;

/* The same to an archive, and from one into a directory that is there. */
int files_pack(const struct files_path *from, int archive,
               struct err *e) MUST;
int files_unpack(const struct files_path *to, int archive,
                 struct err *e) MUST;

/* The whole root, without what is mounted below it, as an archive. */
int files_export(struct container *c, int archive, struct err *e) MUST;
int files_export_to(struct container *c, const char *path,
                    struct err *e) MUST;

/*
 * What differs from the root that it began with: rows as "A /new", "C /changed"
 * and "D /gone", sorted.
 *
 * errors   ENOTSUP  it writes to its root itself, or into memory
 */
int files_diff(struct container *c, struct arena *a, struct words *rows,
               struct err *e) MUST;

#endif
