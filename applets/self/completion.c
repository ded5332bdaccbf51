/* SPDX-License-Identifier: ISC */
/* self completion: print the script that lets a shell complete our words. */
#include "cli/cli.h"

static int
run(char **shell, struct err *e)
{
	return cli_completion(&cli_applets, shell[0], e);
}

APPLET(self, completion,
	.alias = "completion",
	.args  = "SHELL",
	.what  = "print a completion script for bash, zsh or fish",
	.run   = run);
