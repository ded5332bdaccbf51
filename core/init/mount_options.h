/* SPDX-License-Identifier: ISC */
/* Inside `init`: the options of an OCI mount, taken apart. */
#ifndef INIT_MOUNT_OPTIONS_H
#define INIT_MOUNT_OPTIONS_H

#include "base/mem.h"
#include "sys/mounts.h"

#include <stdbool.h>

/*
 * flags    for mount(2) of a new file system
 * change   for a bind: how it differs from its source
 * bind     it is one; recursive with rbind
 * copy_up  tmpcopyup: a tmpfs that begins with what it covers
 * idmap    owners are mapped, by the mount's own maps or the container's
 * subpath  of a bind: what of its source is shown; NULL: all
 * data     what is left, for the file system: "mode=755,size=64k"
 */
struct mount_options {
	unsigned long flags;
	struct mount_change change;
	bool bind, recursive, copy_up, idmap;
	const char *subpath;
	struct words data;
};

/*
 * Take options apart; a later one wins over an earlier one. Nothing is wrong
 * here: a word that we do not know is the file system's.
 *
 * source   config.md, "Linux mount options"
 */
void mount_options_read(struct mount_options *o, const struct words *words,
                        struct arena *a);

/* The words that go to the file system, joined by commas; NULL: none. */
char *mount_options_data(const struct mount_options *o, struct arena *a);

#endif
