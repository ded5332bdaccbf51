/* SPDX-License-Identifier: ISC */
/* The source of a bind that lies in another process's mount namespace. */
#include "init/mounts.h"
#include "sync/sync.h"
#include "sys/fd.h"
#include "sys/path.h"
#include "sys/process.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>

/* "/proc/PID/root/dev/shm": where its path begins, or NULL for another. */
static const char *
path_behind(const char *path)
{
	static const char proc[] = "/proc/", root[] = "/root/";
	size_t digits;

	if (strncmp(path, proc, sizeof(proc) - 1) != 0)
		return NULL;
	path += sizeof(proc) - 1;
	digits = strspn(path, "0123456789");
	if (digits == 0 || strncmp(path + digits, root, sizeof(root) - 1) != 0)
		return NULL;
	return path + digits + sizeof(root) - 2;
}

/* In there nothing is trusted: the path is walked below its root. */
static int
copy_inside(int space, const char *path, bool recursive, struct err *e)
{
	AUTO(close) int root = -1;
	AUTO(close) int source = -1;
	int tree;

	if (setns(space, CLONE_NEWNS) < 0)
		return fail_sys(e, "its mount namespace");
	root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	source = root < 0 ? -1 : path_open_in(root, path, O_PATH);
	tree = source < 0 ? -1 : mounts_detach(source, recursive);
	return tree < 0 ? fail_sys(e, "%s", path) : tree;
}

/* A process of its own, for there is no way back from there. */
static void
help(int socket, int space, const char *path, bool recursive)
{
	struct err said, unheard;
	int tree = copy_inside(space, path, recursive, &said);

	_exit(sync_send(socket, tree < 0 ? SYNC_FAILED : SYNC_READY,
	                tree < 0 ? &said : NULL, tree, &unheard) < 0);
}

static int
take_tree(int socket, int *tree, struct err *e)
{
	struct sync_message m;
	int got = sync_receive(socket, &m, tree, e);

	if (got < 0)
		return -1;
	if (got > 0 && m.word == SYNC_FAILED) {
		*e = m.err;
		return -1;
	}
	return *tree < 0 ? fail(e, EPROTO, "the helper has ended") : 0;
}

int
init_open_foreign(struct child *c, const char *path, bool recursive,
                  int *tree, struct err *e)
{
	const char *inside = path_behind(path);
	AUTO(close) int space = -1;
	AUTO(close) int pidfd = -1;
	struct err ignored;
	int pair[2], status, done;
	bool born;
	pid_t pid;

	if (!inside)
		return 0;
	space = open(arena_format(&c->spec.arena, "%.*s/ns/mnt",
	                          (int)(inside - path - 5), path),
	             O_RDONLY | O_CLOEXEC);
	if (space < 0)
		return fail_sys(e, "its mount namespace");
	if (fd_socketpair(pair, e) < 0)
		return -1;
	pid = process_clone(0, -1, &born, &pidfd, e);
	if (pid == 0)
		help(pair[1], space, inside, recursive);
	close(pair[1]);
	done = pid < 0 ? -1 : take_tree(pair[0], tree, e);
	close(pair[0]);
	if (pid > 0 && process_wait(pid, &status, &ignored) < 0 && done == 0)
		*e = ignored;
	return done;
}
