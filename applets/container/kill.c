/* SPDX-License-Identifier: ISC */
/* kill: send a signal to containers. */
#include "cli/cli.h"
#include "container/container.h"

#include <errno.h>
#include <signal.h>

static struct args {
	char *signal;
} args;

static const struct opt options[] = {
	{ 's', "signal", "SIGNAL", TEXT(signal), "send this one instead of SIGKILL" },
	OPT_END
};

extern const struct applet applet_container_kill;

static int
kill_one(const char *name, struct err *e)
{
	AUTO(container) struct container c = { 0 };
	int signal = args.signal ? spec_signal_number(args.signal) : SIGKILL;

	if (container_open(&c, name, e) < 0)
		return -1;
	return container_kill(&c, signal, e);
}

static int
run(char **names, struct err *e)
{
	if (args.signal && spec_signal_number(args.signal) <= 0)
		return fail(e, EINVAL, "--signal: '%s' is not a signal",
		            args.signal);
	return cli_each(&applet_container_kill, names, kill_one, e);
}

APPLET(container, kill,
	.alias   = "kill",
	.args    = "CONTAINER...",
	.what    = "kill running containers, or send them a signal",
	.options = options, .into = &args, .running = true,
	.run     = run);
