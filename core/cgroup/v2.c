/* SPDX-License-Identifier: ISC */
/* Controllers of v2: handing them down, and saying why one is missing. */
#include "base/log.h"
#include "base/mem.h"
#include "cgroup/parts.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#define CONTROLLERS 256 /* bytes: some twelve names */

static bool
has_word(const char *list, const char *word, size_t n)
{
	while (*list) {
		size_t length = strcspn(list, " ");

		if (length == n && strncmp(list, word, n) == 0)
			return true;
		list += length;
		list += strspn(list, " ");
	}
	return false;
}

/* "+cpu +memory": what `want` has and `have` lacks. */
static void
lacking(const char *want, const char *have, char *out, size_t room)
{
	size_t at = 0;

	*out = '\0';
	while (*want) {
		size_t n = strcspn(want, " ");

		if (!has_word(have, want, n) && at + n + 3 < room)
			at += (size_t)snprintf(out + at, room - at, "%s+%.*s",
			                       at ? " " : "", (int)n, want);
		want += n;
		want += strspn(want, " ");
	}
}

/* The names of all controllers of the group's ancestor, or of the group. */
static void
controllers(int dir, const char *file, char *list)
{
	if (cgroup_knob_get(dir, file, list, CONTROLLERS) < 0)
		*list = '\0';
}

/*
 * Why controllers cannot be handed to groups below this one, or NULL.
 *
 * A group with processes of its own cannot hand down memory and io, but it
 * could hand down the rest: that would make it threaded, and leave us
 * sub-groups that no process can enter. So this is asked before it is tried.
 *
 * source   cgroup-v2.rst, "No Internal Process Constraint", "Threads"
 */
static const char *
obstacle(int dir)
{
	char text[64];

	if (cgroup_knob_get(dir, "cgroup.type", text, sizeof(text)) < 0)
		return NULL; /* the root of all, for which no rule holds */
	if (strcmp(text, "domain") != 0)
		return "that is threaded";
	if (cgroup_knob_get(dir, "cgroup.procs", text, sizeof(text)) > 0)
		return "that has processes of its own; move them to a "
		       "sub-group";
	return NULL;
}

/*
 * One write takes all or none. If one cannot be (cpu, where the group has
 * real-time processes), the others still can.
 */
static void
enable_in(int dir, const char *name)
{
	char have[CONTROLLERS], given[CONTROLLERS], want[CONTROLLERS];
	char *rest = want, *word;
	const char *why;

	controllers(dir, "cgroup.controllers", have);
	controllers(dir, "cgroup.subtree_control", given);
	lacking(have, given, want, sizeof(want));
	if (!*want)
		return;
	why = obstacle(dir);
	if (why) {
		log_debug("cgroup %s: no %s: %s", name, want, why);
		return;
	}
	if (cgroup_knob_put(dir, "cgroup.subtree_control", want) == 0)
		return;
	while ((word = strsep(&rest, " ")))
		if (cgroup_knob_put(dir, "cgroup.subtree_control", word) < 0)
			log_debug("cgroup %s: %s: %s", name, word,
			          strerror(errno));
}

/* Call `each` for the mount point and the parents of path, from the top. */
static int
each_parent(int base, const char *path,
            int (*each)(int dir, const char *name, void *with), void *with)
{
	char name[256] = "";
	const char *end = path;
	int said = each(base, "/", with);

	while (!said && (end = strchr(end + 1, '/'))) {
		AUTO(close) int dir = -1;

		memcpy(name, path, (size_t)(end - path));
		name[end - path] = '\0';
		dir = openat(base, name + 1, O_PATH | O_DIRECTORY | O_CLOEXEC |
		                             O_NOFOLLOW);
		said = dir < 0 ? -1 : each(dir, name, with);
	}
	return said;
}

static int
enable_each(int dir, const char *name, void *with)
{
	(void)with;
	enable_in(dir, name);
	return 0;
}

/* On the usual start all is enabled, and two short files tell so. */
void
cgroup_enable(const struct cgroup_tree *t, const char *path)
{
	AUTO(close) int base = cgroup_base(t);
	char all[CONTROLLERS], ours[CONTROLLERS], want[CONTROLLERS];

	if (base < 0)
		return;
	controllers(base, "cgroup.controllers", all);
	controllers(t->dir, "cgroup.controllers", ours);
	lacking(all, ours, want, sizeof(want));
	if (*want && each_parent(base, path, enable_each, NULL) < 0)
		log_debug("cgroup %s%s: %s", t->mount, path, strerror(errno));
}

bool
cgroup_has_controller(const struct cgroup_tree *t, const char *controller)
{
	char list[CONTROLLERS];

	controllers(t->dir, "cgroup.controllers", list);
	return has_word(list, controller, strlen(controller));
}

struct blame {
	const char *controller;
	struct err *e;
};

/* Ask the kernel once more, where it is that the controller gets stuck. */
static int
blame(int dir, const char *name, void *with)
{
	struct blame *b = with;
	const char *c = b->controller, *why;
	char list[CONTROLLERS], want[64];

	controllers(dir, "cgroup.controllers", list);
	if (!has_word(list, c, strlen(c)))
		return fail(b->e, ENOTSUP, "%s: no such controller in cgroup "
		            "%s", c, name);
	controllers(dir, "cgroup.subtree_control", list);
	if (has_word(list, c, strlen(c)))
		return 0;
	why = obstacle(dir);
	if (why)
		return fail(b->e, ENOTSUP, "%s: cannot be given to groups "
		            "below %s, as %s", c, name, why);
	snprintf(want, sizeof(want), "+%.40s", c);
	if (cgroup_knob_put(dir, "cgroup.subtree_control", want) < 0)
		return fail(b->e, ENOTSUP, "%s: cannot be given to groups "
		            "below %s: %s", c, name, strerror(errno));
	return 0;
}

int
cgroup_missing_v2(const struct cgroup *g, const struct cgroup_tree *t,
                  const char *controller, struct err *e)
{
	AUTO(close) int base = cgroup_base(t);
	struct blame b = { controller, e };

	if (base >= 0 && each_parent(base, g->path, blame, &b) < 0)
		return -1;
	return fail(e, ENOTSUP, "%s: no such controller in cgroup %s",
	            controller, g->path);
}
