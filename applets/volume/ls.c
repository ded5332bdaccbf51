/* SPDX-License-Identifier: ISC */
/* ls: list volumes. */
#include "base/log.h"
#include "cli/cli.h"
#include "report/report.h"

#include <errno.h>

#define USUAL "table {{.Driver}}\t{{.Name}}"

static struct args {
	bool quiet;
	char *format;
	struct words filters;
} args;

static const struct opt options[] = {
	{ 'f', "filter", "KEY=VALUE", FILTER(filters),
	  "list those for which this holds: dangling, driver, label, name" },
	{ 0, "format", "TEMPLATE", TEXT(format),
	  "table, 'table TEMPLATE', json, or a template of Go's, such as '{{.Name}}'" },
	{ 'q', "quiet", NULL, FLAG(quiet), "print only names" },
	OPT_END
};

static const char *const keys[] = { "dangling", "driver", "label", "name",
	                            NULL };

static int
add(struct report_list *l, const struct report_volumes *f,
    const struct store *s, const char *name, struct err *e)
{
	AUTO(volume) struct volume v = { 0 };
	AUTO(arena) struct arena a = { 0 };
	int shown;

	if (volume_open(&v, s, name, e) < 0) {
		if (e->code != ENOENT) /* removed meanwhile */
			log_warn("%s", e->text);
		return 0;
	}
	shown = report_volumes_match(f, s, &v, e);
	return shown <= 0 ? shown
	       : report_list_add(l, report_volume_row(&v, &a), e);
}

static int
list(struct report_list *l, struct arena *a, struct err *e)
{
	AUTO(store) struct store s = { .data = -1, .run = -1 };
	struct report_volumes f = { 0 };
	struct words names = { 0 };

	if (report_volumes_read(&f, &args.filters, keys, a, e) < 0 ||
	    report_list_begin(l, args.quiet ? NULL : args.format,
	                      args.quiet ? "{{.Name}}" : USUAL,
	                      report_volume_headings, e) < 0 ||
	    store_open(&s, e) < 0 || store_find_data(&s, e) < 0 ||
	    volume_list(&s, a, &names, e) < 0)
		return -1;
	for (size_t i = 0; i < names.n; i++)
		if (add(l, &f, &s, names.v[i], e) < 0)
			return -1;
	return 0;
}

static int
run(char **operands, struct err *e)
{
	AUTO(report_list) struct report_list l = { 0 };
	AUTO(arena) struct arena a = { 0 };

	if (list(&l, &a, e) < 0)
		return fail_status(e, STATUS_FAILED);
	if (l.table)
		table_lines(l.out.data, false);
	else
		table_plain(l.out.n ? l.out.data : "");
	return 0;
}

APPLET(volume, ls,
	.args    = "",
	.what    = "list volumes",
	.options = options, .into = &args,
	.run     = run);
