/* SPDX-License-Identifier: ISC */
/* oci create: make a container of a bundle; its command waits for `start`. */
#include "cli/cli.h"
#include "oci/oci.h"

static struct args {
	struct oci_globals globals;
	struct oci_how how;
	bool no_subreaper;
} args;

static const struct opt options[] = {
	OPT_MORE(oci_how_options, how),
	/* we are none */
	{ 0, "no-subreaper", NULL, FLAG(no_subreaper), NULL },
	OPT_END
};

static int
run(char **ids, struct err *e)
{
	if (oci_begin(&args.globals, &args.how.preserve, e) < 0)
		return -1;
	return oci_create(&args.globals, ids[0], &args.how, e);
}

APPLET(oci, create,
	.args    = "ID",
	.what    = "make a container, whose command waits for start",
	.options = options, .into = &args,
	.before  = oci_options, .before_into = &args.globals, .failure = 1,
	.run     = run);
