/* SPDX-License-Identifier: ISC */
/* oci kill: send a signal to a container. */
#include "cli/cli.h"
#include "oci/oci.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

static struct args {
	struct oci_globals globals;
	bool all, regex;
	int number;
} args;

static const struct opt options[] = {
	{ 'a', "all", NULL, FLAG(all), "signal all processes in it" },
	{ 'r', "regex", NULL, FLAG(regex), "ID is a pattern: signal all that match" },
	OPT_END
};

static int
kill_one(const char *id, struct err *e)
{
	AUTO(oci) struct oci c = OCI_NONE;

	if (oci_open(&c, &args.globals, id, e) < 0)
		return -1;
	return oci_kill(&c, args.number, args.all, e);
}

/* 0 only asks whether there is somebody; kill(2). */
static int
number_of(const char *name)
{
	if (!name)
		return SIGTERM;
	return strcmp(name, "0") == 0 ? 0 : spec_signal_number(name);
}

static int
run(char **words, struct err *e)
{
	if (oci_begin(&args.globals, NULL, e) < 0)
		return -1;
	args.number = number_of(words[1]);
	if (args.number < 0)
		return fail(e, EINVAL, "'%s' is not a signal", words[1]);
	return oci_each(&args.globals, words[0], args.regex, kill_one, e);
}

APPLET(oci, kill,
	.args    = "ID [SIGNAL]",
	.what    = "send a signal, SIGTERM if none is named",
	.options = options, .into = &args,
	.before  = oci_options, .before_into = &args.globals, .failure = 1,
	.run     = run);
