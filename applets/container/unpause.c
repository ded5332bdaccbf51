/* SPDX-License-Identifier: ISC */
/* unpause: let the processes of paused containers go on. */
#include "cli/cli.h"
#include "container/container.h"

extern const struct applet applet_container_unpause;

static int
unpause_one(const char *name, struct err *e)
{
	AUTO(container) struct container c = { 0 };

	if (container_open(&c, name, e) < 0)
		return -1;
	return container_pause(&c, false, e);
}

static int
run(char **names, struct err *e)
{
	if (cli_each(&applet_container_unpause, names, unpause_one, e) < 0)
		return fail_status(e, STATUS_FAILED);
	return 0;
}

APPLET(container, unpause,
	.alias   = "unpause",
	.args    = "CONTAINER...",
	.what    = "let the processes of paused containers go on",
	.run     = run);
