/* SPDX-License-Identifier: ISC */
/* oci resume: let a frozen container go on. */
#include "cli/cli.h"
#include "oci/oci.h"

static struct args {
	struct oci_globals globals;
} args;

static int
run(char **words, struct err *e)
{
	return oci_do(&args.globals, words[0], oci_resume, e);
}

APPLET(oci, resume,
	.args    = "ID",
	.what    = "let the processes of a paused container go on",
	.before  = oci_options, .before_into = &args.globals, .failure = 1,
	.run     = run);
