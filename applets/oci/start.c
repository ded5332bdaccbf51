/* SPDX-License-Identifier: ISC */
/* oci start: let the command of a container run. */
#include "cli/cli.h"
#include "oci/oci.h"

static struct args {
	struct oci_globals globals;
} args;

static int
run(char **words, struct err *e)
{
	return oci_do(&args.globals, words[0], oci_start, e);
}

APPLET(oci, start,
	.args    = "ID",
	.what    = "run the command of a container that was created",
	.before  = oci_options, .before_into = &args.globals, .failure = 1,
	.run     = run);
