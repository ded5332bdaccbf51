/* SPDX-License-Identifier: ISC */
/* oci mounts: mount into a container that runs. */
#include "cli/cli.h"
#include "oci/oci.h"

#include <errno.h>
#include <string.h>

static struct args {
	struct oci_globals globals;
} args;

static int
run(char **words, struct err *e)
{
	AUTO(oci) struct oci c = OCI_NONE;
	bool remove = strcmp(words[0], "remove") == 0;

	if (oci_begin(&args.globals, NULL, e) < 0)
		return -1;
	if (!remove && strcmp(words[0], "add") != 0)
		return fail(e, EINVAL, "'%s' is neither add nor remove",
		            words[0]);
	if (oci_open(&c, &args.globals, words[1], e) < 0)
		return -1;
	return oci_mounts(&c, words[2], remove, e);
}

APPLET(oci, mounts,
	.args    = "add|remove ID FILE",
	.what    = "mount into a container that runs, or take it away again",
	.before  = oci_options, .before_into = &args.globals, .failure = 1,
	.run     = run);
