/* SPDX-License-Identifier: ISC */
/* inspect: tell all that is known of containers. */
#include "cli/cli.h"
#include "report/report.h"

#include <errno.h>
#include <string.h>

static struct args {
	bool size;
	char *format, *type;
} args;

static const struct opt options[] = {
	{ 'f', "format", "TEMPLATE", TEXT(format),
	  "json, or a template of Go's, such as '{{.State.Status}}'" },
	{ 's', "size", NULL, FLAG(size), "tell how large the files are" },
	{ 0, "type", "container", TEXT(type), "look only for things of this type" },
	OPT_END
};

extern const struct applet applet_container_inspect;

/* All that is printed: a list of documents, or what a template makes of
 * them. */
struct output {
	struct arena arena;
	const struct template_tree *t;
	struct value *documents;
	struct buf text;
};

static void
auto_output(struct output *o)
{
	auto_arena(&o->arena);
	auto_buf(&o->text);
}

static int
inspect_one(struct output *o, const char *name, struct err *e)
{
	AUTO(container) struct container c = { 0 };
	struct value *document;

	if (container_open(&c, name, e) < 0 ||
	    report_inspect(&c, args.size, &o->arena, &document, e) < 0)
		return -1;
	if (!o->t) {
		value_add(&o->arena, o->documents, document);
		return 0;
	}
	if (template_run(o->t, document, TEMPLATE_STRICT, &o->text, e) < 0)
		return fail_in(e, "--format");
	buf_text(&o->text, "\n");
	return 0;
}

static int
begin(struct output *o, struct err *e)
{
	const char *format = args.format;

	if (args.type && strcmp(args.type, "container") != 0)
		return fail(e, EINVAL, "--type: '%s' is not a type that can be"
		            " inspected; there is only 'container'",
		            args.type);
	o->documents = value_list(&o->arena);
	if (format && strcmp(format, "json") == 0)
		format = "{{json .}}";
	if (format && *format &&
	    template_parse(&o->arena, format, &o->t, e) < 0)
		return fail_in(e, "--format");
	return 0;
}

/* Those that are there are printed, and one that is not is an error. */
static int
run(char **names, struct err *e)
{
	AUTO(output) struct output o = { 0 };
	struct err failed = { 0 };
	int done = 0;

	if (begin(&o, e) < 0)
		return fail_status(e, STATUS_FAILED);
	for (; *names; names++) {
		if (inspect_one(&o, *names, e) == 0)
			continue;
		if (done < 0)
			cli_error(&applet_container_inspect, &failed);
		failed = *e;
		done = -1;
	}
	if (!o.t) {
		value_json(&o.text, o.documents, true);
		buf_text(&o.text, "\n");
	}
	table_plain(o.text.data ? o.text.data : "");
	*e = failed;
	return done < 0 ? fail_status(e, STATUS_FAILED) : 0;
}

APPLET(container, inspect,
	.alias   = "inspect",
	.args    = "CONTAINER...",
	.what    = "tell all that is known of containers",
	.options = options, .into = &args,
	.run     = run);
