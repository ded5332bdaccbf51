/* SPDX-License-Identifier: ISC */
/* oci create: make a container of a bundle; its command waits for `start`. */
#include "cli/cli.h"
#include "oci/oci.h"

static struct args {
	struct oci_globals globals;
	struct oci_how how;
} args;

static const struct opt options[] = {
	{ 'b', "bundle", "DIR", TEXT(how.bundle), "the bundle, instead of the working directory" },
	{ 'f', "config", "FILE", TEXT(how.config), "read FILE, not the bundle's config.json" },
	{ 0, "console-socket", "PATH", TEXT(how.console_socket),
	  "send the terminal over this socket" },
	{ 0, "no-new-keyring", NULL, FLAG(how.no_new_keyring), "stay in the session's keyring" },
	{ 0, "no-pivot", NULL, FLAG(how.no_pivot), "move the root's mount instead of pivot_root" },
	{ 0, "pid-file", "FILE", TEXT(how.pid_file), "write the process's pid to FILE" },
	{ 0, "pidfd-socket", "PATH", TEXT(how.pidfd_socket), "send a pidfd over this socket" },
	{ 0, "preserve-fds", "N", NUMBER(how.preserve), "keep N more descriptors, from 3 up" },
	OPT_END
};

static int
run(char **ids, struct err *e)
{
	if (oci_begin(&args.globals, &args.how.preserve, e) < 0)
		return -1;
	return oci_create(&args.globals, ids[0], &args.how, e);
}

APPLET(oci, create,
	.args    = "ID",
	.what    = "make a container, whose command waits for start",
	.options = options, .into = &args,
	.before  = oci_options, .before_into = &args.globals, .failure = 1,
	.run     = run);
