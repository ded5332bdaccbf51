/* SPDX-License-Identifier: ISC */
/* Resources in the words of a unit's properties. */
#include "systemd/properties.h"
#include "cgroup/cgroup.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof(*(table)))

/* The name, and the signature of what follows. */
static void
begin(struct buf *b, const char *name, const char *type)
{
	wire_align(b, 8);
	wire_text(b, name);
	wire_signature(b, type);
}

void
properties_text(struct buf *b, const char *name, const char *value)
{
	begin(b, name, "s");
	wire_text(b, value);
}

void
properties_bool(struct buf *b, const char *name, bool value)
{
	begin(b, name, "b");
	wire_u32(b, value);
}

void
properties_u64(struct buf *b, const char *name, uint64_t value)
{
	begin(b, name, "t");
	wire_u64(b, value);
}

void
properties_pid(struct buf *b, pid_t pid)
{
	size_t array;

	begin(b, "PIDs", "au");
	array = wire_array(b, 4);
	wire_u32(b, (uint32_t)pid);
	wire_end(b, array, 4);
}

/* A limit: all that is below 0 is none. */
static void
limit(struct buf *b, const char *name, const struct number *n)
{
	if (n->set)
		properties_u64(b, name, n->value < 0 ? UINT64_MAX
		                                   : (uint64_t)n->value);
}

static int
memory(struct buf *b, const struct memory *m, bool v2, struct err *e)
{
	struct number swap = { m->swap.set, 0 };

	limit(b, v2 ? "MemoryMax" : "MemoryLimit", &m->limit);
	if (!v2)
		return 0;
	limit(b, "MemoryLow", &m->reservation);
	if (m->swap.set && cgroup_swap(m->limit.set ? m->limit.value : 0,
	                               m->swap.value, &swap.value, e) < 0)
		return -1;
	limit(b, "MemorySwapMax", &swap);
	return 0;
}

/* A hundredth of a processor is the smallest part that systemd keeps. */
static void
quota(struct buf *b, const struct cpu *c)
{
	uint64_t period = c->period.set && c->period.value > 0
	        ? (uint64_t)c->period.value : 100000, each;

	if (c->period.set && c->period.value > 0)
		properties_u64(b, "CPUQuotaPeriodUSec", period);
	if (!c->quota.set)
		return;
	if (c->quota.value <= 0 || (uint64_t)c->quota.value >
	                                   UINT64_MAX / 1000000 - period) {
		properties_u64(b, "CPUQuotaPerSecUSec", UINT64_MAX);
		return;
	}
	each = (uint64_t)c->quota.value * 1000000 / period;
	properties_u64(b, "CPUQuotaPerSecUSec", (each + 9999) / 10000 * 10000);
}

/* "0-3,7" as bits, the first in the lowest of the first byte. */
static int
set(struct buf *b, const char *name, const char *text, struct err *e)
{
	AUTO(buf) struct buf bits = { 0 };
	const char *at = text;
	size_t array;

	while (*at) {
		char *end;
		unsigned long first = strtoul(at, &end, 10), last = first;

		if (*end == '-')
			last = strtoul(end + 1, &end, 10);
		if (*at < '0' || *at > '9' || last > 8191 || first > last ||
		    (*end && *end != ','))
			return fail(e, EINVAL, "'%s': not a list such as "
			            "0-3,7", text);
		while (bits.n <= last / 8)
			buf_add(&bits, "", 1);
		for (; first <= last; first++)
			bits.data[first / 8] |= (char)(1 << first % 8);
		at = *end ? end + 1 : end;
	}
	begin(b, name, "ay");
	array = wire_array(b, 1);
	buf_add(b, bits.data, bits.n);
	wire_end(b, array, 1);
	return 0;
}

static int
cpu(struct buf *b, const struct cpu *c, bool v2, struct err *e)
{
	if (c->shares.set && c->shares.value > 0) {
		uint64_t shares = (uint64_t)c->shares.value;

		properties_u64(b, v2 ? "CPUWeight" : "CPUShares",
		             v2 ? cgroup_weight(shares) : shares);
	}
	quota(b, c);
	if (!v2)
		return 0;
	if (c->cpus && *c->cpus && set(b, "AllowedCPUs", c->cpus, e) < 0)
		return -1;
	return c->mems && *c->mems
	       ? set(b, "AllowedMemoryNodes", c->mems, e) : 0;
}

/* The files of v2 that systemd writes itself. */
static const struct {
	const char *file, *property;
} unified[] = {
	{ "cpu.weight", "CPUWeight" },    { "io.weight", "IOWeight" },
	{ "memory.high", "MemoryHigh" },  { "memory.low", "MemoryLow" },
	{ "memory.max", "MemoryMax" },    { "memory.min", "MemoryMin" },
	{ "memory.swap.max", "MemorySwapMax" }, { "pids.max", "TasksMax" },
};

static void
add_unified(struct buf *b, const struct pairs *files)
{
	for (size_t i = 0; i < COUNT(unified); i++) {
		const char *text = pairs_get(files, unified[i].file);
		char *end;
		uint64_t value;

		if (!text)
			continue;
		if (strncmp(text, "default ", 8) == 0)
			text += 8;
		value = strtoull(text, &end, 10);
		if (strcmp(text, "max") == 0)
			properties_u64(b, unified[i].property, UINT64_MAX);
		else if (end != text && !*end)
			properties_u64(b, unified[i].property, value);
	}
}

/* Where systemd rules over devices itself, on v1, it would otherwise allow all
 * of them whenever it is told to reload. */
static void
devices(struct buf *b, const struct resources *r)
{
	size_t array;

	properties_text(b, "DevicePolicy", "strict");
	begin(b, "DeviceAllow", "a(ss)");
	array = wire_array(b, 8);
	for (size_t i = 0; i < r->n_devices; i++) {
		const struct device_rule *d = &r->devices[i];
		char kind = d->type ? *d->type : 'a', path[64];
		const char *name = kind == 'b' ? "block" : "char";
		bool one = d->major.set && d->major.value >= 0 &&
		           d->minor.set && d->minor.value >= 0;

		if (!d->allow || kind == 'a' || (!one && d->major.set))
			continue;
		if (one)
			snprintf(path, sizeof(path), "/dev/%s/%" PRId64
			         ":%" PRId64, name, d->major.value,
			         d->minor.value);
		else
			snprintf(path, sizeof(path), "%s-*", name);
		wire_align(b, 8);
		wire_text(b, path);
		wire_text(b, d->access ? d->access : "rwm");
	}
	wire_end(b, array, 8);
}

/* The last rule for all devices says whether they are limited at all. */
static bool
has_devices(const struct resources *r)
{
	bool limited = false;

	for (size_t i = 0; i < r->n_devices; i++) {
		const struct device_rule *d = &r->devices[i];

		if ((!d->type || *d->type == 'a') && !d->major.set)
			limited = !d->allow;
	}
	return limited;
}

int
properties_resources(struct buf *b, const struct resources *r, bool v2,
                   struct err *e)
{
	const struct block_io *io = r->block_io;

	if (r->memory && memory(b, r->memory, v2, e) < 0)
		return -1;
	if (r->cpu && cpu(b, r->cpu, v2, e) < 0)
		return -1;
	if (r->pids) {
		struct number tasks = r->pids->limit;

		/* 0 is not among its words; see cgroup_pids_max */
		tasks.value += tasks.value == 0;
		limit(b, "TasksMax", &tasks);
	}
	if (io && io->weight.set && io->weight.value > 0)
		properties_u64(b, v2 ? "IOWeight" : "BlockIOWeight",
		             v2 ? cgroup_io_weight((uint64_t)io->weight.value)
		                : (uint64_t)io->weight.value);
	if (v2)
		add_unified(b, &r->unified);
	else if (has_devices(r))
		devices(b, r);
	return 0;
}

/* ---- annotations --------------------------------------------------------- */

static const struct {
	const char *word, *type;
	size_t bytes;
} numbers[] = {
	{ "uint64 ", "t", 8 }, { "int64 ", "x", 8 },
	{ "uint32 ", "u", 4 }, { "int32 ", "i", 4 }, { "", "i", 4 },
};

/* Of GVariant's text form, what is one value. */
static int
annotation(struct buf *b, const char *name, const char *text, struct err *e)
{
	size_t n = strlen(text);
	char *end;

	if (strcmp(text, "true") == 0 || strcmp(text, "false") == 0) {
		properties_bool(b, name, *text == 't');
		return 0;
	}
	if (n >= 2 && strchr("'\"", *text) && text[n - 1] == *text &&
	    !strchr(text, '\\')) {
		AUTO(free) char *inside = mem_format("%.*s", (int)n - 2,
		                                     text + 1);

		properties_text(b, name, inside);
		return 0;
	}
	for (size_t i = 0; i < COUNT(numbers); i++) {
		size_t skip = strlen(numbers[i].word);
		uint64_t value;

		if (strncmp(text, numbers[i].word, skip) != 0)
			continue;
		value = strtoull(text + skip, &end, 10);
		if (end == text + skip || *end)
			break;
		begin(b, name, numbers[i].type);
		wire_align(b, numbers[i].bytes);
		buf_add(b, &value, numbers[i].bytes);
		return 0;
	}
	return fail(e, EINVAL, "annotation org.systemd.property.%s: '%s' is "
	            "not a truth, a number or a text in quotes", name, text);
}

int
properties_annotations(struct buf *b, const struct pairs *annotations,
                     struct err *e)
{
	static const char prefix[] = "org.systemd.property.";

	for (size_t i = 0; i < annotations->n; i++) {
		const char *key = annotations->v[i].key;

		if (strncmp(key, prefix, sizeof(prefix) - 1) == 0 &&
		    annotation(b, key + sizeof(prefix) - 1,
		               annotations->v[i].value, e) < 0)
			return -1;
	}
	return 0;
}
