/* SPDX-License-Identifier: ISC */
/* ls: list containers. */
#include "base/log.h"
#include "cli/cli.h"
#include "report/report.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

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
	{ 'f', "filter", "KEY=VALUE", FILTER(filters),
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

/* The row of a container in the list's text. */
struct line {
	char *created;
	size_t from, to;
};

/* What is listed, and how. */
struct listing {
	struct report_filters filters;
	struct report_list list;
	struct report_row row;
	bool all;
	struct arena arena;
	size_t heading; /* bytes of the list's text */
	struct line *lines;
	size_t n;
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
add(struct listing *l, struct container *c, struct err *e)
{
	AUTO(arena) struct arena a = { 0 };
	const char *created = c->record.created;
	struct line *line;

	if (!is_shown(l, c))
		return 0;
	line = LIST_ADD(&l->arena, l->lines, l->n);
	line->created = arena_text(&l->arena, created ? created : "");
	line->from = l->list.out.n;
	if (report_list_add(&l->list, report_row(c, &l->row, &a), e) < 0)
		return -1;
	line->to = l->list.out.n;
	return 0;
}

static int
add_all(struct listing *l, struct err *e)
{
	AUTO(container_all) struct container_all all = { 0 };
	int got;

	if (container_all_begin(&all, e) < 0)
		return -1;
	while ((got = container_all_next(&all, e)) > 0)
		if (add(l, all.c, e) < 0)
			return -1;
	return got;
}

static int
newest_first(const void *a, const void *b)
{
	const struct line *one = a, *other = b;

	return strcmp(other->created, one->created);
}

/* The heading, and `most` rows. */
static void
print(const struct listing *l, size_t most)
{
	AUTO(buf) struct buf out = { 0 };
	const struct buf *in = &l->list.out;

	if (l->n)
		qsort(l->lines, l->n, sizeof(*l->lines), newest_first);
	buf_add(&out, in->data ? in->data : "", l->heading);
	for (size_t i = 0; i < l->n && i < most; i++)
		buf_add(&out, in->data + l->lines[i].from,
		        l->lines[i].to - l->lines[i].from);
	if (l->list.table)
		table_lines(out.data, args.whole);
	else
		table_plain(out.n ? out.data : "");
}

static void
auto_listing(struct listing *l)
{
	auto_report_list(&l->list);
	auto_arena(&l->arena);
}

static size_t
most_lines(void)
{
	return args.latest ? 1
	       : args.last.set && args.last.value > 0 ? (size_t)args.last.value
	                                              : SIZE_MAX;
}

static int
begin(struct listing *l, struct arena *a, struct err *e)
{
	const char *usual = args.quiet  ? "{{.ID}}"
	                    : args.size ? USUAL "\t{{.Size}}"
	                                : USUAL;

	if (args.quiet && args.format && *args.format)
		log_warn("Ignoring custom format, because both --format and"
		         " --quiet are set.");
	if (report_filters_read(&l->filters, &args.filters, a, e) < 0 ||
	    report_list_begin(&l->list, args.quiet ? NULL : args.format, usual,
	                      report_row_headings, e) < 0)
		return -1;
	l->all = args.all || most_lines() != SIZE_MAX ||
	         report_filters_ended(&l->filters);
	l->heading = l->list.out.n;
	l->row = (struct report_row){
		.whole = args.whole, .size = args.size, .t = l->list.t,
		.json = args.format && strcmp(args.format, "json") == 0,
	};
	return 0;
}

static int
run(char **operands, struct err *e)
{
	AUTO(arena) struct arena a = { 0 };
	AUTO(listing) struct listing l = { 0 };

	if (begin(&l, &a, e) < 0 || add_all(&l, e) < 0)
		return fail_status(e, STATUS_FAILED);
	print(&l, most_lines());
	return 0;
}

APPLET(container, ls,
	.alias   = "ps",
	.args    = "",
	.what    = "list containers",
	.options = options, .into = &args,
	.run     = run);
