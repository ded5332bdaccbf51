/* SPDX-License-Identifier: ISC */
/* oci pause: freeze a container. */
#include "cli/cli.h"
#include "oci/oci.h"

static struct args {
	struct oci_globals globals;
} args;

static int
run(char **words, struct err *e)
{
	return oci_do(&args.globals, words[0], oci_pause, e);
}

APPLET(oci, pause,
	.args    = "ID",
	.what    = "freeze the processes of a container",
	.before  = oci_options, .before_into = &args.globals, .failure = 1,
	.run     = run);
