/* SPDX-License-Identifier: ISC */
/* For commands that do one thing to each container that they are given. */
#ifndef CONTAINER_APPLET_EACH_H
#define CONTAINER_APPLET_EACH_H

#include "cli/cli.h"
#include "container/container.h"

/*
 * As docker: those that can be done are done and named on stdout, the others
 * are errors, and one error is enough for the exit status.
 */
static inline int
each_container(const struct applet *applet, char **names,
               int (*act)(const char *name, struct err *e), struct err *e)
{
	struct err failed = { 0 };

	for (; *names; names++) {
		if (act(*names, e) == 0) {
			cli_print("%s\n", *names);
			continue;
		}
		if (failed.code)
			cli_error(applet, &failed);
		failed = *e;
	}
	*e = failed;
	return failed.code ? -1 : 0;
}

#endif
