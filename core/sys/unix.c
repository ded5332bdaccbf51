/* SPDX-License-Identifier: ISC */
/* Sockets with a name in the file system, and descriptors sent over them. */
#include "sys/unix.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* A name has 107 bytes, a path 4095: a longer one is named by descriptor. */
static int
fill_name(struct sockaddr_un *name, const char *path, int *place)
{
	*place = -1;
	if (strlen(path) < sizeof(name->sun_path)) {
		strlcpy(name->sun_path, path, sizeof(name->sun_path));
		return 0;
	}
	*place = open(path, O_PATH | O_CLOEXEC);
	snprintf(name->sun_path, sizeof(name->sun_path), "/proc/self/fd/%d",
	         *place);
	return *place < 0 ? -1 : 0;
}

int
unix_connect(const char *path, struct err *e)
{
	AUTO(close) int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	AUTO(close) int place = -1;

	if (fd < 0 || fill_name(&name, path, &place) < 0 ||
	    connect(fd, (struct sockaddr *)&name, sizeof(name)) < 0)
		return fail_sys(e, "'%s'", path);
	return take_fd(&fd);
}

/* A path may be too long for the kernel, so the name stands alone. */
static int
with_name(int fd, int dir, const char *name,
          int (*act)(int, const struct sockaddr *, socklen_t))
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	AUTO(close) int here = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int done = -1, code;

	strlcpy(address.sun_path, name, sizeof(address.sun_path));
	if (fchdir(dir) == 0)
		done = act(fd, (struct sockaddr *)&address, sizeof(address));
	code = errno;
	if (here < 0 || fchdir(here) < 0)
		(void)!chdir("/");
	errno = code;
	return done;
}

int
unix_listen_at(int dir, const char *name, struct err *e)
{
	AUTO(close) int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC |
	                            SOCK_NONBLOCK, 0);
	mode_t mask = umask(0177);
	int done;

	unlinkat(dir, name, 0);
	done = fd < 0 ? -1 : with_name(fd, dir, name, bind);
	umask(mask);
	if (done < 0 || listen(fd, 16) < 0)
		return fail_sys(e, "socket '%s'", name);
	return take_fd(&fd);
}

int
unix_connect_at(int dir, const char *name, struct err *e)
{
	AUTO(close) int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	if (fd < 0 || with_name(fd, dir, name, connect) < 0)
		return fail_sys(e, "socket '%s'", name);
	return take_fd(&fd);
}

int
unix_send_fd(int socket, int fd, const char *text, struct err *e)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	struct iovec part = { .iov_base = (char *)(uintptr_t)text,
		              .iov_len = strlen(text) };
	struct msghdr m = {
		.msg_iov = &part, .msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes),
	};
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(c), &fd, sizeof(int));
	while (sendmsg(socket, &m, MSG_NOSIGNAL) < 0)
		if (errno != EINTR)
			return fail_sys(e, "descriptor");
	return 0;
}
