/* SPDX-License-Identifier: ISC */
/* Checks of linux.resources that need no kernel to decide. */
#include "spec/check.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int
check_device_rules(const struct resources *r, struct err *e)
{
	static const char *const types[] = { "a", "b", "c", NULL };

	for (size_t i = 0; i < r->n_devices; i++) {
		const struct device_rule *d = &r->devices[i];

		/* an engine may write "" for all */
		if (d->type && *d->type && !check_is_among(d->type, types))
			return fail(e, EINVAL, "linux.resources.devices: no "
			            "type is called '%s'", d->type);
		if (d->access && strspn(d->access, "rwm") != strlen(d->access))
			return fail(e, EINVAL, "linux.resources.devices: '%s' "
			            "is not made of r, w and m", d->access);
		if (!check_is_within(&d->major, -1, UINT32_MAX) ||
		    !check_is_within(&d->minor, -1, UINT32_MAX))
			return fail(e, EINVAL, "linux.resources.devices: a "
			            "number out of range");
	}
	return 0;
}

static int
check_memory(const struct memory *m, struct err *e)
{
	if (!check_is_within(&m->limit, -1, INT64_MAX) ||
	    !check_is_within(&m->reservation, -1, INT64_MAX) ||
	    !check_is_within(&m->swap, -1, INT64_MAX) ||
	    !check_is_within(&m->kernel, -1, INT64_MAX) ||
	    !check_is_within(&m->kernel_tcp, -1, INT64_MAX))
		return fail(e, EINVAL, "linux.resources.memory: a negative "
		            "limit");
	if (!check_is_within(&m->swappiness, 0, 100))
		return fail(e, EINVAL, "linux.resources.memory.swappiness: "
		            "not between 0 and 100");
	/* swap counts memory, too */
	if (m->swap.set && m->swap.value > 0 && m->limit.set &&
	    m->limit.value > m->swap.value)
		return fail(e, EINVAL, "linux.resources.memory.swap: below "
		            "the limit of memory");
	return 0;
}

/* "0-3,7": the list format of cpuset(7), bounded. */
bool
spec_is_cpu_list(const char *text)
{
	for (;;) {
		unsigned first, last;
		int used;
		size_t digits = strspn(text, "0123456789");

		if (digits < 1 || digits > 5)
			return false;
		first = last = (unsigned)atoi(text);
		text += digits;
		if (*text == '-') {
			used = (int)strspn(text + 1, "0123456789");
			if (used < 1 || used > 5)
				return false;
			last = (unsigned)atoi(text + 1);
			text += 1 + used;
		}
		/* CONFIG_NR_CPUS is at most 8192 on any machine */
		if (last < first || last > 8191)
			return false;
		if (!*text)
			return true;
		if (*text++ != ',')
			return false;
	}
}

static int
check_cpu(const struct cpu *c, struct err *e)
{
	if (!check_is_within(&c->shares, 0, INT64_MAX) ||
	    !check_is_within(&c->burst, 0, INT64_MAX) ||
	    !check_is_within(&c->period, 0, INT64_MAX) ||
	    !check_is_within(&c->realtime_period, 0, INT64_MAX))
		return fail(e, EINVAL, "linux.resources.cpu: a negative "
		            "number");
	if (!check_is_within(&c->idle, 0, 1))
		return fail(e, EINVAL, "linux.resources.cpu.idle: not 0 or 1");
	if (c->cpus && *c->cpus && !spec_is_cpu_list(c->cpus))
		return fail(e, EINVAL, "linux.resources.cpu.cpus: '%.100s' "
		            "is not a list such as 0-3,7", c->cpus);
	if (c->mems && *c->mems && !spec_is_cpu_list(c->mems))
		return fail(e, EINVAL, "linux.resources.cpu.mems: '%.100s' "
		            "is not a list such as 0-3,7", c->mems);
	return 0;
}

static int
check_throttles(const char *place, const struct throttle_device *v, size_t n,
                struct err *e)
{
	for (size_t i = 0; i < n; i++)
		if (v[i].major.value < 0 || v[i].minor.value < 0 ||
		    v[i].rate.value < 0)
			return fail(e, EINVAL, "linux.resources.blockIO.%s: a "
			            "negative number", place);
	return 0;
}

static int
check_block_io(const struct block_io *b, struct err *e)
{
	if (!check_is_within(&b->weight, 0, UINT16_MAX) ||
	    !check_is_within(&b->leaf_weight, 0, UINT16_MAX))
		return fail(e, EINVAL, "linux.resources.blockIO.weight: out "
		            "of range");
	for (size_t i = 0; i < b->n_weight_devices; i++) {
		const struct weight_device *w = &b->weight_devices[i];

		if (!w->weight.set && !w->leaf_weight.set)
			return fail(e, EINVAL, "linux.resources.blockIO."
			            "weightDevice: neither weight nor "
			            "leafWeight");
		if (!check_is_within(&w->weight, 0, UINT16_MAX) ||
		    !check_is_within(&w->leaf_weight, 0, UINT16_MAX))
			return fail(e, EINVAL, "linux.resources.blockIO."
			            "weightDevice: out of range");
	}
	if (check_throttles("throttleReadBpsDevice", b->read_bps,
	                    b->n_read_bps, e) < 0 ||
	    check_throttles("throttleWriteBpsDevice", b->write_bps,
	                    b->n_write_bps, e) < 0 ||
	    check_throttles("throttleReadIOPSDevice", b->read_iops,
	                    b->n_read_iops, e) < 0)
		return -1;
	return check_throttles("throttleWriteIOPSDevice", b->write_iops,
	                       b->n_write_iops, e);
}

/* "64KB", "2MB", "1GB": it becomes a part of a file's name. */
static bool
is_page_size(const char *text)
{
	size_t digits = strspn(text, "0123456789");

	if (digits == 0 || *text == '0')
		return false;
	text += digits;
	return strcmp(text, "KB") == 0 || strcmp(text, "MB") == 0 ||
	       strcmp(text, "GB") == 0;
}

static int
check_unified(const struct pairs *p, struct err *e)
{
	for (size_t i = 0; i < p->n; i++) {
		const char *key = p->v[i].key;

		/* a name of a file in the group's own directory */
		if (strchr(key, '/') || !strchr(key, '.') || key[0] == '.')
			return fail(e, EINVAL, "linux.resources.unified: "
			            "'%s' is not a name of a file", key);
	}
	return 0;
}

int
check_resources(const struct resources *r, struct err *e)
{
	if (check_device_rules(r, e) < 0 ||
	    (r->memory && check_memory(r->memory, e) < 0) ||
	    (r->cpu && check_cpu(r->cpu, e) < 0) ||
	    (r->block_io && check_block_io(r->block_io, e) < 0))
		return -1;
	for (size_t i = 0; i < r->n_huge_pages; i++)
		if (!is_page_size(r->huge_pages[i].page_size))
			return fail(e, EINVAL, "linux.resources."
			            "hugepageLimits: '%s' is not a size such "
			            "as 2MB", r->huge_pages[i].page_size);
	if (r->network &&
	    !check_is_within(&r->network->class_id, 0, UINT32_MAX))
		return fail(e, EINVAL, "linux.resources.network.classID: out "
		            "of range");
	for (size_t i = 0; i < r->n_rdma; i++)
		if (!r->rdma[i].handles.set && !r->rdma[i].objects.set)
			return fail(e, EINVAL, "linux.resources.rdma: '%s' "
			            "has neither hcaHandles nor hcaObjects",
			            r->rdma[i].device);
	return check_unified(&r->unified, e);
}
