/* SPDX-License-Identifier: ISC */
/* From the options of `run` and `create` to a container on disk. */
#include "create/create.h"
#include "base/log.h"
#include "logs/logs.h"

#include <errno.h>
#include <string.h>

static bool
is_driver(const struct specgen_flags *f, const char *name)
{
	return f->log_driver && strcmp(f->log_driver, name) == 0;
}

/*
 * What --rm leaves of its output nobody could read, but while it runs; and who
 * sees it needs no copy. So its descriptors go to the command as they are,
 * unless something else is asked for. `now`: whose they are is about to start
 * it, and will see all its lives.
 */
static bool
is_direct(const struct specgen_flags *f, bool now)
{
	if (is_driver(f, "passthrough"))
		return true;
	if (!now || f->detach || f->attach.n || f->restart)
		return false;
	if (f->log_driver)
		return is_driver(f, "none");
	return f->rm && !f->tty && f->log_options.n == 0;
}

/* Descriptors can be passed on once, and a terminal never is. */
static int
check_logs(const struct specgen_flags *f, const struct record *wanted,
           struct err *e)
{
	const char *other = wanted->tty ? "-t" : f->attach.n ? "--attach"
	                    : wanted->restart ? "--restart" : NULL;

	if (!is_driver(f, "passthrough"))
		return logs_check(f->log_driver, &f->log_options, e);
	if (f->log_options.n)
		return fail(e, EINVAL, "--log-opt: passthrough has none");
	return other ? fail(e, EINVAL, "--log-driver: passthrough and %s "
	                    "cannot be had together", other) : 0;
}

/* The names of the streams that are the caller's. */
static struct words
attached_to(const bool attached[3], struct arena *a)
{
	static const char *const names[] = { "stdin", "stdout", "stderr" };
	struct words all = { 0 };

	for (int i = 0; i < 3; i++)
		if (attached[i])
			words_add(a, &all, names[i]);
	return all;
}

static struct asked
asked_for(const struct specgen_flags *f, const struct specgen_result *from,
          struct arena *a)
{
	return (struct asked){
		.cap_add = f->cap_add, .cap_drop = f->cap_drop,
		.security_opt = f->security_opt, .group_add = f->group_add,
		.binds = from->binds, .tmpfs = f->tmpfs,
		.volumes_from = f->volumes_from,
		.annotations = f->annotations,
		.env = from->env, .attached = attached_to(from->attached, a),
		.devices = f->devices, .device_rules = f->device_rules,
		.ulimits = f->ulimits, .sysctls = f->sysctls,
		.weight_devices = f->blkio_weight_device,
		.read_bps = f->read_bps, .write_bps = f->write_bps,
		.read_iops = f->read_iops, .write_iops = f->write_iops,
		.cgroup_parent = f->cgroup_parent,
		.volume_driver = f->volume_driver,
		.user = f->user, .entrypoint = f->entrypoint,
		.cidfile = f->cidfile, .cpus = f->cpus,
		.network = f->network, .pid = f->pid, .ipc = f->ipc,
		.uts = f->uts, .cgroupns = f->cgroupns, .userns = f->userns,
		.privileged = f->privileged, .overlay = f->overlay,
	};
}

/* What the record says of the container beside its spec. */
static void
describe(struct record *r, const struct specgen_flags *f,
         struct specgen_result *from, bool now)
{
	*r = (struct record){
		.name = f->name,
		.image = from->image,
		.remove = f->rm,
		.reaper = f->init,
		.tty = f->tty,
		.interactive = f->interactive,
		.stdin_once = from->attached[0],
		.direct = is_direct(f, now),
		.stop_signal = from->stop_signal,
		.stop_timeout = f->stop_timeout,
		.command = from->spec.process->args,
		.labels = from->labels,
		.mounts = from->points,
		.n_mounts = from->n_points,
		.asked = asked_for(f, from, &from->spec.arena),
		.restart = from->restart,
		.restart_most = from->restart_most,
		.log_driver = f->log_driver,
		.log_options = f->log_options,
		.health = from->health,
	};
	if (r->direct && !r->log_driver)
		r->log_driver = (char *)(uintptr_t)"none";
}

static int
finish(struct container *c, const struct specgen_flags *flags,
       const struct words *sources, struct err *e)
{
	if (container_make_sources(sources, e) == 0 &&
	    container_make_volumes(c, e) == 0 &&
	    (!flags->cidfile ||
	     container_id_file(flags->cidfile, c->record.id, e) == 0))
		return 0;
	create_undo(c, NULL);
	return -1;
}

int
create_container(struct container *c, const struct specgen_flags *flags,
                 char **command, bool attached[3], struct err *e)
{
	AUTO(arena) struct arena a = { 0 };
	struct specgen_result built = { 0 };
	struct record wanted;
	struct host host;
	int done;

	if (container_host(&host, &a, e) < 0 ||
	    specgen_build(flags, command, &host, &built, e) < 0)
		return -1;
	describe(&wanted, flags, &built, attached != NULL);
	if (attached)
		memcpy(attached, built.attached, sizeof(built.attached));
	done = check_logs(flags, &wanted, e) < 0
	       ? -1 : container_create(c, &wanted, &built.spec, e);
	auto_spec(&built.spec);
	return done < 0 ? -1 : finish(c, flags, &built.sources, e);
}

void
create_undo(struct container *c, const struct specgen_flags *flags)
{
	struct err ignored;

	if (flags && flags->cidfile)
		container_id_file_drop(flags->cidfile);
	c->volumes = true;
	if (container_remove(c, true, &ignored) < 0)
		log_info("%s", ignored.text); /* ps shows what is left */
}
