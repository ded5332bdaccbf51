/* SPDX-License-Identifier: ISC */
/* Copying trees that somebody hostile may be changing meanwhile. */
#ifndef SYS_COPY_H
#define SYS_COPY_H

#include "base/auto.h"
#include "base/mem.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

/* One that is made, and not entered: it is known by its inode. */
struct copy_skip {
	dev_t dev;
	ino_t ino;
};

/*
 * How to copy. Begins as { 0 }, apart from what is asked for.
 *
 * owned     what is made belongs to uid and gid, else to whom the source does
 * special   also FIFOs and devices; without, they are left out as sockets are
 * replace   what stands in the way goes, and directories are merged; a
 *           directory and something else are EISDIR or ENOTDIR
 * one_mount  what is mounted below the source is left out
 * skip      directories that stay empty
 * path      where it is; after a failure, where it failed
 * bytes     counts what an archive of all that would take
 */
struct copy {
	bool owned, special, replace, one_mount;
	uid_t uid;
	gid_t gid;
	const struct copy_skip *skip;
	size_t n_skip;
	struct buf path;
	struct links *links;
	int top;
	dev_t dev;
	uint64_t mount, bytes;
};

void auto_copy(struct copy *how);

/*
 * Copy what a directory holds into another; copy_look gives that one the
 * first one's owner, mode, attributes and times. Links are copied as links,
 * several names of one file stay names of one file, holes stay holes. No path
 * is walked: nothing outside of the two is read or written, whatever is renamed
 * meanwhile. -1 with errno.
 */
int copy_content(struct copy *how, int from, int to) MUST;
int copy_look(struct copy *how, int from, int to) MUST;

/* Copy one entry of a directory into another, perhaps under another name. */
int copy_entry(struct copy *how, int from, const char *name, int to,
               const char *as) MUST;

#endif
