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
	AUTO(oci) struct oci c = OCI_NONE;

	if (oci_begin(&args.globals, NULL, e) < 0 ||
	    oci_open(&c, &args.globals, words[0], e) < 0)
		return -1;
	return oci_pause(&c, false, e);
}

APPLET(oci, resume,
	.args    = "ID",
	.what    = "let the processes of a paused container go on",
	.before  = oci_options, .before_into = &args.globals, .failure = 1,
	.run     = run);
