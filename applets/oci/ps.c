/* SPDX-License-Identifier: ISC */
/* oci ps: the processes in a container. */
#include "cli/cli.h"
#include "oci/oci.h"

#include <errno.h>
#include <string.h>

static struct args {
	struct oci_globals globals;
	char *format;
} args;

static const struct opt options[] = {
	{ 'f', "format", "table|json", TEXT(format), "print the table of ps, or pids as JSON" },
	OPT_END
};

static int
print_pids(const struct oci *c, struct err *e)
{
	AUTO(arena) struct arena a = { 0 };
	pid_t *pids = NULL;
	size_t n;

	if (oci_pids(c, &a, &pids, &n, e) < 0)
		return -1;
	cli_print("[");
	for (size_t i = 0; i < n; i++)
		cli_print("%s%d", i ? "," : "", pids[i]);
	cli_print("]\n");
	return 0;
}

static int
run(char **words, struct err *e)
{
	AUTO(oci) struct oci c = OCI_NONE;
	AUTO(buf) struct buf text = { 0 };

	if (oci_begin(&args.globals, NULL, e) < 0 ||
	    oci_open(&c, &args.globals, words[0], e) < 0)
		return -1;
	if (args.format && strcmp(args.format, "json") == 0)
		return print_pids(&c, e);
	if (args.format && strcmp(args.format, "table") != 0)
		return fail(e, EINVAL, "--format: '%s' is neither table nor "
		            "json", args.format);
	if (oci_ps(&c, words + 1, &text, e) < 0)
		return -1;
	cli_print("%s", text.data);
	return 0;
}

APPLET(oci, ps,
	.args    = "ID [OPTION-OF-PS...]",
	.what    = "print the processes in a container",
	.options = options, .into = &args, .stops = true,
	.before  = oci_options, .before_into = &args.globals, .failure = 1,
	.run     = run);
