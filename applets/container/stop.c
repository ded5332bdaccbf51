/* SPDX-License-Identifier: ISC */
/* stop: ask containers to end, and end them if they do not. */
#include "cli/cli.h"
#include "container/container.h"

#include <errno.h>

static struct args {
	char *signal;
	struct number seconds;
} args;

static const struct opt options[] = {
	{ 's', "signal", "SIGNAL", TEXT(signal), "send this one first, instead of SIGTERM" },
	{ 't', "timeout|time", "SECONDS", SECONDS(seconds),
	  "how long to wait until SIGKILL (10); -1: for ever" },
	OPT_END
};

extern const struct applet applet_container_stop;

static int
stop_one(const char *name, struct err *e)
{
	AUTO(container) struct container c = { 0 };
	int signal = args.signal ? spec_signal_number(args.signal) : 0;
	int64_t seconds = args.seconds.value;

	if (container_open(&c, name, e) < 0)
		return -1;
	if (args.seconds.set && seconds < 0)
		seconds = INT32_MAX;
	return container_stop(&c, signal, args.seconds.set ? seconds : -1, e);
}

static int
run(char **names, struct err *e)
{
	if (args.signal && spec_signal_number(args.signal) <= 0)
		return fail(e, EINVAL, "--signal: '%s' is not a signal",
		            args.signal);
	return cli_each(&applet_container_stop, names, stop_one, e);
}

APPLET(container, stop,
	.alias   = "stop",
	.args    = "CONTAINER...",
	.what    = "stop running containers",
	.options = options, .into = &args, .running = true,
	.run     = run);
