/* SPDX-License-Identifier: ISC */
/* The words between a monitor and who watches, a packet each. */
#include "monitor/frame.h"
#include "sys/fd.h"

#include <errno.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <sys/uio.h>

int
frame_send(int socket, enum frame_kind kind, const void *bytes, size_t n)
{
	uint32_t header = kind;
	struct iovec parts[2] = {
		{ .iov_base = &header, .iov_len = sizeof(header) },
		{ .iov_base = (void *)bytes, .iov_len = n },
	};
	struct msghdr m = { .msg_iov = parts, .msg_iovlen = 2 };

	while (sendmsg(socket, &m, MSG_NOSIGNAL) < 0)
		if (errno != EINTR)
			return -1;
	return 0;
}

static bool
has_its_size(const struct frame *f)
{
	switch (f->kind) {
	case FRAME_STARTED:
	case FRAME_TAKEN:
		return f->n == 0;
	case FRAME_FAILED:
		return f->n == sizeof(f->err);
	case FRAME_RESIZE:
		return f->n == sizeof(f->size);
	case FRAME_EXITED:
	case FRAME_SIGNAL:
		return f->n == sizeof(f->number);
	default:
		return f->kind > 0 && f->kind < FRAME_KINDS;
	}
}

int
frame_receive(int socket, struct frame *f)
{
	struct iovec parts[2] = {
		{ .iov_base = &f->kind, .iov_len = sizeof(f->kind) },
		{ .iov_base = f->bytes, .iov_len = sizeof(f->bytes) },
	};
	struct msghdr m = { .msg_iov = parts, .msg_iovlen = 2 };
	ssize_t got = fd_receive(socket, &m);

	if (got <= 0)
		return (int)got;
	f->n = (size_t)got - sizeof(f->kind);
	if (got < (ssize_t)sizeof(f->kind) || m.msg_flags & MSG_TRUNC ||
	    !has_its_size(f)) {
		errno = EBADMSG;
		return -1;
	}
	return 1;
}
