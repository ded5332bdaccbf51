/* SPDX-License-Identifier: ISC */
/* rename: give a container another name. */
#include "cli/cli.h"
#include "container/container.h"

static int
run(char **names, struct err *e)
{
	AUTO(container) struct container c = { 0 };

	if (container_open(&c, names[0], e) < 0 ||
	    container_rename(&c, names[1], e) < 0)
		return fail_status(e, STATUS_FAILED);
	return 0;
}

APPLET(container, rename,
	.alias   = "rename",
	.args    = "CONTAINER NAME",
	.what    = "give a container another name",
	.run     = run);
