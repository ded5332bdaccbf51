/* SPDX-License-Identifier: ISC */
/* Copying trees that somebody hostile may be changing meanwhile. */
#include "sys/copy.h"
#include "sys/fd.h"
#include "sys/missing.h"
#include "sys/path.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

/* ---- one file ---- */

/* What a descriptor of O_PATH stands for, as a path. */
struct name {
	char text[32];
};

static struct name
name_of(int fd)
{
	struct name n;

	snprintf(n.text, sizeof(n.text), "/proc/self/fd/%d", fd);
	return n;
}

/* First without opening it, as opening a device is an act. Without /proc the
 * second look is at the open file. */
int
copy_open(int dir, const char *name, struct stat *st)
{
	AUTO(close) int there = openat(dir, name, O_PATH | O_NOFOLLOW |
	                               O_CLOEXEC);
	AUTO(close) int fd = -1;

	if (there < 0 || fstat(there, st) < 0)
		return -1;
	if (!S_ISREG(st->st_mode)) {
		errno = EINVAL;
		return -1;
	}
	fd = open(name_of(there).text, O_RDONLY | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT)
		fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK |
		            O_NOCTTY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, st) < 0)
		return -1;
	if (S_ISREG(st->st_mode))
		return take_fd(&fd);
	errno = EINVAL;
	return -1;
}

/* To the end of the file. */
static int
copy_plain(int from, int to)
{
	char part[65536];
	ssize_t n;

	while ((n = read(from, part, sizeof(part))) > 0)
		if (fd_write(to, part, (size_t)n) < 0)
			return -1;
	return n < 0 ? -1 : 0;
}

/* In the kernel, if that can be done between these two; both stand at `at`. */
static int
copy_range(int from, int to, off_t at, off_t end)
{
	char part[65536];

	while (at < end) {
		loff_t in = at, out = at;
		size_t left = (size_t)(end - at);
		ssize_t n = syscall(SYS_copy_file_range, from, &in, to, &out,
		                    left, 0);

		if (n < 0) {
			n = pread(from, part, left < sizeof(part)
			          ? left : sizeof(part), at);
			if (n > 0 && (lseek(to, at, SEEK_SET) < 0 ||
			              fd_write(to, part, (size_t)n) < 0))
				return -1;
		}
		if (n < 0)
			return -1;
		if (n == 0)
			break; /* it was cut meanwhile */
		at += n;
	}
	return 0;
}

/* A size of nothing is what files of procfs have. */
int
copy_bytes(int from, int to, off_t size)
{
	off_t at = 0;

	if (size == 0 || lseek(from, 0, SEEK_DATA) < 0) {
		if (size > 0 && errno == ENXIO)
			return ftruncate(to, size);
		return copy_plain(from, to);
	}
	while (at < size) {
		off_t data = lseek(from, at, SEEK_DATA);
		off_t hole = data < 0 ? -1 : lseek(from, data, SEEK_HOLE);

		if (hole < 0)
			break;
		if (copy_range(from, to, data, hole) < 0)
			return -1;
		at = hole;
	}
	return ftruncate(to, size);
}

/* ---- what a file looks like ---- */

bool
copy_attribute(const char *name)
{
	return strcmp(name, "security.selinux") != 0 &&
	       strncmp(name, "trusted.overlay.", 16) != 0 &&
	       strncmp(name, "user.overlay.", 13) != 0;
}

/* Those that a file system does not take are left out, as by cp(1). */
static int
copy_attributes(int from, int to)
{
	char names[4096], value[65536];
	ssize_t n = flistxattr(from, names, sizeof(names));

	for (const char *at = names; n > 0 && at < names + n;
	     at += strlen(at) + 1) {
		ssize_t size;

		if (!copy_attribute(at))
			continue;
		size = fgetxattr(from, at, value, sizeof(value));
		if (size < 0 ||
		    fsetxattr(to, at, value, (size_t)size, 0) == 0)
			continue;
		if (errno != ENOTSUP && errno != EPERM)
			return -1;
	}
	return 0;
}

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
	if (copy_attributes(from, to) < 0 ||
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

#define BUCKETS 1024

struct copy_links {
	struct arena arena;
	struct copy_link *buckets[BUCKETS];
};

struct copy_links *
copy_links_new(void)
{
	return mem_new(sizeof(struct copy_links));
}

void
auto_copy_links(struct copy_links **l)
{
	if (*l)
		auto_arena(&(*l)->arena);
	free(*l);
	*l = NULL;
}

static size_t
bucket(const struct stat *st)
{
	return (st->st_ino ^ st->st_dev) % BUCKETS;
}

struct copy_link *
copy_links_find(const struct copy_links *l, const struct stat *st)
{
	struct copy_link *one = l->buckets[bucket(st)];

	while (one && (one->ino != st->st_ino || one->dev != st->st_dev))
		one = one->next;
	return one;
}

struct copy_link *
copy_links_add(struct copy_links *l, const struct stat *st, const char *path)
{
	struct copy_link *one = arena_new(&l->arena, sizeof(*one));

	one->dev = st->st_dev;
	one->ino = st->st_ino;
	one->path = arena_text(&l->arena, path);
	one->next = l->buckets[bucket(st)];
	l->buckets[bucket(st)] = one;
	return one;
}

static void
add_link(struct copy *how, const struct stat *st, int to, const char *as)
{
	struct copy_link *l;
	struct stat made;

	if (fstatat(to, as, &made, AT_SYMLINK_NOFOLLOW) < 0)
		return;
	if (!how->links)
		how->links = copy_links_new();
	l = copy_links_add(how->links, st, how->path.data);
	l->made_dev = made.st_dev;
	l->made_ino = made.st_ino;
}

/* 1: it is another name now. What is not any more where we made it is copied
 * again. */
static int
use_link(struct copy *how, const struct stat *st, int to, const char *as)
{
	const struct copy_link *l = how->links
	        ? copy_links_find(how->links, st) : NULL;
	AUTO(close) int fd = -1;
	struct stat made;

	if (!l)
		return 0;
	fd = path_open_in(how->top, l->path, O_PATH | O_NOFOLLOW);
	if (fd < 0 || fstat(fd, &made) < 0 || made.st_ino != l->made_ino ||
	    made.st_dev != l->made_dev)
		return 0;
	return linkat(fd, "", to, as, AT_EMPTY_PATH) == 0 ||
	       linkat(AT_FDCWD, name_of(fd).text, to, as,
	              AT_SYMLINK_FOLLOW) == 0;
}

void
auto_copy(struct copy *how)
{
	auto_buf(&how->path);
	auto_copy_links(&how->links);
}

/* ---- one entry ---- */

static int
copy_file(struct copy *how, int from, const char *name, int to,
          const char *as)
{
	struct stat st;
	AUTO(close) int in = copy_open(from, name, &st);
	AUTO(close) int out = -1;

	if (in < 0)
		return -1;
	out = openat(to, as, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW |
	             O_CLOEXEC, 0600);
	if (out < 0 || copy_bytes(in, out, st.st_size) < 0)
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

uint64_t
copy_mount(int fd)
{
	struct statx st;
	uint64_t id = 0;

	if (statx(fd, "", AT_EMPTY_PATH, STATX_MNT_ID, &st) == 0 &&
	    st.stx_mask & STATX_MNT_ID)
		memcpy(&id, (const char *)&st + STATX_MNT_ID_AT, sizeof(id));
	return id;
}

static bool
is_skipped(const struct copy *how, const struct stat *st, int fd)
{
	for (size_t i = 0; i < how->n_skip; i++)
		if (how->skip[i].ino == st->st_ino &&
		    how->skip[i].dev == st->st_dev)
			return true;
	return how->one_mount && (st->st_dev != how->dev ||
	                          copy_mount(fd) != how->mount);
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
	how->mount = copy_mount(from);
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
	how->mount = copy_mount(pair[0]);
	if (!is_skipped(how, &n.st, pair[0]) &&
	    copy_tree(how, pair[0], pair[1]) < 0)
		return -1;
	return set_look(how, pair[0], pair[1], &n.st);
}
