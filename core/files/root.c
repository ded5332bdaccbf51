/* SPDX-License-Identifier: ISC */
/* A container's root, whether it runs or not; and paths in it. */
#include "files/files.h"
#include "init/init.h"
#include "sys/mounts.h"
#include "sys/path.h"
#include "sys/process.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>

#define MOST_LINKS 40

/* Looked at again when it is open: it is that process's. */
static int
open_running(struct container *c, int *root, struct err *e)
{
	AUTO(arena) struct arena a = { 0 };
	AUTO(close) int pidfd = -1;
	AUTO(close) int fd = -1;
	pid_t pid = (pid_t)c->record.pid.value;

	if (container_pidfd(c, &pidfd, e) < 0)
		return -1;
	fd = open(arena_format(&a, "/proc/%d/root", (int)pid),
	          O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return fail_sys(e, "the root of process %d", (int)pid);
	if (container_pidfd(c, &pidfd, e) < 0)
		return -1;
	*root = take_fd(&fd);
	return 0;
}

int
files_root(struct container *c, int *root, struct err *e)
{
	if (container_is_up(c))
		return open_running(c, root, e);
	if (container_load_spec(c, e) < 0)
		return -1;
	return init_view(&c->spec, root, e);
}

int
files_check_writable(const struct container *c, const struct files_path *p,
                     struct err *e)
{
	AUTO(close) int there = -1;

	if (!c->spec.root || !c->spec.root->readonly)
		return 0;
	there = openat(p->dir, p->there && S_ISDIR(p->st.st_mode) ? p->name
	               : ".", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return there < 0 || mounts_number(p->root) != mounts_number(there) ? 0
	       : fail(e, EROFS, "container rootfs is marked read-only");
}

/* ---- paths ---- */

void
auto_files_path(struct files_path *p)
{
	if (p->dir > 2)
		close(p->dir);
	auto_arena(&p->arena);
}

/* What its end says beyond the name, and the path without that. */
static void
trim(struct files_path *p, const char *text)
{
	size_t n = strlen(text);
	bool more = true;

	while (more && n > 0) {
		more = false;
		if (n > 1 && text[n - 1] == '/') {
			p->asserts = more = true;
			n--;
		} else if (text[n - 1] == '.' &&
		           (n == 1 || text[n - 2] == '/')) {
			p->content = p->asserts = true;
			more = n > 1;
			n -= n > 1;
		}
		if (n == 1)
			break;
	}
	p->text = arena_bytes(&p->arena, text, n);
	if (strcmp(p->text, "/") == 0)
		p->content = p->asserts = true;
}

/* A path that ends in no name is a directory, whose content it means. */
static char *
split(struct files_path *p)
{
	char *slash = strrchr(p->text, '/');
	char *name = slash ? slash + 1 : p->text;

	if (!*name || strcmp(name, ".") == 0 || strcmp(name, "..") == 0) {
		p->name = arena_text(&p->arena, ".");
		return p->text;
	}
	p->name = name;
	if (!slash)
		return arena_text(&p->arena, p->root >= 0 ? "/" : ".");
	return slash == p->text
	       ? arena_text(&p->arena, "/")
	       : arena_bytes(&p->arena, p->text, (size_t)(slash - p->text));
}

static int
open_parent(struct files_path *p, const char *parent, struct err *e)
{
	const int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
	int fd = p->root >= 0 ? path_open_in(p->root, parent, flags)
	                      : open(parent, flags);

	return fd < 0 ? fail_sys(e, "'%s'", parent) : fd;
}

/* Where the link leads that it is, in its own root; 1: that is to be found. */
static int
follow_link(struct files_path *p, const char *parent, struct err *e)
{
	char text[PATH_MAX];
	ssize_t n = readlinkat(p->dir, p->name, text, sizeof(text) - 1);

	if (n < 0)
		return fail_sys(e, "'%s'", p->text);
	text[n] = '\0';
	p->text = arena_format(&p->arena, "%s%s%s",
	                       *text == '/' ? "" : parent,
	                       *text == '/' ? "" : "/", text);
	return 1;
}

static int
look(struct files_path *p, bool follow, struct err *e)
{
	char *parent = split(p);

	if (p->dir > 2)
		close(p->dir);
	p->dir = open_parent(p, parent, e);
	if (p->dir < 0)
		return -1;
	p->there = fstatat(p->dir, p->name, &p->st,
	                   AT_SYMLINK_NOFOLLOW) == 0;
	if (!p->there && errno != ENOENT)
		return fail_sys(e, "'%s'", p->text);
	return p->there && S_ISLNK(p->st.st_mode) && follow
	       ? follow_link(p, parent, e) : 0;
}

int
files_find(struct files_path *p, const char *text, bool follow,
           struct err *e)
{
	int more = 1;

	p->dir = -1;
	trim(p, *text ? text : p->root >= 0 ? "/" : ".");
	for (int links = 0; more > 0; links++) {
		if (links > MOST_LINKS) {
			errno = ELOOP;
			return fail_sys(e, "'%s'", text);
		}
		more = look(p, follow || p->asserts, e);
	}
	if (more == 0 && p->there && p->asserts && !S_ISDIR(p->st.st_mode)) {
		errno = ENOTDIR;
		return fail_sys(e, "'%s'", text);
	}
	return more;
}
