/* SPDX-License-Identifier: ISC */
/* Which inodes have been seen, and where: for several names of one file. */
#ifndef SYS_LINKS_H
#define SYS_LINKS_H

#include "base/auto.h"
#include "base/mem.h"

#include <sys/stat.h>
#include <sys/types.h>

/* One of them; what was made of it is the caller's to note. */
struct link_seen {
	struct link_seen *next;
	dev_t dev, made_dev;
	ino_t ino, made_ino;
	char *path;
};

struct links *links_new(void);
void auto_links(struct links **l);
struct link_seen *links_find(const struct links *l, const struct stat *st);
struct link_seen *links_add(struct links *l, const struct stat *st,
                            const char *path);

#endif
