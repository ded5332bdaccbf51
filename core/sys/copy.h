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

/* Which inodes have been seen, and where: for several names of one file. */
struct copy_link {
	struct copy_link *next;
	dev_t dev, made_dev;
	ino_t ino, made_ino;
	char *path;
};

struct copy_links *copy_links_new(void);
void auto_copy_links(struct copy_links **l);
struct copy_link *copy_links_find(const struct copy_links *l,
                                  const struct stat *st);
struct copy_link *copy_links_add(struct copy_links *l, const struct stat *st,
                                 const char *path);

/* The number of the mount that a directory is on; 0: the kernel does not tell
 * (before 5.8). */
uint64_t copy_mount(int fd);

/* Labels are those of a place, and overlayfs' own are nobody else's. */
bool copy_attribute(const char *name);

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
	struct copy_links *links;
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

/* Open a file to read it, if it is a regular one: anything else is not even
 * opened, and EINVAL. -1 with errno. */
int copy_open(int dir, const char *name, struct stat *st) MUST;

/* The bytes of a file, without its holes. */
int copy_bytes(int from, int to, off_t size) MUST;

#endif
