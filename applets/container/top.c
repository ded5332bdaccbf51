/* SPDX-License-Identifier: ISC */
/* top: show the processes of a container. */
#include "cli/cli.h"
#include "report/report.h"

/* As docker's, which are wider than those of other tables. */
#define COLUMN_LEAST 20

static int
run(char **words, struct err *e)
{
	AUTO(container) struct container c = { 0 };
	AUTO(report_top) struct report_top top = { 0 };
	AUTO(table) struct table t = { 0 };

	if (container_open(&c, words[0], e) < 0 ||
	    report_top(&c, words + 1, &top, e) < 0)
		return fail_status(e, STATUS_FAILED);
	container_tell(&c, "top", NULL);
	t.columns = top.columns;
	t.least = COLUMN_LEAST;
	for (size_t i = 0; i < top.cells.n; i++)
		table_cell(&t, "%s", top.cells.v[i]);
	table_print(&t);
	return 0;
}

APPLET(container, top,
	.alias   = "top",
	.args    = "CONTAINER [PS-OPTION...]",
	.what    = "show the processes of a container",
	.stops = true, .running = true,
	.run     = run);
