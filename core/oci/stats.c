/* SPDX-License-Identifier: ISC */
/* events --stats: what a container uses, in runc's words. */
#include "cgroup/cgroup.h"
#include "oci/box.h"
#include "oci/object.h"

#include <inttypes.h>

/* Percents, as the kernel writes them. */
static void
stalls(struct object *o, const char *name, const struct cgroup_stalls *s)
{
	static const char *const names[] = { "avg10", "avg60", "avg300" };

	object_begin(o, name);
	for (int i = 0; i < 3; i++) {
		object_key(o, names[i]);
		buf_format(o->out, "%u.%02u", s->average[i] / 100,
		           s->average[i] % 100);
	}
	object_number(o, "total", s->total);
	object_end(o);
}

static void
pressure(struct object *o, const struct cgroup_pressure *p)
{
	if (!p->is_known)
		return;
	object_begin(o, "psi");
	stalls(o, "some", &p->some);
	stalls(o, "full", &p->full);
	object_end(o);
}

static void
cpu(struct object *o, const struct cgroup_details *d)
{
	object_begin(o, "cpu");
	object_begin(o, "usage");
	object_more(o, "total", d->cpu);
	object_numbers(o, "percpu", d->each_cpu, d->n_each_cpu);
	object_numbers(o, "percpu_kernel", d->each_system,
	               d->n_each_system);
	object_numbers(o, "percpu_user", d->each_user, d->n_each_user);
	object_number(o, "kernel", d->cpu_system);
	object_number(o, "user", d->cpu_user);
	object_end(o);
	object_begin(o, "throttling");
	object_more(o, "periods", d->periods);
	object_more(o, "throttledPeriods", d->throttled_periods);
	object_more(o, "throttledTime", d->throttled);
	object_end(o);
	pressure(o, &d->cpu_pressure);
	object_end(o);
}

static void
cpuset(struct object *o, const struct cgroup_details *d)
{
	object_begin(o, "cpuset");
	object_numbers(o, "cpus", d->cpus, d->n_cpus);
	object_numbers(o, "mems", d->mems, d->n_mems);
	for (size_t i = 0; i < CGROUP_CPUSET_FACTS; i++)
		object_signed(o, cgroup_cpuset_facts[i], d->cpuset[i]);
	object_end(o);
}

static void
amount(struct object *o, const char *name, const struct cgroup_amount *m)
{
	object_begin(o, name);
	object_number(o, "limit", m->limit);
	object_more(o, "usage", m->usage);
	object_more(o, "max", m->max);
	object_number(o, "failcnt", m->failures);
	object_end(o);
}

static void
memory(struct object *o, const struct cgroup_details *d)
{
	object_begin(o, "memory");
	object_more(o, "cache", d->cache);
	amount(o, "usage", &d->memory);
	amount(o, "swap", &d->swap);
	amount(o, "kernel", &d->kernel);
	amount(o, "kernelTCP", &d->kernel_tcp);
	object_begin(o, "raw");
	for (size_t i = 0; i < d->n_raw; i++)
		object_number(o, d->raw[i].name, d->raw[i].value);
	object_end(o);
	pressure(o, &d->memory_pressure);
	object_end(o);
}

static void
pids(struct object *o, const struct cgroup_details *d)
{
	object_begin(o, "pids");
	object_more(o, "current", d->pids);
	object_more(o, "limit",
	            d->pids_limit == UINT64_MAX ? 0 : d->pids_limit);
	object_end(o);
}

static void
disks(struct object *o, const struct cgroup_details *d)
{
	static const char *const names[CGROUP_IO_KINDS] = {
		[CGROUP_IO_BYTES] = "ioServiceBytesRecursive",
		[CGROUP_IO_TIMES] = "ioServicedRecursive",
		[CGROUP_IO_QUEUED] = "ioQueueRecursive",
		[CGROUP_IO_SERVICE] = "ioServiceTimeRecursive",
		[CGROUP_IO_WAIT] = "ioWaitTimeRecursive",
		[CGROUP_IO_MERGED] = "ioMergedRecursive",
		[CGROUP_IO_TIME] = "ioTimeRecursive",
		[CGROUP_IO_SECTORS] = "sectorsRecursive",
	};

	object_begin(o, "blkio");
	for (int kind = 0; kind < CGROUP_IO_KINDS; kind++) {
		const struct cgroup_io *row = d->io[kind].v;
		size_t n = d->io[kind].n;

		if (!n)
			continue;
		object_key(o, names[kind]);
		for (size_t i = 0; i < n; i++, row++) {
			buf_text(o->out, i ? ",{" : "[{");
			o->is_not_first = false;
			object_more(o, "major", row->major);
			object_more(o, "minor", row->minor);
			if (*row->op) {
				object_key(o, "op");
				json_quote(o->out, row->op);
			}
			object_more(o, "value", row->value);
			object_end(o);
		}
		buf_text(o->out, "]");
		o->is_not_first = true;
	}
	pressure(o, &d->io_pressure);
	object_end(o);
}

static void
huge_pages(struct object *o, const struct cgroup_details *d)
{
	object_begin(o, "hugetlb");
	for (size_t i = 0; i < d->n_huge; i++) {
		object_begin(o, d->huge[i].size);
		object_more(o, "usage", d->huge[i].amount.usage);
		object_more(o, "max", d->huge[i].amount.max);
		object_number(o, "failcnt", d->huge[i].amount.failures);
		object_end(o);
	}
	object_end(o);
}

/* Of the network runc, too, knows nothing that its caller has made. */
int
oci_stats(struct oci *c, struct buf *out, struct err *e)
{
	AUTO(arena) struct arena a = { 0 };
	AUTO(cgroup) struct cgroup g = { 0 };
	struct cgroup_details d;
	struct object o = { .out = out };

	if (box_spec(c, e) < 0 || box_group(c, &g, e) < 0)
		return -1;
	cgroup_details(&g, &a, &d);
	buf_text(out, "{\"type\":\"stats\",\"id\":");
	json_quote(out, c->id);
	o.is_not_first = true;
	object_begin(&o, "data");
	cpu(&o, &d);
	cpuset(&o, &d);
	memory(&o, &d);
	pids(&o, &d);
	disks(&o, &d);
	huge_pages(&o, &d);
	rdt_stats(&o, c);
	object_key(&o, "network_interfaces");
	buf_text(out, "null}}\n");
	return 0;
}
