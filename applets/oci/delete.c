/* SPDX-License-Identifier: ISC */
/* oci delete: take away what a container has left. */
#include "cli/cli.h"
#include "oci/oci.h"

static struct args {
	struct oci_globals globals;
	bool force, regex;
} args;

static const struct opt options[] = {
	{ 'f', "force", NULL, FLAG(force), "kill it first if it runs" },
	{ 'r', "regex", NULL, FLAG(regex), "ID is a pattern: delete all that match" },
	OPT_END
};

static int
delete_one(const char *id, struct err *e)
{
	return oci_delete(&args.globals, id, args.force, e);
}

static int
run(char **words, struct err *e)
{
	if (oci_begin(&args.globals, NULL, e) < 0)
		return -1;
	for (; *words; words++)
		if (oci_each(&args.globals, *words, args.regex, delete_one,
		             e) < 0)
			return -1;
	return 0;
}

APPLET(oci, delete,
	.args    = "ID...",
	.what    = "take away what a container has left",
	.options = options, .into = &args,
	.before  = oci_options, .before_into = &args.globals, .failure = 1,
	.run     = run);
