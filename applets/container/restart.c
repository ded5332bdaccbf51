/* SPDX-License-Identifier: ISC */
/* restart: stop containers, and start them again. */
#include "cli/cli.h"
#include "container/container.h"
#include "monitor/monitor.h"

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

extern const struct applet applet_container_restart;

static int
restart_one(const char *name, struct err *e)
{
	AUTO(container) struct container c = { 0 };
	struct attach how = { .detached = true };
	int signal = args.signal ? spec_signal_number(args.signal) : 0;
	int64_t seconds = args.seconds.value;

	if (container_open(&c, name, e) < 0)
		return -1;
	if (args.seconds.set && seconds < 0)
		seconds = INT32_MAX;
	if (container_stop_for_restart(&c, signal,
	                               args.seconds.set ? seconds : -1,
	                               e) < 0 || container_begin(&c, e) < 0)
		return -1;
	how.tty = c.record.tty;
	if (monitor_run(&c, &how, e) == 0) {
		container_tell(&c, "restart", NULL);
		return 0;
	}
	container_begin_undo(&c);
	return -1;
}

static int
run(char **names, struct err *e)
{
	if (args.signal && spec_signal_number(args.signal) <= 0)
		return fail(e, EINVAL, "--signal: '%s' is not a signal",
		            args.signal);
	return cli_each(&applet_container_restart, names, restart_one, e);
}

APPLET(container, restart,
	.alias   = "restart",
	.args    = "CONTAINER...",
	.what    = "stop containers, and start them again",
	.options = options, .into = &args,
	.run     = run);
