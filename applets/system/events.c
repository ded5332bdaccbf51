/* SPDX-License-Identifier: ISC */
/* events: show what happens, and what has happened. */
#include "cli/cli.h"
#include "events/events.h"
#include "report/report.h"
#include "template/template.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct args {
	struct words filters;
	struct number since, until;
	char *format;
} args;

static const struct opt options[] = {
	{ 'f', "filter", "KEY=VALUE", FILTER(filters),
	  "show those for which this holds, such as event=die or container=web" },
	{ 0, "format", "TEMPLATE", TEXT(format),
	  "json, or a template of Go's, such as '{{.Action}} {{.ID}}'" },
	{ 0, "since", "TIME", TIME(since),
	  "show also those from then on: 2026-01-02T15:04:05, or 10m" },
	{ 0, "until", "TIME", TIME(until), "end at this time" },
	OPT_END
};

/* t  what --format says; NULL: docker's line, or with json as they are kept */
struct output {
	struct arena arena;
	const struct template_tree *t;
	struct buf out;
	bool json, colours;
};

static void
auto_output(struct output *o)
{
	auto_arena(&o->arena);
	auto_buf(&o->out);
}

static int
show(void *with, const struct value *event, const char *line, struct err *e)
{
	AUTO(arena) struct arena a = { 0 };
	struct output *o = with;
	struct buf *out = &o->out;

	if (!report_event_matches(&args.filters, event))
		return 0;
	out->n = 0;
	if (!o->t && !o->json) {
		report_event_line(out, event, o->colours);
		cli_print("%s", out->data);
		return 0;
	}
	if (o->json)
		buf_text(out, line);
	else if (template_run(o->t, report_event(event, &a), TEMPLATE_LOOSE,
	                      out, e) < 0)
		return fail_in(e, "--format");
	buf_text(out, "\n");
	table_plain(out->data);
	return 0;
}

static int
idle(void *with, struct err *e)
{
	return cli_flush(e);
}

/* Docker's JSON has other names than its templates; it is what is kept. */
static bool
is_json(const char *format)
{
	static const char *const words[] = { "json", "{{json .}}",
	                                     "{{ json . }}" };

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strcmp(format, words[i]) == 0)
			return true;
	return false;
}

static int
begin(struct output *o, struct err *e)
{
	const char *format = args.format;

	o->colours = table_colours();
	if (report_event_check(&args.filters, e) < 0)
		return -1;
	if (!format || !*format)
		return 0;
	o->json = is_json(format);
	if (!o->json && template_parse(&o->arena, format, &o->t, e) < 0)
		return fail_in(e, "--format");
	return 0;
}

static int
run(char **words, struct err *e)
{
	AUTO(output) struct output o = { 0 };
	AUTO(store) struct store s = { 0 };
	const struct events_query q = {
		.since = args.since.set ? args.since.value : INT64_MAX,
		.until = args.until.set ? args.until.value : INT64_MAX,
		.event = show,
		.idle = idle,
		.with = &o,
		.out = STDOUT_FILENO,
	};

	if (begin(&o, e) == 0 && store_open(&s, e) == 0 &&
	    events_read(&s, &q, e) == 0)
		return 0;
	return e->text[0] ? fail_status(e, STATUS_FAILED) : -1;
}

APPLET(system, events,
	.alias   = "events",
	.args    = "",
	.what    = "show what happens to containers and volumes",
	.options = options, .into = &args,
	.run     = run);
