/* SPDX-License-Identifier: ISC */
/* The root of a container that shares the caller's mounts. */
#include "base/log.h"
#include "runtime/start.h"
#include "spec/spec.h"
#include "sys/mountinfo.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>

/* What is mounted on top of `path`, and what of its file system is seen. */
struct top {
	const char *path;
	int parent;
	unsigned int major, minor;
	char root[PATH_MAX];
	bool bound;
};

static int
find(const struct mount_row *row, void *with)
{
	struct top *top = with;

	if (strcmp(row->target, top->path) != 0)
		return 0;
	top->parent = row->parent;
	top->major = row->major;
	top->minor = row->minor;
	strlcpy(top->root, row->root, sizeof(top->root));
	return 0;
}

/* A mount that shows what would be seen without it. */
static int
compare(const struct mount_row *row, void *with)
{
	struct top *top = with;
	size_t above = strcmp(row->target, "/") ? strlen(row->target) : 0;
	size_t n = strcmp(row->root, "/") ? strlen(row->root) : 0;

	if (row->id != top->parent)
		return 0;
	top->bound = row->major == top->major && row->minor == top->minor &&
	             strncmp(top->root, row->root, n) == 0 &&
	             strcmp(top->root + n, top->path + above) == 0;
	return 1;
}

static bool
is_bound(const char *path)
{
	static const char file[] = "/proc/self/mountinfo";
	struct top top = { .path = path };
	struct err ignored;

	return mountinfo_each(file, find, &top, &ignored) >= 0 && top.parent &&
	       mountinfo_each(file, compare, &top, &ignored) >= 0 && top.bound;
}

void
start_leave_root(const struct spec *spec, const struct runtime_plan *plan)
{
	char named[PATH_MAX], path[PATH_MAX];
	const char *root = spec->root ? spec->root->path : NULL;

	if (!root || spec_namespace(spec, NAMESPACE_MOUNT))
		return;
	if (*root == '/' || !plan->bundle)
		strlcpy(named, root, sizeof(named));
	else
		snprintf(named, sizeof(named), "%s/%s", plan->bundle, root);
	if (!realpath(named, path))
		return;
	/* With everything that was mounted in it. */
	if (is_bound(path) &&
	    umount2(path, MNT_DETACH | UMOUNT_NOFOLLOW) < 0)
		log_warn("'%s' stays mounted: %s", path, strerror(errno));
}
