/* SPDX-License-Identifier: ISC */
/* export: write a container's root as an archive. */
#include "cli/cli.h"
#include "files/files.h"

#include <errno.h>
#include <unistd.h>

static struct args {
	char *output;
} args;

static const struct opt options[] = {
	{ 'o', "output", "FILE", TEXT(output), "write to FILE instead of stdout" },
	OPT_END
};

static int
export_one(const char *name, struct err *e)
{
	AUTO(container) struct container c = { 0 };

	if (!args.output && isatty(STDOUT_FILENO))
		return fail(e, EINVAL, "cowardly refusing to save to a"
		            " terminal. Use the -o flag or redirect");
	if (container_open(&c, name, e) < 0)
		return -1;
	if ((args.output ? files_export_to(&c, args.output, e)
	                 : files_export(&c, STDOUT_FILENO, e)) < 0)
		return -1;
	container_tell(&c, "export", NULL);
	return 0;
}

static int
run(char **names, struct err *e)
{
	return export_one(names[0], e) < 0 ? fail_status(e, STATUS_FAILED) : 0;
}

APPLET(container, export,
	.alias   = "export",
	.args    = "CONTAINER",
	.what    = "write a container's root as an archive",
	.options = options, .into = &args,
	.run     = run);
