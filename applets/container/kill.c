/* SPDX-License-Identifier: ISC */
/* kill: send a signal to containers. */
#include "cli/cli.h"
#include "container/container.h"
#include "specgen/specgen.h"

#include <signal.h>

static struct args {
	int signal;
} args;

static const struct opt options[] = {
	{ 's', "signal", "SIGNAL", SPECGEN_SIGNAL(signal), "send this one instead of SIGKILL" },
	OPT_END
};

extern const struct applet applet_container_kill;

static int
kill_one(const char *name, struct err *e)
{
	AUTO(container) struct container c = { 0 };
	int signal = args.signal ? args.signal : SIGKILL;

	return container_open(&c, name, e) < 0 ? -1
	       : container_kill(&c, signal, e);
}

static int
run(char **names, struct err *e)
{
	return cli_each(&applet_container_kill, names, kill_one, e);
}

APPLET(container, kill,
	.alias   = "kill",
	.args    = "CONTAINER...",
	.what    = "kill running containers, or send them a signal",
	.options = options, .into = &args, .running = true,
	.run     = run);
