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
	AUTO(oci) struct oci c = OCI_NONE;

	if (oci_begin(&args.globals, NULL, e) < 0 ||
	    oci_open(&c, &args.globals, words[0], e) < 0)
		return -1;
	return oci_start(&c, e);
}

APPLET(oci, start,
	.args    = "ID",
	.what    = "run the command of a container that was created",
	.before  = oci_options, .before_into = &args.globals, .failure = 1,
	.run     = run);
