/* SPDX-License-Identifier: ISC */
/* Regular files where somebody hostile may put others: opening, copying. */
#ifndef SYS_REGULAR_H
#define SYS_REGULAR_H

#include "base/err.h"

#include <sys/stat.h>
#include <sys/types.h>

/* Open a file to read it, if it is a regular one: anything else is not even
 * opened, and EINVAL. -1 with errno. */
int regular_open(int dir, const char *name, struct stat *st) MUST;

/* The bytes of a file, without its holes. */
int regular_copy(int from, int to, off_t size) MUST;

#endif
