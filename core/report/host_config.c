/* SPDX-License-Identifier: ISC */
/* HostConfig of the document: what the host was asked for. */
#include "report/report.h"
#include "report/document.h"

#include <stdlib.h>
#include <string.h>

static const struct linux_part no_linux;
static const struct resources no_resources;

static int64_t
number(const struct number *n)
{
	return n->set ? n->value : 0;
}

/* What was asked for; else "private", "host" or "ns:PATH", and docker's word
 * for a private one is "" of some kinds. */
static void
add_mode(struct document *d, const char *key, enum namespace_kind kind,
         const char *own)
{
	const struct asked *asked = &d->container->record.asked;
	const char *const words[NAMESPACE_KINDS] = {
		[NAMESPACE_NETWORK] = asked->network,
		[NAMESPACE_PID] = asked->pid, [NAMESPACE_IPC] = asked->ipc,
		[NAMESPACE_UTS] = asked->uts,
		[NAMESPACE_CGROUP] = asked->cgroupns,
	};
	const struct namespace_row *row =
	        spec_namespace(&d->container->spec, kind);

	document_text(d, key, words[kind]  ? words[kind]
	                      : !row       ? "host"
	                      : !row->path ? own
	                      : arena_format(d->arena, "ns:%s", row->path));
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

static void
add_throttles(struct document *d, const char *key,
              const struct throttle_device *v, size_t n)
{
	struct value *list = value_list(d->arena);

	for (size_t i = 0; i < n; i++) {
		struct value *one = value_record(d->arena,
		                                 "*blkiodev.ThrottleDevice");

		value_set(d->arena, one, "Path", value_text(d->arena,
		          arena_format(d->arena, "/dev/block/%d:%d",
		                       (int)v[i].major.value,
		                       (int)v[i].minor.value)));
		value_set(d->arena, one, "Rate",
		          value_int(d->arena, number(&v[i].rate)));
		value_add(d->arena, list, one);
	}
	list->nil = n == 0;
	value_set(d->arena, d->into, key, list);
}

static void
add_io(struct document *d, const struct resources *r)
{
	static const struct block_io none;
	const struct block_io *io = r->block_io ? r->block_io : &none;

	document_int(d, "BlkioWeight", number(&io->weight));
	add_throttles(d, "BlkioDeviceReadBps", io->read_bps, io->n_read_bps);
	add_throttles(d, "BlkioDeviceWriteBps", io->write_bps,
	              io->n_write_bps);
	add_throttles(d, "BlkioDeviceReadIOps", io->read_iops,
	              io->n_read_iops);
	add_throttles(d, "BlkioDeviceWriteIOps", io->write_iops,
	              io->n_write_iops);
}

static void
add_pids(struct document *d, const struct resources *r)
{
	if (r->pids && r->pids->limit.set)
		document_int(d, "PidsLimit", r->pids->limit.value);
	else
		document_null(d, "PidsLimit");
}

static void
add_ulimits(struct document *d)
{
	const struct process *p = d->container->spec.process;
	struct value *list = value_list(d->arena);

	for (size_t i = 0; p && i < p->n_rlimits; i++) {
		const struct rlimit_row *row = &p->rlimits[i];
		struct value *one = value_record(d->arena, "*units.Ulimit");
		const char *name = strchr(row->type, '_');
		char *small = arena_text(d->arena, name ? name + 1
		                                        : row->type);

		for (char *s = small; *s; s++)
			if (*s >= 'A' && *s <= 'Z')
				*s = (char)(*s + 'a' - 'A');
		value_set(d->arena, one, "Name", value_text(d->arena, small));
		value_set(d->arena, one, "Hard",
		          value_int(d->arena, (int64_t)row->hard));
		value_set(d->arena, one, "Soft",
		          value_int(d->arena, (int64_t)row->soft));
		value_add(d->arena, list, one);
	}
	list->nil = list->n == 0;
	value_set(d->arena, d->into, "Ulimits", list);
}

static void
add_devices(struct document *d, const struct linux_part *l)
{
	struct value *list = value_list(d->arena);

	for (size_t i = 0; i < l->n_devices; i++) {
		struct value *one = value_record(d->arena,
		                                 "container.DeviceMapping");
		const char *path = l->devices[i].path;

		value_set(d->arena, one, "PathOnHost",
		          value_text(d->arena, path));
		value_set(d->arena, one, "PathInContainer",
		          value_text(d->arena, path));
		value_set(d->arena, one, "CgroupPermissions",
		          value_text(d->arena, "rwm"));
		value_add(d->arena, list, one);
	}
	value_set(d->arena, d->into, "Devices", list);
}

/* linux.cgroupsPath is that of the container; its parent was asked for. */
static void
add_parent(struct document *d, const struct linux_part *l)
{
	char *path = arena_text(d->arena, l->cgroups_path ? l->cgroups_path
	                                                  : "");
	char *end = strrchr(path, '/');

	if (end)
		*end = '\0';
	document_text(d, "CgroupParent", path);
}

static void
add_policies(struct document *d)
{
	const struct record *r = &d->container->record;
	struct document in;

	in = document_inside(d, "LogConfig", "container.LogConfig");
	document_text(&in, "Type", r->log_driver ? r->log_driver
	                                         : "json-file");
	document_pairs(&in, "Config", &r->log_options);
	add_mode(d, "NetworkMode", NAMESPACE_NETWORK, "none");
	value_set(d->arena, d->into, "PortBindings", value_map(d->arena));
	in = document_inside(d, "RestartPolicy", "container.RestartPolicy");
	document_text(&in, "Name", r->restart ? r->restart : "no");
	document_int(&in, "MaximumRetryCount", r->restart_most.value);
	document_flag(d, "AutoRemove", d->container->record.remove);
}

static int64_t
shm_size(const struct spec *s)
{
	for (size_t i = 0; i < s->n_mounts; i++) {
		const struct mount *m = &s->mounts[i];

		for (size_t o = 0; o < m->options.n; o++)
			if (strcmp(m->destination, "/dev/shm") == 0 &&
			    strncmp(m->options.v[o], "size=", 5) == 0)
				return strtoll(m->options.v[o] + 5, NULL, 10);
	}
	return 0;
}

void
document_host(struct document *d)
{
	const struct record *c = &d->container->record;
	const struct spec *s = &d->container->spec;
	const struct linux_part *l = s->linux_part ? s->linux_part : &no_linux;
	const struct resources *r = l->resources ? l->resources
	                                         : &no_resources;
	struct document in = document_inside(d, "HostConfig",
	                                     "container.HostConfig");

	document_asked(&in);
	add_policies(&in);
	add_mode(&in, "CgroupnsMode", NAMESPACE_CGROUP, "private");
	add_mode(&in, "IpcMode", NAMESPACE_IPC, "private");
	add_mode(&in, "PidMode", NAMESPACE_PID, "");
	add_mode(&in, "UTSMode", NAMESPACE_UTS, "");
	document_text(&in, "UsernsMode", c->asked.userns ? c->asked.userns
	              : spec_namespace(s, NAMESPACE_USER) ? "private" : "");
	document_int(&in, "OomScoreAdj", s->process
	             ? number(&s->process->oom_score_adj) : 0);
	document_flag(&in, "Privileged", c->asked.privileged);
	document_flag(&in, "PublishAllPorts", false);
	document_flag(&in, "ReadonlyRootfs", s->root && s->root->readonly);
	document_int(&in, "ShmSize", shm_size(s));
	document_pairs(&in, "Sysctls", &l->sysctl);
	document_text(&in, "Runtime", "mydocker");
	document_flag(&in, "Init", d->container->record.reaper);
	add_parent(&in, l);
	add_memory(&in, r);
	add_cpu(&in, r);
	add_io(&in, r);
	add_pids(&in, r);
	add_ulimits(&in);
	add_devices(&in, l);
	document_words(&in, "MaskedPaths", &l->masked_paths);
	document_words(&in, "ReadonlyPaths", &l->readonly_paths);
}
