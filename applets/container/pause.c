/* SPDX-License-Identifier: ISC */
/* pause: freeze all processes of containers. */
#include "cli/cli.h"
#include "container/container.h"

extern const struct applet applet_container_pause;

static int
pause_one(const char *name, struct err *e)
{
	AUTO(container) struct container c = { 0 };

	if (container_open(&c, name, e) < 0)
		return -1;
	return container_pause(&c, true, e);
}

static int
run(char **names, struct err *e)
{
	if (cli_each(&applet_container_pause, names, pause_one, e) < 0)
		return fail_status(e, STATUS_FAILED);
	return 0;
}

APPLET(container, pause,
	.alias   = "pause",
	.args    = "CONTAINER...",
	.what    = "freeze all processes of containers",
	.run     = run);
