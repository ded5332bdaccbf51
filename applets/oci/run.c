/* SPDX-License-Identifier: ISC */
/* oci run: make a container of a bundle and start it. */
#include "cli/cli.h"
#include "oci/oci.h"

static struct args {
	struct oci_globals globals;
	struct oci_how how;
	bool no_subreaper;
} args;

static const struct opt options[] = {
	{ 'b', "bundle", "DIR", TEXT(how.bundle), "the bundle, instead of the working directory" },
	{ 'f', "config", "FILE", TEXT(how.config), "read FILE, not the bundle's config.json" },
	{ 0, "console-socket", "PATH", TEXT(how.console_socket),
	  "send the terminal over this socket" },
	{ 'd', "detach", NULL, FLAG(how.detach), "do not wait for its end" },
	{ 0, "keep", NULL, FLAG(how.keep), "do not delete it when it ends" },
	{ 0, "no-new-keyring", NULL, FLAG(how.no_new_keyring), "stay in the session's keyring" },
	{ 0, "no-pivot", NULL, FLAG(how.no_pivot), "move the root's mount instead of pivot_root" },
	{ 0, "pid-file", "FILE", TEXT(how.pid_file), "write the process's pid to FILE" },
	{ 0, "pidfd-socket", "PATH", TEXT(how.pidfd_socket), "send a pidfd over this socket" },
	{ 0, "preserve-fds", "N", NUMBER(how.preserve), "keep N more descriptors, from 3 up" },
	/* we are none */
	{ 0, "no-subreaper", NULL, FLAG(no_subreaper), NULL },
	OPT_END
};

static int
run(char **ids, struct err *e)
{
	if (oci_begin(&args.globals, &args.how.preserve, e) < 0)
		return -1;
	return oci_run(&args.globals, ids[0], &args.how, e);
}

APPLET(oci, run,
	.args    = "ID",
	.what    = "make a container and start it",
	.options = options, .into = &args,
	.before  = oci_options, .before_into = &args.globals, .failure = 1,
	.run     = run);
