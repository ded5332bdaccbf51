/* SPDX-License-Identifier: ISC */
/* diff: list what a container has changed of its root. */
#include "cli/cli.h"
#include "files/files.h"

static int
run(char **names, struct err *e)
{
	AUTO(container) struct container c = { 0 };
	AUTO(arena) struct arena a = { 0 };
	struct words rows = { 0 };

	if (container_open(&c, names[0], e) < 0 ||
	    files_diff(&c, &a, &rows, e) < 0)
		return fail_status(e, STATUS_FAILED);
	for (size_t i = 0; i < rows.n; i++)
		cli_print("%s\n", cli_escape(&a, rows.v[i]));
	return 0;
}

APPLET(container, diff,
	.alias   = "diff",
	.args    = "CONTAINER",
	.what    = "list what a container has changed of its root",
	.run     = run);
