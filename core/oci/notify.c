/* SPDX-License-Identifier: ISC */
/* sd_notify(3): what a container says to who started us, READY=1, passed on. */
#include "base/log.h"
#include "oci/box.h"
#include "sys/fd.h"
#include "sys/unix.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* As with runc: a directory, as a socket is made anew by each `start`. */
#define NOTIFY_DIR "notify"
#define NOTIFY_NAME "notify.sock"
#define INSIDE "/run/notify"

#define BARRIER_MS 30000
#define MOST 4096 /* of a message */

static const char *
host_address(void)
{
	const char *text = getenv("NOTIFY_SOCKET");

	return text && *text ? text : NULL;
}

/* The root of another user namespace is to find its way there. */
static int
open_way(const struct oci *c, struct err *e)
{
	struct stat st;

	if (fchmod(c->dir, 0711) < 0)
		return fail_sys(e, "'%s'", c->path);
	if (!spec_namespace(&c->spec, NAMESPACE_USER))
		return 0;
	if (fstat(c->root, &st) < 0 ||
	    fchmod(c->root, (st.st_mode & 07777) | 0011) < 0)
		return fail_sys(e, "--root");
	return 0;
}

int
notify_plan(struct oci *c, struct err *e)
{
	static const char *const options[] = { "bind", "nosuid", "noexec",
	                                       "nodev", "ro" };
	struct spec *s = &c->spec;
	struct mount *m;

	if (!host_address())
		return 0;
	if (mkdirat(c->dir, NOTIFY_DIR, 0755) < 0)
		return fail_sys(e, NOTIFY_DIR);
	if (open_way(c, e) < 0)
		return -1;
	m = LIST_ADD(&s->arena, s->mounts, s->n_mounts);
	*m = (struct mount){
		.destination = arena_text(&s->arena, INSIDE),
		.type = arena_text(&s->arena, "bind"),
		.source = arena_format(&s->arena, "%s/" NOTIFY_DIR, c->path),
	};
	for (size_t i = 0; i < sizeof(options) / sizeof(*options); i++)
		words_add(&s->arena, &m->options, options[i]);
	words_add(&s->arena, &s->process->env,
	          "NOTIFY_SOCKET=" INSIDE "/" NOTIFY_NAME);
	return 0;
}

int
notify_listen(const struct oci *c, int *socket_out, struct err *e)
{
	AUTO(close) int dir = -1, fd = -1;
	struct sockaddr_un where = { .sun_family = AF_UNIX };

	*socket_out = -1;
	if (!host_address())
		return 0;
	dir = openat(c->dir, NOTIFY_DIR, O_RDONLY | O_DIRECTORY | O_NOFOLLOW |
	             O_CLOEXEC);
	if (dir < 0)
		return errno == ENOENT ? 0 : fail_sys(e, NOTIFY_DIR);
	snprintf(where.sun_path, sizeof(where.sun_path),
	         "/proc/self/fd/%d/" NOTIFY_NAME, dir);
	if (unlinkat(dir, NOTIFY_NAME, 0) < 0 && errno != ENOENT)
		return fail_sys(e, NOTIFY_NAME);
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0 ||
	    bind(fd, (const struct sockaddr *)&where, sizeof(where)) < 0 ||
	    fchmodat(dir, NOTIFY_NAME, 0777, 0) < 0)
		return fail_sys(e, NOTIFY_NAME);
	*socket_out = take_fd(&fd);
	return 0;
}

/* A path, or "@name" of those without one. */
static int
connect_host(struct err *e)
{
	const char *text = host_address();
	struct sockaddr_un where = { .sun_family = AF_UNIX };
	size_t n = strlen(text);
	AUTO(close) int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (n >= sizeof(where.sun_path))
		return fail(e, ENAMETOOLONG, "NOTIFY_SOCKET '%s'", text);
	memcpy(where.sun_path, text, n);
	if (*text == '@')
		where.sun_path[0] = '\0';
	if (fd < 0 || connect(fd, (const struct sockaddr *)&where,
	                      (socklen_t)(offsetof(struct sockaddr_un,
	                                           sun_path) + n)) < 0)
		return fail_sys(e, "NOTIFY_SOCKET '%s'", text);
	return take_fd(&fd);
}

int
notify_check(int socket, struct err *e)
{
	AUTO(close) int host = socket < 0 ? -1 : connect_host(e);

	return socket >= 0 && host < 0 ? -1 : 0;
}

/* Whoever hears us has read all once it has closed the pipe; see
 * sd_notify_barrier(3). */
static int
await_barrier(int host, struct err *e)
{
	AUTO(close) int ours = -1, theirs = -1;
	struct pollfd p = { .events = POLLIN };
	int pair[2];

	if (fd_pipe(pair, e) < 0)
		return -1;
	p.fd = ours = pair[0];
	theirs = pair[1];
	if (unix_send_fd(host, theirs, "BARRIER=1", e) < 0)
		return -1;
	close(take_fd(&theirs));
	if (poll(&p, 1, BARRIER_MS) == 0)
		log_warn("NOTIFY_SOCKET: nobody has answered BARRIER=1");
	return 0;
}

static int
say(pid_t pid, struct err *e)
{
	AUTO(close) int host = connect_host(e);
	char text[40];
	int n = snprintf(text, sizeof(text), "MAINPID=%d\n", (int)pid);

	if (host < 0)
		return -1;
	if (send(host, "READY=1\n", 8, MSG_NOSIGNAL) < 0 ||
	    send(host, text, (size_t)n, MSG_NOSIGNAL) < 0)
		return fail_sys(e, "NOTIFY_SOCKET");
	return await_barrier(host, e);
}

/* Lines; of a message nothing but that one is passed on, as it comes from
 * whoever is in there. Descriptors that came along are closed by the kernel. */
static bool
is_ready(char *message)
{
	char *line;

	while ((line = strsep(&message, "\n")))
		if (strcmp(line, "READY=1") == 0)
			return true;
	return false;
}

int
notify_pass(int socket, pid_t pid, struct err *e)
{
	char message[MOST + 1];
	ssize_t n = recv(socket, message, MOST, MSG_DONTWAIT);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR
		       ? 0 : fail_sys(e, NOTIFY_NAME);
	message[n] = '\0';
	if (!is_ready(message))
		return 0;
	return say(pid, e) < 0 ? -1 : 1;
}

int
notify_wait(const struct oci *c, int socket, int pidfd, struct err *e)
{
	struct pollfd p[] = {
		{ .fd = socket, .events = POLLIN },
		{ .fd = pidfd, .events = POLLIN },
	};
	int done = 0;

	while (socket >= 0 && done == 0) {
		if (poll(p, 2, pidfd < 0 ? 100 : -1) < 0 && errno != EINTR)
			return fail_sys(e, "poll");
		if (p[0].revents)
			done = notify_pass(socket, (pid_t)c->record.pid.value,
			                   e);
		else if (p[1].revents || !box_is_alive(c))
			break;
	}
	return done < 0 ? -1 : 0;
}
