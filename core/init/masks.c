/* SPDX-License-Identifier: ISC */
/* What of /proc and /sys is hidden, and what is only to be read. */
#include "init/child.h"
#include "sys/fd.h"
#include "sys/path.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysmacros.h>
#include <unistd.h>

typedef int cover_function(struct child *c, const struct mount_at *at,
                           struct err *e);

/* One empty file system for all directories, which nothing can be put into;
 * the first of them shows it to the others. */
static int
hide_dir(struct child *c, const struct mount_at *at, struct err *e)
{
	struct mount_new empty = {
		.type = "tmpfs", .source = "tmpfs",
		.data = "nr_blocks=1,nr_inodes=1,mode=755",
		.flags = MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC,
	};
	struct mount_bind b = { .source = c->shroud,
		                .change = MOUNT_CHANGE_NONE };
	AUTO(close) int made = -1;

	if (c->shroud < 0) {
		if (mounts_make(&empty, at) == 0)
			c->shroud = mounts_over(at, O_DIRECTORY);
		return c->shroud < 0 ? fail_sys(e, "%s", at->path) : 0;
	}
	made = mounts_bind(&b, at);
	return made < 0 ? fail_sys(e, "%s", at->path) : 0;
}

/*
 * A null device for a container that has none: on a file system of our own,
 * over the root, where only "/.." leads, until the masks have been made. In a
 * user namespace an empty file must do.
 */
static int
make_null(struct child *c, int *over, struct err *e)
{
	mode_t everyone = 0666;

	if (fchdir(c->root) < 0 ||
	    mount("tmpfs", ".", "tmpfs", MS_NOSUID | MS_NOEXEC,
	          "nr_blocks=1,nr_inodes=2,mode=755") < 0)
		return fail_sys(e, "tmpfs for a null device");
	*over = open("/..", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (*over < 0)
		return fail_sys(e, "tmpfs for a null device");
	if (mknodat(*over, "null", S_IFCHR | everyone, makedev(1, 3)) < 0 &&
	    mknodat(*over, "null", S_IFREG | 0444, 0) < 0)
		return fail_sys(e, "null device");
	c->null = openat(*over, "null", O_PATH | O_NOFOLLOW | O_CLOEXEC);
	return c->null < 0 ? fail_sys(e, "null device") : 0;
}

static int
take_off(int over, struct err *e)
{
	if (over < 0)
		return 0;
	if (fchdir(over) < 0 || umount2(".", MNT_DETACH) < 0 || chdir("/") < 0)
		return fail_sys(e, "tmpfs of the null device");
	return 0;
}

static int
hide_file(struct child *c, const struct mount_at *at, struct err *e)
{
	struct mount_bind b = { .source = c->null,
		                .change = { .set = MS_RDONLY, .userns = -1 } };
	AUTO(close) int made = mounts_bind(&b, at);

	return made < 0 ? fail_sys(e, "%s", at->path) : 0;
}

static int
hide(struct child *c, const struct mount_at *at, struct err *e)
{
	struct stat st;

	if (fstat(at->fd, &st) < 0)
		return fail_sys(e, "%s", at->path);
	return S_ISDIR(st.st_mode) ? hide_dir(c, at, e) : hide_file(c, at, e);
}

static int
protect(struct child *c, const struct mount_at *at, struct err *e)
{
	struct mount_bind b = {
		.source = at->fd, .recursive = true,
		.change = { .set_all = MS_RDONLY, .userns = -1 },
	};
	AUTO(close) int made = mounts_bind(&b, at);

	if (made < 0 && errno == ENOTSUP) {
		b.change = (struct mount_change){ .set = MS_RDONLY,
			                          .userns = -1 };
		made = mounts_bind(&b, at);
	}
	return made < 0 ? fail_sys(e, "%s", at->path) : 0;
}

static bool
is_absent(void)
{
	return errno == ENOENT || errno == ENOTDIR || errno == EACCES ||
	       errno == ELOOP;
}

/* What this kernel does not have needs no cover. */
static int
cover_one(struct child *c, const char *path, cover_function *cover,
          struct err *e)
{
	AUTO(close) int fd = path_open_in(c->root, path, O_PATH);
	struct mount_at at = { .root = c->root, .path = path, .fd = fd,
		               .proc = c->proc };

	if (fd < 0)
		return is_absent() ? 0 : fail_sys(e, "%s", path);
	return cover(c, &at, e);
}

static bool
matches(const char *name, const char *pattern)
{
	size_t n = strcspn(pattern, "*"), length = strlen(name);
	size_t tail = strlen(pattern + n + 1);

	return length >= n + tail && strncmp(name, pattern, n) == 0 &&
	       strcmp(name + length - tail, pattern + n + 1) == 0 &&
	       name[0] != '.';
}

static void
auto_closedir(DIR **d)
{
	if (*d)
		closedir(*d);
}

/* One component with one asterisk: ".../cpu*" has the directory and the
 * pattern before `rest`. */
static int
cover_matching(struct child *c, const char *path, cover_function *cover,
               struct err *e)
{
	struct arena *a = &c->spec.arena;
	const char *star = strchr(path, '*'), *rest = star + strcspn(star, "/");
	const char *start = star;
	char *dir, *pattern;
	struct dirent *entry;
	int fd;

	while (start > path && start[-1] != '/')
		start--;
	dir = arena_bytes(a, path, (size_t)(start - path));
	pattern = arena_bytes(a, start, (size_t)(rest - start));
	fd = path_open_in(c->root, dir, O_RDONLY | O_DIRECTORY);
	if (fd < 0)
		return is_absent() ? 0 : fail_sys(e, "%s", dir);
	AUTO(closedir) DIR *d = fdopendir(fd);

	while (d && (entry = readdir(d)))
		if (matches(entry->d_name, pattern) &&
		    cover_one(c, arena_format(a, "%s%s%s", dir, entry->d_name,
		                              rest), cover, e) < 0)
			return -1;
	return 0;
}

static int
cover_all(struct child *c, const struct words *paths, cover_function *cover,
          struct err *e)
{
	for (size_t i = 0; i < paths->n; i++) {
		const char *path = paths->v[i];

		if ((strchr(path, '*') ? cover_matching
		                       : cover_one)(c, path, cover, e) < 0)
			return -1;
	}
	return 0;
}

/* Read-only first: a mask inside of a read-only directory stays a mask. */
int
init_masks(struct child *c, struct err *e)
{
	const struct linux_part *l = c->spec.linux_part;
	int over = -1;

	if (!l)
		return 0;
	if (cover_all(c, &l->readonly_paths, protect, e) < 0)
		return fail_in(e, "readonlyPaths");
	if (l->masked_paths.n == 0)
		return 0;
	if (c->null < 0 && make_null(c, &over, e) < 0)
		return fail_in(e, "maskedPaths");
	if (cover_all(c, &l->masked_paths, hide, e) < 0 ||
	    take_off(over, e) < 0)
		return fail_in(e, "maskedPaths");
	return 0;
}

/*
 * "net.ipv4.ip_forward" is net/ipv4/ip_forward; where a slash comes first, as
 * in net/ipv4/conf/eth0.1/forwarding, dots are dots.
 */
static void
spell(char *path)
{
	if (path[strcspn(path, "./")] == '/')
		return;
	for (; *path; path++)
		if (*path == '.')
			*path = '/';
}

/* Which namespace's value it is, the kernel tells by who writes; so the host's
 * procfs will do, and no container can have touched that. */
static int
set_one(struct child *c, const struct pair *pair, struct err *e)
{
	char *path = arena_format(&c->spec.arena, "%s", pair->key);
	AUTO(close) int fd = -1;
	struct statfs fs;

	spell(path);
	path = arena_format(&c->spec.arena, "sys/%s", path);
	fd = path_open_plain(c->proc, path, O_WRONLY);
	if (fd < 0 || fstatfs(fd, &fs) < 0)
		return fail_sys(e, "'%s'", pair->key);
	if (fs.f_type != PROC_SUPER_MAGIC)
		return fail(e, EPERM, "'%s': not a file of procfs", pair->key);
	if (fd_write(fd, pair->value, strlen(pair->value)) < 0)
		return fail_sys(e, "'%s' to '%s'", pair->key, pair->value);
	return 0;
}

int
init_sysctl(struct child *c, struct err *e)
{
	const struct linux_part *l = c->spec.linux_part;

	for (size_t i = 0; l && i < l->sysctl.n; i++) {
		if (c->proc < 0)
			return fail(e, ENOENT, "needs /proc to be mounted");
		if (set_one(c, &l->sysctl.v[i], e) < 0)
			return -1;
	}
	return 0;
}
