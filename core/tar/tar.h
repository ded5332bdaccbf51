/* SPDX-License-Identifier: ISC */
/* The door of `tar`: archives, entry by entry. */
#ifndef TAR_TAR_H
#define TAR_TAR_H

#include "base/err.h"
#include "base/json.h"
#include "base/mem.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

/* An extended attribute; its value is bytes. */
struct tar_attribute {
	char *name, *value;
	size_t n;
};

/*
 * One entry. Names are bytes, as they stand in the archive, and trusted by
 * nobody.
 *
 * kind  S_IFREG, S_IFDIR, S_IFLNK, S_IFCHR, S_IFBLK, S_IFIFO; 0 is
 *       another name of what `target` was
 */
struct tar_entry {
	char *name, *target;
	mode_t kind, mode;
	uint32_t uid, gid;
	uint64_t size;
	int64_t seconds;
	uint32_t major, minor;
	struct tar_attribute *attributes;
	size_t n_attributes;
};

/*
 * Write the head of an entry, and then exactly `size` bytes with tar_data; what
 * does not fit into ustar's fields stands in a pax header before it. At the
 * end, tar_finish. `written` counts bytes.
 */
struct tar_writer {
	int fd;
	uint64_t left, written;
	struct buf out;
};

void auto_tar_writer(struct tar_writer *w);
int tar_head(struct tar_writer *w, const struct tar_entry *entry,
             struct err *e) MUST;
int tar_data(struct tar_writer *w, const void *bytes, size_t n,
             struct err *e) MUST;
int tar_finish(struct tar_writer *w, struct err *e) MUST;

/*
 * Read one entry after the other, from a pipe, too: ustar, pax, and GNU's long
 * names and large numbers.
 *
 * All that stands before an entry has no more than a megabyte, nor have all
 * headers together that are for the whole archive.
 * errors   EINVAL   no archive, or a damaged one; cut off
 *          ENOTSUP  sparse files, and what spans volumes
 *          EFBIG    a header larger than any that is meant
 */
struct tar_reader {
	int fd;
	uint64_t left, padding;
	struct arena arena; /* of the entry that is read now */
	struct pairs global;
	struct arena global_arena;
	uint64_t n_global; /* bytes of that */
};

void auto_tar_reader(struct tar_reader *r);

/* The next entry, which lasts until the one after it; 0 at the end. */
int tar_next(struct tar_reader *r, struct tar_entry *entry,
             struct err *e) MUST;
/* At most n bytes of its content; 0 at its end. */
ssize_t tar_read(struct tar_reader *r, void *bytes, size_t n,
                 struct err *e) MUST;

#endif
