/* SPDX-License-Identifier: ISC */
/* A connection to who takes lines: it never waits long, and comes again. */
#include "logs/parts.h"
#include "sys/clock.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

#define PORT 514

/* The first connection, a message that does not get through, and a new
 * connection: so long they are waited for, in milliseconds. */
enum { OPEN_MS = 5000, SEND_MS = 1000, AGAIN_MS = 200 };
#define PAUSE_MS 1000

/* ---- addresses ---- */

int
socket_unix(struct logs_socket *s, const char *path, int type, struct err *e)
{
	struct sockaddr_un *to = (struct sockaddr_un *)&s->address;

	if (*path != '/')
		return fail(e, EINVAL, "'%s' is not an absolute path", path);
	if (strlen(path) >= sizeof(to->sun_path))
		return fail(e, ENAMETOOLONG, "'%s' is too long for a socket",
		            path);
	to->sun_family = AF_UNIX;
	strcpy(to->sun_path, path);
	s->type = type;
	s->n_address = sizeof(*to);
	return 0;
}

/* "1.2.3.4", "1.2.3.4:514", "[::1]:514", "::1", ":514" */
static int
split_host(char *text, const char **host, unsigned *port, struct err *e)
{
	char *colon = strrchr(text, ':'), *end;
	char *close = *text == '[' ? strchr(text, ']') : NULL;

	*host = close ? text + 1 : text;
	*port = PORT;
	if (close) {
		*close = '\0';
		colon = close[1] == ':' ? close + 1 : NULL;
		if (close[1] && !colon)
			return fail(e, EINVAL, "'%s' behind the ']'",
			            close + 1);
	} else if (colon && strchr(text, ':') != colon) {
		colon = NULL; /* an IPv6 address without a port */
	}
	if (!colon)
		return 0;
	*colon = '\0';
	*port = (unsigned)strtoul(colon + 1, &end, 10);
	if (colon[1] < '0' || colon[1] > '9' || *end || !*port ||
	    *port > 65535)
		return fail(e, EINVAL, "'%s' is not a port", colon + 1);
	return 0;
}

static int
parse_inet(struct logs_socket *s, const char *text, int type, struct err *e)
{
	struct sockaddr_in *four = (struct sockaddr_in *)&s->address;
	struct sockaddr_in6 *six = (struct sockaddr_in6 *)&s->address;
	AUTO(free) char *copy = mem_text(text);
	const char *host;
	unsigned port;

	if (split_host(copy, &host, &port, e) < 0)
		return -1;
	s->type = type;
	if (!*host || strcmp(host, "localhost") == 0)
		host = "127.0.0.1";
	if (inet_pton(AF_INET, host, &four->sin_addr) == 1) {
		four->sin_family = AF_INET;
		four->sin_port = htons((uint16_t)port);
		s->n_address = sizeof(*four);
	} else if (inet_pton(AF_INET6, host, &six->sin6_addr) == 1) {
		six->sin6_family = AF_INET6;
		six->sin6_port = htons((uint16_t)port);
		s->n_address = sizeof(*six);
	} else {
		return fail(e, EINVAL, "'%s' is a name; only an address in"
		            " numbers will do, as no DNS is asked here", host);
	}
	return 0;
}

static const struct scheme {
	const char *name;
	int type;
	int (*parse)(struct logs_socket *s, const char *text, int type,
	             struct err *e);
} schemes[] = {
	{ "unix://", SOCK_STREAM, socket_unix },
	{ "unixgram://", SOCK_DGRAM, socket_unix },
	{ "udp://", SOCK_DGRAM, parse_inet },
	{ "tcp://", SOCK_STREAM, parse_inet },
};

int
socket_parse(struct logs_socket *s, const char *url, struct err *e)
{
	for (size_t i = 0; i < sizeof(schemes) / sizeof(*schemes); i++) {
		const struct scheme *row = &schemes[i];
		size_t n = strlen(row->name);

		if (strncmp(url, row->name, n) == 0)
			return row->parse(s, url + n, row->type, e);
	}
	if (strncmp(url, "tcp+tls://", 10) == 0)
		return fail(e, EINVAL, "TLS is not supported");
	return fail(e, EINVAL, "'%s' does not begin with unix://, unixgram://,"
	            " udp:// or tcp://", url);
}

/* ---- the connection ---- */

static bool
is_ready(int fd, int ms)
{
	struct pollfd one = { .fd = fd, .events = POLLOUT };
	int ready;

	do
		ready = poll(&one, 1, ms);
	while (ready < 0 && errno == EINTR);
	if (ready == 0)
		errno = ETIMEDOUT;
	return ready > 0;
}

/* An answer that came meanwhile: connected, or why not. */
static int
finish(int fd, int ms)
{
	int code = 0;
	socklen_t n = sizeof(code);

	if (!is_ready(fd, ms) ||
	    getsockopt(fd, SOL_SOCKET, SO_ERROR, &code, &n) < 0)
		return -1;
	errno = code;
	return code ? -1 : 0;
}

static int
join(struct logs_socket *s, int ms)
{
	AUTO(close) int fd = socket(s->address.ss_family,
	                            s->type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return -1;
	if (connect(fd, (struct sockaddr *)&s->address, s->n_address) < 0 &&
	    (errno != EINPROGRESS || finish(fd, ms) < 0))
		return -1;
	s->fd = take_fd(&fd);
	return 0;
}

int
socket_open(struct logs_socket *s, const struct logs_how *how, struct err *e)
{
	const char *mode = options_get(how, "mode");

	s->patient = !mode || strcmp(mode, "blocking") == 0;
	if (join(s, OPEN_MS) < 0)
		return fail_sys(e, "connect");
	return 0;
}

static void
leave(struct logs_socket *s)
{
	int code = errno;

	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
	errno = code;
}

/* Who did not take the last one in time is not waited for again. */
static int
send_rest(struct logs_socket *s, const char *bytes, size_t n)
{
	bool whole = true;

	while (n) {
		ssize_t sent = send(s->fd, bytes, n,
		                    MSG_NOSIGNAL | MSG_DONTWAIT);

		if (sent < 0 && errno == EINTR)
			continue;
		if (sent < 0 && errno == EAGAIN) {
			s->stuck |= !s->patient && whole;
			if (s->stuck || !is_ready(s->fd, SEND_MS)) {
				s->stuck = true;
				if (!whole)
					leave(s); /* half a message is out */
				return -1;
			}
			continue;
		}
		if (sent < 0) {
			leave(s);
			return -1;
		}
		s->stuck = whole = false;
		bytes += sent;
		n -= (size_t)sent;
	}
	return 0;
}

int
socket_send(struct logs_socket *s, const void *bytes, size_t n)
{
	if (s->fd >= 0 && send_rest(s, bytes, n) == 0)
		return 0;
	if (s->fd >= 0)
		return -1;
	if (clock_ms() < s->again)
		return -1;
	if (join(s, s->patient ? AGAIN_MS : 0) < 0) {
		s->again = clock_ms() + PAUSE_MS;
		return -1;
	}
	s->stuck = false;
	return send_rest(s, bytes, n);
}
