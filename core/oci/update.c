/* SPDX-License-Identifier: ISC */
/* update: new limits for the group, for systemd, and for who asks later. */
#include "cgroup/cgroup.h"
#include "oci/box.h"

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

/*
 * The group first, as it may refuse; then systemd, or it would undo that at its
 * next reload. What is noted is for a later update, and for who reads it.
 */
int
oci_update(struct oci *c, const struct resources *r, struct err *e)
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
	if (cgroup_limit(&g, &now, e) < 0)
		return -1;
	spec_merge_resources(l->resources, r, &c->spec.arena);
	if (c->record.scope.name &&
	    systemd_limit(&c->record.scope, l->resources, e) < 0)
		return -1;
	return box_write_spec(c, e);
}
