/* SPDX-License-Identifier: ISC */
/* oci checkpoint: write what runs in a container to files, by criu. */
#include "cli/cli.h"
#include "oci/oci.h"

static struct args {
	struct oci_globals globals;
	struct oci_criu criu;
} args;

static const struct opt options[] = {
	OPT_MORE(oci_criu_options, criu),
	{ 0, "leave-running", NULL, FLAG(criu.leave_running), "let it go on afterwards" },
	{ 0, "link-remap", NULL, FLAG(criu.link_remap), "give files a name that have none" },
	{ 0, "page-server", "ADDRESS:PORT", TEXT(criu.page_server), "send memory there" },
	{ 0, "parent-path", "DIR", TEXT(criu.parent),
	  "images of a --pre-dump, relative to these: memory that is there already" },
	{ 0, "pre-dump", NULL, FLAG(criu.pre_dump), "write the memory alone, and let it go on" },
	{ 0, "status-fd", "FD", NUMBER(criu.status_fd), "tell by a NUL when pages can be fetched" },
	{ 0, "tcp-skip-in-flight", NULL, FLAG(criu.tcp_skip_in_flight),
	  "leave out TCP connections that are being made" },
	OPT_END
};

static int
run(char **words, struct err *e)
{
	AUTO(oci) struct oci c = OCI_NONE;

	if (oci_begin(&args.globals, NULL, e) < 0 ||
	    oci_open(&c, &args.globals, words[0], e) < 0)
		return -1;
	return oci_checkpoint(&c, &args.criu, e);
}

APPLET(oci, checkpoint,
	.args    = "ID",
	.what    = "write what runs in a container to files, by criu",
	.options = options, .into = &args,
	.before  = oci_options, .before_into = &args.globals, .failure = 1,
	.run     = run);
