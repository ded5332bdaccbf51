/* SPDX-License-Identifier: ISC */
/* A container on the host's own root: the host's further mounts below it. */
#include "base/log.h"
#include "init/child.h"
#include "sys/mountinfo.h"
#include "sys/path.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* These the container gets of its own, or not at all. */
static const char *const own[] = { "/proc", "/sys", "/dev" };

struct listing {
	struct child *c;
	struct words paths;
};

static bool
is_wanted(const struct listing *l, const char *path)
{
	const char *root = l->c->spec.root->path;

	for (size_t i = 0; i < sizeof(own) / sizeof(*own); i++)
		if (path_is(path, own[i]) || path_is_below(path, own[i]))
			return false;
	if (path_is(path, root) ||
	    (!path_is(root, "/") && path_is_below(path, root)))
		return false;
	return !words_has(&l->paths, path);
}

static int
collect(const struct mount_row *row, void *with)
{
	struct listing *l = with;

	if (!path_is(row->target, "/") && is_wanted(l, row->target))
		words_add(&l->c->spec.arena, &l->paths, row->target);
	return 0;
}

/* One that cannot be shown is left out: it is safe, and may be gone. */
static int
show(struct child *c, const char *path, bool readonly, struct err *e)
{
	AUTO(close) int source = open(path, O_PATH | O_CLOEXEC);
	AUTO(close) int place = -1, made = -1;
	struct mount_bind b = { .source = source,
		                .change = MOUNT_CHANGE_NONE };
	struct mount_at at;
	struct stat st;

	if (source < 0 || fstat(source, &st) < 0)
		return fail_sys(e, "%s", path);
	if (init_place(c, path, !S_ISDIR(st.st_mode), &at, e) < 0)
		return -1;
	place = at.fd;
	b.change.set = readonly ? MS_RDONLY : 0;
	made = mounts_bind(&b, &at);
	return made < 0 ? fail_sys(e, "%s", path) : 0;
}

/* A file system of its own is no part of the overlay below it, and would be
 * written to as it is; hence read-only, and each of them by itself. */
int
init_host_mounts(struct child *c, bool readonly, struct err *e)
{
	struct listing l = { .c = c };
	struct err one;

	if (c->proc < 0)
		return 0; /* nobody tells what there is */
	if (mountinfo_each_at(c->proc, "self/mountinfo", collect, &l, e) < 0)
		return -1;
	for (size_t i = 0; i < l.paths.n; i++)
		if (show(c, l.paths.v[i], readonly, &one) < 0)
			log_debug("left out: %s", one.text);
	return 0;
}
