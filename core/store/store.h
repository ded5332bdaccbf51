/* SPDX-License-Identifier: ISC */
/* The door of `store`: everything on disk; directories, locks, renames. */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "base/mem.h"

/*
 * Where things are. $MYDOCKER_ROOT (--root) puts both below one directory:
 * data in it, run state in its `run`. Else /var/lib/mydocker and
 * /run/mydocker; for others than root $XDG_DATA_HOME and $XDG_RUNTIME_DIR.
 *
 * data   survives a reboot; -1 until something that is to be kept needs it
 * run    does not; everything of a --rm container is here
 */
struct store {
	char data_path[512], run_path[512];
	int data, run; /* directories, mode 0700 */
};

int store_open(struct store *s, struct err *e) MUST;
int store_open_data(struct store *s, struct err *e) MUST;
void auto_store(struct store *s);

/*
 * Replace a file: written beside it, renamed over it. A reader sees the old
 * one or the new one.
 *
 * durable  fsync the file and its directory, for what must survive a power cut
 * errors   ENOSPC and friends; the old file is still there
 */
int store_write(int dir, const char *name, const void *bytes, size_t n,
                bool durable, struct err *e) MUST;

/*
 * Read a whole file: a regular one, of `most` bytes at most.
 *
 * errors   ENOENT, EFBIG, EINVAL (not a regular file)
 */
int store_read(int dir, const char *name, size_t most, struct buf *out,
               struct err *e) MUST;

/* Remove a directory with all in it, not crossing mounts, by descriptor. */
int store_remove(int dir, const char *name, struct err *e) MUST;

/*
 * A name is a link in run/names that nobody can make twice. One that points to
 * a container which no longer exists is taken over.
 *
 * errors   EEXIST  *id is the one who has it
 */
int store_claim(const struct store *s, const char *name, const char *id,
                struct arena *a, char **owner, struct err *e) MUST;
int store_release(const struct store *s, const char *name, const char *id,
                  struct err *e) MUST;

/* Who has the name: its id in the arena, or NULL. */
char *store_owner(const struct store *s, const char *name, struct arena *a);

#endif
