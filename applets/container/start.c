/* SPDX-License-Identifier: ISC */
/* start: start containers that were made, or have ended. */
#include "cli/cli.h"
#include "container/container.h"
#include "monitor/monitor.h"

#include <errno.h>

static struct args {
	bool attach, interactive;
	char *detach_keys;
} args;

static const struct opt options[] = {
	{ 'a', "attach", NULL, FLAG(attach), "show what it writes, and pass signals on" },
	{ 0, "detach-keys", "KEYS", TEXT(detach_keys),
	  "the keys that detach, ctrl-p,ctrl-q if not given" },
	{ 'i', "interactive", NULL, FLAG(interactive), "pass stdin on to it" },
	OPT_END
};

extern const struct applet applet_container_start;

/* As docker: to start one that runs is no error. */
static int
start_one(const char *name, struct err *e)
{
	AUTO(container) struct container c = { 0 };
	static const struct attach how = { .detached = true };

	if (container_open(&c, name, e) < 0)
		return -1;
	return monitor_start(&c, &how, e) == 0 || e->code == EALREADY ? 0 : -1;
}

/* One that runs already is just watched. */
static int
start_attached(const char *name, struct err *e)
{
	AUTO(container) struct container c = { 0 };
	struct attach how = { .forward = true };
	char keys[MONITOR_KEYS];
	int status;

	if (monitor_keys(args.detach_keys, keys, e) < 0)
		return fail_in(e, "--detach-keys");
	how.detach = keys;
	if (container_open(&c, name, e) < 0)
		return -1;
	how.tty = c.record.tty;
	how.interactive = args.interactive && c.record.interactive;
	if (monitor_check(&how, e) < 0)
		return -1;
	status = monitor_start(&c, &how, e);
	if (status == ATTACH_DETACHED)
		return 0;
	return status < 0 && e->code == EALREADY ? monitor_attach(&c, &how, e)
	                                         : status;
}

static int
run(char **names, struct err *e)
{
	if (!args.attach && !args.interactive)
		return cli_each(&applet_container_start, names, start_one, e);
	if (names[1])
		return fail(e, EINVAL, "only one container can be attached to");
	return start_attached(names[0], e);
}

APPLET(container, start,
	.alias   = "start",
	.args    = "CONTAINER...",
	.what    = "start containers that do not run",
	.options = options, .into = &args,
	.run     = run);
