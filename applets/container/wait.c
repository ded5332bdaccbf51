/* SPDX-License-Identifier: ISC */
/* wait: wait for the end of containers. */
#include "cli/cli.h"
#include "container/container.h"

extern const struct applet applet_container_wait;

static int
wait_one(const char *name, struct err *e)
{
	AUTO(container) struct container c = { 0 };
	int status;

	if (container_open(&c, name, e) < 0 ||
	    container_wait(&c, &status, e) < 0)
		return -1;
	cli_print("%d\n", status);
	return 0;
}

/* As docker: a status a line, in the order of the names. */
static int
run(char **names, struct err *e)
{
	struct err failed = { 0 };
	int done = 0;

	for (; *names; names++) {
		if (wait_one(*names, e) == 0)
			continue;
		if (done < 0)
			cli_error(&applet_container_wait, &failed);
		failed = *e;
		done = -1;
	}
	*e = failed;
	return done < 0 ? fail_status(e, STATUS_FAILED) : 0;
}

APPLET(container, wait,
	.alias   = "wait",
	.args    = "CONTAINER...",
	.what    = "wait until containers end, and print their exit statuses",
	.run     = run);
