/* SPDX-License-Identifier: ISC */
/* stop: ask containers to end, and end them if they do not. */
#include "cli/cli.h"
#include "container/container.h"
#include "specgen/specgen.h"

static struct specgen_stop args;

extern const struct applet applet_container_stop;

static int
stop_one(const char *name, struct err *e)
{
	AUTO(container) struct container c = { 0 };

	return container_open(&c, name, e) < 0 ? -1
	       : container_stop(&c, args.signal, &args.seconds, e);
}

static int
run(char **names, struct err *e)
{
	return cli_each(&applet_container_stop, names, stop_one, e);
}

APPLET(container, stop,
	.alias   = "stop",
	.args    = "CONTAINER...",
	.what    = "stop running containers",
	.options = specgen_stop_options, .into = &args, .running = true,
	.run     = run);
