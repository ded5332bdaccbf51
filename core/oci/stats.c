/* SPDX-License-Identifier: ISC */
/* events --stats: what a container uses, in runc's words. */
#include "cgroup/cgroup.h"
#include "oci/box.h"

#include <inttypes.h>

/* Keys and values of objects that may be empty. */
struct object {
	struct buf *out;
	bool is_not_first;
};

static void
key(struct object *o, const char *name)
{
	buf_text(o->out, o->is_not_first ? "," : "");
	json_quote(o->out, name);
	buf_text(o->out, ":");
	o->is_not_first = true;
}

static void
begin(struct object *o, const char *name)
{
	key(o, name);
	buf_text(o->out, "{");
	o->is_not_first = false;
}

static void
end(struct object *o)
{
	buf_text(o->out, "}");
	o->is_not_first = true;
}

static void
number(struct object *o, const char *name, uint64_t value)
{
	key(o, name);
	buf_format(o->out, "%" PRIu64, value);
}

/* runc leaves out what is 0. */
static void
more(struct object *o, const char *name, uint64_t value)
{
	if (value)
		number(o, name, value);
}

static void
numbers(struct object *o, const char *name, const uint64_t *v, size_t n)
{
	if (!n)
		return;
	key(o, name);
	for (size_t i = 0; i < n; i++)
		buf_format(o->out, "%c%" PRIu64, i ? ',' : '[', v[i]);
	buf_text(o->out, "]");
}

static void
cpu(struct object *o, const struct cgroup_details *d)
{
	begin(o, "cpu");
	begin(o, "usage");
	more(o, "total", d->cpu);
	numbers(o, "percpu", d->each_cpu, d->n_each_cpu);
	numbers(o, "percpu_kernel", d->each_system, d->n_each_system);
	numbers(o, "percpu_user", d->each_user, d->n_each_user);
	number(o, "kernel", d->cpu_system);
	number(o, "user", d->cpu_user);
	end(o);
	begin(o, "throttling");
	more(o, "periods", d->periods);
	more(o, "throttledPeriods", d->throttled_periods);
	more(o, "throttledTime", d->throttled);
	end(o);
	end(o);
}

static void
amount(struct object *o, const char *name, const struct cgroup_amount *m)
{
	begin(o, name);
	number(o, "limit", m->limit);
	more(o, "usage", m->usage);
	more(o, "max", m->max);
	number(o, "failcnt", m->failures);
	end(o);
}

static void
memory(struct object *o, const struct cgroup_details *d)
{
	begin(o, "memory");
	more(o, "cache", d->cache);
	amount(o, "usage", &d->memory);
	amount(o, "swap", &d->swap);
	amount(o, "kernel", &d->kernel);
	amount(o, "kernelTCP", &d->kernel_tcp);
	begin(o, "raw");
	for (size_t i = 0; i < d->n_raw; i++)
		number(o, d->raw[i].name, d->raw[i].value);
	end(o);
	end(o);
}

static void
pids(struct object *o, const struct cgroup_details *d)
{
	begin(o, "pids");
	more(o, "current", d->pids);
	more(o, "limit", d->pids_limit == UINT64_MAX ? 0 : d->pids_limit);
	end(o);
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

	begin(o, "blkio");
	for (int kind = 0; kind < CGROUP_IO_KINDS; kind++) {
		const struct cgroup_io *row = d->io[kind].v;
		size_t n = d->io[kind].n;

		if (!n)
			continue;
		key(o, names[kind]);
		for (size_t i = 0; i < n; i++, row++) {
			buf_text(o->out, i ? ",{" : "[{");
			o->is_not_first = false;
			more(o, "major", row->major);
			more(o, "minor", row->minor);
			if (*row->op) {
				key(o, "op");
				json_quote(o->out, row->op);
			}
			more(o, "value", row->value);
			end(o);
		}
		buf_text(o->out, "]");
	}
	end(o);
}

static void
huge_pages(struct object *o, const struct cgroup_details *d)
{
	begin(o, "hugetlb");
	for (size_t i = 0; i < d->n_huge; i++) {
		begin(o, d->huge[i].size);
		more(o, "usage", d->huge[i].amount.usage);
		more(o, "max", d->huge[i].amount.max);
		number(o, "failcnt", d->huge[i].amount.failures);
		end(o);
	}
	end(o);
}

/* Of the network runc, too, knows nothing that its caller has made. */
int
oci_stats(const struct oci *c, struct buf *out, struct err *e)
{
	AUTO(arena) struct arena a = { 0 };
	AUTO(cgroup) struct cgroup g = { 0 };
	struct cgroup_details d;
	struct object o = { .out = out };

	if (box_group(c, &g, e) < 0)
		return -1;
	cgroup_details(&g, &a, &d);
	buf_text(out, "{\"type\":\"stats\",\"id\":");
	json_quote(out, c->id);
	o.is_not_first = true;
	begin(&o, "data");
	cpu(&o, &d);
	memory(&o, &d);
	pids(&o, &d);
	disks(&o, &d);
	huge_pages(&o, &d);
	begin(&o, "intel_rdt");
	end(&o);
	key(&o, "network_interfaces");
	buf_text(out, "null}}\n");
	return 0;
}
