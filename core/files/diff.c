/* SPDX-License-Identifier: ISC */
/* What an upper directory changes of a lower one: docker's diff. */
#include "files/files.h"
#include "sys/path.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>

#define DIRECTORY (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

struct diff {
	const struct container *container;
	struct arena *arena;
	struct words *rows;
	struct buf path;
	struct err *e;
};

static void
add(struct diff *d, char kind)
{
	words_add(d->arena, d->rows, arena_format(d->arena, "%c %s", kind,
	                                          d->path.data));
}

/* Places for what every container has mounted are made where the root lacks
 * them, and nobody's change. */
static bool
is_own(const struct diff *d)
{
	const struct spec *s = &d->container->spec;
	const struct record *r = &d->container->record;

	for (size_t i = 0; i < r->n_mounts; i++)
		if (path_is(r->mounts[i].destination, d->path.data))
			return false;
	for (size_t i = 0; i < s->n_mounts; i++)
		if (path_is(s->mounts[i].destination, d->path.data))
			return true;
	return path_is(d->path.data, "/sys/fs");
}

/* Documentation/filesystems/overlayfs.rst, "whiteouts and opaque
 * directories". */
static bool
is_whiteout(const struct stat *st)
{
	return S_ISCHR(st->st_mode) && st->st_rdev == makedev(0, 0);
}

static bool
is_opaque(int fd)
{
	char value[2];

	return fgetxattr(fd, "trusted.overlay.opaque", value,
	                 sizeof(value)) == 1 && value[0] == 'y';
}

static bool
is_below(int dir, const char *name)
{
	struct stat st;

	return dir >= 0 && fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

static DIR *
open_list(int dir)
{
	int fd = openat(dir, ".", DIRECTORY);

	return fd < 0 ? NULL : fdopendir(fd);
}

static bool
is_dots(const char *name)
{
	return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

static void
push(struct diff *d, size_t n, const char *name)
{
	d->path.n = n;
	buf_format(&d->path, "/%s", name);
}

/* An opaque directory hides all that is below it and not in it itself. */
static int
add_hidden(struct diff *d, int upper, int lower)
{
	DIR *list = open_list(lower);
	size_t n = d->path.n;
	struct dirent *one;

	while (list && (one = readdir(list)))
		if (!is_dots(one->d_name) && !is_below(upper, one->d_name)) {
			push(d, n, one->d_name);
			add(d, 'D');
		}
	if (list)
		closedir(list);
	d->path.n = n;
	return 0;
}

static int diff_tree(
        struct diff *d, int upper, int lower);

static int
diff_dir(struct diff *d, int upper, int lower, const char *name)
{
	AUTO(close) int above = openat(upper, name, DIRECTORY);
	AUTO(close) int below = lower < 0 ? -1 : openat(lower, name,
	                                                DIRECTORY);

	if (above < 0)
		return fail_sys(d->e, "'%s'", d->path.data);
	if (below >= 0 && is_opaque(above) && add_hidden(d, above, below) < 0)
		return -1;
	return diff_tree(d, above, below);
}

static int
diff_one(struct diff *d, int upper, int lower, const char *name)
{
	bool before = is_below(lower, name);
	struct stat st;

	if (fstatat(upper, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 0
		       : fail_sys(d->e, "'%s'", d->path.data);
	if (is_own(d))
		return 0;
	if (is_whiteout(&st)) {
		if (before)
			add(d, 'D');
		return 0;
	}
	add(d, before ? 'C' : 'A');
	return S_ISDIR(st.st_mode) ? diff_dir(d, upper, lower, name) : 0;
}

static int
diff_tree(struct diff *d, int upper, int lower)
{
	DIR *list = open_list(upper);
	size_t n = d->path.n;
	struct dirent *one;
	int done = 0;

	if (!list)
		return fail_sys(d->e, "'%s'", d->path.n ? d->path.data : "/");
	while (done == 0 && (one = readdir(list)))
		if (!is_dots(one->d_name)) {
			push(d, n, one->d_name);
			done = diff_one(d, upper, lower, one->d_name);
		}
	closedir(list);
	d->path.n = n;
	return done;
}

static int
by_path(const void *a, const void *b)
{
	return strcmp(*(char *const *)a + 2, *(char *const *)b + 2);
}

int
files_diff(struct container *c, struct arena *a, struct words *rows,
           struct err *e)
{
	struct diff d = { .container = c, .arena = a, .rows = rows, .e = e };
	AUTO(close) int upper = openat(c->dir, "upper", DIRECTORY);
	AUTO(close) int lower = -1;
	int done;

	if (container_load_spec(c, e) < 0)
		return -1;
	if (upper < 0)
		return fail(e, ENOTSUP, "container '%s' has no layer of its"
		            " own on a disk, which --overlay of --rootfs "
		            "makes without --rm", c->record.name);
	lower = open(c->spec.root->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (lower < 0)
		return fail_sys(e, "'%s'", c->spec.root->path);
	buf_text(&d.path, "");
	done = diff_tree(&d, upper, lower);
	auto_buf(&d.path);
	if (rows->n)
		qsort(rows->v, rows->n, sizeof(*rows->v), by_path);
	return done;
}
