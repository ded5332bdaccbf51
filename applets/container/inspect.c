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
	{ 0, "type", "container|volume", TEXT(type), "look only for things of this type" },
	OPT_END
};

extern const struct applet applet_container_inspect;

static int
add_container(struct report_documents *d, const char *name, struct err *e)
{
	AUTO(container) struct container c = { 0 };
	struct value *document;

	if (container_open(&c, name, e) < 0 ||
	    report_inspect(&c, args.size, &d->arena, &document, e) < 0)
		return -1;
	return report_documents_add(d, document, e);
}

static int
add_volume(struct report_documents *d, const char *name, struct err *e)
{
	AUTO(store) struct store s = { .data = -1, .run = -1 };
	AUTO(volume) struct volume v = { 0 };

	if (store_open(&s, e) < 0 || store_find_data(&s, e) < 0 ||
	    volume_open(&v, &s, name, e) < 0)
		return -1;
	return report_documents_add(d, report_volume(&v, &d->arena), e);
}

static const struct {
	const char *name;
	report_document *add;
} types[] = {
	{ "container", add_container },
	{ "volume", add_volume },
};

#define TYPES (sizeof(types) / sizeof(types[0]))

static bool
is_type(size_t i)
{
	return !args.type || strcmp(args.type, types[i].name) == 0;
}

static int
add(struct report_documents *d, const char *name, struct err *e)
{
	for (size_t i = 0; i < TYPES; i++) {
		if (!is_type(i))
			continue;
		if (types[i].add(d, name, e) == 0)
			return 0;
		if (args.type || e->code != ENOENT)
			return -1;
	}
	return fail(e, ENOENT, "no such object: '%s'", name);
}

static int
run(char **names, struct err *e)
{
	if (!is_type(0) && !is_type(1)) {
		fail(e, EINVAL, "--type: '%s' is not a type that can be"
		     " inspected", args.type);
		return fail_status(e, STATUS_FAILED);
	}
	return report_documents(&applet_container_inspect, args.format, names,
	                        add, e);
}

APPLET(container, inspect,
	.alias   = "inspect",
	.args    = "CONTAINER...",
	.what    = "tell all that is known of containers",
	.options = options, .into = &args,
	.run     = run);
