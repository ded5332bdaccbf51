/* SPDX-License-Identifier: ISC */
/* criu as a child of ours, which takes its requests over a socket. */
#include "criu/criu.h"
#include "base/log.h"
#include "sys/fd.h"
#include "sys/process.h"
#include "sys/signal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define MOST_FDS 32

bool
criu_is_installed(void)
{
	AUTO(free) char *path = mem_text(getenv("PATH") ? getenv("PATH") : "");
	char *rest, *dir;

	for (dir = strtok_r(path, ":", &rest); dir;
	     dir = strtok_r(NULL, ":", &rest)) {
		AUTO(free) char *file = mem_format("%s/criu", dir);

		if (access(file, X_OK) == 0)
			return true;
	}
	return false;
}

void
auto_criu(struct criu *c)
{
	struct err ignored;
	int status;

	auto_close(&c->socket);
	if (c->pid > 0 &&
	    (process_signal(c->pidfd, c->pid, SIGKILL, &ignored) < 0 ||
	     process_wait(c->pid, &status, &ignored) < 0))
		log_debug("criu: %s", ignored.text);
	auto_close(&c->pidfd);
	auto_close(&c->said);
	*c = (struct criu)CRIU_NONE;
}

/* What the child does, made ready before it is there: it has our memory. */
struct birth {
	int fds[CRIU_FIRST_FD + MOST_FDS];
	size_t n;
};

static void
be_criu(void *with)
{
	struct birth *b = with;
	/* "3" is where its socket is */
	char *argv[] = { (char *)(uintptr_t)"criu", (char *)(uintptr_t)"swrk",
		         (char *)(uintptr_t)"3", NULL };
	struct err e;

	signal_reset();
	if (fd_arrange(b->fds, b->n, 0, &e) == 0 &&
	    fd_cloexec_from((int)b->n, &e) == 0) {
		execvp(argv[0], argv);
		fail_sys(&e, "exec");
	}
	if (fd_write(STDERR_FILENO, e.text, strlen(e.text)) < 0)
		_exit(STATUS_OURS);
	_exit(STATUS_NOT_FOUND);
}

static int
list_fds(struct birth *b, const int first[CRIU_FIRST_FD], const int fds[],
         size_t n, struct err *e)
{
	if (n > MOST_FDS)
		return fail(e, E2BIG, "more than %d descriptors", MOST_FDS);
	for (size_t i = 0; i < CRIU_FIRST_FD; i++)
		b->fds[i] = first[i];
	for (size_t i = 0; i < n; i++)
		b->fds[CRIU_FIRST_FD + i] = fds[i];
	b->n = CRIU_FIRST_FD + n;
	return 0;
}

int
criu_start(struct criu *c, const int fds[], size_t n, struct err *e)
{
	struct birth b;
	struct process_spawn spawn = { .cgroup = -1, .child = be_criu,
		                       .with = &b, .pidfd = -1 };
	AUTO(close) int theirs = -1;
	int pair[2];

	if (!criu_is_installed())
		return fail(e, ENOENT, "criu: executable file not found in "
		            "$PATH; it comes with Debian's package criu");
	if (fd_socketpair(pair, e) < 0)
		return -1;
	c->socket = pair[0];
	theirs = pair[1];
	c->said = memfd_create("criu", MFD_CLOEXEC);
	if (c->said < 0)
		return fail_sys(e, "memfd");
	if (list_fds(&b, (const int[]){ STDIN_FILENO, c->said, c->said,
	                                theirs }, fds, n, e) < 0)
		return -1;
	c->pid = process_spawn(&spawn, e);
	c->pidfd = spawn.pidfd;
	return c->pid < 0 ? -1 : 0;
}
