/* SPDX-License-Identifier: ISC */
/* create: make a container, to be started later. */
#include "cli/cli.h"
#include "container/container.h"
#include "create/create.h"
#include "monitor/monitor.h"
#include "specgen/specgen.h"

#include <errno.h>

static struct args {
	struct specgen_flags spec;
} args;

static const struct opt options[] = {
	OPT_MORE(specgen_options, spec),
	OPT_END
};

/* Until now we have answered for it; from now on nobody need. */
static int
run(char **command, struct err *e)
{
	AUTO(container) struct container c = { 0 };
	char keys[MONITOR_KEYS];

	if (args.spec.detach)
		return fail(e, EINVAL, "--detach is for run; a container is "
		            "started by start");
	if (monitor_keys(args.spec.detach_keys, keys, e) < 0)
		return fail_in(e, "--detach-keys");
	if (create_container(&c, &args.spec, command, NULL, e) < 0)
		return -1;
	container_begin_undo(&c);
	cli_print("%s\n", c.record.id);
	return 0;
}

APPLET(container, create,
	.alias   = "create",
	.args    = "[COMMAND] [ARG...]",
	.what    = "make a container, to be started later",
	.options = options, .into = &args, .stops = true,
	.run     = run);
