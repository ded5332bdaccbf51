/* SPDX-License-Identifier: ISC */
/* attach: watch a container that runs, and type into it. */
#include "cli/cli.h"
#include "container/container.h"
#include "monitor/monitor.h"

#include <errno.h>

static struct args {
	bool no_stdin, no_proxy;
	char *detach_keys;
} args;

static int
set_proxy(void *member, const char *value, struct arena *a, struct err *e)
{
	bool on = true;

	if (opt_flag(&on, value, a, e) < 0)
		return -1;
	*(bool *)member = !on;
	return 0;
}

static const struct opt options[] = {
	{ 0, "detach-keys", "KEYS", TEXT(detach_keys),
	  "the keys that detach, ctrl-p,ctrl-q if not given" },
	{ 0, "no-stdin", NULL, FLAG(no_stdin), "do not pass stdin on" },
	{ 0, "sig-proxy", NULL, VALUE(set_proxy, bool, no_proxy),
	  "pass signals on to the command; true if not given" },
	OPT_END
};

/* Docker's words. */
static int
check(const struct container *c, struct err *e)
{
	switch (container_state(c)) {
	case CONTAINER_RUNNING:
		return 0;
	case CONTAINER_PAUSED:
		return fail(e, EBUSY, "you cannot attach to a paused "
		            "container, unpause it first");
	case CONTAINER_RESTARTING:
		return fail(e, EBUSY, "you cannot attach to a restarting "
		            "container, wait until it is running");
	default:
		return fail(e, ESRCH, "you cannot attach to a stopped "
		            "container, start it first");
	}
}

static int
run(char **names, struct err *e)
{
	AUTO(container) struct container c = { 0 };
	struct attach how = { .forward = !args.no_proxy };
	char keys[MONITOR_KEYS];
	int status;

	if (monitor_keys(args.detach_keys, keys, e) < 0)
		return fail_in(e, "--detach-keys");
	how.detach = keys;
	if (container_open(&c, names[0], e) < 0 || check(&c, e) < 0)
		return fail_status(e, STATUS_FAILED);
	how.tty = c.record.tty;
	how.interactive = c.record.interactive && !args.no_stdin;
	if (monitor_check(&how, e) < 0)
		return fail_status(e, STATUS_FAILED);
	status = monitor_attach(&c, &how, e);
	return status == ATTACH_DETACHED ? 0 : status;
}

APPLET(container, attach,
	.alias   = "attach",
	.args    = "CONTAINER",
	.what    = "watch a container that runs, and type into it",
	.options = options, .into = &args, .running = true,
	.run     = run);
