/* SPDX-License-Identifier: ISC */
/* From a group to one below it, which is there already. */
#include "cgroup/parts.h"
#include "sys/path.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

/* What is wanted of a hierarchy, and by which word; 0: nothing. */
struct descent {
	struct cgroup *group;
	const char *word, *below;
	int number, moved[CGROUP_MAX];
};

/* ".." may not lead out of the group; of what is on the way there is no more
 * than directories. */
static int
descend(struct descent *d, struct cgroup_tree *t, struct err *e)
{
	int *moved = &d->moved[t - d->group->trees];
	const char *below = d->below + strspn(d->below, "/");
	int dir;

	if (*moved == d->number)
		return 0;
	if (*moved)
		return fail(e, EINVAL, "'%s': the hierarchy at %s is another "
		            "one's already", d->word, t->mount);
	*moved = d->number;
	dir = path_open_beneath(t->dir, *below ? below : ".",
	                        O_RDONLY | O_DIRECTORY);
	if (dir < 0 && errno == EXDEV)
		return fail(e, EINVAL, "'%s' leads out of the container's "
		            "group", d->word);
	if (dir < 0 && errno == ENOENT)
		return fail(e, ENOENT, "no group '%s' in %s%s", below,
		            t->mount, d->group->path);
	if (dir < 0)
		return fail_sys(e, "'%s' in %s%s", below, t->mount,
		                d->group->path);
	close(t->dir);
	t->dir = dir;
	return 0;
}

/* Where v1 has the controllers, nobody may have made a group in v2's tree. */
static int
descend_all(struct descent *d, struct err *e)
{
	struct cgroup *g = d->group;

	for (size_t i = 0; i < g->n_trees; i++) {
		struct cgroup_tree *t = &g->trees[i];

		if (t->dir < 0 || descend(d, t, e) == 0)
			continue;
		if (e->code != ENOENT || *t->name ||
		    g->layout != CGROUP_HYBRID)
			return -1;
	}
	return 0;
}

static struct cgroup_tree *
find_tree(struct cgroup *g, const char *controller)
{
	const struct cgroup_tree *t = cgroup_tree(g, controller);
	char named[80];

	snprintf(named, sizeof(named), "name=%s", controller);
	if (!t)
		t = cgroup_tree(g, named);
	return t && t->dir >= 0 ? &g->trees[t - g->trees] : NULL;
}

static int
descend_some(struct descent *d, struct err *e)
{
	size_t n = (size_t)(d->below - d->word - 1);
	AUTO(free) char *list = mem_format("%.*s", (int)n, d->word);
	char *rest = list, *controller;
	struct cgroup_tree *t;

	if (d->group->layout == CGROUP_V2)
		return fail(e, ENOTSUP, "'%s': cgroup v2 has one hierarchy for "
		            "all controllers; the path alone will do",
		            d->word);
	while ((controller = strsep(&rest, ","))) {
		if (!*controller)
			return fail(e, EINVAL, "'%s': a controller without a "
			            "name", d->word);
		t = find_tree(d->group, controller);
		if (!t)
			return fail(e, EINVAL, "'%s': the container is in no "
			            "hierarchy of '%s'", d->word, controller);
		if (descend(d, t, e) < 0)
			return -1;
	}
	return 0;
}

int
cgroup_descend(struct cgroup *g, const struct words *where, struct err *e)
{
	struct descent d = { .group = g };

	for (size_t i = 0; i < where->n; i++) {
		const char *colon = strchr(where->v[i], ':');

		d.word = where->v[i];
		d.below = colon ? colon + 1 : d.word;
		d.number++;
		if (!colon && where->n > 1)
			return fail(e, EINVAL, "'%s' is for all controllers, "
			            "and not the only one", d.word);
		if ((colon ? descend_some : descend_all)(&d, e) < 0)
			return -1;
	}
	return 0;
}

/* "0::/mydocker/ID/below", of a process that has moved itself. */
static char *
place_of(const struct cgroup *g, pid_t pid, char *line, size_t room)
{
	AUTO(fclose) FILE *f = NULL;
	size_t n = strlen(g->path);

	snprintf(line, room, "/proc/%d/cgroup", (int)pid);
	f = fopen(line, "re");
	while (f && fgets(line, (int)room, f)) {
		line[strcspn(line, "\n")] = '\0';
		if (strncmp(line, "0::", 3) == 0 &&
		    strncmp(line + 3, g->path, n) == 0 &&
		    line[3 + n] == '/')
			return line + 3 + n;
	}
	return NULL;
}

int
cgroup_follow(struct cgroup *g, pid_t pid, struct err *e)
{
	char line[4200], given[64];
	const struct cgroup_tree *t = cgroup_tree(g, "");
	struct descent d = { .group = g, .number = 1 };

	if (g->layout != CGROUP_V2 || t->dir < 0 ||
	    cgroup_knob_get(t->dir, "cgroup.subtree_control", given,
	                    sizeof(given)) <= 0)
		return 0;
	/* A name, and no word of a user's: a colon in it says nothing. */
	d.word = d.below = place_of(g, pid, line, sizeof(line));
	return d.below ? descend_all(&d, e) : 0;
}
