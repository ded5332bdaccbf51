/* SPDX-License-Identifier: ISC */
/* create: make a volume. */
#include "cli/cli.h"
#include "volume/volume.h"

#include <errno.h>
#include <string.h>

static struct args {
	char *driver, *name;
	struct pairs labels, options;
} args;

static const struct opt options[] = {
	{ 'd', "driver", "local", TEXT(driver), "who makes it" },
	{ 0, "label", "NAME[=VALUE]", PAIRS(labels), "put a label on it" },
	{ 0, "name", "NAME", TEXT(name), NULL },
	{ 'o', "opt", "KEY=VALUE", PAIRS(options),
	  "type, device and o as for mount(8), which each container mounts for itself" },
	OPT_END
};

static int
create(const char *name, struct err *e)
{
	AUTO(store) struct store s = { .data = -1, .run = -1 };
	AUTO(volume) struct volume v = { 0 };
	AUTO(arena) struct arena a = { 0 };
	struct volume wanted = {
		.name = name ? arena_text(&a, name) : volume_invent(&a),
		.labels = args.labels,
		.options = args.options,
		.anonymous = !name,
	};

	if (args.driver && strcmp(args.driver, "local") != 0)
		return fail(e, EINVAL, "--driver: there is only 'local'");
	if (volume_check_name(wanted.name, e) < 0 ||
	    volume_check_options(&wanted.options, e) < 0 ||
	    store_open(&s, e) < 0 || store_open_data(&s, e) < 0 ||
	    volume_hold(&v, &s, &wanted, true, e) < 0)
		return -1;
	cli_print("%s\n", v.name);
	return 0;
}

static int
run(char **names, struct err *e)
{
	if (*names && args.name) {
		fail(e, EINVAL, "conflicting options: either specify --name or"
		     " provide positional arg, not both");
		return fail_status(e, STATUS_FAILED);
	}
	return create(*names ? *names : args.name, e) < 0
	       ? fail_status(e, STATUS_FAILED) : 0;
}

APPLET(volume, create,
	.args    = "[VOLUME]",
	.what    = "make a volume",
	.options = options, .into = &args,
	.run     = run);
