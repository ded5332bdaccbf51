/* SPDX-License-Identifier: ISC */
/* oci state: print the state of a container. */
#include "cli/cli.h"
#include "oci/oci.h"

static struct args {
	struct oci_globals globals;
} args;

static int
run(char **words, struct err *e)
{
	AUTO(oci) struct oci c = OCI_NONE;
	AUTO(buf) struct buf text = { 0 };

	if (oci_begin(&args.globals, NULL, e) < 0 ||
	    oci_open(&c, &args.globals, words[0], e) < 0)
		return -1;
	oci_state(&c, true, &text);
	cli_print("%s\n", text.data);
	return 0;
}

APPLET(oci, state,
	.args    = "ID",
	.what    = "print the state of a container as JSON",
	.before  = oci_options, .before_into = &args.globals, .failure = 1,
	.run     = run);
