/* SPDX-License-Identifier: ISC */
/* prune: remove all containers that do not run. */
#include "base/log.h"
#include "cli/cli.h"
#include "report/report.h"

#include <errno.h>
#include <string.h>

static struct args {
	bool force;
	struct words filters;
} args;

static const struct opt options[] = {
	{ 0, "filter", "KEY=VALUE", LIST(filters),
	  "remove only those for which this holds, such as label=x" },
	{ 'f', "force", NULL, FLAG(force), "do not ask" },
	OPT_END
};

extern const struct applet applet_container_prune;

static bool
is_removable(struct container *c)
{
	enum container_state s = container_state(c);

	return s == CONTAINER_EXITED ||
	       (s == CONTAINER_CREATED && !c->record.monitor.set);
}

/* One that cannot be removed is told of and stays; 1: it is gone. */
static int
remove_one(const char *id, const struct report_filters *filters)
{
	AUTO(container) struct container c = { 0 };
	struct err why;

	if (container_open(&c, id, &why) < 0 || !is_removable(&c) ||
	    !report_filters_match(filters, &c))
		return 0;
	if (container_remove(&c, false, &why) == 0)
		return 1;
	log_warn("%s", why.text);
	return 0;
}

/* What docker takes here; the others of `ps` make no sense or are not safe. */
static int
check_filters(struct err *e)
{
	for (size_t i = 0; i < args.filters.n; i++)
		if (strncmp(args.filters.v[i], "label=", 6) != 0)
			return fail(e, EINVAL, "--filter: '%s': only label= is"
			            " supported here", args.filters.v[i]);
	return 0;
}

static int
run(char **operands, struct err *e)
{
	AUTO(arena) struct arena a = { 0 };
	struct report_filters filters = { 0 };
	struct words ids = { 0 };
	size_t removed = 0;

	if (check_filters(e) < 0 ||
	    report_filters_read(&filters, &args.filters, &a, e) < 0 ||
	    (!args.force && cli_ask(&applet_container_prune, "This will"
	                             " remove all stopped containers.",
	                             e) < 0) ||
	    container_list(&a, &ids, e) < 0)
		return fail_status(e, STATUS_FAILED);
	for (size_t i = 0; i < ids.n; i++) {
		if (!remove_one(ids.v[i], &filters))
			continue;
		if (removed++ == 0)
			cli_print("Deleted Containers:\n");
		cli_print("%s\n", ids.v[i]);
	}
	cli_print("%sTotal reclaimed space: 0B\n", removed ? "\n" : "");
	return 0;
}

APPLET(container, prune,
	.args    = "",
	.what    = "remove all containers that do not run",
	.options = options, .into = &args,
	.run     = run);
