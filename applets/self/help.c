/* SPDX-License-Identifier: ISC */
/* self help: tell what the commands are, or all about one of them. */
#include "cli/cli.h"

static struct args {
	bool man;
} args;

static const struct opt options[] = {
	{ 0, "man", NULL, FLAG(man), "as a manual page, for man -l" },
	OPT_END
};

static int
run(char **words, struct err *e)
{
	return cli_help(&cli_applets, words, args.man, e);
}

APPLET(self, help,
	.alias   = "help",
	.args    = "[COMMAND...]",
	.what    = "tell what a command does and takes",
	.options = options, .into = &args,
	.run     = run);
