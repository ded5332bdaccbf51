/* SPDX-License-Identifier: ISC */
/* system version: tell which mydocker this is, and what it is made of. */
#include "cli/cli.h"

static int
run(char **operands, struct err *e)
{
	(void)operands;
	(void)e;
	cli_version();
	return 0;
}

APPLET(system, version,
	.alias = "version",
	.what  = "print the version, and those of the libraries inside",
	.run   = run);
