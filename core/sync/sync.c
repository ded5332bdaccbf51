/* SPDX-License-Identifier: ISC */
/* One word a packet, with the error's text or a descriptor where it has one. */
#include "sync/sync.h"
#include "sys/fd.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

/* A control message that holds one descriptor, aligned as the kernel asks. */
union control {
	struct cmsghdr align;
	char bytes[CMSG_SPACE(sizeof(int))];
};

static void
attach_fd(struct msghdr *m, union control *control, int fd)
{
	struct cmsghdr *c;

	memset(control, 0, sizeof(*control));
	m->msg_control = control->bytes;
	m->msg_controllen = sizeof(control->bytes);
	c = CMSG_FIRSTHDR(m);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(c), &fd, sizeof(int));
}

/* MSG_NOSIGNAL: a peer that has died is an error, not the end of us. */
int
sync_send(int socket, enum sync_word word, const struct err *said, int fd,
          struct err *e)
{
	struct iovec parts[2] = {
		{ .iov_base = &word, .iov_len = sizeof(word) },
		{ .iov_base = (void *)said, .iov_len = sizeof(*said) },
	};
	struct msghdr m = { .msg_iov = parts, .msg_iovlen = said ? 2 : 1 };
	union control control;

	if (fd >= 0)
		attach_fd(&m, &control, fd);
	while (sendmsg(socket, &m, MSG_NOSIGNAL) < 0)
		if (errno != EINTR)
			return fail_sys(e, "message %d", (int)word);
	return 0;
}

static int
attached_fd(struct msghdr *m)
{
	struct cmsghdr *c = CMSG_FIRSTHDR(m);
	int fd = -1;

	if (c && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS &&
	    c->cmsg_len == CMSG_LEN(sizeof(int)))
		memcpy(&fd, CMSG_DATA(c), sizeof(int));
	return fd;
}

int
sync_receive(int socket, struct sync_message *m, int *fd, struct err *e)
{
	union control control;
	struct iovec part[2] = {
		{ .iov_base = &m->word, .iov_len = sizeof(m->word) },
		{ .iov_base = &m->err, .iov_len = sizeof(m->err) },
	};
	struct msghdr header = {
		.msg_iov = part, .msg_iovlen = 2,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes),
	};
	AUTO(close) int came = -1;
	ssize_t got;

	if (fd)
		*fd = -1;
	m->err = (struct err){ 0 };
	got = fd_receive(socket, &header);
	if (got <= 0)
		return got < 0 ? fail_sys(e, "message") : 0;
	came = attached_fd(&header);
	if (got != sizeof(m->word) &&
	    got != sizeof(m->word) + sizeof(m->err))
		return fail(e, EBADMSG, "message of %zd bytes", got);
	if (m->word < SYNC_MOUNTED || m->word > SYNC_FAILED)
		return fail(e, EBADMSG, "message %d", (int)m->word);
	m->err.text[sizeof(m->err.text) - 1] = '\0';
	if (fd)
		*fd = take_fd(&came);
	return 1;
}
