/* SPDX-License-Identifier: ISC */
/* Descriptors: whole reads and writes, passing them on, closing the rest. */
#include "sys/fd.h"
#include "sys/missing.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>

int
fd_write(int fd, const void *bytes, size_t n)
{
	const char *from = bytes;

	while (n) {
		ssize_t sent = write(fd, from, n);

		if (sent < 0 && errno == EINTR)
			continue;
		if (sent < 0)
			return -1;
		from += sent;
		n -= (size_t)sent;
	}
	return 0;
}

int
fd_read(int fd, size_t most, struct buf *out)
{
	for (;;) {
		ssize_t got;

		buf_room(out, 1024);
		got = read(fd, out->data + out->n, out->room - out->n - 1);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		if ((size_t)got > most) {
			errno = EFBIG;
			return -1;
		}
		out->n += (size_t)got;
		out->data[out->n] = '\0';
		if (got == 0)
			return 0;
		most -= (size_t)got;
	}
}

/*
 * One write and no more: the files of procfs and cgroupfs take a value whole
 * or refuse it, and would take the rest of a short write for another value.
 */
int
fd_write_at(int dir, const char *path, const char *text)
{
	AUTO(close) int fd = openat(dir, path, O_WRONLY | O_CLOEXEC);
	ssize_t sent;

	if (fd < 0)
		return -1;
	do
		sent = write(fd, text, strlen(text));
	while (sent < 0 && errno == EINTR);
	return sent < 0 ? -1 : 0;
}

int
fd_read_at(int dir, const char *path, size_t most, struct buf *out)
{
	AUTO(close) int fd = openat(dir, path, O_RDONLY | O_CLOEXEC);

	return fd < 0 ? -1 : fd_read(fd, most, out);
}

/*
 * ECONNRESET, for what the peer left unread, comes before what it had sent, and
 * once only (__skb_try_recv_datagram of net/core/datagram.c).
 */
ssize_t
fd_receive(int socket, struct msghdr *m)
{
	ssize_t got;

	do
		got = recvmsg(socket, m, MSG_CMSG_CLOEXEC);
	while (got < 0 && (errno == EINTR || errno == ECONNRESET));
	return got;
}

int
fd_socketpair(int pair[2], struct err *e)
{
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return fail_sys(e, "socketpair");
	return 0;
}

int
fd_pipe(int pair[2], struct err *e)
{
	if (pipe2(pair, O_CLOEXEC) < 0)
		return fail_sys(e, "pipe");
	return 0;
}

/*
 * First every descriptor goes above all the numbers that are wanted, so that
 * none is overwritten before it has been moved.
 */
int
fd_arrange(const int wanted[], size_t n, int base, struct err *e)
{
	int above[64];

	if (n > sizeof(above) / sizeof(*above))
		return fail(e, E2BIG, "%zu descriptors to pass on", n);
	for (size_t i = 0; i < n; i++) {
		above[i] = wanted[i] < 0 ? -1
		                         : fcntl(wanted[i], F_DUPFD_CLOEXEC,
		                                 base + (int)n);
		if (wanted[i] >= 0 && above[i] < 0)
			return fail_sys(e, "descriptor %d", wanted[i]);
	}
	for (size_t i = 0; i < n; i++) {
		int number = base + (int)i;

		if (above[i] < 0)
			close(number);
		else if (dup2(above[i], number) < 0)
			return fail_sys(e, "descriptor %d", number);
		else
			close(above[i]);
	}
	return 0;
}

static void
cloexec_one(int fd)
{
	int flags = fcntl(fd, F_GETFD);

	if (flags >= 0 && !(flags & FD_CLOEXEC))
		fcntl(fd, F_SETFD, flags | FD_CLOEXEC);
}

/* Kernels before 5.11 cannot mark a range: one by one, what /proc shows, or
 * else all that might be open, which can be a million. */
static void
cloexec_each(int first)
{
	DIR *open_now = opendir("/proc/self/fd");
	struct dirent *entry;

	for (int fd = first; !open_now && fd < sysconf(_SC_OPEN_MAX); fd++)
		cloexec_one(fd);
	while (open_now && (entry = readdir(open_now)) != NULL)
		if (atoi(entry->d_name) >= first)
			cloexec_one(atoi(entry->d_name));
	if (open_now)
		closedir(open_now);
}

struct fd_path
fd_path(int fd)
{
	struct fd_path path;

	snprintf(path.text, sizeof(path.text), "/proc/self/fd/%d", fd);
	return path;
}

int
fd_link(int fd, int dir, const char *name)
{
	if (linkat(fd, "", dir, name, AT_EMPTY_PATH) == 0)
		return 0;
	return linkat(AT_FDCWD, fd_path(fd).text, dir, name,
	              AT_SYMLINK_FOLLOW);
}

int
fd_cloexec_from(int first, struct err *e)
{
	long done = syscall(SYS_close_range, first, UINT_MAX,
	                    CLOSE_RANGE_CLOEXEC);

	if (done == 0)
		return 0;
	if (errno != ENOSYS && errno != EINVAL && errno != EPERM)
		return fail_sys(e, "close_range");
	cloexec_each(first);
	return 0;
}

int
fd_secure_stdio(struct err *e)
{
	for (int fd = 0; fd <= 2; fd++) {
		int opened;

		if (fcntl(fd, F_GETFD) >= 0)
			continue;
		/* The lowest free number is this one. */
		opened = open("/dev/null", fd ? O_WRONLY : O_RDONLY);
		if (opened >= 0)
			continue;
		/* An empty root has no /dev; a pipe end serves as well. */
		int pair[2];

		if (pipe(pair) < 0)
			return fail_sys(e, "descriptor %d", fd);
		if (pair[0] != fd || dup2(pair[fd ? 1 : 0], fd) < 0)
			return fail_sys(e, "descriptor %d", fd);
		close(pair[1]);
	}
	return 0;
}
