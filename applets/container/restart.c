/* SPDX-License-Identifier: ISC */
/* restart: stop containers, and start them again. */
#include "cli/cli.h"
#include "container/container.h"
#include "monitor/monitor.h"
#include "specgen/specgen.h"

static struct specgen_stop args;

static const struct attach detached = { .detached = true };

extern const struct applet applet_container_restart;

static int
restart_one(const char *name, struct err *e)
{
	AUTO(container) struct container c = { 0 };

	if (container_open(&c, name, e) < 0 ||
	    container_stop_for_restart(&c, args.signal, &args.seconds, e) < 0 ||
	    monitor_start(&c, &detached, e) < 0)
		return -1;
	container_tell(&c, "restart", NULL);
	return 0;
}

static int
run(char **names, struct err *e)
{
	return cli_each(&applet_container_restart, names, restart_one, e);
}

APPLET(container, restart,
	.alias   = "restart",
	.args    = "CONTAINER...",
	.what    = "stop containers, and start them again",
	.options = specgen_stop_options, .into = &args,
	.run     = run);
