/* SPDX-License-Identifier: ISC */
/* oci spec: write a config.json to begin with. */
#include "cli/cli.h"
#include "oci/oci.h"

static struct args {
	struct oci_globals globals;
	char *bundle, *file;
	bool rootless;
} args;

static const struct opt options[] = {
	{ 'b', "bundle", "DIR", TEXT(bundle), "write it there, not to the working directory" },
	{ 'f', "file", "FILE", TEXT(file), "write FILE, not config.json" },
	{ 0, "rootless", NULL, FLAG(rootless), "for a container without privileges" },
	OPT_END
};

static int
run(char **words, struct err *e)
{
	(void)words;
	if (oci_begin(&args.globals, NULL, e) < 0)
		return -1;
	return oci_template(args.bundle, args.file, args.rootless, e);
}

APPLET(oci, spec,
	.args    = "",
	.what    = "write a config.json to begin with",
	.options = options, .into = &args,
	.before  = oci_options, .before_into = &args.globals, .failure = 1,
	.run     = run);
