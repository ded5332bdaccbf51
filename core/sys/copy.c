/* SPDX-License-Identifier: ISC */
/* Copying trees that somebody hostile may be changing meanwhile. */
#include "sys/copy.h"
#include "sys/attribute.h"
#include "sys/fd.h"
#include "sys/links.h"
#include "sys/mounts.h"
#include "sys/path.h"
#include "sys/regular.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

/* ---- what a file looks like ---- */

static uid_t
owner(const struct copy *how, const struct stat *st)
{
	return how->owned ? how->uid : st->st_uid;
}

static gid_t
group(const struct copy *how, const struct stat *st)
{
	return how->owned ? how->gid : st->st_gid;
}

/* Owner before mode and attributes, since a change of owner takes setuid bits
 * and capabilities away. For others than root the owner is himself. */
static int
set_look(const struct copy *how, int from, int to, const struct stat *st)
{
	struct timespec times[2] = { st->st_atim, st->st_mtim };

	if (fchown(to, owner(how, st), group(how, st)) < 0 &&
	    (errno != EPERM || geteuid() == 0))
		return -1;
	if (attribute_copy(from, to) < 0 ||
	    fchmod(to, st->st_mode & 07777) < 0)
		return -1;
	return futimens(to, times);
}

int
copy_look(struct copy *how, int from, int to)
{
	struct stat st;

	return fstat(from, &st) < 0 ? -1 : set_look(how, from, to, &st);
}

/* Of what cannot be opened: a link, a FIFO, a device. */
static int
set_look_at(const struct copy *how, int to, const char *as,
            const struct stat *st)
{
	struct timespec times[2] = { st->st_atim, st->st_mtim };

	if (fchownat(to, as, owner(how, st), group(how, st),
	             AT_SYMLINK_NOFOLLOW) < 0 &&
	    (errno != EPERM || geteuid() == 0))
		return -1;
	return utimensat(to, as, times, AT_SYMLINK_NOFOLLOW);
}

/* ---- several names of one file ---- */

static void
add_link(struct copy *how, const struct stat *st, int to, const char *as)
{
	struct link_seen *l;
	struct stat made;

	if (fstatat(to, as, &made, AT_SYMLINK_NOFOLLOW) < 0)
		return;
	if (!how->links)
		how->links = links_new();
	l = links_add(how->links, st, how->path.data);
	l->made_dev = made.st_dev;
	l->made_ino = made.st_ino;
}

/* 1: it is another name now. What is not any more where we made it is copied
 * again. */
static int
use_link(struct copy *how, const struct stat *st, int to, const char *as)
{
	const struct link_seen *l = how->links
	        ? links_find(how->links, st) : NULL;
	AUTO(close) int fd = -1;
	struct stat made;

	if (!l)
		return 0;
	fd = path_open_in(how->top, l->path, O_PATH | O_NOFOLLOW);
	if (fd < 0 || fstat(fd, &made) < 0 || made.st_ino != l->made_ino ||
	    made.st_dev != l->made_dev)
		return 0;
	return fd_link(fd, to, as) == 0;
}

void
auto_copy(struct copy *how)
{
	auto_buf(&how->path);
	auto_links(&how->links);
}

/* ---- one entry ---- */

static int
copy_file(struct copy *how, int from, const char *name, int to,
          const char *as)
{
	struct stat st;
	AUTO(close) int in = regular_open(from, name, &st);
	AUTO(close) int out = -1;

	if (in < 0)
		return -1;
	out = openat(to, as, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW |
	             O_CLOEXEC, 0600);
	if (out < 0 || regular_copy(in, out, st.st_size) < 0)
		return -1;
	return set_look(how, in, out, &st);
}

static int
copy_link(int from, const char *name, int to, const char *as)
{
	char text[PATH_MAX];
	ssize_t n = readlinkat(from, name, text, sizeof(text) - 1);

	if (n < 0)
		return -1;
	text[n] = '\0';
	return symlinkat(text, to, as);
}

static int
copy_node(int to, const char *as, const struct stat *st)
{
	mode_t mask = umask(0);
	int done = mknodat(to, as, st->st_mode, st->st_rdev);
	int code = errno;

	umask(mask);
	errno = code;
	return done;
}

/* A directory goes only for a directory, and nothing else for one. */
static int
make_way(const struct copy *how, int to, const char *as, bool dir)
{
	struct stat st;

	if (!how->replace ||
	    fstatat(to, as, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return 0;
	if (S_ISDIR(st.st_mode) && dir)
		return 0;
	if (S_ISDIR(st.st_mode) || dir) {
		errno = dir ? ENOTDIR : EISDIR;
		return -1;
	}
	return unlinkat(to, as, 0) == 0 || errno == ENOENT ? 0 : -1;
}

/* What is copied: `name` below `from`, to be `as` below `to`. */
struct entry {
	int from, to;
	const char *name, *as;
	struct stat st;
};

/* One that is no directory. */
static int
copy_leaf(struct copy *how, const struct entry *n)
{
	const struct stat *st = &n->st;
	int done;

	if (make_way(how, n->to, n->as, false) < 0)
		return -1;
	if (st->st_nlink > 1 && use_link(how, st, n->to, n->as) > 0)
		return 0;
	if (S_ISREG(st->st_mode))
		done = copy_file(how, n->from, n->name, n->to, n->as);
	else if (S_ISLNK(st->st_mode))
		done = copy_link(n->from, n->name, n->to, n->as);
	else
		done = copy_node(n->to, n->as, st);
	if (done == 0 && !S_ISREG(st->st_mode))
		done = set_look_at(how, n->to, n->as, st);
	if (done == 0 && st->st_nlink > 1)
		add_link(how, st, n->to, n->as);
	return done;
}

/* A directory of its own in both, opened. */
static int
enter(const struct copy *how, struct entry *n, int pair[2])
{
	const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

	pair[0] = openat(n->from, n->name, flags);
	if (pair[0] < 0 || fstat(pair[0], &n->st) < 0 ||
	    make_way(how, n->to, n->as, true) < 0)
		return -1;
	if (mkdirat(n->to, n->as, 0700) < 0 &&
	    (errno != EEXIST || !how->replace))
		return -1;
	pair[1] = openat(n->to, n->as, flags);
	return pair[1] < 0 ? -1 : 1;
}

static bool
is_copied(const struct copy *how, mode_t mode)
{
	return S_ISREG(mode) || S_ISLNK(mode) || S_ISDIR(mode) ||
	       (how->special && !S_ISSOCK(mode));
}

/* 1: it is a directory, `pair`, whose content is still to be copied. */
static int
begin(struct copy *how, struct entry *n, int pair[2])
{
	if (fstatat(n->from, n->name, &n->st, AT_SYMLINK_NOFOLLOW) < 0)
		return -1;
	if (!is_copied(how, n->st.st_mode))
		return 0;
	how->bytes += 512;
	if (S_ISREG(n->st.st_mode))
		how->bytes += ((uint64_t)n->st.st_size + 511) / 512 * 512;
	return S_ISDIR(n->st.st_mode) ? enter(how, n, pair)
	                              : copy_leaf(how, n);
}

static bool
is_skipped(const struct copy *how, const struct stat *st, int fd)
{
	for (size_t i = 0; i < how->n_skip; i++)
		if (how->skip[i].ino == st->st_ino &&
		    how->skip[i].dev == st->st_dev)
			return true;
	return how->one_mount && (st->st_dev != how->dev ||
	                          mounts_number(fd) != how->mount);
}

static void
auto_closedir(DIR **d)
{
	if (*d)
		closedir(*d);
}

static void
auto_pair(int (*pair)[2])
{
	for (int i = 0; i < 2; i++)
		if ((*pair)[i] >= 0)
			close((*pair)[i]);
}

/* how->path follows, and stays where something fails. */
static int
copy_tree(struct copy *how, int from, int to)
{
	int fd = openat(from, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	AUTO(closedir) DIR *d = fd < 0 ? NULL : fdopendir(fd);
	size_t depth = how->path.n;
	struct dirent *one;

	if (!d)
		return -1;
	for (errno = 0; (one = readdir(d)); errno = 0) {
		AUTO(pair) int pair[2] = { -1, -1 };
		struct entry n = { from, to, one->d_name, one->d_name,
			           { 0 } };
		int entered;

		if (strcmp(n.name, ".") == 0 || strcmp(n.name, "..") == 0)
			continue;
		buf_format(&how->path, "/%s", n.name);
		entered = begin(how, &n, pair);
		if (entered < 0)
			return -1;
		if (entered && !is_skipped(how, &n.st, pair[0]) &&
		    copy_tree(how, pair[0], pair[1]) < 0)
			return -1;
		if (entered && set_look(how, pair[0], pair[1], &n.st) < 0)
			return -1;
		how->path.n = depth;
		how->path.data[depth] = '\0';
	}
	return errno ? -1 : 0;
}

int
copy_content(struct copy *how, int from, int to)
{
	struct stat st;

	if (fstat(from, &st) < 0)
		return -1;
	how->dev = st.st_dev;
	how->mount = mounts_number(from);
	how->top = to;
	return copy_tree(how, from, to);
}

int
copy_entry(struct copy *how, int from, const char *name, int to,
           const char *as)
{
	AUTO(pair) int pair[2] = { -1, -1 };
	struct entry n = { from, to, name, as, { 0 } };
	int entered;

	how->top = to;
	buf_format(&how->path, "/%s", as);
	entered = begin(how, &n, pair);
	if (entered <= 0)
		return entered;
	how->dev = n.st.st_dev;
	how->mount = mounts_number(pair[0]);
	if (!is_skipped(how, &n.st, pair[0]) &&
	    copy_tree(how, pair[0], pair[1]) < 0)
		return -1;
	return set_look(how, pair[0], pair[1], &n.st);
}
