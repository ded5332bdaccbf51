/* SPDX-License-Identifier: ISC */
/* oci restore: a command of runc's that there is not. */
#include "cli/cli.h"
#include "oci/oci.h"

static struct args {
	struct oci_globals globals;
} args;

/* Nobody comes here, see `refusal`. */
static int
run(char **words, struct err *e)
{
	(void)words;
	(void)e;
	return 1;
}

APPLET(oci, restore,
	.args    = "ID",
	.what    = "is not supported",
	.refusal = "not supported: this runtime neither checkpoints containers "
	           "nor restores them",
	.before  = oci_options, .before_into = &args.globals, .failure = 1,
	.run     = run);
