/* SPDX-License-Identifier: ISC */
/* The limits in HostConfig, and the devices: docker's Resources. */
#include "report/report.h"
#include "report/document.h"

#include <stdlib.h>
#include <string.h>

static int64_t
number(const struct number *n)
{
	return n->set ? n->value : 0;
}

static void
add_memory(struct document *d, const struct resources *r)
{
	static const struct memory none;
	const struct memory *m = r->memory ? r->memory : &none;

	document_int(d, "Memory", number(&m->limit));
	document_int(d, "MemoryReservation", number(&m->reservation));
	document_int(d, "MemorySwap", number(&m->swap));
	if (m->swappiness.set)
		document_int(d, "MemorySwappiness", m->swappiness.value);
	else
		document_null(d, "MemorySwappiness");
	document_flag(d, "OomKillDisable", m->disable_oom_killer);
}

/* "1.5" is 1500000000. */
static int64_t
nano_cpus(const char *cpus)
{
	return cpus ? (int64_t)(strtod(cpus, NULL) * 1e9 + 0.5) : 0;
}

/* Of --cpus quota and period are ours, and 0 as docker tells them. */
static void
add_cpu(struct document *d, const struct resources *r)
{
	static const struct cpu none;
	const struct cpu *c = r->cpu ? r->cpu : &none;
	const char *cpus = d->container->record.asked.cpus;

	document_int(d, "CpuShares", number(&c->shares));
	document_int(d, "NanoCpus", nano_cpus(cpus));
	document_int(d, "CpuPeriod", cpus ? 0 : number(&c->period));
	document_int(d, "CpuQuota", cpus ? 0 : number(&c->quota));
	document_int(d, "CpuRealtimePeriod", number(&c->realtime_period));
	document_int(d, "CpuRealtimeRuntime", number(&c->realtime_runtime));
	document_text(d, "CpusetCpus", c->cpus);
	document_text(d, "CpusetMems", c->mems);
}

/* What stands in front of the last colon of PATH:VALUE. */
static char *
device_path(struct document *d, const char *text)
{
	const char *colon = strrchr(text, ':');

	return arena_bytes(d->arena, text,
	                   colon ? (size_t)(colon - text) : strlen(text));
}

/* The devices' paths are the user's; `v` has their numbers, in this order. */
static void
add_throttles(struct document *d, const char *key, const struct words *paths,
              const struct throttle_device *v, size_t n)
{
	struct value *list = value_list(d->arena);

	for (size_t i = 0; i < n && i < paths->n; i++) {
		struct document in = *d;

		in.into = value_record(d->arena, "*blkiodev.ThrottleDevice");
		document_text(&in, "Path", device_path(d, paths->v[i]));
		document_int(&in, "Rate", number(&v[i].rate));
		value_add(d->arena, list, in.into);
	}
	value_set(d->arena, d->into, key, list);
}

static void
add_weights(struct document *d, const struct block_io *io)
{
	const struct words *paths = &d->container->record.asked.weight_devices;
	struct value *list = value_list(d->arena);

	for (size_t i = 0; i < io->n_weight_devices && i < paths->n; i++) {
		struct document in = *d;

		in.into = value_record(d->arena, "*blkiodev.WeightDevice");
		document_text(&in, "Path", device_path(d, paths->v[i]));
		document_int(&in, "Weight",
		             number(&io->weight_devices[i].weight));
		value_add(d->arena, list, in.into);
	}
	value_set(d->arena, d->into, "BlkioWeightDevice", list);
}

static void
add_io(struct document *d, const struct resources *r)
{
	static const struct block_io none;
	const struct block_io *io = r->block_io ? r->block_io : &none;
	const struct asked *asked = &d->container->record.asked;

	document_int(d, "BlkioWeight", number(&io->weight));
	add_weights(d, io);
	add_throttles(d, "BlkioDeviceReadBps", &asked->read_bps, io->read_bps,
	              io->n_read_bps);
	add_throttles(d, "BlkioDeviceWriteBps", &asked->write_bps,
	              io->write_bps, io->n_write_bps);
	add_throttles(d, "BlkioDeviceReadIOps", &asked->read_iops,
	              io->read_iops, io->n_read_iops);
	add_throttles(d, "BlkioDeviceWriteIOps", &asked->write_iops,
	              io->write_iops, io->n_write_iops);
}

static void
add_pids(struct document *d, const struct resources *r)
{
	if (r->pids && r->pids->limit.set)
		document_int(d, "PidsLimit", r->pids->limit.value);
	else
		document_null(d, "PidsLimit");
}

static int64_t
limit_of(const char *text)
{
	return !text || strcmp(text, "unlimited") == 0
	       ? -1 : strtoll(text, NULL, 10);
}

/* "nofile=1024:2048"; without a hard limit it is the soft one, and what is no
 * number is no limit. */
static void
add_ulimits(struct document *d)
{
	const struct words *texts = &d->container->record.asked.ulimits;
	struct value *list = value_list(d->arena);

	for (size_t i = 0; i < texts->n; i++) {
		char *name = arena_text(d->arena, texts->v[i]), *soft = name;
		struct document in = *d;
		char *hard;

		strsep(&soft, "=");
		hard = soft ? strchr(soft, ':') : NULL;
		hard = hard ? hard + 1 : soft;
		in.into = value_record(d->arena, "*container.Ulimit");
		document_text(&in, "Name", name);
		document_int(&in, "Hard", limit_of(hard));
		document_int(&in, "Soft", limit_of(soft));
		value_add(d->arena, list, in.into);
	}
	value_set(d->arena, d->into, "Ulimits", list);
}

/* PATH[:PATH][:rwm] */
static void
add_device(struct document *d, struct value *list, const char *text)
{
	char *rest = arena_text(d->arena, text);
	char *outside = strsep(&rest, ":"), *inside = strsep(&rest, ":");
	struct document in = *d;

	if (inside && !rest && inside[0] != '/') {
		rest = inside;
		inside = NULL;
	}
	in.into = value_record(d->arena, "container.DeviceMapping");
	document_text(&in, "PathOnHost", outside);
	document_text(&in, "PathInContainer", inside ? inside : outside);
	document_text(&in, "CgroupPermissions", rest ? rest : "rwm");
	value_add(d->arena, list, in.into);
}

static void
add_devices(struct document *d)
{
	const struct asked *asked = &d->container->record.asked;
	struct value *list = value_list(d->arena);

	for (size_t i = 0; i < asked->devices.n; i++)
		add_device(d, list, asked->devices.v[i]);
	value_set(d->arena, d->into, "Devices", list);
	document_words(d, "DeviceCgroupRules", &asked->device_rules);
	document_nil(d, "DeviceRequests", VALUE_LIST);
}

static void
add_aliases(struct document *d)
{
	static const char *const rows[][2] = {
		{ "CPUShares", "CpuShares" }, { "NanoCPUs", "NanoCpus" },
		{ "CPUPeriod", "CpuPeriod" }, { "CPUQuota", "CpuQuota" },
		{ "CPURealtimePeriod", "CpuRealtimePeriod" },
		{ "CPURealtimeRuntime", "CpuRealtimeRuntime" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		document_alias(d, rows[i][0], rows[i][1]);
	document_hide(d, "KernelMemory", VALUE_INT);
	document_hide(d, "KernelMemoryTCP", VALUE_INT);
}

void
document_limits(struct document *d, const struct resources *r)
{
	static const struct resources none;

	if (!r)
		r = &none;
	document_text(d, "CgroupParent",
	              d->container->record.asked.cgroup_parent);
	add_memory(d, r);
	add_cpu(d, r);
	add_io(d, r);
	add_pids(d, r);
	add_ulimits(d);
	add_devices(d);
	add_aliases(d);
}
