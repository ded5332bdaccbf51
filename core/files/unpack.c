/* SPDX-License-Identifier: ISC */
/* Archives into trees: nothing in them leads out, whatever they say. */
#include "files/inside.h"
#include "sys/attribute.h"
#include "sys/fd.h"
#include "sys/path.h"
#include "tar/tar.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/sysmacros.h>

/* A directory's time is set when nothing more is written into it. */
struct dated {
	char *path;
	int64_t seconds;
};

/*
 * root    what absolute links begin at
 * place   where in it the archive goes
 * entry   the one that is unpacked now, below the directory `dir` as `name`
 */
struct unpack {
	struct arena arena;
	struct tar_reader reader;
	struct tar_entry entry;
	int root, dir;
	const char *place;
	char name[NAME_MAX + 1];
	struct dated *dates;
	size_t n_dates;
};

static void
auto_unpack(struct unpack *u)
{
	if (u->dir > 2)
		close(u->dir);
	auto_tar_reader(&u->reader);
	auto_arena(&u->arena);
}

/* Without "." and doubled slashes; NULL: "..", which leads out or hides where
 * it leads. */
static char *
clean(struct arena *a, const char *name)
{
	AUTO(buf) struct buf out = { 0 };

	buf_text(&out, "");
	while (*name) {
		size_t n;

		name += strspn(name, "/");
		n = strcspn(name, "/");
		if (n == 2 && memcmp(name, "..", 2) == 0)
			return NULL;
		if (n && !(n == 1 && *name == '.'))
			buf_format(&out, "%s%.*s", out.n ? "/" : "", (int)n,
			           name);
		name += n;
	}
	return arena_text(a, out.data);
}

static char *
inside(struct unpack *u, const char *name)
{
	return arena_format(&u->reader.arena, "%s/%s", u->place, name);
}

/* Open what the entry lies in, made if it is not there. */
static int
open_parent(struct unpack *u, struct err *e)
{
	char *path = clean(&u->reader.arena, u->entry.name);
	char *slash = path ? strrchr(path, '/') : NULL;
	const char *name = slash ? slash + 1 : path;
	AUTO(close) int place = -1;

	if (!path || (name && strlen(name) > NAME_MAX))
		return fail(e, EINVAL, "'%.200s': leads out of its archive",
		            u->entry.name);
	strcpy(u->name, *name ? name : ".");
	if (slash)
		*slash = '\0';
	place = path_make_dir(u->root, inside(u, slash ? path : ""));
	if (place < 0)
		return fail_sys(e, "'%.200s'", u->entry.name);
	u->dir = openat(place, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return u->dir < 0 ? fail_sys(e, "'%.200s'", u->entry.name) : 0;
}

/* A directory stays, and goes for nothing else. */
static int
make_way(struct unpack *u, struct err *e)
{
	bool dir = u->entry.kind == S_IFDIR;
	struct stat st;

	if (fstatat(u->dir, u->name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return 0;
	if (S_ISDIR(st.st_mode) && dir)
		return 0;
	if (S_ISDIR(st.st_mode))
		return fail(e, EISDIR, "cannot overwrite directory '%.200s'"
		            " with non-directory", u->entry.name);
	if (dir)
		return fail(e, ENOTDIR, "cannot overwrite non-directory"
		            " '%.200s' with directory", u->entry.name);
	if (unlinkat(u->dir, u->name, 0) < 0 && errno != ENOENT)
		return fail_sys(e, "'%.200s'", u->entry.name);
	return 0;
}

/* Owner before mode and attributes, which a change of owner takes away. */
static int
set_look(struct unpack *u, int fd)
{
	const struct tar_entry *n = &u->entry;
	struct timespec times[2] = { { n->seconds, 0 }, { n->seconds, 0 } };

	if (fchown(fd, n->uid, n->gid) < 0 &&
	    (errno != EPERM || geteuid() == 0))
		return -1;
	for (size_t i = 0; i < n->n_attributes; i++) {
		const struct tar_attribute *one = &n->attributes[i];

		if (attribute_goes(one->name) &&
		    attribute_set(fd, one->name, one->value, one->n) < 0)
			return -1;
	}
	return fchmod(fd, n->mode) < 0 ? -1 : futimens(fd, times);
}

static int
make_file(struct unpack *u, struct err *e)
{
	AUTO(close) int fd = openat(u->dir, u->name, O_WRONLY | O_CREAT |
	                            O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	char part[65536];
	ssize_t n;

	if (fd < 0)
		return fail_sys(e, "'%.200s'", u->entry.name);
	while ((n = tar_read(&u->reader, part, sizeof(part), e)) > 0)
		if (fd_write(fd, part, (size_t)n) < 0)
			return fail_sys(e, "'%.200s'", u->entry.name);
	if (n < 0)
		return -1;
	return set_look(u, fd) < 0 ? fail_sys(e, "'%.200s'", u->entry.name)
	                           : 0;
}

static int
make_dir(struct unpack *u, struct err *e)
{
	AUTO(close) int fd = -1;
	struct dated *date;

	if (mkdirat(u->dir, u->name, 0700) < 0 && errno != EEXIST)
		return fail_sys(e, "'%.200s'", u->entry.name);
	fd = openat(u->dir, u->name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW |
	            O_CLOEXEC);
	if (fd < 0 || set_look(u, fd) < 0)
		return fail_sys(e, "'%.200s'", u->entry.name);
	date = LIST_ADD(&u->arena, u->dates, u->n_dates);
	date->path = arena_text(&u->arena, u->entry.name);
	date->seconds = u->entry.seconds;
	return 0;
}

/* Another name of what the archive, or whoever was before it, has put there. */
static int
make_link(struct unpack *u, struct err *e)
{
	char *target = clean(&u->reader.arena, u->entry.target);
	AUTO(close) int fd = -1;

	if (!target || !*target)
		return fail(e, EINVAL, "'%.200s': leads out of its archive",
		            u->entry.target);
	fd = path_open_in(u->root, inside(u, target), O_PATH | O_NOFOLLOW);
	if (fd < 0)
		return fail_sys(e, "'%.200s'", u->entry.target);
	if (fd_link(fd, u->dir, u->name) < 0)
		return fail_sys(e, "'%.200s'", u->entry.name);
	return 0;
}

/* A symbolic link, a device, a FIFO. */
static int
make_other(struct unpack *u, struct err *e)
{
	const struct tar_entry *n = &u->entry;
	struct timespec times[2] = { { n->seconds, 0 }, { n->seconds, 0 } };
	mode_t mask = umask(0);
	int done = n->kind == S_IFLNK
	        ? symlinkat(n->target, u->dir, u->name)
	        : mknodat(u->dir, u->name, n->kind | n->mode,
	                  makedev(n->major, n->minor));
	int code = errno;

	umask(mask);
	errno = code;
	if (done < 0 ||
	    (fchownat(u->dir, u->name, n->uid, n->gid,
	              AT_SYMLINK_NOFOLLOW) < 0 && geteuid() == 0) ||
	    utimensat(u->dir, u->name, times, AT_SYMLINK_NOFOLLOW) < 0)
		return fail_sys(e, "'%.200s'", n->name);
	return 0;
}

static int
unpack_one(struct unpack *u, struct err *e)
{
	if (open_parent(u, e) < 0)
		return -1;
	if (u->entry.kind == S_IFDIR)
		return make_way(u, e) < 0 ? -1 : make_dir(u, e);
	if (strcmp(u->name, ".") == 0)
		return fail(e, EINVAL, "'%.200s' is no name",
		            u->entry.name);
	if (make_way(u, e) < 0)
		return -1;
	if (u->entry.kind == S_IFREG)
		return make_file(u, e);
	return u->entry.kind ? make_other(u, e) : make_link(u, e);
}

static void
set_dates(struct unpack *u)
{
	for (size_t i = u->n_dates; i > 0; i--) {
		const struct dated *d = &u->dates[i - 1];
		struct timespec times[2] = { { d->seconds, 0 },
			                     { d->seconds, 0 } };
		AUTO(close) int fd = path_open_in(u->root, inside(u, d->path),
		                                  O_RDONLY | O_DIRECTORY |
		                                  O_NOFOLLOW);

		if (fd >= 0)
			(void)!futimens(fd, times);
	}
}

int
files_unpack(const struct files_path *to, int archive, struct err *e)
{
	AUTO(unpack) struct unpack u = { .reader.fd = archive, .dir = -1,
		                         .root = to->root,
		                         .place = to->text };
	int more;

	if (!to->there || !S_ISDIR(to->st.st_mode))
		return fail(e, ENOTDIR, "destination '%s' must be a directory",
		            to->text);
	while ((more = tar_next(&u.reader, &u.entry, e)) > 0) {
		int done = unpack_one(&u, e);

		if (u.dir > 2)
			close(u.dir);
		u.dir = -1;
		if (done < 0)
			return -1;
	}
	if (more == 0)
		set_dates(&u);
	return more;
}
