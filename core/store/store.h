/* SPDX-License-Identifier: ISC */
/* The door of `store`: everything on disk; directories, locks, renames. */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/err.h"
#include "base/mem.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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

/*
 * errors   EPERM  the directory is somebody else's, or all may write to it
 */
int store_open(struct store *s, struct err *e) MUST;
/* For writing: made if it is not there. */
int store_open_data(struct store *s, struct err *e) MUST;
/* For reading: data stays -1 if nothing was ever kept. */
int store_find_data(struct store *s, struct err *e) MUST;
void auto_store(struct store *s);

/*
 * A directory below another, mode 0700 whatever the umask is, made if need
 * be; a link in its place is not followed.
 */
int store_dir(int dir, const char *name, int *made, struct err *e) MUST;

/*
 * The same for something in the making, with its lock: whoever lists takes away
 * what has a name that begins with a dot and is not locked, and may do so
 * before we have the lock.
 */
int store_begin(int dir, const char *name, int *made, struct err *e) MUST;

/*
 * The lock of an open directory, until it is closed or store_unlock.
 *
 * errors   EAGAIN  somebody has kept it for 30 s; the text names the process
 */
int store_lock(int dir, const char *what, struct err *e) MUST;
bool store_try_lock(int dir);
void store_unlock(int dir);

/*
 * Replace a file: written beside it, renamed over it. A reader sees the old
 * one or the new one.
 *
 * durable  fsync the file and its directory, for what must survive a power cut
 * errors   ENOSPC and friends; the old file is still there
 */
int store_write(int dir, const char *name, const struct buf *text,
                bool durable, struct err *e) MUST;

/*
 * Read a whole file: a regular one, of `most` bytes at most.
 *
 * errors   ENOENT, EFBIG, EINVAL (not a regular file)
 */
int store_read(int dir, const char *name, size_t most, struct buf *out,
               struct err *e) MUST;

/*
 * Remove a directory with all in it, not crossing mounts, by descriptor. It
 * loses its name at once. One that is not there is no error.
 *
 * errors   EBUSY  it is a mount point, or one is inside
 */
int store_remove(int dir, const char *name, struct err *e) MUST;

/* How many bytes its files have; not those of other mounts, nor what cannot be
 * read. */
int64_t store_bytes(int dir, const char *name);

/*
 * The directory of a container, containers/ID: in data if it is kept, else in
 * run. It is made under another name and locked; store_publish gives it its
 * own. What its maker leaves behind on dying, store_ids takes away.
 */
int store_prepare(struct store *s, bool kept, const char *id, int *dir,
                  struct err *e) MUST;
int store_publish(const struct store *s, bool kept, const char *id,
                  struct err *e) MUST;
int store_withdraw(const struct store *s, bool kept, const char *id,
                   struct err *e) MUST;

/*
 * For one that is kept, what a reboot may take of it: a directory of the same
 * name in run, while it runs. `make` it, or only open it.
 */
int store_live(const struct store *s, const char *id, bool make, int *dir,
               struct err *e) MUST;
int store_drop_live(const struct store *s, const char *id,
                    struct err *e) MUST;

/* Open it: *kept tells where it was. errors: ENOENT. */
int store_container(const struct store *s, const char *id, int *dir,
                    bool *kept, struct err *e) MUST;
int store_drop(const struct store *s, const char *id, struct err *e) MUST;

/* The ids of all containers, in no order. */
int store_ids(const struct store *s, struct arena *a, struct words *ids,
              struct err *e) MUST;

/*
 * A name is a link in run/names that nobody can make twice. One that points to
 * a container which no longer exists is taken over.
 *
 * errors   EEXIST  "the name 'web' is in use by ID"
 */
int store_claim(const struct store *s, const char *name, const char *id,
                struct err *e) MUST;
int store_release(const struct store *s, const char *name, const char *id,
                  struct err *e) MUST;

/* Who has the name: its id in the arena, or NULL; and the other way round. */
char *store_owner(const struct store *s, const char *name, struct arena *a);
char *store_name(const struct store *s, const char *id, struct arena *a);

#endif
