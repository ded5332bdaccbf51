/* SPDX-License-Identifier: ISC */
/* oci version: what an engine reads of a runtime before it uses it. */
#include "cli/cli.h"
#include "oci/oci.h"

static struct args {
	struct oci_globals globals;
} args;

static int
run(char **words, struct err *e)
{
	(void)words;
	(void)e;
	cli_print("runc version %s (mydocker)\nspec: %s\n", cli_release(),
	          oci_version());
	return 0;
}

APPLET(oci, version,
	.args    = "",
	.what    = "print the version, and that of the specification",
	.before  = oci_options, .before_into = &args.globals, .failure = 1,
	.run     = run);
