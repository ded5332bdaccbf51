/* SPDX-License-Identifier: ISC */
/* Inside `files`: what its files share. */
#ifndef FILES_INSIDE_H
#define FILES_INSIDE_H

#include "files/files.h"
#include "sys/copy.h"

/* The directory that a path has been found to be. */
int files_directory(const struct files_path *p, struct err *e) MUST;

/* What a running container has of its own, and no file of it is: /proc, /sys
 * and /dev. */
size_t files_own(const struct files_path *p, struct copy_skip skip[3]);

#endif
