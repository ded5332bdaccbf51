/* SPDX-License-Identifier: ISC */
/* Other limits and another policy for a container that there is. */
#include "cgroup/cgroup.h"
#include "container/record.h"

#include <errno.h>

static int
limit(struct container *c, const struct resources *new, struct err *e)
{
	AUTO(cgroup) struct cgroup g = { 0 };

	if (!c->record.cgroup || cgroup_open(&g, c->record.cgroup, e) < 0)
		return -1;
	return cgroup_limit(&g, new, e);
}

static int
write_config(struct container *c, struct err *e)
{
	AUTO(buf) struct buf text = { 0 };

	spec_write(&c->spec, false, &text);
	return store_write(c->dir, "config.json", &text, c->kept, e);
}

/* The group first: it may refuse. */
static int
change_limits(struct container *c, const struct resources *r, struct err *e)
{
	struct arena *a = &c->spec.arena;
	struct linux_part *l;
	struct resources new;

	if (container_load_spec(c, e) < 0)
		return -1;
	if (!c->spec.linux_part)
		c->spec.linux_part = arena_new(a, sizeof(*l));
	l = c->spec.linux_part;
	if (!l->resources)
		l->resources = arena_new(a, sizeof(*l->resources));
	new = spec_update_of(r, l->resources, a);
	if (container_is_up(c) && limit(c, &new, e) < 0)
		return -1;
	spec_merge_resources(l->resources, r, a);
	return write_config(c, e);
}

static int
update_locked(struct container *c, const struct resources *limits,
              const char *restart, const struct number *most, struct err *e)
{
	struct record *r = &c->record;

	if (container_state(c) == CONTAINER_DEAD)
		return fail(e, EINVAL, "container '%s': %s",
		            r->name ? r->name : r->id, r->error);
	if (restart && *restart && r->remove)
		return fail(e, EINVAL, "container '%s' is --rm, and cannot "
		            "have a restart policy", r->name);
	if (restart && *restart && r->direct)
		return fail(e, EINVAL, "container '%s' writes to who has "
		            "started it, and so is not started again",
		            r->name);
	if (limits && change_limits(c, limits, e) < 0)
		return -1;
	if (!restart)
		return 0;
	r->restart = *restart ? arena_text(&c->arena, restart) : NULL;
	r->restart_most = *most;
	return record_write(c, true, e);
}

int
container_update(struct container *c, const struct resources *limits,
                 const char *restart, const struct number *most,
                 struct err *e)
{
	int done;

	if (record_lock(c, e) < 0)
		return -1;
	done = update_locked(c, limits, restart, most, e);
	store_unlock(c->dir);
	if (done == 0 && restart)
		record_wake_monitor(c);
	if (done == 0)
		container_tell(c, "update", NULL);
	return done;
}
