/* SPDX-License-Identifier: ISC */
/* The last stages: find the command, close what is ours, become it. */
#include "base/log.h"
#include "init/child.h"
#include "sync/sync.h"
#include "sys/missing.h"
#include "sys/signal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define USUAL_PATH \
	"/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

static int
is_runnable(const char *path)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return -1;
	if (S_ISDIR(st.st_mode)) {
		errno = EISDIR;
		return -1;
	}
	return access(path, X_OK);
}

static int
refuse(struct err *e, const char *name)
{
	bool absent = errno == ENOENT || errno == ENOTDIR;

	if (errno == EISDIR)
		fail(e, EISDIR, "'%s': is a directory", name);
	else
		fail_sys(e, "'%s'", name);
	return fail_status(e, absent ? STATUS_NOT_FOUND
	                             : STATUS_NOT_EXECUTABLE);
}

static const char *
search_path(const struct words *environment)
{
	for (size_t i = 0; i < environment->n; i++)
		if (strncmp(environment->v[i], "PATH=", 5) == 0)
			return environment->v[i] + 5;
	return USUAL_PATH;
}

/* As a shell does: a file that cannot be run counts only if nothing better
 * is found. */
static int
search(struct child *c, const char *name, struct err *e)
{
	const char *at = search_path(&c->environment);
	int best = ENOENT;

	for (;;) {
		size_t n = strcspn(at, ":");
		char *path = arena_format(&c->spec.arena, "%.*s%s%s", (int)n,
		                          at, n ? "/" : "./", name);

		if (is_runnable(path) == 0) {
			c->program = path;
			return 0;
		}
		if (errno == EACCES)
			best = EACCES;
		if (!at[n])
			break;
		at += n + 1;
	}
	if (best == EACCES) {
		errno = best;
		return refuse(e, name);
	}
	fail(e, ENOENT, "'%s': executable file not found in $PATH", name);
	return fail_status(e, STATUS_NOT_FOUND);
}

/*
 * READY tells that all is set up; the open waits until somebody reads. Who made
 * us is gone by then, and the fifo takes the place of the socket.
 */
static int
await_start(struct child *c, struct err *e)
{
	AUTO(close) int fifo = -1;
	char path[32];

	if (c->plan->fifo < 0)
		return 0;
	if (c->socket >= 0 &&
	    sync_send(c->socket, SYNC_READY, NULL, -1, e) < 0)
		return -1;
	snprintf(path, sizeof(path), "self/fd/%d", c->plan->fifo);
	do
		fifo = openat(c->proc, path, O_WRONLY | O_CLOEXEC);
	while (fifo < 0 && errno == EINTR);
	if (fifo < 0 || write(fifo, "", 1) != 1 ||
	    (c->socket >= 0 && dup3(fifo, c->socket, O_CLOEXEC) < 0))
		return fail_sys(e, "exec.fifo");
	c->started = c->socket >= 0;
	return 0;
}

/* Without close_range: what procfs lists, or all that could be. */
static void
close_each(const struct child *c, int first)
{
	int fd = openat(c->proc, "self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	struct rlimit limit;

	while (d && (entry = readdir(d))) {
		int one = atoi(entry->d_name);

		if (one >= first && one != c->socket && one != fd)
			close(one);
	}
	if (d) {
		closedir(d);
		return;
	}
	if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_max > 65536)
		limit.rlim_max = 65536;
	for (fd = first; fd < (int)limit.rlim_max; fd++)
		if (fd != c->socket)
			close(fd);
}

static void
close_from(const struct child *c, int first)
{
	int middle = c->socket < 0 ? first : c->socket + 1;

	if (c->socket > first &&
	    syscall(SYS_close_range, first, c->socket - 1, 0) < 0) {
		close_each(c, first);
		return;
	}
	if (syscall(SYS_close_range, middle, UINT_MAX, 0) < 0)
		close_each(c, first);
}

/*
 * No descriptor of the host may reach the command, and none that the command
 * could reach through us (CVE-2024-21626). Only the socket stays, which exec
 * closes; those that the caller wanted kept come down to 3 and up.
 */
static int
close_ours(struct child *c, struct err *e)
{
	int keep = c->plan->preserve;

	if (keep > 0 && c->socket >= 0) {
		c->socket = fcntl(c->socket, F_DUPFD_CLOEXEC,
		                  SYNC_EXTRA_FD + keep);
		if (c->socket < 0)
			return fail_sys(e, "descriptor 4");
	}
	for (int i = 0; i < keep; i++)
		if (dup3(SYNC_EXTRA_FD + i, SYNC_CONFIG_FD + i, 0) < 0)
			return fail_sys(e, "descriptor %d to keep", i);
	close_from(c, SYNC_CONFIG_FD + keep);
	c->proc = c->cwd = c->root = c->workdir = c->null = c->shroud = -1;
	c->slave = -1;
	return 0;
}

/* Wait for `start`; what is ours is closed. */
static int
release(struct child *c, struct err *e)
{
	c->released = true;
	if (await_start(c, e) < 0)
		return -1;
	if (!c->plan->exec && init_hooks_start(c, e) < 0)
		return -1;
	return close_ours(c, e);
}

int
init_command(struct child *c, struct err *e)
{
	const char *name = c->command.v[0];

	if (!strchr(name, '/')) {
		if (search(c, name, e) < 0)
			return -1;
	} else if (is_runnable(name) < 0) {
		return refuse(e, name);
	} else {
		c->program = arena_text(&c->spec.arena, name);
	}
	log_info("Find path %s", c->program);
	if (c->bare)
		return 0;
	if (c->by_hand)
		signal_reset();
	/* Who passes the listener on is there only until we wait. */
	if (init_has_listener(c) && init_seccomp(c, e) < 0)
		return fail_in(e, "seccomp");
	if (!c->plan->exec && init_is_to_be_born(c))
		return 0;
	return release(c, e);
}

/* Of a start that had to be born for it after all else. */
int
init_release(struct child *c, struct err *e)
{
	return c->released ? 0 : release(c, e);
}

int
init_exec(struct child *c, struct err *e)
{
	char *none[] = { NULL };

	if (c->plan->reaper && init_reaper(c, e) < 0)
		return -1;
	execve(c->program, c->command.v,
	       c->environment.n ? c->environment.v : none);
	return refuse(e, c->program);
}
