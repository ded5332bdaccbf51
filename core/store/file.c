/* SPDX-License-Identifier: ISC */
/* Files that change by rename only, and are read only if they are files. */
#include "store/store.h"
#include "sys/entropy.h"
#include "sys/fd.h"
#include "sys/missing.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A file nobody else has a name for, mode 0600 whatever the umask is. */
static int
make_file(int dir, const char *name, char temporary[NAME_MAX + 1],
          struct err *e)
{
	mode_t mask;
	int fd;

	snprintf(temporary, NAME_MAX + 1, ".%.200s.%08" PRIx32, name,
	         entropy_number());
	mask = umask(0);
	fd = openat(dir, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW |
	            O_CLOEXEC, 0600);
	umask(mask);
	return fd < 0 ? fail_sys(e, "write '%s'", name) : fd;
}

static int
fill(int fd, const struct buf *text, bool durable)
{
	if (fd_write(fd, text->data, text->n) < 0)
		return -1;
	return durable ? fsync(fd) : 0;
}

static int
exchange(int dir, const char *a, const char *b)
{
	return (int)syscall(SYS_renameat2, dir, a, dir, b, RENAME_EXCHANGE);
}

/*
 * Put a file in the place of another. ext4 takes a rename over a file for a
 * promise and sends the new one's bytes to the disk; where nobody has promised
 * anything the two are exchanged instead, and the old one is removed.
 */
static int
replace(int dir, const char *temporary, const char *name, bool durable)
{
	if (durable || exchange(dir, temporary, name) < 0)
		return renameat(dir, temporary, dir, name);
	if (unlinkat(dir, temporary, 0) == 0)
		return 0;
	/* It was a directory. */
	if (exchange(dir, temporary, name) == 0)
		errno = EISDIR;
	return -1;
}

int
store_write(int dir, const char *name, const struct buf *text, bool durable,
            struct err *e)
{
	char temporary[NAME_MAX + 1];
	AUTO(close) int fd = make_file(dir, name, temporary, e);

	if (fd < 0)
		return -1;
	if (fill(fd, text, durable) < 0 ||
	    replace(dir, temporary, name, durable) < 0) {
		fail_sys(e, "write '%s'", name);
		unlinkat(dir, temporary, 0);
		return -1;
	}
	if (durable && fsync(dir) < 0)
		return fail_sys(e, "write '%s'", name);
	return 0;
}

/* O_NONBLOCK: opening a FIFO that somebody put there must not wait. */
int
store_read(int dir, const char *name, size_t most, struct buf *out,
           struct err *e)
{
	AUTO(close) int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW |
	                            O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return fail_sys(e, "read '%s'", name);
	if (!S_ISREG(st.st_mode))
		return fail(e, EINVAL, "'%s' is not a regular file", name);
	if (fd_read(fd, most, out) < 0)
		return fail_sys(e, "read '%s'", name);
	return 0;
}
