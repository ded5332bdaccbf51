/* SPDX-License-Identifier: ISC */
/* run: make a container, run a command in it, and wait for its end. */
#include "cli/cli.h"
#include "container/container.h"
#include "create/create.h"
#include "monitor/monitor.h"
#include "specgen/specgen.h"

static struct args {
	struct specgen_flags spec;
} args;

static const struct opt options[] = {
	OPT_MORE(specgen_options, spec),
	OPT_END
};

static void
describe(struct attach *how, const bool attached[3])
{
	const struct specgen_flags *f = &args.spec;

	how->detached = f->detach || (f->attach.n && !attached[1] &&
	                              !attached[2]);
	how->interactive = f->interactive && attached[0];
	how->quiet[1] = !attached[1];
	how->quiet[2] = !attached[2];
}

/* What is left when it could not be started is taken away. */
static int
start(struct container *c, const struct attach *how, struct err *e)
{
	int status = monitor_run(c, how, e);

	if (status < 0 && status != ATTACH_DETACHED) {
		create_undo(c, &args.spec);
		return -1;
	}
	if (how->detached)
		cli_print("%s\n", c->record.id);
	return status == ATTACH_DETACHED ? 0 : status;
}

static int
run(char **command, struct err *e)
{
	AUTO(container) struct container c = { 0 };
	struct attach how = {
		.tty = args.spec.tty,
		.interactive = args.spec.interactive && !args.spec.detach,
		.detached = args.spec.detach,
		.forward = !args.spec.sig_proxy.given || args.spec.sig_proxy.on,
	};
	char keys[MONITOR_KEYS];
	bool attached[3] = { false, false, false };

	if (monitor_keys(args.spec.detach_keys, keys, e) < 0)
		return fail_in(e, "--detach-keys");
	how.detach = keys;
	if (monitor_check(&how, e) < 0 ||
	    create_container(&c, &args.spec, command, attached, e) < 0)
		return -1;
	describe(&how, attached);
	return start(&c, &how, e);
}

APPLET(container, run,
	.alias   = "run",
	.args    = "[COMMAND] [ARG...]",
	.what    = "run a command in a new container",
	.options = options, .into = &args, .stops = true,
	.run     = run);
