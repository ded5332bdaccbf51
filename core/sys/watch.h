/* SPDX-License-Identifier: ISC */
/* Being told when files of a directory change. */
#ifndef SYS_WATCH_H
#define SYS_WATCH_H

#include "base/auto.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * A descriptor that becomes readable when a file of the directory is written
 * to, made or renamed into it, or when the directory goes. It does not block.
 *
 * returns  -1 with errno: EMFILE, where this user watches too much already
 * source   inotify(7)
 */
int watch_open(int dir) MUST;

/* Take what it has to tell. Was it about another file than those whose names
 * begin with `name`? */
bool watch_others(int watch, const char *name);

/*
 * Milliseconds until a moment, in nanoseconds since 1970, for poll(): 0: it has
 * come, -1: INT64_MAX, which never comes. One far away comes in parts.
 */
int watch_left(int64_t until);

#endif
