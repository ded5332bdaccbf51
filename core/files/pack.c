/* SPDX-License-Identifier: ISC */
/* Trees into archives. */
#include "files/inside.h"
#include "sys/attribute.h"
#include "sys/links.h"
#include "sys/mounts.h"
#include "sys/regular.h"
#include "tar/tar.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>

#define DIRECTORY (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

/*
 * own    directories that stay empty
 * mount  what is on another one is left out; 0: nothing is
 * path   how the entry is called now
 */
struct pack {
	struct tar_writer writer;
	struct copy_skip own[3];
	size_t n_own;
	bool one_mount;
	dev_t dev;
	uint64_t mount;
	struct buf path;
	struct links *links;
	struct err *e;
};

static void
auto_pack(struct pack *p)
{
	auto_tar_writer(&p->writer);
	auto_buf(&p->path);
	auto_links(&p->links);
}

static int
wrong(struct pack *p)
{
	return fail_sys(p->e, "'%s'", p->path.data);
}

/* Of a file or directory that is open. */
static void
add_attributes(int fd, struct tar_entry *n, struct arena *a)
{
	char names[4096], value[65536];
	ssize_t all = flistxattr(fd, names, sizeof(names));

	for (const char *at = names; all > 0 && at < names + all;
	     at += strlen(at) + 1) {
		ssize_t size = attribute_goes(at)
		        ? fgetxattr(fd, at, value, sizeof(value)) : -1;

		if (size >= 0)
			*LIST_ADD(a, n->attributes, n->n_attributes) =
			        (struct tar_attribute){
			        arena_text(a, at),
			        arena_bytes(a, value, (size_t)size),
			        (size_t)size };
	}
}

static struct tar_entry
describe(const struct pack *p, const struct stat *st, struct arena *a)
{
	return (struct tar_entry){
		.name = arena_text(a, p->path.data),
		.kind = st->st_mode & S_IFMT,
		.mode = st->st_mode & 07777,
		.uid = st->st_uid,
		.gid = st->st_gid,
		.seconds = st->st_mtime,
		.major = major(st->st_rdev),
		.minor = minor(st->st_rdev),
	};
}

/* As long as its head says, whatever happens to it meanwhile. */
static int
pack_bytes(struct pack *p, int fd)
{
	static const char zeros[4096];
	char part[65536];
	ssize_t n;

	while (p->writer.left > 0 && (n = read(fd, part, sizeof(part))) > 0)
		if (tar_data(&p->writer, part, (size_t)n, p->e) < 0)
			return -1;
	while (p->writer.left > 0)
		if (tar_data(&p->writer, zeros, sizeof(zeros), p->e) < 0)
			return -1;
	return 0;
}

static int
pack_file(struct pack *p, int dir, const char *name, struct arena *a)
{
	struct stat st;
	AUTO(close) int fd = regular_open(dir, name, &st);
	struct tar_entry n;

	if (fd < 0)
		return wrong(p);
	n = describe(p, &st, a);
	n.size = (uint64_t)st.st_size;
	add_attributes(fd, &n, a);
	if (tar_head(&p->writer, &n, p->e) < 0)
		return -1;
	return pack_bytes(p, fd);
}

static int
pack_link(struct pack *p, int dir, const char *name, struct tar_entry *n)
{
	char text[PATH_MAX];
	ssize_t size = readlinkat(dir, name, text, sizeof(text) - 1);

	if (size < 0)
		return wrong(p);
	text[size] = '\0';
	n->target = text;
	return tar_head(&p->writer, n, p->e);
}

/* One that is no directory. */
static int
pack_leaf(struct pack *p, int dir, const char *name, const struct stat *st)
{
	AUTO(arena) struct arena a = { 0 };
	struct tar_entry n = describe(p, st, &a);
	struct link_seen *before = p->links ? links_find(p->links, st) : NULL;

	if (st->st_nlink > 1 && before) {
		n.kind = 0;
		n.target = before->path;
		return tar_head(&p->writer, &n, p->e);
	}
	if (st->st_nlink > 1) {
		if (!p->links)
			p->links = links_new();
		links_add(p->links, st, p->path.data);
	}
	if (S_ISREG(st->st_mode))
		return pack_file(p, dir, name, &a);
	if (S_ISLNK(st->st_mode))
		return pack_link(p, dir, name, &n);
	return tar_head(&p->writer, &n, p->e);
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int
read_names(struct pack *p, int fd, struct arena *a, struct words *names)
{
	int copy = openat(fd, ".", DIRECTORY);
	DIR *d = copy < 0 ? NULL : fdopendir(copy);
	struct dirent *one;

	if (!d)
		return wrong(p);
	while ((one = readdir(d)))
		if (strcmp(one->d_name, ".") != 0 &&
		    strcmp(one->d_name, "..") != 0)
			words_add(a, names, one->d_name);
	closedir(d);
	if (names->n)
		qsort(names->v, names->n, sizeof(*names->v), by_name);
	return 0;
}

static bool
stays_empty(const struct pack *p, const struct stat *st, int fd)
{
	for (size_t i = 0; i < p->n_own; i++)
		if (p->own[i].ino == st->st_ino && p->own[i].dev == st->st_dev)
			return true;
	return p->one_mount &&
	       (st->st_dev != p->dev || mounts_number(fd) != p->mount);
}

/* The head of a directory, and its descriptor. */
static int
pack_dir(struct pack *p, int dir, const char *name, struct stat *st)
{
	AUTO(arena) struct arena a = { 0 };
	AUTO(close) int fd = openat(dir, name, DIRECTORY);
	struct tar_entry n;

	if (fd < 0 || fstat(fd, st) < 0)
		return wrong(p);
	if (!p->path.n)
		return take_fd(&fd); /* the top of an export has no name */
	buf_text(&p->path, "/");
	n = describe(p, st, &a);
	add_attributes(fd, &n, &a);
	return tar_head(&p->writer, &n, p->e) < 0 ? -1 : take_fd(&fd);
}

static int
pack_tree(struct pack *p, int dir, const char *name)
{
	AUTO(arena) struct arena a = { 0 };
	struct words names = { 0 };
	struct stat st;
	AUTO(close) int fd = pack_dir(p, dir, name, &st);
	size_t n = p->path.n;

	if (fd < 0 || stays_empty(p, &st, fd))
		return fd < 0 ? -1 : 0;
	if (read_names(p, fd, &a, &names) < 0)
		return -1;
	for (size_t i = 0; i < names.n; i++) {
		int done = 0;

		buf_text(&p->path, names.v[i]);
		if (fstatat(fd, names.v[i], &st, AT_SYMLINK_NOFOLLOW) < 0)
			done = errno == ENOENT ? 0 : wrong(p);
		else if (S_ISDIR(st.st_mode))
			done = pack_tree(p, fd, names.v[i]);
		else if (!S_ISSOCK(st.st_mode))
			done = pack_leaf(p, fd, names.v[i], &st);
		if (done < 0)
			return -1;
		p->path.n = n;
		p->path.data[n] = '\0';
	}
	return 0;
}

int
files_pack(const struct files_path *from, int archive, struct err *e)
{
	AUTO(pack) struct pack p = { .writer.fd = archive, .e = e };
	int done;

	if (!from->there)
		return fail(e, ENOENT, "'%s': No such file or directory",
		            from->text);
	p.n_own = files_own(from, p.own);
	buf_text(&p.path, from->content ? "." : from->name);
	done = S_ISDIR(from->st.st_mode)
	       ? pack_tree(&p, from->dir, from->name)
	       : pack_leaf(&p, from->dir, from->name, &from->st);
	return done < 0 ? -1 : tar_finish(&p.writer, e);
}

int
files_export(struct container *c, int archive, struct err *e)
{
	AUTO(pack) struct pack p = { .writer.fd = archive, .e = e,
		                     .one_mount = true };
	AUTO(close) int root = -1;
	struct stat st;

	if (files_root(c, &root, e) < 0)
		return -1;
	buf_text(&p.path, "");
	if (fstat(root, &st) < 0)
		return fail_sys(e, "its root");
	p.dev = st.st_dev;
	p.mount = mounts_number(root);
	return pack_tree(&p, root, ".") < 0 ? -1 : tar_finish(&p.writer, e);
}

/* A part of one is no archive: it does not stay. */
int
files_export_to(struct container *c, const char *path, struct err *e)
{
	AUTO(close) int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC |
	                          O_CLOEXEC, 0600);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return fail_sys(e, "'%s'", path);
	if (files_export(c, fd, e) == 0)
		return 0;
	if (S_ISREG(st.st_mode))
		unlink(path);
	return -1;
}
