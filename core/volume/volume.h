/* SPDX-License-Identifier: ISC */
/* The door of `volume`: directories that outlive the containers using them. */
#ifndef VOLUME_VOLUME_H
#define VOLUME_VOLUME_H

#include "base/err.h"
#include "base/json.h"
#include "base/mem.h"
#include "store/store.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * One volume, opened: volumes/NAME/{_data,volume.json}. Begins as { 0 }.
 *
 * options    of the driver: type, device and o, as for mount(8); none: its
 *            files lie in _data
 * mountpoint  where those are
 */
struct volume {
	struct arena arena;
	int dir;
	uint32_t version;
	char *name, *driver, *created, *mountpoint;
	bool anonymous;
	struct pairs labels, options;
};

void auto_volume(struct volume *v);

/*
 * errors   EINVAL  in docker's words: too short, or other characters than
 *                  letters, digits and _ . -, the first a letter or digit
 */
int volume_check_name(const char *name, struct err *e) MUST;

/*
 * errors   EINVAL  in docker's words: an option that is none, or one that
 *                  needs another
 */
int volume_check_options(const struct pairs *options, struct err *e) MUST;

/* Where the files of a volume are, whether there is one or not. */
char *volume_path(const struct store *s, const char *name, struct arena *a);

/* A name that nobody has: 64 hexadecimal digits. */
char *volume_invent(struct arena *a);

/* errors: ENOENT  "get web: no such volume" */
int volume_open(struct volume *v, const struct store *s, const char *name,
                struct err *e) MUST;

/*
 * Make it if it is not there, and open it, with its lock until it is closed:
 * as long as that is held nobody removes it, and nobody else fills it.
 *
 * wanted   name, labels, options, anonymous; what is there stays as it is
 * durable  it must survive a power cut
 */
int volume_hold(struct volume *v, struct store *s,
                const struct volume *wanted, bool durable,
                struct err *e) MUST;

/*
 * Begin with what a directory holds, with owners, modes, attributes and all,
 * if the volume is empty (or was being filled by somebody who is dead). To be
 * held.
 */
int volume_fill(struct volume *v, int from, struct err *e) MUST;

/*
 * Remove it, if `is_free` says so while the lock is held, which fails else.
 *
 * errors   ENOENT
 */
int volume_remove(const struct store *s, const char *name,
                  int (*is_free)(void *with, const char *name, struct err *e),
                  void *with, struct err *e) MUST;

/* All names, sorted. */
int volume_list(const struct store *s, struct arena *a, struct words *names,
                struct err *e) MUST;

/* Bytes that the files of a volume take. */
int64_t volume_bytes(const struct volume *v);

#endif
