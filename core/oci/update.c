/* SPDX-License-Identifier: ISC */
/* update: new limits for the group, for systemd, and for who asks later. */
#include "cgroup/cgroup.h"
#include "oci/box.h"
#include "resctrl/resctrl.h"

#include <errno.h>

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

/* One that has had no group gets one of its name. */
static int
move(struct oci *c, int root, const struct intel_rdt *rdt, struct err *e)
{
	AUTO(arena) struct arena a = { 0 };
	pid_t *pids = NULL;
	size_t n;

	if (oci_pids(c, &a, &pids, &n, e) < 0 ||
	    resctrl_make(root, rdt, c->id, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (resctrl_enter(root, rdt, c->id, pids[i], e) < 0 &&
		    e->code != ESRCH)
			return -1;
	return 0;
}

static int
update_rdt(struct oci *c, const struct intel_rdt *new, struct err *e)
{
	AUTO(close) int root = resctrl_root(e);
	struct intel_rdt *now = c->spec.linux_part->intel_rdt;
	struct intel_rdt change = *new;

	if (root < 0)
		return -1;
	if (!now) {
		now = arena_new(&c->spec.arena, sizeof(*now));
		*now = change;
		c->spec.linux_part->intel_rdt = now;
		return move(c, root, now, e);
	}
	change.clos_id = now->clos_id;
	if (new->l3_cache_schema)
		now->l3_cache_schema = new->l3_cache_schema;
	if (new->mem_bw_schema)
		now->mem_bw_schema = new->mem_bw_schema;
	return resctrl_write(root, &change, c->id, e);
}

/*
 * The group first, as it may refuse; then systemd, or it would undo that at its
 * next reload. What is noted is for a later update, and for who reads it.
 */
int
oci_update(struct oci *c, const struct resources *r,
           const struct intel_rdt *rdt, struct err *e)
{
	AUTO(cgroup) struct cgroup g = { 0 };
	struct linux_part *l;
	struct resources now;

	if (box_lock(c, e) < 0 || box_read(c, e) < 0 || box_spec(c, e) < 0 ||
	    box_group(c, &g, e) < 0)
		return -1;
	l = c->spec.linux_part;
	if (!l->resources)
		l->resources = arena_new(&c->spec.arena,
		                         sizeof(*l->resources));
	now = spec_update_of(r, l->resources, &c->arena);
	if (rdt && update_rdt(c, rdt, e) < 0)
		return -1;
	if (cgroup_limit(&g, &now, e) < 0)
		return -1;
	spec_merge_resources(l->resources, r, &c->spec.arena);
	if (c->record.scope.name &&
	    systemd_limit(&c->record.scope, l->resources, e) < 0)
		return -1;
	return box_write_spec(c, e);
}
