/* SPDX-License-Identifier: ISC */
/* What a container writes above its root, kept as long as the container. */
#include "container/record.h"
#include "sys/path.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

/*
 * In memory stays what is gone at the end anyway; what a user namespace could
 * not reach, as the way there is root's; and what would lie below the very
 * directory that it is to be above, which overlayfs refuses.
 */
static bool
is_kept(const struct container *c)
{
	const struct spec *s = &c->spec;
	const struct mount *m = s->mounts;

	return c->kept && s->n_mounts > 0 && m->type &&
	       strcmp(m->type, "overlay") == 0 &&
	       path_is(m->destination, "/") &&
	       !spec_namespace(s, NAMESPACE_USER) &&
	       !path_is_below(c->path, s->root->path);
}

/* The upper directory decides what "/" looks like: as the root does. */
static int
make_upper(int dir, const char *root)
{
	struct stat st;

	if (mkdirat(dir, "upper", 0755) < 0 || mkdirat(dir, "work", 0700) < 0 ||
	    stat(root, &st) < 0 ||
	    fchownat(dir, "upper", st.st_uid, st.st_gid, 0) < 0)
		return -1;
	return fchmodat(dir, "upper", st.st_mode & 07777, 0);
}

int
container_place_layers(struct container *c, struct err *e)
{
	struct arena *a = &c->spec.arena;
	struct mount *m = c->spec.mounts;

	if (!is_kept(c))
		return 0;
	if (make_upper(c->dir, c->spec.root->path) < 0)
		return fail_sys(e, "--overlay");
	words_add(a, &m->options, arena_format(a, "upperdir=%s/upper",
	                                       c->path));
	words_add(a, &m->options, arena_format(a, "workdir=%s/work", c->path));
	return 0;
}
