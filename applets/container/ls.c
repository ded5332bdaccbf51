/* SPDX-License-Identifier: ISC */
/* ls: list containers. */
#include "cli/cli.h"
#include "report/report.h"

#include <errno.h>

#define USUAL "table {{.ID}}\t{{.Image}}\t{{.Command}}\t{{.RunningFor}}\t" \
	"{{.Status}}\t{{.Ports}}\t{{.Names}}"

static struct args {
	bool all, quiet, whole, latest, size;
	struct number last;
	char *format;
	struct words filters;
} args;

static const struct opt options[] = {
	{ 'a', "all", NULL, FLAG(all), "list also those that do not run" },
	{ 'f', "filter", "KEY=VALUE", LIST(filters),
	  "list those for which this holds, such as status=exited or label=x" },
	{ 0, "format", "TEMPLATE", TEXT(format),
	  "table, 'table TEMPLATE', json, or a template of Go's, such as '{{.Names}}'" },
	{ 'n', "last", "N", NUMBER(last), "list the N that were created last, whatever they do" },
	{ 'l', "latest", NULL, FLAG(latest), "list the one that was created last" },
	{ 0, "no-trunc", NULL, FLAG(whole), "do not shorten ids and commands" },
	{ 'q', "quiet", NULL, FLAG(quiet), "print only ids" },
	{ 's', "size", NULL, FLAG(size), "tell how large the files are" },
	OPT_END
};

/* What is listed, and how. */
struct listing {
	struct report_filters filters;
	struct report_list list;
	struct report_row row;
	bool all;
	int64_t left;
};

static bool
is_shown(const struct listing *l, struct container *c)
{
	if (!l->all && !container_is_up(c) &&
	    container_state(c) != CONTAINER_RESTARTING)
		return false;
	return report_filters_match(&l->filters, c);
}

static int
add(struct listing *l, const char *id, struct err *e)
{
	AUTO(container) struct container c = { 0 };
	AUTO(arena) struct arena a = { 0 };

	if (container_open(&c, id, e) < 0)
		return e->code == ENOENT ? 0 : -1; /* it ended, and was --rm */
	if (!is_shown(l, &c))
		return 0;
	l->left--;
	return report_list_add(&l->list, report_row(&c, &l->row, &a), e);
}

static void
auto_listing(struct listing *l)
{
	auto_report_list(&l->list);
}

static int
begin(struct listing *l, struct arena *a, struct err *e)
{
	const char *usual = args.quiet  ? "{{.ID}}"
	                    : args.size ? USUAL "\t{{.Size}}"
	                                : USUAL;

	if (args.last.set && args.last.value < -1)
		return fail(e, EINVAL, "--last: below zero");
	if (report_filters_read(&l->filters, &args.filters, a, e) < 0 ||
	    report_list_begin(&l->list, args.quiet ? NULL : args.format, usual,
	                      report_row_headings, e) < 0)
		return -1;
	l->left = args.latest ? 1
	          : args.last.set && args.last.value > 0 ? args.last.value
	                                                 : INT64_MAX;
	l->all = args.all || l->left != INT64_MAX ||
	         report_filters_ended(&l->filters);
	l->row = (struct report_row){ args.whole, args.size, l->list.t };
	return 0;
}

static int
run(char **operands, struct err *e)
{
	AUTO(arena) struct arena a = { 0 };
	AUTO(listing) struct listing l = { 0 };
	struct words ids = { 0 };

	if (begin(&l, &a, e) < 0 || container_list(&a, &ids, e) < 0)
		return fail_status(e, STATUS_FAILED);
	for (size_t i = 0; i < ids.n && l.left > 0; i++)
		if (add(&l, ids.v[i], e) < 0)
			return fail_status(e, STATUS_FAILED);
	if (l.list.table)
		table_lines(l.list.out.data, args.whole);
	else
		table_plain(l.list.out.n ? l.list.out.data : "");
	return 0;
}

APPLET(container, ls,
	.alias   = "ps",
	.args    = "",
	.what    = "list containers",
	.options = options, .into = &args,
	.run     = run);
