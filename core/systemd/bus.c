/* SPDX-License-Identifier: ISC */
/* A connection to a bus: who we are, calls, and their answers. */
#include "systemd/bus.h"
#include "sys/fd.h"
#include "sys/unix.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* As long as systemd may take for an answer, or for a job. */
#define PATIENCE 30

void
auto_bus(struct bus *b)
{
	auto_close(&b->fd);
	auto_buf(&b->in);
}

static int
read_bytes(const struct bus *b, char *to, size_t n, struct err *e)
{
	while (n > 0) {
		ssize_t got = recv(b->fd, to, n, 0);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
			return fail(e, ETIMEDOUT, "systemd: no answer within "
			            "%d s", PATIENCE);
		if (got <= 0)
			return got < 0 ? fail_sys(e, "systemd's bus")
			               : fail(e, EIO, "systemd's bus: it "
			                      "has hung up");
		to += got;
		n -= (size_t)got;
	}
	return 0;
}

static int
write_bytes(const struct bus *b, const char *bytes, size_t n, struct err *e)
{
	while (n > 0) {
		ssize_t sent = send(b->fd, bytes, n, MSG_NOSIGNAL);

		if (sent < 0 && errno != EINTR)
			return fail_sys(e, "systemd's bus");
		bytes += sent > 0 ? sent : 0;
		n -= sent > 0 ? (size_t)sent : 0;
	}
	return 0;
}

/* "EXTERNAL": the kernel tells them who we are; our number is in hexadecimal
 * digits of its decimal ones. */
static int
say_who(const struct bus *b, struct err *e)
{
	AUTO(buf) struct buf text = { 0 };
	char number[16], line[64] = "";
	size_t n = 0;

	snprintf(number, sizeof(number), "%u", geteuid());
	buf_add(&text, "", 1);
	buf_text(&text, "AUTH EXTERNAL ");
	for (const char *at = number; *at; at++)
		buf_format(&text, "%02x", (unsigned)*at);
	buf_text(&text, "\r\n");
	if (write_bytes(b, text.data, text.n, e) < 0)
		return -1;
	do
		if (read_bytes(b, line + n, 1, e) < 0)
			return -1;
	while (line[n] != '\n' && ++n < sizeof(line) - 1);
	if (strncmp(line, "OK ", 3) != 0)
		return fail(e, EACCES, "systemd's bus: it does not accept "
		            "user %s", number);
	return write_bytes(b, "BEGIN\r\n", 7, e);
}

/* "unix:path=/run/user/1000/bus,guid=…", of which there may be several. */
static char *
path_of(const char *address)
{
	const char *at = address ? strstr(address, "unix:path=") : NULL;

	if (!at)
		return NULL;
	at += strlen("unix:path=");
	return mem_format("%.*s", (int)strcspn(at, ",;"), at);
}

static char *
user_path(void)
{
	const char *run = getenv("XDG_RUNTIME_DIR");
	char *path = path_of(getenv("DBUS_SESSION_BUS_ADDRESS"));

	return path ? path
	       : run ? mem_format("%s/bus", run)
	             : mem_format("/run/user/%u/bus", geteuid());
}

static char *
system_path(void)
{
	char *path = path_of(getenv("DBUS_SYSTEM_BUS_ADDRESS"));

	return path ? path : mem_text("/run/dbus/system_bus_socket");
}

static int
say_hello(struct bus *b, struct err *e)
{
	struct wire_call hello = {
		.to = "org.freedesktop.DBus", .path = "/org/freedesktop/DBus",
		.interface = "org.freedesktop.DBus", .member = "Hello",
	};
	struct wire_head h;

	return b->direct ? 0 : bus_call(b, &hello, &h, e);
}

int
bus_open(struct bus *b, uid_t user, struct err *e)
{
	AUTO(free) char *path = user ? user_path() : system_path();
	struct timeval patience = { PATIENCE, 0 };

	b->fd = unix_connect(path, e);
	if (b->fd < 0 && !user) {
		struct err unheard;

		b->fd = unix_connect("/run/systemd/private", &unheard);
		b->direct = true;
	}
	if (b->fd < 0)
		return fail(e, ENOTSUP, "systemd cannot be reached: %s: %s",
		            path, strerror(e->code));
	if (setsockopt(b->fd, SOL_SOCKET, SO_RCVTIMEO, &patience,
	               sizeof(patience)) < 0)
		return fail_sys(e, "systemd's bus");
	return say_who(b, e) < 0 ? -1 : say_hello(b, e);
}

int
bus_send(struct bus *b, const struct wire_call *call, struct err *e)
{
	AUTO(buf) struct buf out = { 0 };

	wire_message(&out, ++b->serial, call);
	return write_bytes(b, out.data, out.n, e);
}

int
bus_receive(struct bus *b, struct wire_head *h, struct err *e)
{
	char head[WIRE_HEAD];
	size_t n;

	if (read_bytes(b, head, sizeof(head), e) < 0 ||
	    wire_length(head, &n, e) < 0)
		return -1;
	b->in.n = 0;
	buf_add(&b->in, head, sizeof(head));
	buf_room(&b->in, n - sizeof(head));
	if (read_bytes(b, b->in.data + sizeof(head), n - sizeof(head), e) < 0)
		return -1;
	b->in.n = n;
	return wire_read(b->in.data, n, h, e);
}

int
bus_refused(struct wire_head *h, struct err *e)
{
	struct wire body = h->body;
	const char *said = *h->body_type == 's' ? wire_read_text(&body) : "";

	return fail(e, EIO, "systemd: %s", *said ? said : h->error);
}

int
bus_call(struct bus *b, const struct wire_call *call, struct wire_head *h,
         struct err *e)
{
	if (bus_send(b, call, e) < 0)
		return -1;
	do
		if (bus_receive(b, h, e) < 0)
			return -1;
	while (h->answers != b->serial);
	return h->type == WIRE_ERROR ? bus_refused(h, e) : 0;
}
