/* SPDX-License-Identifier: ISC */
/* oci features: what this runtime can do. */
#include "cli/cli.h"
#include "oci/oci.h"

static struct args {
	struct oci_globals globals;
} args;

static int
run(char **words, struct err *e)
{
	AUTO(buf) struct buf text = { 0 };

	(void)words;
	if (oci_begin(&args.globals, NULL, e) < 0)
		return -1;
	oci_features(&text);
	cli_print("%s\n", text.data);
	return 0;
}

APPLET(oci, features,
	.args    = "",
	.what    = "print what this runtime supports, as JSON",
	.before  = oci_options, .before_into = &args.globals, .failure = 1,
	.run     = run);
