/* SPDX-License-Identifier: ISC */
/* Paths below a directory that somebody hostile may be changing meanwhile. */
#ifndef SYS_PATH_H
#define SYS_PATH_H

#include "base/auto.h"

#include <stdbool.h>
#include <sys/types.h>

/*
 * Open a path as a process would whose root directory is `root`: absolute
 * paths, ".." and symbolic links stay inside, whatever is renamed meanwhile.
 * Links of procfs that are no real links (/proc/self/fd/N) are refused with
 * ELOOP. Kernels without openat2 are walked component by component.
 *
 * flags    as open(2), without O_CREAT; O_CLOEXEC is added
 * returns  a descriptor, or -1 with errno
 * source   openat2(2), RESOLVE_IN_ROOT
 */
int path_open_in(int root, const char *path, int flags) MUST;

/* The same, but an absolute path or link, or a ".." that would leave it, is
 * EXDEV instead of staying inside. */
int path_open_beneath(int root, const char *path, int flags) MUST;

/* The same, but any symbolic link on the way is ELOOP. */
int path_open_plain(int root, const char *path, int flags) MUST;

/*
 * Make what is missing of a path, directories of mode 0755, and return an
 * O_PATH descriptor of its end.
 *
 * errors   ENOTDIR, EISDIR  there is something of the other kind
 *          EINVAL  ".." in a part that does not exist
 */
int path_make_dir(int root, const char *path) MUST;
int path_make_file(int root, const char *path) MUST;

/* The same for a path that must not have a symbolic link in it. */
int path_make_dir_plain(int root, const char *path) MUST;

/*
 * Does the path, without its dots and doubled slashes, name `is`, or something
 * below it? No file system is asked.
 */
bool path_is(const char *path, const char *is);
bool path_is_below(const char *path, const char *is);

#endif
