/* SPDX-License-Identifier: ISC */
/* update: change the limits and the restart policy of containers. */
#include "cli/cli.h"
#include "container/container.h"
#include "specgen/specgen.h"

#include <errno.h>

static struct args {
	struct specgen_flags flags;
	bool given;
} args;

extern const struct applet applet_container_update;

/* What is wanted of each of the containers; cli_each passes on nothing. */
static int
update_one(const char *name, struct err *e)
{
	AUTO(container) struct container c = { 0 };
	AUTO(arena) struct arena a = { 0 };
	struct resources limits;
	struct container_change to = { .limits = &limits };
	struct host host;
	char *policy = NULL;

	if (args.flags.restart &&
	    specgen_restart(args.flags.restart, &a, &policy,
	                    &to.restart_most, e) < 0)
		return -1;
	if (container_host(&host, &a, e) < 0 ||
	    specgen_limits(&args.flags, &host, &a, &limits, e) < 0 ||
	    container_open(&c, name, e) < 0)
		return -1;
	to.restart = !args.flags.restart ? NULL : policy ? policy : "";
	to.cpus = limits.cpu && limits.cpu->quota.set ? args.flags.cpus : NULL;
	return container_update(&c, &to, e);
}

/* What is wrong is so for all of them, and is said once, before any is
 * changed. */
static int
check(struct err *e)
{
	AUTO(arena) struct arena a = { 0 };
	struct resources limits;
	struct number most;
	struct host host;
	char *policy;

	if (!args.given) {
		fail(e, EINVAL, "you must provide one or more flags when using"
		     " this command");
		return fail_status(e, STATUS_FAILED);
	}
	if (args.flags.restart &&
	    specgen_restart(args.flags.restart, &a, &policy,
	                    &most, e) < 0)
		return -1;
	return container_host(&host, &a, e) < 0 ? -1
	       : specgen_limits(&args.flags, &host, &a, &limits, e);
}

static int
run(char **names, struct err *e)
{
	if (check(e) < 0)
		return -1;
	return cli_each(&applet_container_update, names, update_one, e);
}

APPLET(container, update,
	.alias   = "update",
	.args    = "CONTAINER...",
	.what    = "change the limits and the restart policy of containers",
	.options = specgen_update_options, .into = &args.flags,
	.given   = &args.given,
	.run     = run);
