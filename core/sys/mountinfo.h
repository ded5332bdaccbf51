/* SPDX-License-Identifier: ISC */
/* The rows of /proc/self/mountinfo: what is mounted where. */
#ifndef SYS_MOUNTINFO_H
#define SYS_MOUNTINFO_H

#include "base/err.h"

#include <stdbool.h>

/*
 * One mount. The texts lie in the line that was parsed.
 *
 * root     what of the file system is seen, "/" mostly
 * options  of this mount, "rw,nosuid"; the file system's own are `super`
 * shared, master  peer groups of the propagation, 0: none
 */
struct mount_row {
	int id, parent;
	unsigned int major, minor, shared, master;
	char *root, *target, *options, *type, *source, *super;
};

/*
 * Parse one line, which is changed: fields are ended by NUL, octal escapes
 * become what they stand for. Returns 0, or -1 for what is no such line.
 *
 * source   proc(5), Documentation/filesystems/proc.rst, 3.5
 */
int mountinfo_parse(char *line, struct mount_row *row) MUST;

/*
 * Call `each` for every mount, in the order of the file (a later one covers an
 * earlier one at the same place), until it returns anything but 0.
 *
 * path     "/proc/self/mountinfo", or that of another process
 * returns  what `each` returned last
 */
int mountinfo_each(const char *path,
                   int (*each)(const struct mount_row *row, void *with),
                   void *with, struct err *e) MUST;
/* The path is below a directory: of a procfs that is nowhere to be seen. */
int mountinfo_each_at(int dir, const char *path,
                      int (*each)(const struct mount_row *row, void *with),
                      void *with, struct err *e) MUST;

/* Is `option` one of the comma-separated words of `options`? */
bool mountinfo_has(const char *options, const char *option);

#endif
