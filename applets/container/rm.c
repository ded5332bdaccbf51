/* SPDX-License-Identifier: ISC */
/* rm: remove containers. */
#include "base/log.h"
#include "cli/cli.h"
#include "container/container.h"

#include <errno.h>

static struct args {
	bool force, volumes, link;
} args;

static const struct opt options[] = {
	{ 'f', "force", NULL, FLAG(force), "kill those that run" },
	{ 'l', "link", NULL, FLAG(link), NULL },
	{ 'v', "volumes", NULL, FLAG(volumes), "remove also their volumes that have no name" },
	OPT_END
};

extern const struct applet applet_container_rm;

/* As docker: with -f, what is not there is no error, nor named as removed. */
static int
remove_one(const char *name, struct err *e)
{
	AUTO(container) struct container c = { 0 };

	if (container_open(&c, name, e) == 0) {
		c.volumes = args.volumes;
		return container_remove(&c, args.force, e);
	}
	if (!args.force || e->code != ENOENT)
		return -1;
	log_warn("%s", e->text);
	return 1;
}

static int
run(char **names, struct err *e)
{
	if (args.link)
		return fail(e, ENOTSUP, "--link: containers have no links; "
		            "they find each other by their networks");
	return cli_each(&applet_container_rm, names, remove_one, e);
}

APPLET(container, rm,
	.alias   = "rm",
	.args    = "CONTAINER...",
	.what    = "remove containers",
	.options = options, .into = &args,
	.run     = run);
