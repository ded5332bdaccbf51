/* SPDX-License-Identifier: ISC */
/* The document of `inspect`: docker's keys for what a container is. */
#include "report/report.h"
#include "logs/logs.h"
#include "report/document.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define NEVER "0001-01-01T00:00:00Z"

static void
add_state(struct document *d)
{
	const struct record *r = &d->container->record;
	enum container_state s = container_state(d->container);
	bool runs = container_is_up(d->container) || s == CONTAINER_RESTARTING;
	struct document in = document_inside(d, "State", "container.State");

	document_text(&in, "Status", container_state_name(s));
	document_flag(&in, "Running", runs);
	document_flag(&in, "Paused", s == CONTAINER_PAUSED);
	document_flag(&in, "Restarting", s == CONTAINER_RESTARTING);
	document_flag(&in, "OOMKilled", r->oom_killed);
	document_flag(&in, "Dead", s == CONTAINER_DEAD);
	document_int(&in, "Pid", runs && r->pid.set ? r->pid.value : 0);
	document_int(&in, "ExitCode", r->exit_status.set
	                              ? r->exit_status.value : 0);
	document_text(&in, "Error", r->error);
	document_text(&in, "StartedAt", r->started ? r->started : NEVER);
	document_text(&in, "FinishedAt", r->finished ? r->finished : NEVER);
	document_health(&in);
	document_hide(&in, "Health", VALUE_NULL);
}

/* With --entrypoint the first word is that, and the others its arguments. */
static void
add_words(struct document *d)
{
	const struct record *r = &d->container->record;
	bool split = r->asked.entrypoint && *r->asked.entrypoint &&
	             r->command.n;
	struct words first = { r->command.v, split };
	struct words rest = { r->command.v + split, r->command.n - split };

	document_words(d, "Cmd", &rest);
	document_words(d, "Entrypoint", &first);
}

/* Of what an image would say, PATH, behind what the user has set. */
static void
add_env(struct document *d, const struct process *p)
{
	struct words all = { 0 };

	words_copy(d->arena, &all, d->container->record.asked.env.v);
	for (size_t i = 0; i < p->env.n; i++)
		if (strncmp(p->env.v[i], "PATH=", 5) == 0 &&
		    !words_has(&all, p->env.v[i]))
			words_add(d->arena, &all, p->env.v[i]);
	value_set(d->arena, d->into, "Env",
	          value_words(d->arena, &all, false));
}

static void
add_streams(struct document *d)
{
	static const char *const rows[][2] = {
		{ "AttachStdin", "stdin" }, { "AttachStdout", "stdout" },
		{ "AttachStderr", "stderr" },
	};
	const struct record *r = &d->container->record;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		document_flag(d, rows[i][0],
		              words_has(&r->asked.attached, rows[i][1]));
	document_flag(d, "Tty", r->tty);
	document_flag(d, "OpenStdin", r->interactive);
	document_flag(d, "StdinOnce", r->interactive && r->stdin_once);
}

static void
hide_rest(struct document *config)
{
	static const struct {
		const char *key;
		enum value_kind kind;
	} rows[] = {
		{ "ExposedPorts", VALUE_MAP }, { "Healthcheck", VALUE_NULL },
		{ "ArgsEscaped", VALUE_FLAG }, { "MacAddress", VALUE_TEXT },
		{ "NetworkDisabled", VALUE_FLAG }, { "Shell", VALUE_LIST },
		{ "StopSignal", VALUE_TEXT }, { "StopTimeout", VALUE_NULL },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		document_hide(config, rows[i].key, rows[i].kind);
}

static void
add_config(struct document *d)
{
	const struct record *r = &d->container->record;
	const struct spec *s = &d->container->spec;
	static const struct process nothing;
	const struct process *p = s->process ? s->process : &nothing;
	struct document in = document_inside(d, "Config", "container.Config");

	document_text(&in, "Hostname", s->hostname);
	document_text(&in, "Domainname", s->domainname);
	document_text(&in, "User", r->asked.user);
	add_streams(&in);
	add_env(&in, p);
	add_words(&in);
	document_text(&in, "Image", r->image);
	document_volumes(&in);
	document_text(&in, "WorkingDir", p->cwd);
	document_nil(&in, "OnBuild", VALUE_LIST);
	document_pairs(&in, "Labels", &r->labels);
	document_check(&in, &r->health);
	if (r->stop_signal)
		document_text(&in, "StopSignal", r->stop_signal);
	if (r->stop_timeout.set)
		document_int(&in, "StopTimeout", r->stop_timeout.value);
	hide_rest(&in);
}

/* What is to be known of an address there is, once there are networks. */
static void
add_addresses(struct document *d)
{
	static const char *const texts[] = { "EndpointID", "Gateway",
	        "GlobalIPv6Address", "IPAddress", "IPv6Gateway",
	        "MacAddress" };

	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		document_text(d, texts[i], "");
	document_int(d, "GlobalIPv6PrefixLen", 0);
	document_int(d, "IPPrefixLen", 0);
}

static void
add_endpoint(struct document *d, const char *name)
{
	static const char *const lists[] = { "Links", "Aliases", "DNSNames" };
	struct document in = document_inside(d, name,
	                                     "*network.EndpointSettings");

	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++)
		document_nil(&in, lists[i], VALUE_LIST);
	document_null(&in, "IPAMConfig");
	document_nil(&in, "DriverOpts", VALUE_MAP);
	document_int(&in, "GwPriority", 0);
	document_text(&in, "NetworkID", "");
	add_addresses(&in);
}

static void
add_network(struct document *d)
{
	struct document in = document_inside(d, "NetworkSettings",
	                                     "*container.NetworkSettings");
	const struct number *pid = &d->container->record.pid;
	struct document all = in;

	document_text(&in, "Bridge", "");
	document_text(&in, "SandboxID", "");
	document_text(&in, "SandboxKey", pid->set
	              ? arena_format(d->arena, "/proc/%d/ns/net",
	                             (int)pid->value) : "");
	value_set(d->arena, in.into, "Ports", value_map(d->arena));
	document_flag(&in, "HairpinMode", false);
	document_text(&in, "LinkLocalIPv6Address", "");
	document_int(&in, "LinkLocalIPv6PrefixLen", 0);
	document_nil(&in, "SecondaryIPAddresses", VALUE_LIST);
	document_nil(&in, "SecondaryIPv6Addresses", VALUE_LIST);
	add_addresses(&in);
	all.into = value_map(d->arena);
	value_set(d->arena, in.into, "Networks", all.into);
	add_endpoint(&all, report_network(&d->container->spec, d->arena));
}

static void
add_command(struct document *d)
{
	const struct words *command = &d->container->record.command;
	struct words rest = { command->n ? command->v + 1 : NULL,
	                      command->n ? command->n - 1 : 0 };

	document_text(d, "Path", command->n ? command->v[0] : "");
	value_set(d->arena, d->into, "Args",
	          value_words(d->arena, &rest, false));
}

static const char *
overlay_option(const struct spec *s, const char *name)
{
	const struct mount *m = s->mounts;
	size_t n = strlen(name);

	for (size_t i = 0; s->n_mounts && i < m->options.n; i++)
		if (strncmp(m->options.v[i], name, n) == 0 &&
		    m->options.v[i][n] == '=')
			return m->options.v[i] + n + 1;
	return NULL;
}

/* With --overlay, where the layers are: in memory, if upper is none. */
static void
add_driver(struct document *d)
{
	struct document in = document_inside(d, "GraphDriver", "storage.Data");
	bool overlay = d->container->record.asked.overlay;
	const struct spec *s = &d->container->spec;
	const struct {
		const char *key, *option;
	} rows[] = {
		{ "LowerDir", overlay_option(s, "lowerdir") },
		{ "UpperDir", overlay_option(s, "upperdir") },
		{ "WorkDir", overlay_option(s, "workdir") },
	};
	struct value *data = value_map(d->arena);

	data->texts = true;
	for (size_t i = 0; overlay && i < sizeof(rows) / sizeof(*rows); i++)
		if (rows[i].option)
			value_set(d->arena, data, rows[i].key,
			          value_text(d->arena, rows[i].option));
	data->nil = data->n == 0;
	value_set(d->arena, in.into, "Data", data);
	document_text(&in, "Name", overlay ? "overlay" : "rootfs");
}

static void
add_layers(struct document *d, bool size)
{
	int64_t own, all;

	add_driver(d);
	if (size) {
		report_size(d->container, &own, &all);
		document_int(d, "SizeRw", own);
		document_int(d, "SizeRootFs", all);
	}
	document_hide(d, "SizeRw", VALUE_NULL);
	document_hide(d, "SizeRootFs", VALUE_NULL);
	value_set(d->arena, d->into, "Mounts",
	          report_mounts(&d->container->record, d->arena));
}

/* Only where `logs` reads it, too. */
static const char *
log_path(const struct container *c, struct arena *a)
{
	return logs_is_readable(c->record.log_driver)
	       ? arena_format(a, "%s/log.json", c->path) : "";
}

/* A dead container has no spec, and all the same a document. */
int
report_inspect(struct container *c, bool size, struct arena *a,
               struct value **document, struct err *e)
{
	const struct record *r = &c->record;
	struct document d = { a, value_record(a, "types.ContainerJSON"), c };

	if (container_load_spec(c, e) < 0 &&
	    container_state(c) != CONTAINER_DEAD)
		return -1;
	document_text(&d, "Id", r->id);
	document_alias(&d, "ID", "Id");
	document_text(&d, "Created", r->created);
	add_command(&d);
	add_state(&d);
	document_text(&d, "Image", r->image);
	document_text(&d, "ResolvConfPath", "");
	document_text(&d, "HostnamePath", "");
	document_text(&d, "HostsPath", "");
	document_text(&d, "LogPath", log_path(c, a));
	document_text(&d, "Name", arena_format(a, "/%s", r->name
	                                                 ? r->name : ""));
	document_int(&d, "RestartCount", r->restarts.value);
	document_text(&d, "Driver", r->asked.overlay ? "overlay" : "rootfs");
	document_text(&d, "Platform", "linux");
	document_text(&d, "MountLabel", c->spec.linux_part
	              ? c->spec.linux_part->mount_label : "");
	document_text(&d, "ProcessLabel", c->spec.process
	              ? c->spec.process->selinux_label : "");
	document_text(&d, "AppArmorProfile", c->spec.process
	              ? c->spec.process->apparmor_profile : "");
	document_nil(&d, "ExecIDs", VALUE_LIST);
	document_host(&d);
	add_layers(&d, size);
	add_config(&d);
	add_network(&d);
	*document = d.into;
	return 0;
}
