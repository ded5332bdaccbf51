/* SPDX-License-Identifier: ISC */
/* A seccomp filter's descriptor, passed on to the program that answers. */
#include "runtime/start.h"
#include "sys/fd.h"

#include <errno.h>
#include <sched.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

/* config-linux.md, "The Container Process State" */
static void
write_process_state(const struct start *s, struct buf *out)
{
	const struct spec *spec = s->spec;
	const char *metadata = spec->linux_part->seccomp->listener_metadata;
	struct hook_call call = {
		.spec = spec, .id = s->plan->id, .bundle = s->plan->bundle,
		.status = s->init.exec ? "running" : "creating",
		.pid = s->init.exec ? s->plan->into_pid : s->child.pid,
	};

	buf_text(out, "{\"ociVersion\":");
	json_quote(out, spec->oci_version ? spec->oci_version : "1.2.0");
	buf_format(out, ",\"fds\":[\"seccompFd\"],\"pid\":%d",
	           s->child.pid);
	if (metadata) {
		buf_text(out, ",\"metadata\":");
		json_quote(out, metadata);
	}
	buf_text(out, ",\"state\":");
	init_state(&call, out);
	buf_text(out, "}");
}

static int
connect_to(const char *path, struct err *e)
{
	struct sockaddr_un where = { .sun_family = AF_UNIX };
	AUTO(close) int fd = -1;

	if (strlen(path) >= sizeof(where.sun_path))
		return fail(e, ENAMETOOLONG, "'%s'", path);
	strcpy(where.sun_path, path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 ||
	    connect(fd, (const struct sockaddr *)&where, sizeof(where)) < 0)
		return fail_sys(e, "'%s'", path);
	return take_fd(&fd);
}

/* The descriptor goes with the first bytes, and only with those. */
static int
send_state(int socket, const struct buf *state, int fd)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = { .bytes = "" };
	struct iovec part = { state->data, state->n };
	struct msghdr m = {
		.msg_iov = &part, .msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes),
	};
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);
	ssize_t sent;

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(c), &fd, sizeof(int));
	do
		sent = sendmsg(socket, &m, MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	if (sent < 0)
		return -1;
	return fd_write(socket, state->data + sent, state->n - (size_t)sent);
}

static bool
will_be_born(const struct start *s)
{
	return s->maker < 0 && (s->init.join_flags & CLONE_NEWPID ||
	                        s->init.join_fd[NAMESPACE_PID] >= 0);
}

int
start_listener(struct start *s, int fd, struct err *e)
{
	const struct linux_part *l = s->spec->linux_part;
	const char *path = l && l->seccomp ? l->seccomp->listener_path : NULL;
	AUTO(buf) struct buf state = { 0 };
	AUTO(close) int filter = fd;
	AUTO(close) int socket = -1;

	if (!path || filter < 0)
		return fail(e, EPROTO, "seccomp: a listener that nobody "
		            "asked for");
	if (will_be_born(s) && s->listener < 0) {
		s->listener = take_fd(&filter);
		return sync_send(s->socket[0], SYNC_GO, NULL, -1, e);
	}
	socket = connect_to(path, e);
	if (socket < 0)
		return fail_in(e, "linux.seccomp.listenerPath");
	write_process_state(s, &state);
	if (send_state(socket, &state, filter) < 0)
		return fail_sys(e, "linux.seccomp.listenerPath: '%s'", path);
	return sync_send(s->socket[0], SYNC_GO, NULL, -1, e);
}
