/* SPDX-License-Identifier: ISC */
/* oci list: the containers there are. */
#include "base/log.h"
#include "cli/cli.h"
#include "oci/oci.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

static struct args {
	struct oci_globals globals;
	char *format;
	bool quiet;
} args;

static const struct opt options[] = {
	{ 'f', "format", "table|json", TEXT(format), "print a table, or JSON" },
	{ 'q', "quiet", NULL, FLAG(quiet), "print only ids" },
	OPT_END
};

/* One that is deleted meanwhile, or cannot be read, is left out. */
static bool
find(struct oci *c, const char *id)
{
	struct err why;

	if (oci_open(c, &args.globals, id, &why) == 0)
		return true;
	if (why.code != ENOENT)
		log_warn("%s", why.text);
	return false;
}

static void
print_json(const struct words *ids)
{
	AUTO(buf) struct buf text = { 0 };

	for (size_t i = 0; i < ids->n; i++) {
		AUTO(oci) struct oci c = OCI_NONE;

		if (!find(&c, ids->v[i]))
			continue;
		buf_text(&text, text.n ? "," : "");
		oci_state(&c, false, &text);
	}
	/* as runc, to which an empty list is none */
	cli_print("%s%s%s\n", text.n ? "[" : "null", text.n ? text.data : "",
	          text.n ? "]" : "");
}

static void
add_row(struct table *t, struct oci *c)
{
	enum oci_status s = oci_status(c);
	const struct oci_record *r = &c->record;

	table_cell(t, "%s", c->id);
	table_cell(t, "%" PRId64, s == OCI_STOPPED ? 0 : r->pid.value);
	table_cell(t, "%s", oci_status_name(s));
	table_cell(t, "%s", r->bundle ? r->bundle : "");
	table_cell(t, "%s", r->created ? r->created : "");
	table_cell(t, "%s", oci_owner(c, &c->arena));
}

static void
print_table(const struct words *ids)
{
	static const char *const heading[] = { "ID", "PID", "STATUS", "BUNDLE",
	        "CREATED", "OWNER", NULL };
	AUTO(table) struct table t = { 0 };

	table_begin(&t, (char *const *)heading);
	for (size_t i = 0; i < ids->n; i++) {
		AUTO(oci) struct oci c = OCI_NONE;

		if (find(&c, ids->v[i]))
			add_row(&t, &c);
	}
	table_print(&t);
}

static int
run(char **words, struct err *e)
{
	AUTO(arena) struct arena a = { 0 };
	struct words ids = { 0 };
	bool json = args.format && strcmp(args.format, "json") == 0;

	(void)words;
	if (oci_begin(&args.globals, NULL, e) < 0)
		return -1;
	if (args.format && !json && strcmp(args.format, "table") != 0)
		return fail(e, EINVAL, "--format: '%s' is neither table nor "
		            "json", args.format);
	if (oci_list(&args.globals, NULL, &a, &ids, e) < 0)
		return -1;
	if (args.quiet)
		for (size_t i = 0; i < ids.n; i++)
			cli_print("%s\n", ids.v[i]);
	else
		(json ? print_json : print_table)(&ids);
	return 0;
}

APPLET(oci, list,
	.args    = "",
	.what    = "list containers",
	.options = options, .into = &args,
	.before  = oci_options, .before_into = &args.globals, .failure = 1,
	.run     = run);
