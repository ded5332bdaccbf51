/* SPDX-License-Identifier: ISC */
/* Making a group in every hierarchy, or finding it again. */
#include "base/log.h"
#include "cgroup/parts.h"
#include "sys/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Left over by a crash: what still dies there is given so long. */
#define LEFTOVER_WAIT 200000000

/*
 * A group of cpuset v1 has neither processors nor memory at first, and nobody
 * can enter it (ENOSPC). What its parent has is copied down.
 *
 * source   cgroup-v1/cpusets.rst
 */
static int
fill_cpuset(int parent, int dir)
{
	static const char *const files[] = { "cpuset.cpus", "cpuset.mems" };

	for (size_t i = 0; i < 2; i++) {
		char text[1024];

		if (cgroup_knob_get(dir, files[i], text, sizeof(text)) != 0)
			continue;
		if (cgroup_knob_get(parent, files[i], text,
		                    sizeof(text)) <= 0)
			continue;
		if (cgroup_knob_put(dir, files[i], text) < 0)
			return -1;
	}
	return 0;
}

static int
open_below(int dir, const char *name)
{
	return openat(dir, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC |
	                         O_NOFOLLOW);
}

/*
 * Walk down to the parent of the last name of path, making what is missing.
 * A parent in cpuset that we made hands its own down by itself from then on,
 * which spares each start four files. Returns the parent's descriptor.
 */
static int
make_parents(int base, const char *path, bool cpuset)
{
	AUTO(close) int at = open_below(base, ".");
	char name[256];

	while (at >= 0) {
		AUTO(close) int dir = -1;
		size_t n = strcspn(++path, "/");
		bool made;

		if (!path[n])
			break;
		memcpy(name, path, n);
		name[n] = '\0';
		path += n;
		made = mkdirat(at, name, 0755) == 0;
		if (!made && errno != EEXIST)
			return -1;
		dir = open_below(at, name);
		if (dir < 0)
			return -1;
		if (cpuset && fill_cpuset(at, dir) < 0)
			return -1;
		if (cpuset && made &&
		    cgroup_knob_put(dir, "cgroup.clone_children", "1") < 0)
			return -1;
		close(at);
		at = take_fd(&dir);
	}
	return take_fd(&at);
}

/* cgroupfs has no symbolic links, so the path below it may be given whole. */
static int
make_leaf(int base, const char *path, bool cpuset, bool adopts)
{
	AUTO(close) int parent = -1;
	AUTO(close) int old = -1;

	if (mkdirat(base, path + 1, 0755) == 0)
		return 0;
	if (errno == ENOENT) {
		parent = make_parents(base, path, cpuset);
		if (parent < 0)
			return -1;
		if (mkdirat(parent, strrchr(path, '/') + 1, 0755) == 0)
			return 0;
	}
	if (errno != EEXIST || adopts)
		return errno == EEXIST ? 0 : -1;
	old = open_below(base, path + 1);
	if (old >= 0 && cgroup_is_busy(old)) {
		errno = EEXIST;
		return -1;
	}
	if (cgroup_rmdir(base, path + 1, LEFTOVER_WAIT) < 0) {
		if (errno == EBUSY)
			errno = EEXIST;
		return -1;
	}
	return mkdirat(base, path + 1, 0755);
}

/* What the parent did not hand down by itself. */
static int
finish_cpuset(int base, int dir, const char *path)
{
	AUTO(close) int parent = -1;
	char text[1024];

	if (cgroup_knob_get(dir, "cpuset.cpus", text, sizeof(text)) > 0 &&
	    cgroup_knob_get(dir, "cpuset.mems", text, sizeof(text)) > 0)
		return 0;
	parent = make_parents(base, path, true);
	return parent < 0 ? -1 : fill_cpuset(parent, dir);
}

static int
make_in(struct cgroup_tree *t, const char *path, bool adopts)
{
	AUTO(close) int base = cgroup_base(t);
	AUTO(close) int dir = -1;
	bool cpuset = strstr(t->name, "cpuset") != NULL;

	if (base < 0 || make_leaf(base, path, cpuset, adopts) < 0)
		return -1;
	dir = open_below(base, path + 1);
	if (dir < 0 || (cpuset && finish_cpuset(base, dir, path) < 0)) {
		int code = errno;

		if (!adopts)
			(void)!unlinkat(base, path + 1, AT_REMOVEDIR);
		errno = code;
		return -1;
	}
	t->dir = take_fd(&dir);
	return 0;
}

static void
undo(struct cgroup *g)
{
	for (size_t i = 0; i < g->n_trees; i++) {
		AUTO(close) int base = -1;

		if (g->trees[i].dir < 0)
			continue;
		base = cgroup_base(&g->trees[i]);
		if (base >= 0)
			(void)!unlinkat(base, g->path + 1, AT_REMOVEDIR);
	}
	auto_cgroup(g);
}

static bool
is_not_ours(int code)
{
	return code == EROFS || code == EACCES || code == EPERM ||
	       code == ENOENT;
}

static int
make(struct cgroup *g, const char *path, bool adopts, struct err *e)
{
	if (cgroup_find(g, path, e) < 0)
		return -1;
	for (size_t i = 0; i < g->n_trees; i++) {
		struct cgroup_tree *t = &g->trees[i];

		if (make_in(t, path, adopts) == 0)
			continue;
		if (is_not_ours(errno)) {
			log_info("cgroup %s: %s; it is left out", t->mount,
			         strerror(errno));
			continue;
		}
		if (errno == EEXIST)
			fail(e, EEXIST, "cgroup %s%s is in use", t->mount,
			     path);
		else
			fail_sys(e, "cgroup %s%s", t->mount, path);
		if (adopts)
			auto_cgroup(g);
		else
			undo(g);
		return -1;
	}
	g->fresh = !adopts;
	if (g->layout == CGROUP_V2 && g->trees[g->n_trees - 1].dir >= 0)
		cgroup_enable(&g->trees[g->n_trees - 1], path);
	return 0;
}

int
cgroup_make(struct cgroup *g, const char *path, struct err *e)
{
	return make(g, path, false, e);
}

int
cgroup_adopt(struct cgroup *g, const char *path, struct err *e)
{
	return make(g, path, true, e);
}

int
cgroup_check_whole(const struct cgroup *g, struct err *e)
{
	for (size_t i = 0; i < g->n_trees; i++) {
		const struct cgroup_tree *t = &g->trees[i];
		AUTO(close) int base = t->dir < 0 ? cgroup_base(t) : -1;

		if (base >= 0)
			return fail(e, EACCES, "%s%s: cannot be made there",
			            t->mount, g->path);
	}
	return 0;
}

/*
 * What there is to give away the kernel says itself.
 *
 * source   cgroup-v2.rst, "Model of Delegation"
 */
int
cgroup_delegate(const struct cgroup *g, uid_t uid, gid_t gid, struct err *e)
{
	const struct cgroup_tree *t = cgroup_tree(g, "");
	AUTO(buf) struct buf names = { 0 };
	char *rest, *name;

	if (g->layout != CGROUP_V2 || !t || t->dir < 0 ||
	    fd_read_at(AT_FDCWD, "/sys/kernel/cgroup/delegate", 4096,
	               &names) < 0)
		return 0;
	if (fchown(t->dir, uid, gid) < 0)
		return fail_sys(e, "owner of %s%s", t->mount, g->path);
	for (rest = names.data; (name = strsep(&rest, "\n"));)
		if (*name && !strchr(name, '/') &&
		    fchownat(t->dir, name, uid, gid, AT_SYMLINK_NOFOLLOW) < 0 &&
		    errno != ENOENT)
			return fail_sys(e, "owner of %s", name);
	return 0;
}

int
cgroup_open(struct cgroup *g, const char *path, struct err *e)
{
	size_t n = 0;

	if (cgroup_find(g, path, e) < 0)
		return -1;
	for (size_t i = 0; i < g->n_trees; i++) {
		struct cgroup_tree *t = &g->trees[i];
		AUTO(close) int base = cgroup_base(t);

		t->dir = base < 0 ? -1 : open_below(base, path + 1);
		if (t->dir < 0)
			continue;
		if (n < i)
			g->trees[n] = *t;
		n++;
	}
	g->n_trees = n;
	return 0;
}
