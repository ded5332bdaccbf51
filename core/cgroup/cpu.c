/* SPDX-License-Identifier: ISC */
/* The controllers of processors, cpu and cpuset, v1 and v2. */
#include "cgroup/parts.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

static int
put(const struct cgroup_tree *t, const char *file, struct number n,
    struct err *e)
{
	return n.set ? cgroup_write(t, file, e, "%" PRId64, n.value) : 0;
}

/*
 * The kernel knows no weight in an idle group and refuses (EINVAL) to set one:
 * so out of idleness first, and into it instead of a weight.
 */
static int
set_share(const struct cgroup_tree *t, const struct cpu *c, const char *file,
          uint64_t weight, struct err *e)
{
	if (c->idle.set && put(t, "cpu.idle", c->idle, e) < 0)
		return -1;
	if (!c->shares.set || c->shares.value == 0 ||
	    (c->idle.set && c->idle.value == 1))
		return 0;
	if (c->shares.value < 0)
		return fail(e, EINVAL, "cpu.shares: %" PRId64 " is no weight",
		            c->shares.value);
	return cgroup_write(t, file, e, "%" PRIu64, weight);
}

/* A quota of 0 or less is none. */
static struct number
quota_of(const struct cpu *c)
{
	struct number n = c->quota;

	if (n.value < 0)
		n.value = -1;
	if (n.value == 0)
		n.set = false;
	return n;
}

static struct number
period_of(const struct cpu *c)
{
	struct number n = c->period;

	if (n.value == 0)
		n.set = false;
	return n;
}

/*
 * Period, quota and burst must fit together, and with the parent's, after
 * every single write. When lowering, the period can only follow the quota;
 * when raising, a burst only the quota.
 *
 * source   tg_set_cfs_bandwidth in kernel/sched/core.c
 */
static int
limit_time_v1(const struct cgroup_tree *t, const struct cpu *c, struct err *e)
{
	struct number period = period_of(c), quota = quota_of(c);
	struct number burst = c->burst;
	bool late = false;

	if (put(t, "cpu.cfs_period_us", period, e) < 0) {
		if (e->code != EINVAL || !quota.set)
			return -1;
		late = true;
	}
	if (put(t, "cpu.cfs_quota_us", quota, e) < 0) {
		if (e->code != EINVAL || !burst.set ||
		    put(t, "cpu.cfs_burst_us", burst, e) < 0 ||
		    put(t, "cpu.cfs_quota_us", quota, e) < 0)
			return -1;
		burst.set = false;
	}
	if (late && put(t, "cpu.cfs_period_us", period, e) < 0)
		return -1;
	return put(t, "cpu.cfs_burst_us", burst, e);
}

int
cgroup_cpu_v1(const struct cgroup_tree *t, const struct resources *r,
              struct err *e)
{
	const struct cpu *c = r->cpu;
	uint64_t shares = (uint64_t)c->shares.value;

	if (set_share(t, c, "cpu.shares", shares, e) < 0 ||
	    limit_time_v1(t, c, e) < 0 ||
	    put(t, "cpu.rt_period_us", c->realtime_period, e) < 0)
		return -1;
	return put(t, "cpu.rt_runtime_us", c->realtime_runtime, e);
}

/* "QUOTA PERIOD", where a period that is left out stays as it is. */
static int
limit_max(const struct cgroup_tree *t, struct number quota,
          struct number period, struct err *e)
{
	char now[64], text[64] = "max";

	if (quota.set && quota.value > 0) {
		snprintf(text, sizeof(text), "%" PRId64, quota.value);
	} else if (!quota.set) {
		if (cgroup_knob_get(t->dir, "cpu.max", now, sizeof(now)) < 0)
			return cgroup_refused("cpu.max", "", e);
		now[strcspn(now, " ")] = '\0';
		strcpy(text, now);
	}
	if (!period.set)
		return cgroup_write(t, "cpu.max", e, "%s", text);
	return cgroup_write(t, "cpu.max", e, "%s %" PRId64, text,
	                    period.value);
}

static int
limit_time_v2(const struct cgroup_tree *t, const struct cpu *c, struct err *e)
{
	struct number period = period_of(c), quota = quota_of(c);
	struct number burst = c->burst;

	if ((quota.set || period.set) && limit_max(t, quota, period, e) < 0) {
		if (e->code != EINVAL || !burst.set ||
		    put(t, "cpu.max.burst", burst, e) < 0)
			return -1;
		return limit_max(t, quota, period, e);
	}
	return put(t, "cpu.max.burst", burst, e);
}

int
cgroup_cpu_v2(const struct cgroup_tree *t, const struct resources *r,
              struct err *e)
{
	const struct cpu *c = r->cpu;

	if ((c->realtime_period.set && c->realtime_period.value) ||
	    (c->realtime_runtime.set && c->realtime_runtime.value))
		return fail(e, ENOTSUP, "cpu.realtimeRuntime: cgroup v2 has "
		            "nothing like it");
	if (set_share(t, c, "cpu.weight",
	              cgroup_weight((uint64_t)c->shares.value), e) < 0)
		return -1;
	return limit_time_v2(t, c, e);
}

/*
 * The same files in both. An empty list asks for nothing. The kernel's own
 * words for a list that the parent does not have are poor.
 */
int
cgroup_cpuset(const struct cgroup_tree *t, const struct resources *r,
              struct err *e)
{
	const struct cpu *c = r->cpu;
	const char *const files[] = { "cpuset.cpus", "cpuset.mems" };
	const char *const lists[] = { c->cpus, c->mems };

	for (size_t i = 0; i < 2; i++) {
		if (!lists[i] || !*lists[i])
			continue;
		if (cgroup_knob_put(t->dir, files[i], lists[i]) == 0)
			continue;
		if (errno == EINVAL || errno == ERANGE || errno == EACCES ||
		    errno == ENODEV)
			return fail(e, errno, "%s: the list '%s' is not a "
			            "part of what the machine or the parent "
			            "group has", files[i], lists[i]);
		return cgroup_refused(files[i], lists[i], e);
	}
	return 0;
}
