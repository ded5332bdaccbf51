/* SPDX-License-Identifier: ISC */
/* update: new limits for the group, for systemd, and for who asks later. */
#include "base/log.h"
#include "cgroup/cgroup.h"
#include "oci/box.h"
#include "resctrl/resctrl.h"

#include <errno.h>

/* Who gives birth that fast is not to be caught up with. */
#define MOST_TURNS 10

int
oci_read_resources(struct oci *c, const char *path, struct resources *r,
                   struct err *e)
{
	AUTO(buf) struct buf text = { 0 };

	if (box_read_file(path, &text, e) < 0)
		return -1;
	return spec_read_resources(r, text.data ? text.data : "", text.n,
	                           &c->arena, e);
}

static bool
has_pid(const pid_t *pids, size_t n, pid_t pid)
{
	for (size_t i = 0; i < n; i++)
		if (pids[i] == pid)
			return true;
	return false;
}

/* Those that were born of one that had not been moved yet are in no group, so
 * it is done again until nobody is new. */
static int
move(struct oci *c, int root, const struct intel_rdt *rdt, struct err *e)
{
	AUTO(arena) struct arena a = { 0 };
	pid_t *pids = NULL, *before;
	size_t n = 0, n_before, found = 1;

	for (int turn = 0; found && turn < MOST_TURNS; turn++) {
		before = pids;
		n_before = n;
		if (oci_pids(c, &a, &pids, &n, e) < 0)
			return -1;
		found = 0;
		for (size_t i = 0; i < n; i++) {
			if (has_pid(before, n_before, pids[i]))
				continue;
			found++;
			if (resctrl_enter(root, rdt, c->id, pids[i], e) < 0 &&
			    e->code != ESRCH)
				return -1;
		}
	}
	return 0;
}

/* One that has had no group gets one of its name: *made. */
static int
update_rdt(struct oci *c, int root, const struct intel_rdt *new, bool *made,
           struct err *e)
{
	struct intel_rdt *now = c->spec.linux_part->intel_rdt;
	struct intel_rdt change = *new;

	if (!now) {
		now = arena_new(&c->spec.arena, sizeof(*now));
		*now = change;
		c->spec.linux_part->intel_rdt = now;
		*made = resctrl_make(root, now, c->id, e) == 0;
		return *made ? move(c, root, now, e) : -1;
	}
	change.clos_id = now->clos_id;
	if (new->l3_cache_schema)
		now->l3_cache_schema = new->l3_cache_schema;
	if (new->mem_bw_schema)
		now->mem_bw_schema = new->mem_bw_schema;
	return resctrl_write(root, &change, c->id, e);
}

static int
update_resources(struct oci *c, const struct resources *r, struct err *e)
{
	AUTO(cgroup) struct cgroup g = { 0 };
	struct linux_part *l = c->spec.linux_part;
	struct resources now;

	if (box_group(c, &g, e) < 0)
		return -1;
	if (!l->resources)
		l->resources = arena_new(&c->spec.arena,
		                         sizeof(*l->resources));
	now = spec_update_of(r, l->resources, &c->arena);
	if (cgroup_limit(&g, &now, e) < 0)
		return -1;
	spec_merge_resources(l->resources, r, &c->spec.arena);
	return c->record.scope.name
	       ? systemd_limit(&c->record.scope, l->resources, e) : 0;
}

/*
 * The group first, as it may refuse; then systemd, or it would undo that at its
 * next reload. What is noted is for a later update, and for who reads it.
 */
int
oci_update(struct oci *c, const struct resources *r,
           const struct intel_rdt *rdt, struct err *e)
{
	AUTO(close) int root = -1;
	struct err late;
	bool made = false;

	if (box_lock(c, e) < 0 || box_read(c, e) < 0 || box_spec(c, e) < 0)
		return -1;
	if (rdt && (spec_check_intel_rdt(rdt, e) < 0 ||
	            (root = resctrl_root(e)) < 0))
		return -1;
	if ((!rdt || update_rdt(c, root, rdt, &made, e) == 0) &&
	    update_resources(c, r, e) == 0 && box_write_spec(c, e) == 0)
		return 0;
	/* Nobody would know of a group that is in no spec. */
	if (made && resctrl_remove(root, c->spec.linux_part->intel_rdt, c->id,
	                           &late) < 0)
		log_warn("%s", late.text);
	return -1;
}
