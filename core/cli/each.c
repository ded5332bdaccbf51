/* SPDX-License-Identifier: ISC */
/* Commands that do one thing to each operand. */
#include "cli/cli.h"

int
cli_each(const struct applet *applet, char **names,
         int (*act)(const char *name, struct err *e), struct err *e)
{
	struct err failed = { 0 };
	int done = 0;

	for (; *names; names++) {
		int r = act(*names, e);

		if (r == 0)
			cli_print("%s\n", *names);
		if (r >= 0)
			continue;
		if (done < 0)
			cli_error(applet, &failed);
		failed = *e;
		done = -1;
	}
	*e = failed;
	return done < 0 ? fail_status(e, STATUS_FAILED) : 0;
}
