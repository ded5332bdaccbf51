/* SPDX-License-Identifier: ISC */
/* prune: remove volumes that no container has. */
#include "base/log.h"
#include "cli/cli.h"
#include "report/report.h"

#include <errno.h>

static struct args {
	bool all, force;
	struct words filters;
} args;

static const struct opt options[] = {
	{ 'a', "all", NULL, FLAG(all), "remove also those that have a name" },
	{ 0, "filter", "KEY=VALUE", FILTER(filters),
	  "remove only those for which this holds: label, label!" },
	{ 'f', "force", NULL, FLAG(force), "do not ask" },
	OPT_END
};

static const char *const keys[] = { "label", "label!", NULL };

extern const struct applet applet_volume_prune;

static const char *const warnings[] = {
	"This will remove anonymous local volumes not used by at least one"
	" container.",
	"This will remove all local volumes not used by at least one"
	" container.",
};

/* 1: it is gone. One that cannot be removed is told of and stays. */
static int
remove_one(const struct store *s, const struct report_volumes *f,
           const char *name, int64_t *bytes)
{
	AUTO(volume) struct volume v = { 0 };
	struct err why;
	int64_t size;

	if (volume_open(&v, s, name, &why) < 0 ||
	    (!args.all && !v.anonymous) ||
	    report_volumes_match(f, s, &v, &why) <= 0)
		return 0;
	size = volume_bytes(&v);
	if (container_remove_volume(s, name, NULL, &why) == 0) {
		*bytes += size;
		return 1;
	}
	if (why.code != EBUSY && why.code != ENOENT)
		log_warn("%s", why.text);
	return 0;
}

static int
prune(struct arena *a, struct err *e)
{
	AUTO(store) struct store s = { .data = -1, .run = -1 };
	struct report_volumes f = { 0 };
	struct words names = { 0 };
	size_t removed = 0;
	int64_t bytes = 0;

	if (report_volumes_read(&f, &args.filters, keys, a, e) < 0 ||
	    (!args.force &&
	     cli_ask(&applet_volume_prune, warnings[args.all], e) < 0) ||
	    store_open(&s, e) < 0 || store_find_data(&s, e) < 0 ||
	    volume_list(&s, a, &names, e) < 0)
		return -1;
	for (size_t i = 0; i < names.n; i++) {
		if (!remove_one(&s, &f, names.v[i], &bytes))
			continue;
		if (removed++ == 0)
			cli_print("Deleted Volumes:\n");
		cli_print("%s\n", names.v[i]);
	}
	cli_print("%sTotal reclaimed space: %s\n", removed ? "\n" : "",
	          report_bytes(a, (double)bytes));
	return 0;
}

static int
run(char **operands, struct err *e)
{
	AUTO(arena) struct arena a = { 0 };

	return prune(&a, e) < 0 ? fail_status(e, STATUS_FAILED) : 0;
}

APPLET(volume, prune,
	.args    = "",
	.what    = "remove volumes that no container has",
	.options = options, .into = &args,
	.run     = run);
