/* SPDX-License-Identifier: ISC */
/* stats: what containers use of the machine, as it is now. */
#include "cli/cli.h"
#include "report/report.h"

#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define USUAL "table {{.ID}}\t{{.Name}}\t{{.CPUPerc}}\t{{.MemUsage}}\t" \
	"{{.MemPerc}}\t{{.NetIO}}\t{{.BlockIO}}\t{{.PIDs}}"

static struct args {
	bool all, once, whole;
	char *format;
} args;

static const struct opt options[] = {
	{ 'a', "all", NULL, FLAG(all), "show also those that do not run" },
	{ 0, "format", "TEMPLATE", TEXT(format),
	  "table, 'table TEMPLATE', json, or a template of Go's, such as '{{.CPUPerc}}'" },
	{ 0, "no-stream", NULL, FLAG(once), "print once, and end" },
	{ 0, "no-trunc", NULL, FLAG(whole), "do not shorten ids" },
	OPT_END
};

/* One look at all of them: the second is where the time of CPUs comes from. */
static int
look(struct report_usage *before, struct buf *out, struct err *e)
{
	AUTO(report_list) struct report_list l = { 0 };
	AUTO(arena) struct arena a = { 0 };
	struct value *rows;

	if (report_usage(before, &a, &rows, e) < 0 ||
	    report_list_begin(&l, args.format, USUAL, report_usage_headings,
	                      e) < 0)
		return -1;
	for (size_t i = 0; i < rows->n; i++) {
		struct value *id = value_get(rows->v[i].value, "ID");

		if (!args.whole)
			id->text = arena_bytes(&a, id->text, 12);
		if (report_list_add(&l, rows->v[i].value, e) < 0)
			return -1;
	}
	out->n = 0;
	buf_text(out, l.out.data ? l.out.data : "");
	return l.table;
}

/* Of the usual columns, those of percentages. */
#define BARS (1u << 2 | 1u << 4)

/* On a terminal one table takes the place of the last. */
static int
show(const struct buf *text, bool table, struct err *e)
{
	bool usual = !args.format || strcmp(args.format, "table") == 0;
	struct table_look look = {
		.whole = args.whole,
		.live = !args.once && isatty(STDOUT_FILENO),
		.bars = usual ? BARS : 0,
	};

	if (table)
		table_show(text->data, &look);
	else
		table_plain(text->data);
	return cli_flush(e);
}

static int
run(char **names, struct err *e)
{
	AUTO(buf) struct buf text = { 0 };
	struct report_usage before = { .names = names, .all = args.all };
	const struct timespec second = { 1, 0 };
	int table = look(&before, &text, e);

	while (table >= 0) {
		nanosleep(&second, NULL);
		table = look(&before, &text, e);
		if (table < 0 || show(&text, table, e) < 0)
			break;
		if (args.once)
			return 0;
	}
	return fail_status(e, STATUS_FAILED);
}

APPLET(container, stats,
	.alias   = "stats",
	.args    = "[CONTAINER...]",
	.what    = "show what containers use of the machine",
	.options = options, .into = &args,
	.run     = run);
