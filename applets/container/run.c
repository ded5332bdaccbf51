/* SPDX-License-Identifier: ISC */
/* run: make a container, run a command in it, and wait for its end. */
#include "base/log.h"
#include "cli/cli.h"
#include "container/container.h"
#include "monitor/monitor.h"
#include "specgen/specgen.h"

#define DETACH_KEYS "ctrl-p,ctrl-q"

static struct args {
	struct specgen_flags spec;
} args;

static const struct opt options[] = {
	OPT_MORE(specgen_options, spec),
	OPT_END
};

/* What the record says of the container beside its spec. */
static void
describe(struct record *r, const struct specgen_result *from)
{
	const struct specgen_flags *f = &args.spec;

	*r = (struct record){
		.name = f->name,
		.image = from->image,
		.remove = f->rm,
		.reaper = f->init,
		.tty = f->tty,
		.interactive = f->interactive,
		.stop_signal = from->stop_signal,
		.stop_timeout = f->stop_timeout,
		.command = from->spec.process->args,
		.labels = from->labels,
		.mounts = from->points,
		.n_mounts = from->n_points,
	};
}

/* A container that could not be started is as if it had never been. */
static int
undo(struct container *c)
{
	struct err ignored;

	c->volumes = true;
	if (container_remove(c, true, &ignored) < 0)
		log_warn("%s", ignored.text);
	return -1;
}

static int
create(struct container *c, char **command, struct err *e)
{
	AUTO(arena) struct arena a = { 0 };
	struct specgen_result built = { 0 };
	struct host host;
	struct record wanted;
	int done;

	if (container_host(&host, &a, e) < 0 ||
	    specgen_build(&args.spec, command, &host, &built, e) < 0)
		return -1;
	describe(&wanted, &built);
	done = container_create(c, &wanted, &built.spec, e);
	auto_spec(&built.spec);
	if (done == 0 && (container_make_sources(&built.sources, e) < 0 ||
	                  container_make_volumes(c, e) < 0))
		return undo(c);
	return done;
}

static int
run(char **command, struct err *e)
{
	AUTO(container) struct container c = { 0 };
	struct attach how = {
		.tty = args.spec.tty,
		.interactive = args.spec.interactive,
		.forward = true,
	};
	char keys[16 + 1] = "";
	const char *text = args.spec.detach_keys;
	size_t n;
	int status;

	if (monitor_keys(text ? text : DETACH_KEYS, keys, &n, e) < 0)
		return fail_in(e, "--detach-keys");
	how.detach = keys;
	if (monitor_check(&how, e) < 0 || create(&c, command, e) < 0)
		return -1;
	if (args.spec.cidfile &&
	    container_id_file(args.spec.cidfile, c.record.id, e) < 0)
		return undo(&c);
	status = monitor_run(&c, &how, e);
	if (status == ATTACH_DETACHED)
		return 0;
	if (status >= 0)
		return status;
	if (args.spec.cidfile)
		container_id_file_drop(args.spec.cidfile);
	return undo(&c);
}

APPLET(container, run,
	.alias   = "run",
	.args    = "[COMMAND] [ARG...]",
	.what    = "run a command in a new container",
	.options = options, .into = &args, .stops = true,
	.run     = run);
