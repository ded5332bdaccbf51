/* SPDX-License-Identifier: ISC */
/* main(): find the applet by argv[0] or by words, run it, print its error. */
#include "cli/cli.h"

/* build.sh makes the list from the paths applets/GROUP/VERB.c. */
#define APPLET_ENTRY(group, verb) \
	extern const struct applet applet_##group##_##verb;
#include "applets.list"
#undef APPLET_ENTRY

#define APPLET_ENTRY(group, verb) &applet_##group##_##verb,
static const struct applet *const table[] = {
#include "applets.list"
};
#undef APPLET_ENTRY

const struct applets cli_applets = { table, sizeof(table) / sizeof(*table) };

int
main(int argc, char **argv)
{
	AUTO(arena) struct arena words = { 0 };
	struct call call = { 0 };
	struct err e;
	int status = cli_start(&e);

	if (status == 0)
		status = cli_call(&cli_applets, argv, &words, &call, &e);
	if (status == 0)
		status = call.applet->run(call.operands, &e);
	else if (status == 1)
		status = 0; /* it was --help or the like, and is answered */
	if (status >= 0 && cli_flush(&e) < 0)
		status = -1;
	if (status >= 0)
		return status;
	cli_error(call.applet, &e);
	return call.applet && call.applet->failure ? call.applet->failure
	                                           : e.status;
}
