/* SPDX-License-Identifier: ISC */
/* Regular files where somebody hostile may put others: opening, copying. */
#include "sys/regular.h"
#include "sys/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* First without opening it, as opening a device is an act. Without /proc the
 * second look is at the open file. */
int
regular_open(int dir, const char *name, struct stat *st)
{
	AUTO(close) int there = openat(dir, name, O_PATH | O_NOFOLLOW |
	                               O_CLOEXEC);
	AUTO(close) int fd = -1;

	if (there < 0 || fstat(there, st) < 0)
		return -1;
	if (!S_ISREG(st->st_mode)) {
		errno = EINVAL;
		return -1;
	}
	fd = open(fd_path(there).text, O_RDONLY | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT)
		fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK |
		            O_NOCTTY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, st) < 0)
		return -1;
	if (S_ISREG(st->st_mode))
		return take_fd(&fd);
	errno = EINVAL;
	return -1;
}

/* To the end of the file. */
static int
plain(int from, int to)
{
	char part[65536];
	ssize_t n;

	while ((n = read(from, part, sizeof(part))) > 0)
		if (fd_write(to, part, (size_t)n) < 0)
			return -1;
	return n < 0 ? -1 : 0;
}

/* In the kernel, if that can be done between these two; both stand at `at`. */
static int
range(int from, int to, off_t at, off_t end)
{
	char part[65536];

	while (at < end) {
		loff_t in = at, out = at;
		size_t left = (size_t)(end - at);
		ssize_t n = syscall(SYS_copy_file_range, from, &in, to, &out,
		                    left, 0);

		if (n < 0) {
			n = pread(from, part, left < sizeof(part)
			          ? left : sizeof(part), at);
			if (n > 0 && (lseek(to, at, SEEK_SET) < 0 ||
			              fd_write(to, part, (size_t)n) < 0))
				return -1;
		}
		if (n < 0)
			return -1;
		if (n == 0)
			break; /* it was cut meanwhile */
		at += n;
	}
	return 0;
}

/* A size of nothing is what files of procfs have. */
int
regular_copy(int from, int to, off_t size)
{
	off_t at = 0;

	if (size == 0 || lseek(from, 0, SEEK_DATA) < 0) {
		if (size > 0 && errno == ENXIO)
			return ftruncate(to, size);
		return plain(from, to);
	}
	while (at < size) {
		off_t data = lseek(from, at, SEEK_DATA);
		off_t hole = data < 0 ? -1 : lseek(from, data, SEEK_HOLE);

		if (hole < 0)
			break;
		if (range(from, to, data, hole) < 0)
			return -1;
		at = hole;
	}
	return ftruncate(to, size);
}
