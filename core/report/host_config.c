/* SPDX-License-Identifier: ISC */
/* HostConfig of the document: what the host was asked for. */
#include "report/report.h"
#include "report/document.h"

#include <stdlib.h>
#include <string.h>

static const struct linux_part no_linux;

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

/* What docker's document has for other systems, and for what is not here. */
static void
add_others(struct document *d)
{
	static const char *const numbers[] = { "CpuCount", "CpuPercent",
	        "IOMaximumIOps", "IOMaximumBandwidth" };
	const struct process *p = d->container->spec.process;
	const struct console_size *size = p ? p->console_size : NULL;
	struct value *list = value_list(d->arena);

	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++)
		document_int(d, numbers[i], 0);
	document_text(d, "Cgroup", "");
	document_text(d, "Isolation", "");
	value_add(d->arena, list, value_int(d->arena, size ? size->height : 0));
	value_add(d->arena, list, value_int(d->arena, size ? size->width : 0));
	value_set(d->arena, d->into, "ConsoleSize", list);
}

void
document_host(struct document *d)
{
	const struct record *c = &d->container->record;
	const struct spec *s = &d->container->spec;
	const struct linux_part *l = s->linux_part ? s->linux_part : &no_linux;
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
	document_int(&in, "OomScoreAdj", s->process &&
	             s->process->oom_score_adj.set
	             ? s->process->oom_score_adj.value : 0);
	document_flag(&in, "Privileged", c->asked.privileged);
	document_flag(&in, "PublishAllPorts", false);
	document_flag(&in, "ReadonlyRootfs", s->root && s->root->readonly);
	document_int(&in, "ShmSize", shm_size(s));
	document_text(&in, "Runtime", "mydocker");
	if (c->reaper)
		document_flag(&in, "Init", true);
	document_hide(&in, "Init", VALUE_NULL);
	document_limits(&in, l->resources);
	add_others(&in);
	document_words(&in, "MaskedPaths", &l->masked_paths);
	document_words(&in, "ReadonlyPaths", &l->readonly_paths);
}
