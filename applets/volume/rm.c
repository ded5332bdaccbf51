/* SPDX-License-Identifier: ISC */
/* rm: remove volumes. */
#include "cli/cli.h"
#include "container/container.h"

#include <errno.h>

static struct args {
	bool force;
} args;

static const struct opt options[] = {
	{ 'f', "force", NULL, FLAG(force), "one that is not there is no error" },
	OPT_END
};

extern const struct applet applet_volume_rm;

static int
remove_one(const char *name, struct err *e)
{
	AUTO(store) struct store s = { .data = -1, .run = -1 };

	if (store_open(&s, e) < 0 || store_find_data(&s, e) < 0)
		return -1;
	if (container_remove_volume(&s, name, NULL, e) == 0)
		return 0;
	return args.force && e->code == ENOENT ? 0 : -1;
}

static int
run(char **names, struct err *e)
{
	return cli_each(&applet_volume_rm, names, remove_one, e);
}

APPLET(volume, rm,
	.args    = "VOLUME...",
	.what    = "remove volumes that no container has",
	.options = options, .into = &args,
	.run     = run);
