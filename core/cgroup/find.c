/* SPDX-License-Identifier: ISC */
/* Where the hierarchies are mounted, whichever layout the host has. */
#include "base/log.h"
#include "cgroup/parts.h"
#include "sys/mountinfo.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/vfs.h>

#define HOME "/sys/fs/cgroup"

void
auto_cgroup(struct cgroup *g)
{
	for (size_t i = 0; i < g->n_trees; i++)
		auto_close(&g->trees[i].dir);
	g->n_trees = 0;
}

/*
 * Options of a v1 hierarchy that are no controllers; all others are, the
 * named hierarchies' "name=systemd" too.
 *
 * source   cgroup1_show_options in kernel/cgroup/cgroup-v1.c
 */
static bool
is_controller(const char *option)
{
	static const char *const others[] = {
		"rw", "ro", "noprefix", "xattr", "clone_children", "seclabel",
		"cpuset_v2_mode", "favordynmods", "all", "none", "nsdelegate",
	};

	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		if (strcmp(option, others[i]) == 0)
			return false;
	return strncmp(option, "release_agent=", 14) != 0;
}

/* The controllers among the options of a mount, "cpu,cpuacct". */
static int
name_tree(char *options, char *name, size_t room)
{
	char *word;

	*name = '\0';
	while ((word = strsep(&options, ","))) {
		if (!is_controller(word))
			continue;
		if (strlen(name) + strlen(word) + 2 > room)
			return -1;
		if (*name)
			strcat(name, ",");
		strcat(name, word);
	}
	return *name ? 0 : -1;
}

/*
 * Remember one mount. The same hierarchy can be mounted several times, and in
 * part; the first place at which the whole of it is seen is the one to use.
 */
static int
see(const struct mount_row *row, void *with)
{
	struct cgroup *g = with;
	bool v2 = strcmp(row->type, "cgroup2") == 0;
	struct cgroup_tree *t = g->trees;
	char name[sizeof(t->name)] = "";

	if (!v2 && strcmp(row->type, "cgroup") != 0)
		return 0;
	if ((!v2 && name_tree(row->super, name, sizeof(name)) < 0) ||
	    strlen(row->target) >= sizeof(t->mount)) {
		log_debug("cgroup: %s is passed over", row->target);
		return 0;
	}
	while (t < g->trees + g->n_trees && strcmp(t->name, name) != 0)
		t++;
	if (t == g->trees + g->n_trees) {
		if (g->n_trees == CGROUP_MAX)
			return 0;
		g->n_trees++;
		t->dir = -1;
		strcpy(t->name, name);
	} else if (strcmp(row->root, "/") != 0) {
		return 0;
	}
	strcpy(t->mount, row->target);
	return 0;
}

/* The tree of v2 goes last: the entry of a child that is born there, too. */
static void
put_v2_last(struct cgroup *g)
{
	struct cgroup_tree *last = g->trees + g->n_trees - 1, v2;

	for (struct cgroup_tree *t = g->trees; t < last; t++) {
		if (*t->name)
			continue;
		v2 = *t;
		memmove(t, t + 1, (size_t)(last - t) * sizeof(*t));
		*last = v2;
		return;
	}
}

/*
 * A host of v2 may have a stray v1 hierarchy for what v2 does not have, as
 * net_cls: it is not a hybrid for that.
 */
static enum cgroup_layout
layout_of(const struct cgroup *g)
{
	static const char *const real[] = {
		"memory", "cpu", "pids", "devices", "freezer", "blkio",
		"cpuset",
	};
	bool v2 = cgroup_tree(g, "") != NULL;

	if (g->n_trees == 0)
		return CGROUP_NONE;
	for (size_t i = 0; i < sizeof(real) / sizeof(*real); i++)
		if (cgroup_tree(g, real[i]))
			return v2 ? CGROUP_HYBRID : CGROUP_V1;
	return v2 ? CGROUP_V2 : CGROUP_V1;
}

/*
 * On most hosts two looks tell all, and spare reading mountinfo. But v2 alone
 * does not: Android has v1 beside it, elsewhere, for what v2 does not have.
 */
static bool
is_plain_v2(void)
{
	char list[256];
	struct statfs s;

	return statfs(HOME, &s) == 0 && s.f_type == CGROUP2_SUPER_MAGIC &&
	       cgroup_knob_get(AT_FDCWD, HOME "/cgroup.controllers", list,
	                       sizeof(list)) > 0 &&
	       strstr(list, "cpuset cpu ") && strstr(list, " memory ") &&
	       strstr(list, " pids");
}

/* An empty chroot has no /proc to tell of mounts, and no cgroups to mount. */
static int
find_mounts(struct cgroup *g, struct err *e)
{
	g->n_trees = 0;
	g->fresh = false;
	if (is_plain_v2()) {
		g->n_trees = 1;
		g->trees[0] = (struct cgroup_tree){ "", HOME, -1 };
		g->layout = CGROUP_V2;
		return 0;
	}
	if (mountinfo_each("/proc/self/mountinfo", see, g, e) < 0 &&
	    e->code != ENOENT)
		return -1;
	if (g->n_trees > 1)
		put_v2_last(g);
	g->layout = layout_of(g);
	return 0;
}

/* "/a/b": whole names only, nothing that leads elsewhere. */
static int
check_path(const char *path, struct err *e)
{
	const char *at = path;

	if (strlen(path) >= sizeof(((struct cgroup *)0)->path))
		return fail(e, ENAMETOOLONG, "cgroup path '%s'", path);
	if (*at != '/')
		return fail(e, EINVAL, "'%s' is not a path of a cgroup; "
		            "it has to begin with a '/'", path);
	if (strpbrk(path, "\n\\"))
		return fail(e, EINVAL, "a path of a cgroup has no newline and "
		            "no backslash");
	do {
		size_t n = strcspn(++at, "/");

		if (n == 0 || (n <= 2 && strncmp(at, "..", n) == 0))
			return fail(e, EINVAL, "'%s' is not a path of a "
			            "cgroup", path);
		at += n;
	} while (*at);
	return 0;
}

int
cgroup_find(struct cgroup *g, const char *path, struct err *e)
{
	if (check_path(path, e) < 0 || find_mounts(g, e) < 0)
		return -1;
	strcpy(g->path, path);
	return 0;
}

enum cgroup_layout
cgroup_layout(void)
{
	struct cgroup g;
	struct err e;

	return find_mounts(&g, &e) < 0 ? CGROUP_NONE : g.layout;
}

/*
 * Something else may be mounted over the place by now, and a directory made
 * in a tmpfs would limit nobody.
 */
int
cgroup_base(const struct cgroup_tree *t)
{
	AUTO(close) int fd = open(t->mount, O_PATH | O_DIRECTORY | O_CLOEXEC |
	                                    O_NOFOLLOW);
	struct statfs s;

	if (fd < 0 || fstatfs(fd, &s) < 0)
		return -1;
	if (s.f_type != (*t->name ? CGROUP_SUPER_MAGIC : CGROUP2_SUPER_MAGIC)) {
		errno = ENOENT;
		return -1;
	}
	return take_fd(&fd);
}

const struct cgroup_tree *
cgroup_tree(const struct cgroup *g, const char *controller)
{
	for (size_t i = 0; i < g->n_trees; i++)
		if (*controller ? mountinfo_has(g->trees[i].name, controller)
		                : !*g->trees[i].name)
			return &g->trees[i];
	return NULL;
}

const struct cgroup_tree *
cgroup_main_tree(const struct cgroup *g)
{
	static const char *const best[] = { "", "freezer", "pids", "memory" };

	for (size_t i = 0; i < sizeof(best) / sizeof(*best); i++) {
		const struct cgroup_tree *t = cgroup_tree(g, best[i]);

		if (t && t->dir >= 0)
			return t;
	}
	for (size_t i = 0; i < g->n_trees; i++)
		if (g->trees[i].dir >= 0)
			return &g->trees[i];
	return NULL;
}
