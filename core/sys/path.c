/* SPDX-License-Identifier: ISC */
/* Paths below a directory that somebody hostile may be changing meanwhile. */
#include "sys/path.h"
#include "sys/missing.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>

/*
 * A rename or mount anywhere on the machine makes openat2 say EAGAIN when the
 * path has a "..". Under an attack 128 tries fail once in a thousand times.
 */
#define TRIES 1024

/* The inode of /proc itself, PROC_ROOT_INO of linux/proc_fs.h. */
#define PROC_ROOT 1

/* As the kernel's MAXSYMLINKS; and how many directories deep we walk. */
#define MOST_LINKS 40
#define DEEPEST    128

static int
open_with(int root, const char *path, int flags, uint64_t resolve)
{
	struct open_how how = {
		.flags = (uint64_t)(unsigned int)(flags | O_CLOEXEC),
		.resolve = resolve,
	};
	int fd, tries = 0;

	do
		fd = (int)syscall(SYS_openat2, root, path, &how, sizeof(how));
	while (fd < 0 && (errno == EAGAIN || errno == EINTR) &&
	       ++tries < TRIES);
	return fd;
}

/*
 * The walk by hand. ".." goes back to the directory that we came from, which
 * we still hold open, and never asks the kernel, for which ".." may lead
 * elsewhere once the directory has been moved.
 */
struct walk {
	int dirs[DEEPEST]; /* the first is the root and not ours */
	int depth, links;
	bool plain, beneath;
	char left[PATH_MAX]; /* what is still to be walked */
};

static void
auto_walk(struct walk *w)
{
	while (w->depth > 0)
		close(w->dirs[w->depth--]);
}

static int
give_up(int code)
{
	errno = code;
	return -1;
}

/* Take the first component off w->left; an empty one is the end. */
static int
walk_next(struct walk *w, char name[NAME_MAX + 1])
{
	char *from = w->left + strspn(w->left, "/");
	size_t n = strcspn(from, "/");

	if (n > NAME_MAX)
		return give_up(ENAMETOOLONG);
	memcpy(name, from, n);
	name[n] = '\0';
	memmove(w->left, from + n, strlen(from + n) + 1);
	return 0;
}

/* Put the text of a link in front of what is left to walk, which is nothing or
 * begins with a slash. */
static int
walk_link(struct walk *w, int link)
{
	char text[PATH_MAX];
	ssize_t n = readlinkat(link, "", text, sizeof(text));
	size_t left = strlen(w->left);

	if (w->plain || ++w->links > MOST_LINKS)
		return give_up(ELOOP);
	if (n < 0)
		return -1;
	if ((size_t)n + left + 1 > sizeof(w->left))
		return give_up(ENAMETOOLONG);
	if (w->beneath && text[0] == '/')
		return give_up(EXDEV);
	memmove(w->left + n, w->left, left + 1);
	memcpy(w->left, text, (size_t)n);
	while (text[0] == '/' && w->depth > 0)
		close(w->dirs[w->depth--]);
	return 0;
}

/*
 * Links of procfs that lead to an object and not along their text are those of
 * a process; the plain ones ("self", "mounts") stand in its root directory.
 */
static bool
is_magic(int parent, int link)
{
	struct statfs fs;
	struct stat st;

	return fstatfs(link, &fs) == 0 && fs.f_type == PROC_SUPER_MAGIC &&
	       fstat(parent, &st) == 0 && st.st_ino != PROC_ROOT;
}

static bool
is_at_end(const struct walk *w)
{
	return w->left[strspn(w->left, "/")] == '\0';
}

/* One component; returns the descriptor at the end, -2 to go on. */
static int
walk_step(struct walk *w, const char *name, int flags)
{
	AUTO(close) int fd = -1;
	struct stat st;

	if (strcmp(name, "..") == 0) {
		if (w->beneath && w->depth == 0)
			return give_up(EXDEV);
		if (w->depth > 0)
			close(w->dirs[w->depth--]);
		return -2;
	}
	fd = openat(w->dirs[w->depth], name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) < 0)
		return -1;
	if (S_ISLNK(st.st_mode) &&
	    !((flags & O_NOFOLLOW) && w->left[0] == '\0')) {
		if (is_magic(w->dirs[w->depth], fd))
			return give_up(ELOOP);
		return walk_link(w, fd) < 0 ? -1 : -2;
	}
	if (S_ISDIR(st.st_mode)) {
		if (w->depth + 1 == DEEPEST)
			return give_up(ENAMETOOLONG);
		w->dirs[++w->depth] = take_fd(&fd);
		return -2;
	}
	if (w->left[0] != '\0')
		return give_up(ENOTDIR);
	return openat(w->dirs[w->depth], name,
	              flags | O_NOFOLLOW | O_CLOEXEC);
}

static int
walk_open(int root, const char *path, int flags, uint64_t resolve)
{
	AUTO(walk) struct walk w = {
		.dirs = { root },
		.plain = resolve & RESOLVE_NO_SYMLINKS,
		.beneath = resolve & RESOLVE_BENEATH,
	};
	char name[NAME_MAX + 1];
	int fd = -2;

	if (path[0] == '\0')
		return give_up(ENOENT);
	if (w.beneath && path[0] == '/')
		return give_up(EXDEV);
	if (strlen(path) >= sizeof(w.left))
		return give_up(ENAMETOOLONG);
	strcpy(w.left, path);
	while (fd == -2 && !is_at_end(&w)) {
		if (walk_next(&w, name) < 0)
			return -1;
		if (strcmp(name, ".") != 0)
			fd = walk_step(&w, name, flags);
	}
	/* It ended on a directory, which "." opens in the way asked for. */
	if (fd == -2)
		fd = openat(w.dirs[w.depth], ".", flags | O_CLOEXEC);
	return fd;
}

/* A seccomp filter that does not know openat2 may also say EPERM. */
static bool
has_no_openat2(int fd)
{
	return fd < 0 && (errno == ENOSYS || errno == EPERM);
}

static int
open_resolved(int root, const char *path, int flags, uint64_t resolve)
{
	int fd = open_with(root, path, flags, resolve);

	return has_no_openat2(fd) ? walk_open(root, path, flags, resolve) : fd;
}

int
path_open_in(int root, const char *path, int flags)
{
	return open_resolved(root, path, flags,
	                     RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS);
}

int
path_open_plain(int root, const char *path, int flags)
{
	return open_resolved(root, path, flags,
	                     RESOLVE_IN_ROOT | RESOLVE_NO_SYMLINKS);
}

int
path_open_beneath(int root, const char *path, int flags)
{
	return open_resolved(root, path, flags,
	                     RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS);
}

/* The last component of `path` to `name`, what stands before it to `dir`. */
static int
split(const char *path, char dir[PATH_MAX], char name[NAME_MAX + 1])
{
	size_t end = strlen(path), start;

	while (end > 0 && path[end - 1] == '/')
		end--;
	start = end;
	while (start > 0 && path[start - 1] != '/')
		start--;
	if (end - start > NAME_MAX || start >= PATH_MAX)
		return give_up(ENAMETOOLONG);
	memcpy(name, path + start, end - start);
	name[end - start] = '\0';
	memcpy(dir, path, start);
	dir[start] = '\0';
	if (strcmp(name, "..") == 0 || strcmp(name, ".") == 0)
		return give_up(EINVAL);
	return 0;
}

typedef int open_function(int root, const char *path, int flags);

/*
 * Make one name in a directory that we hold. If somebody put a symbolic link
 * there in the meantime, it is not followed.
 */
static int
make_one(int parent, const char *name, bool file)
{
	int made = file ? mknodat(parent, name, S_IFREG | 0644, 0)
	                : mkdirat(parent, name, 0755);

	if (made < 0 && errno != EEXIST)
		return -1;
	return openat(parent, name,
	              O_PATH | O_NOFOLLOW | O_CLOEXEC |
	                      (file ? 0 : O_DIRECTORY));
}

static int
make(int root, const char *path, bool file, open_function *open_it)
{
	char dir[PATH_MAX], name[NAME_MAX + 1];
	AUTO(close) int parent = -1;
	int fd = open_it(root, path, O_PATH | (file ? 0 : O_DIRECTORY));

	if (fd >= 0 || errno != ENOENT)
		return fd;
	if (split(path, dir, name) < 0)
		return -1;
	parent = dir[0] ? make(root, dir, false, open_it) : dup(root);
	return parent < 0 ? -1 : make_one(parent, name, file);
}

int
path_make_dir(int root, const char *path)
{
	return make(root, path, false, path_open_in);
}

int
path_make_dir_plain(int root, const char *path)
{
	return make(root, path, false, path_open_plain);
}

int
path_make_file(int root, const char *path)
{
	AUTO(close) int fd = make(root, path, true, path_open_in);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return -1;
	if (S_ISDIR(st.st_mode))
		return give_up(EISDIR);
	if (S_ISLNK(st.st_mode))
		return give_up(ELOOP);
	return take_fd(&fd);
}

/* Where the next component begins that is not "." */
static const char *
next(const char *path)
{
	for (;;) {
		path += strspn(path, "/");
		if (path[0] != '.' || (path[1] != '/' && path[1] != '\0'))
			return path;
		path++;
	}
}

bool
path_is_below(const char *path, const char *is)
{
	for (path = next(path), is = next(is); *is;
	     path = next(path), is = next(is)) {
		size_t n = strcspn(is, "/");

		if (strncmp(path, is, n) != 0 ||
		    (path[n] != '/' && path[n] != '\0'))
			return false;
		path += n;
		is += n;
	}
	return *path != '\0';
}

bool
path_is(const char *path, const char *is)
{
	path = next(path);
	is = next(is);
	while (*path && *is) {
		size_t n = strcspn(is, "/");

		if (strcspn(path, "/") != n || strncmp(path, is, n) != 0)
			return false;
		path = next(path + n);
		is = next(is + n);
	}
	return *path == *is;
}
