/* SPDX-License-Identifier: ISC */
/* Putting limits in force: which controller has what, and where that is. */
#include "base/log.h"
#include "cgroup/parts.h"

#include <errno.h>
#include <string.h>

static bool
has_memory(const struct resources *r)
{
	const struct memory *m = r->memory;

	return m && (m->limit.set || m->reservation.set || m->swap.set ||
	             m->kernel.set || m->kernel_tcp.set ||
	             m->swappiness.set || m->disable_oom_killer ||
	             m->use_hierarchy);
}

static bool
has_cpu(const struct resources *r)
{
	const struct cpu *c = r->cpu;

	return c && (c->shares.set || c->quota.set || c->period.set ||
	             c->burst.set || c->idle.set || c->realtime_runtime.set ||
	             c->realtime_period.set);
}

static bool
has_cpuset(const struct resources *r)
{
	return r->cpu && ((r->cpu->cpus && *r->cpu->cpus) ||
	                  (r->cpu->mems && *r->cpu->mems));
}

static bool
has_pids(const struct resources *r)
{
	return r->pids && r->pids->limit.set;
}

static bool
has_io(const struct resources *r)
{
	const struct block_io *b = r->block_io;

	return b && (b->weight.set || b->leaf_weight.set ||
	             b->n_weight_devices || b->n_read_bps || b->n_write_bps ||
	             b->n_read_iops || b->n_write_iops);
}

static bool
has_hugetlb(const struct resources *r)
{
	return r->n_huge_pages != 0;
}

static bool
has_net_cls(const struct resources *r)
{
	return r->network && r->network->class_id.set;
}

static bool
has_net_prio(const struct resources *r)
{
	return r->network && r->network->n_priorities;
}

static bool
has_rdma(const struct resources *r)
{
	return r->n_rdma != 0;
}

/*
 * Names in v1 and in v2 (NULL: none), and what each does. cpuset stands before
 * memory, so that memory is charged to the right nodes from the start.
 */
static const struct controller {
	const char *v1, *v2;
	bool (*is_asked)(const struct resources *r);
	cgroup_limiter *limit_v1, *limit_v2;
} controllers[] = {
	{ "cpuset", "cpuset", has_cpuset, cgroup_cpuset, cgroup_cpuset },
	{ "memory", "memory", has_memory, cgroup_memory_v1, cgroup_memory_v2 },
	{ "cpu", "cpu", has_cpu, cgroup_cpu_v1, cgroup_cpu_v2 },
	{ "pids", "pids", has_pids, cgroup_pids_max, cgroup_pids_max },
	{ "blkio", "io", has_io, cgroup_io_v1, cgroup_io_v2 },
	{ "hugetlb", "hugetlb", has_hugetlb, cgroup_hugetlb_v1, cgroup_hugetlb_v2 },
	{ "rdma", "rdma", has_rdma, cgroup_rdma, cgroup_rdma },
	{ "net_cls", NULL, has_net_cls, cgroup_net_cls, NULL },
	{ "net_prio", NULL, has_net_prio, cgroup_net_prio, NULL },
};

#define N_CONTROLLERS (sizeof(controllers) / sizeof(*controllers))

/* /proc/cgroups: name, hierarchy, groups, enabled. -1: not in the kernel. */
static int
is_enabled(const char *controller)
{
	AUTO(fclose) FILE *f = fopen("/proc/cgroups", "re");
	char line[256];
	size_t n = strlen(controller);

	while (f && fgets(line, sizeof(line), f))
		if (strncmp(line, controller, n) == 0 && line[n] == '\t')
			return strchr(line, '\n')[-1] != '0';
	return -1;
}

static int
missing(const struct cgroup *g, const struct controller *c, struct err *e)
{
	const struct cgroup_tree *t = cgroup_tree(g, c->v1);
	int enabled = is_enabled(c->v1);

	if (t)
		return fail(e, ENOTSUP, "%s: %s is not ours to write", c->v1,
		            t->mount);
	t = cgroup_tree(g, "");
	if (!c->v2 && g->layout == CGROUP_V2)
		return fail(e, ENOTSUP, "%s: a controller of cgroup v1, and "
		            "this host has v2", c->v1);
	if (enabled == 0)
		return fail(e, ENOTSUP, "%s: the controller is switched off; "
		            "boot with cgroup_enable=%s", c->v1, c->v1);
	if (g->layout == CGROUP_NONE)
		return fail(e, ENOTSUP, "%s: no such controller here; no "
		            "cgroup file system is mounted", c->v1);
	if (t && t->dir < 0 && g->layout == CGROUP_V2)
		return fail(e, ENOTSUP, "%s: %s is not ours to write", c->v2,
		            t->mount);
	if (t && c->v2 && g->layout == CGROUP_V2)
		return cgroup_missing_v2(g, t, c->v2, e);
	return fail(e, ENOTSUP, "%s: no such controller here; %s", c->v1,
	            enabled < 0 ? "the kernel was built without it"
	                        : "its hierarchy is not mounted");
}

/*
 * Whether v2 has the controller is asked only when something went wrong, to
 * save a file; but in a hybrid, where the answer is mostly no, at first, and
 * there the controllers are handed down only when one is wanted.
 */
static int
limit_v2(const struct cgroup *g, const struct controller *c,
         const struct resources *r, struct err *e)
{
	const struct cgroup_tree *t = cgroup_tree(g, "");
	bool hybrid = g->layout == CGROUP_HYBRID;

	if (!t || t->dir < 0 || !c->v2)
		return missing(g, c, e);
	if (hybrid && !cgroup_has_controller(t, c->v2))
		cgroup_enable(t, g->path);
	if (hybrid && !cgroup_has_controller(t, c->v2))
		return missing(g, c, e);
	if (c->limit_v2(t, r, e) == 0)
		return 0;
	return cgroup_has_controller(t, c->v2) ? -1 : missing(g, c, e);
}

static int
limit_one(const struct cgroup *g, const struct controller *c,
          const struct resources *r, struct err *e)
{
	const struct cgroup_tree *t = cgroup_tree(g, c->v1);

	if (t && t->dir >= 0)
		return c->limit_v1(t, r, e);
	return limit_v2(g, c, r, e);
}

/* What every container gets unasked must not keep any from running. */
static bool
is_default(const struct controller *c, const struct resources *r)
{
	return c->is_asked == has_pids && (r->pids->limit.value < 0 ||
	                                   r->pids->limit.value == CGROUP_PIDS);
}

static int
limit_unified(const struct cgroup *g, const struct resources *r,
              struct err *e)
{
	const struct cgroup_tree *t = cgroup_tree(g, "");

	if (r->unified.n == 0)
		return 0;
	if (!t || t->dir < 0)
		return fail(e, ENOTSUP, "unified: %s: cgroup v2 is not here, "
		            "or not ours to write", r->unified.v[0].key);
	if (g->layout == CGROUP_HYBRID)
		cgroup_enable(t, g->path);
	return cgroup_unified(t, r, e);
}

int
cgroup_limit(const struct cgroup *g, const struct resources *r, struct err *e)
{
	if (!r)
		return 0;
	for (size_t i = 0; i < N_CONTROLLERS; i++) {
		const struct controller *c = &controllers[i];

		if (!c->is_asked(r) || limit_one(g, c, r, e) == 0)
			continue;
		if (e->code != ENOTSUP || !is_default(c, r))
			return -1;
		log_info("cgroup: the number of processes is not limited: %s",
		         e->text);
	}
	if (limit_unified(g, r, e) < 0)
		return -1;
	return cgroup_limit_devices(g, r, e);
}
