/* SPDX-License-Identifier: ISC */
/* A question on the terminal. */
#include "cli/cli.h"

#include <errno.h>
#include <stdio.h>

int
cli_ask(const struct applet *applet, const char *warning, struct err *e)
{
	char answer[16] = "";

	cli_print("WARNING! %s\nAre you sure you want to continue? [y/N] ",
	          warning);
	if (cli_flush(e) < 0)
		return -1;
	if (!fgets(answer, sizeof(answer), stdin))
		answer[0] = '\0';
	if (answer[0] == 'y' || answer[0] == 'Y')
		return 0;
	return fail(e, ECANCELED, "%s %s has been cancelled", applet->group,
	            applet->verb);
}
