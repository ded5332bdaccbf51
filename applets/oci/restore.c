/* SPDX-License-Identifier: ISC */
/* oci restore: make a container again whose processes are in files, by criu. */
#include "cli/cli.h"
#include "oci/oci.h"

static struct args {
	struct oci_globals globals;
	struct oci_how how;
	struct oci_criu criu;
	bool no_subreaper, no_pivot;
} args;

static const struct opt options[] = {
	OPT_MORE(oci_criu_options, criu),
	{ 'b', "bundle", "DIR", TEXT(how.bundle), "the bundle, instead of the working directory" },
	{ 0, "console-socket", "PATH", TEXT(how.console_socket),
	  "send the terminal over this socket" },
	{ 'd', "detach", NULL, FLAG(how.detach), "do not wait for its end" },
	{ 0, "lsm-mount-context", "CONTEXT", TEXT(criu.lsm_mount_context),
	  "mount with this SELinux context" },
	{ 0, "lsm-profile", "TYPE:NAME", TEXT(criu.lsm_profile), "run under this LSM profile" },
	/* criu does not ask how, and we are no subreaper */
	{ 0, "no-pivot", NULL, FLAG(no_pivot), NULL },
	{ 0, "no-subreaper", NULL, FLAG(no_subreaper), NULL },
	{ 0, "pid-file", "FILE", TEXT(how.pid_file), "write the process's pid to FILE" },
	OPT_END
};

static int
run(char **ids, struct err *e)
{
	if (oci_begin(&args.globals, NULL, e) < 0)
		return -1;
	return oci_restore(&args.globals, ids[0], &args.how, &args.criu, e);
}

APPLET(oci, restore,
	.args    = "ID",
	.what    = "make a container again that was checkpointed, by criu",
	.options = options, .into = &args,
	.before  = oci_options, .before_into = &args.globals, .failure = 1,
	.run     = run);
