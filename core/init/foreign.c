/* SPDX-License-Identifier: ISC */
/* The source of a bind that lies in another process's mount namespace. */
#include "init/mounts.h"
#include "sys/path.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>

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

/* What the helper is to do. */
struct copy {
	int space;
	const char *path;
	bool recursive;
};

static int
copy(void *with, int *tree, struct err *e)
{
	const struct copy *c = with;

	*tree = copy_inside(c->space, c->path, c->recursive, e);
	return *tree < 0 ? -1 : 0;
}

int
init_open_foreign(struct child *c, const char *path, bool recursive,
                  int *tree, struct err *e)
{
	const char *inside = path_behind(path);
	AUTO(close) int space = -1;
	struct copy what = { .path = inside, .recursive = recursive };

	if (!inside)
		return 0;
	space = open(arena_format(&c->spec.arena, "%.*s/ns/mnt",
	                          (int)(inside - path - 5), path),
	             O_RDONLY | O_CLOEXEC);
	if (space < 0)
		return fail_sys(e, "its mount namespace");
	what.space = space;
	if (init_help(&(struct helper){ copy, &what }, tree, e) < 0)
		return -1;
	return *tree < 0 ? fail(e, EPROTO, "the helper sent nothing") : 0;
}
