/* SPDX-License-Identifier: ISC */
/* Stopping all processes of a group, and letting them go on. */
#include "cgroup/parts.h"
#include "sys/clock.h"

#include <errno.h>
#include <string.h>

#define PATIENCE 2000000000

/* v2 has a freezer in every group (5.2), in a hybrid too. */
static const struct cgroup_tree *
freezer_v2(const struct cgroup *g)
{
	const struct cgroup_tree *t = cgroup_tree(g, "");

	return t && t->dir >= 0 && cgroup_knob_is(t, "cgroup.freeze") ? t
	                                                              : NULL;
}

static const struct cgroup_tree *
freezer_v1(const struct cgroup *g)
{
	const struct cgroup_tree *t = cgroup_tree(g, "freezer");

	return t && t->dir >= 0 ? t : NULL;
}

static int
freeze_v2(const struct cgroup_tree *t, bool frozen, struct err *e)
{
	int64_t end = clock_ns() + PATIENCE, nap = 0;

	if (cgroup_write(t, "cgroup.freeze", e, "%d", frozen) < 0)
		return -1;
	while (cgroup_number_of(t, "cgroup.events", "frozen") != frozen) {
		if (cgroup_nap(&nap, end))
			continue;
		if (frozen && cgroup_write(t, "cgroup.freeze", e, "0") < 0)
			return -1;
		return fail(e, ETIMEDOUT, "cgroup.freeze: some processes do "
		            "not %s", frozen ? "stop" : "go on");
	}
	return 0;
}

static bool
is_state(const struct cgroup_tree *t, const char *wanted)
{
	char text[32];

	return cgroup_knob_get(t->dir, "freezer.state", text,
	                       sizeof(text)) >= 0 &&
	       strcmp(text, wanted) == 0;
}

/*
 * A group can stay FREEZING when processes fork or are killed meanwhile;
 * reading the state makes the kernel look again, and writing it again catches
 * those that came later.
 *
 * source   cgroup-v1/freezer-subsystem.rst
 */
static int
freeze_v1(const struct cgroup_tree *t, bool frozen, struct err *e)
{
	const char *wanted = frozen ? "FROZEN" : "THAWED";
	int64_t end = clock_ns() + PATIENCE, nap = 0;

	do {
		if (cgroup_write(t, "freezer.state", e, "%s", wanted) < 0)
			break;
		if (is_state(t, wanted))
			return 0;
		fail(e, ETIMEDOUT, "freezer.state: some processes do not %s",
		     frozen ? "stop" : "go on");
	} while (cgroup_nap(&nap, end));
	if (frozen)
		(void)!cgroup_knob_put(t->dir, "freezer.state", "THAWED");
	return -1;
}

/* To thaw is to thaw both: whoever froze the group may have used the other. */
int
cgroup_freeze(const struct cgroup *g, bool frozen, struct err *e)
{
	const struct cgroup_tree *v2 = freezer_v2(g), *v1 = freezer_v1(g);

	if (!v2 && !v1)
		return fail(e, ENOTSUP, "freezer: no such controller here");
	if (!frozen && v1 && !is_state(v1, "THAWED") &&
	    freeze_v1(v1, false, e) < 0)
		return -1;
	if (v2)
		return freeze_v2(v2, frozen, e);
	return frozen ? freeze_v1(v1, true, e) : 0;
}

int
cgroup_is_frozen(const struct cgroup *g)
{
	const struct cgroup_tree *v2 = freezer_v2(g), *v1 = freezer_v1(g);

	if (v2 && cgroup_number(v2, "cgroup.freeze") == 1)
		return 1;
	return v1 && !is_state(v1, "THAWED");
}
