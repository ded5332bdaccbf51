/* SPDX-License-Identifier: ISC */
/* Extended attributes that go with a file from one place to another. */
#ifndef SYS_ATTRIBUTE_H
#define SYS_ATTRIBUTE_H

#include "base/auto.h"

#include <stdbool.h>
#include <stddef.h>

/* Labels are those of a place, and overlayfs' own are nobody else's. */
bool attribute_goes(const char *name);

/* Give a file one. What its file system does not take is left out, as by
 * cp(1). -1 with errno. */
int attribute_set(int fd, const char *name, const void *value, size_t n) MUST;

/* Give a file all those of another that go with it; -1 with errno. */
int attribute_copy(int from, int to) MUST;

#endif
