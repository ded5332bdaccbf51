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

/*
 * What memory and swap have to do with each other, as docker has it: a limit of
 * memory leaves that of swap alone, and is twice as much with swap if there was
 * none.
 */
static int
settle_swap(struct memory *new, const struct memory *old, struct err *e)
{
	const struct number *limit = new->limit.set ? &new->limit : &old->limit;

	if (new->limit.set && !new->swap.set) {
		new->swap = old->swap;
		if (!old->swap.set)
			new->swap = (struct number){
				true, limit->value > INT64_MAX / 2
				      ? -1 : 2 * limit->value };
		if (new->swap.value > 0 && limit->value > new->swap.value)
			return fail(e, EINVAL, "Memory limit should be smaller"
			            " than already set memoryswap limit, update"
			            " the memoryswap at the same time");
	}
	if (!new->swap.set || new->swap.value < 0)
		return 0;
	if (!limit->set)
		return fail(e, EINVAL, "--memory-swap: needs --memory");
	return new->swap.value >= limit->value ? 0
	       : fail(e, EINVAL, "Minimum memoryswap limit should be larger"
	              " than memory limit, see usage");
}

/* Of --cpus a quota was made, which is not changed by itself. */
static int
check_cpus(const struct container *c, const struct container_change *to,
           const struct cpu *old, struct err *e)
{
	const struct cpu *new = to->limits->cpu;
	const char *was = c->record.asked.cpus;

	if (to->cpus && !was && (old->period.set || old->quota.set))
		return fail(e, EINVAL, "Conflicting options: Nano CPUs cannot"
		            " be updated as CPU %s has already been set",
		            old->period.set ? "Period" : "Quota");
	if (!to->cpus && was && (new->period.set || new->quota.set))
		return fail(e, EINVAL, "Conflicting options: CPU %s cannot be"
		            " updated as NanoCPUs has already been set",
		            new->period.set ? "Period" : "Quota");
	return 0;
}

static int
check(const struct container *c, const struct container_change *to,
      struct resources *limits, struct err *e)
{
	static const struct memory no_memory;
	static const struct cpu no_cpu;
	const struct resources *old = c->spec.linux_part->resources;

	if (limits->cpu && check_cpus(c, to, old->cpu ? old->cpu : &no_cpu,
	                              e) < 0)
		return -1;
	return limits->memory ? settle_swap(limits->memory, old->memory
	                                    ? old->memory : &no_memory, e)
	                      : 0;
}

/* The group first: it may refuse. */
static int
change_limits(struct container *c, const struct container_change *to,
              struct err *e)
{
	struct arena *a = &c->spec.arena;
	struct linux_part *l;
	struct resources wanted = *to->limits, new;

	if (container_load_spec(c, e) < 0)
		return -1;
	if (!c->spec.linux_part)
		c->spec.linux_part = arena_new(a, sizeof(*l));
	l = c->spec.linux_part;
	if (!l->resources)
		l->resources = arena_new(a, sizeof(*l->resources));
	if (check(c, to, &wanted, e) < 0)
		return -1;
	new = spec_update_of(&wanted, l->resources, a);
	if (container_is_up(c) && limit(c, &new, e) < 0)
		return -1;
	spec_merge_resources(l->resources, &wanted, a);
	return write_config(c, e);
}

static int
update_locked(struct container *c, const struct container_change *to,
              struct err *e)
{
	struct record *r = &c->record;
	bool policy = to->restart && *to->restart;

	if (container_state(c) == CONTAINER_DEAD)
		return fail(e, EINVAL, "container '%s': %s",
		            r->name ? r->name : r->id, r->error);
	if (policy && r->remove)
		return fail(e, EINVAL, "container '%s' is --rm, and cannot "
		            "have a restart policy", r->name);
	if (policy && r->direct)
		return fail(e, EINVAL, "container '%s' writes to who has "
		            "started it, and so is not started again",
		            r->name);
	if (change_limits(c, to, e) < 0)
		return -1;
	if (!to->restart && !to->cpus)
		return 0;
	if (to->cpus)
		r->asked.cpus = arena_text(&c->arena, to->cpus);
	if (to->restart) {
		r->restart = policy ? arena_text(&c->arena, to->restart) : NULL;
		r->restart_most = to->restart_most;
	}
	return record_write(c, true, e);
}

int
container_update(struct container *c, const struct container_change *to,
                 struct err *e)
{
	int done;

	if (record_lock(c, e) < 0)
		return -1;
	done = update_locked(c, to, e);
	store_unlock(c->dir);
	if (done == 0 && to->restart)
		record_wake_monitor(c);
	if (done == 0)
		container_tell(c, "update", NULL);
	return done;
}
