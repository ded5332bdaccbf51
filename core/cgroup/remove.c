/* SPDX-License-Identifier: ISC */
/* Taking groups away, sub-groups first, with patience for the dying. */
#include "cgroup/parts.h"
#include "sys/clock.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#define PATIENCE 2000000000

/* Returns 1 and the name of the first sub-group, 0 when there is none. */
int
cgroup_first_child(int dir, char name[256])
{
	int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;

	if (!d) {
		auto_close(&fd);
		return -1;
	}
	while ((entry = readdir(d)))
		if (entry->d_type == DT_DIR &&
		    strcmp(entry->d_name, ".") != 0 &&
		    strcmp(entry->d_name, "..") != 0)
			break;
	if (entry)
		strcpy(name, entry->d_name);
	closedir(d);
	return entry != NULL;
}

/* Step into `name` below *at (".." goes up). */
static int
step(int *at, const char *name)
{
	int fd = openat(*at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC |
	                           O_NOFOLLOW);

	if (fd < 0)
		return -1;
	close(*at);
	*at = fd;
	return 0;
}

/*
 * Remove what is below *at, which is left as it was: a walk without recursion,
 * as a container may nest its groups as deep as it likes. Returns 1 when
 * something is still busy.
 */
static int
clear(int dir)
{
	AUTO(close) int at = openat(dir, ".", O_RDONLY | O_DIRECTORY |
	                                      O_CLOEXEC);
	char name[256];
	size_t depth = 0;

	if (at < 0)
		return -1;
	for (;;) {
		int found = cgroup_first_child(at, name);

		if (found < 0)
			return -1;
		if (!found && depth == 0)
			return 0;
		if (!found) {
			if (step(&at, "..") < 0)
				return -1;
			depth--;
			if (cgroup_first_child(at, name) <= 0)
				continue;
		}
		if (unlinkat(at, name, AT_REMOVEDIR) == 0 || errno == ENOENT)
			continue;
		if (errno != EBUSY || !found)
			return errno == EBUSY ? 1 : -1;
		if (step(&at, name) < 0)
			return -1;
		depth++;
		found = cgroup_first_child(at, name);
		if (found <= 0)
			return found < 0 ? -1 : 1;
	}
}

/*
 * A group without sub-groups goes with one system call. It is busy for a
 * moment after its last process has ended, while that is taken apart.
 */
int
cgroup_rmdir(int base, const char *path, int64_t wait)
{
	AUTO(close) int dir = -1;
	int64_t nap = 0, end = 0;

	while (unlinkat(base, path, AT_REMOVEDIR) < 0) {
		if (errno == ENOENT)
			return 0;
		if (errno != EBUSY && errno != ENOTEMPTY)
			return -1;
		if (dir < 0)
			dir = openat(base, path, O_RDONLY | O_DIRECTORY |
			                         O_CLOEXEC | O_NOFOLLOW);
		if (!end)
			end = clock_ns() + wait;
		if (dir >= 0 && clear(dir) < 0 && errno != ENOENT)
			return -1;
		if (unlinkat(base, path, AT_REMOVEDIR) == 0)
			return 0;
		if (!cgroup_nap(&nap, end)) {
			errno = EBUSY;
			return -1;
		}
	}
	return 0;
}

/* Where nothing may be written, nothing was made. */
static bool
is_there(int base, const char *path)
{
	struct stat st;

	return fstatat(base, path, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

int
cgroup_remove_open(struct cgroup *g, struct err *e)
{
	int64_t end = clock_ns() + PATIENCE;
	int result = 0;

	for (size_t i = 0; i < g->n_trees; i++) {
		struct cgroup_tree *t = &g->trees[i];
		AUTO(close) int base = cgroup_base(t);
		int64_t left = end - clock_ns();

		auto_close(&t->dir);
		t->dir = -1;
		if (base < 0 && (errno == ENOENT || errno == EACCES))
			continue;
		if (base >= 0 && (cgroup_rmdir(base, g->path + 1,
		                               left > 0 ? left : 0) == 0 ||
		                  (errno == EROFS &&
		                   !is_there(base, g->path + 1))))
			continue;
		result = fail_sys(e, "cgroup %s%s", t->mount, g->path);
	}
	return result;
}

int
cgroup_remove(const char *path, struct err *e)
{
	struct cgroup g;

	if (cgroup_find(&g, path, e) < 0)
		return -1;
	return cgroup_remove_open(&g, e);
}
