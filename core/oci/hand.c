/* SPDX-License-Identifier: ISC */
/* What comes from the caller and goes to him, beside words. */
#include "oci/box.h"
#include "store/store.h"
#include "sys/unix.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* As many as a child takes, beside those that it needs. */
#define MOST_KEPT 32

int
hand_paths(struct oci_how *how, struct arena *a, struct err *e)
{
	char **paths[] = { &how->bundle, &how->config, &how->console_socket,
	                   &how->pid_file, &how->pidfd_socket };

	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++)
		if (box_absolute(paths[i], a, e) < 0)
			return -1;
	return 0;
}

/* Without one to wait for its end, a terminal needs somebody to be sent to. */
int
hand_check(const struct oci_how *how, const struct process *p, bool waits,
          struct err *e)
{
	if (p->terminal && !waits && !how->console_socket)
		return fail(e, EINVAL, "--console-socket is needed for the "
		            "terminal of a process that runs detached");
	if (!p->terminal && how->console_socket)
		return fail(e, EINVAL, "--console-socket: the process has no "
		            "terminal");
	return 0;
}

/* sd_listen_fds(3): so many descriptors from 3 up are for the command. */
static int
listening(void)
{
	const char *text = getenv("LISTEN_FDS");
	char *end;
	long n = text ? strtol(text, &end, 10) : 0;

	return n > 0 && n <= MOST_KEPT && !*end ? (int)n : 0;
}

int
hand_check_kept(const struct number *keep, struct err *e)
{
	if (!keep)
		return 0;
	if (keep->set && (keep->value < 0 || keep->value > MOST_KEPT))
		return fail(e, EINVAL, "--preserve-fds: not of 0 to %d",
		            MOST_KEPT);
	for (int fd = 3; fd < 3 + (int)keep->value + listening(); fd++)
		if (fcntl(fd, F_GETFD) < 0)
			return fail_sys(e, "--preserve-fds: descriptor %d",
			                fd);
	return 0;
}

int
hand_kept(const struct oci_how *how, struct spec *s)
{
	int n = listening();

	if (n > 0) {
		words_add(&s->arena, &s->process->env,
		          arena_format(&s->arena, "LISTEN_FDS=%d", n));
		words_add(&s->arena, &s->process->env, "LISTEN_PID=1");
	}
	return n + (how->preserve.set ? (int)how->preserve.value : 0);
}

static int
send_over(const char *option, const char *path, int fd, const char *text,
          struct err *e)
{
	AUTO(close) int socket = unix_connect(path, e);

	if (socket < 0 || unix_send_fd(socket, fd, text, e) < 0)
		return fail_in(e, "%s", option);
	return 0;
}

static int
write_pid(const char *path, pid_t pid, struct err *e)
{
	AUTO(free) char *dir = mem_text(path);
	char *slash = strrchr(dir, '/');
	AUTO(buf) struct buf text = { 0 };
	AUTO(close) int at = -1;

	*slash = '\0';
	at = open(slash == dir ? "/" : dir, O_RDONLY | O_DIRECTORY |
	          O_CLOEXEC);
	buf_format(&text, "%d", pid);
	if (at < 0)
		return fail_sys(e, "--pid-file: '%s'", path);
	if (store_write(at, slash + 1, &text, false, e) < 0)
		return fail_in(e, "--pid-file");
	return 0;
}

/* The terminal is theirs then, and not ours to copy from. */
int
hand_over(const struct oci_how *how, struct runtime_child *child,
          struct err *e)
{
	if (how->console_socket) {
		if (send_over("--console-socket", how->console_socket,
		              child->master, "/dev/ptmx", e) < 0)
			return -1;
		close(take_fd(&child->master));
	}
	if (how->pidfd_socket &&
	    send_over("--pidfd-socket", how->pidfd_socket, child->pidfd,
	              "pidfd", e) < 0)
		return -1;
	return how->pid_file ? write_pid(how->pid_file, child->pid, e) : 0;
}
