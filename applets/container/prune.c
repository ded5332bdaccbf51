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
	{ 0, "filter", "KEY=VALUE", FILTER(filters),
	  "remove only those for which this holds: label, label!, until" },
	{ 'f', "force", NULL, FLAG(force), "do not ask" },
	OPT_END
};

extern const struct applet applet_container_prune;

/*
 * Which ones are meant.
 *
 * labels   all of these must hold
 * but      and these must not all hold
 * until    made before that, in nanoseconds since 1970
 */
struct wanted {
	struct report_filters labels, but;
	struct number until;
};

static bool
is_removable(struct container *c)
{
	enum container_state s = container_state(c);

	return s == CONTAINER_EXITED ||
	       (s == CONTAINER_CREATED && !c->record.monitor.set);
}

static bool
is_wanted(const struct wanted *w, struct container *c)
{
	AUTO(arena) struct arena a = { 0 };
	struct number made = { 0 };
	struct err ignored;

	if (w->until.set &&
	    (!c->record.created ||
	     opt_time(&made, c->record.created, &a, &ignored) < 0 ||
	     made.value >= w->until.value))
		return false;
	return report_filters_match(&w->labels, c) &&
	       (w->but.n == 0 || !report_filters_match(&w->but, c));
}

/* One that cannot be removed is told of and stays; 1: it is gone. */
static int
remove_one(const char *id, const struct wanted *w, int64_t *bytes)
{
	AUTO(container) struct container c = { 0 };
	struct err why;
	int64_t own;

	if (container_open(&c, id, &why) < 0 || !is_removable(&c) ||
	    !is_wanted(w, &c))
		return 0;
	own = report_reclaimed(&c);
	if (container_remove(&c, false, &why) == 0) {
		*bytes += own;
		return 1;
	}
	log_warn("%s", why.text);
	return 0;
}

/* What docker takes here; the others of `ps` make no sense or are not safe. */
static int
add_filter(struct wanted *w, const char *text, struct arena *a, struct err *e)
{
	struct words one = { 0 };

	if (strncmp(text, "label=", 6) == 0) {
		words_add(a, &one, text);
		return report_filters_read(&w->labels, &one, a, e);
	}
	if (strncmp(text, "label!=", 7) == 0) {
		words_add(a, &one, arena_format(a, "label=%s", text + 7));
		return report_filters_read(&w->but, &one, a, e);
	}
	if (strncmp(text, "until=", 6) != 0)
		return fail(e, EINVAL, "--filter: '%s': only label=, label!="
		            " and until= are supported here", text);
	if (w->until.set)
		return fail(e, EINVAL, "--filter: until= can be given once");
	return opt_time(&w->until, text + 6, a, e) < 0
	       ? fail_in(e, "--filter: until") : 0;
}

static int
read_filters(struct wanted *w, struct arena *a, struct err *e)
{
	for (size_t i = 0; i < args.filters.n; i++)
		if (add_filter(w, args.filters.v[i], a, e) < 0)
			return -1;
	return 0;
}

static int
run(char **operands, struct err *e)
{
	AUTO(arena) struct arena a = { 0 };
	struct wanted wanted = { 0 };
	struct words ids = { 0 };
	size_t removed = 0;
	int64_t bytes = 0;

	if (read_filters(&wanted, &a, e) < 0 ||
	    (!args.force && cli_ask(&applet_container_prune, "This will"
	                             " remove all stopped containers.",
	                             e) < 0) ||
	    container_list(&a, &ids, e) < 0)
		return fail_status(e, STATUS_FAILED);
	for (size_t i = 0; i < ids.n; i++) {
		if (!remove_one(ids.v[i], &wanted, &bytes))
			continue;
		if (removed++ == 0)
			cli_print("Deleted Containers:\n");
		cli_print("%s\n", ids.v[i]);
	}
	cli_print("%sTotal reclaimed space: %s\n", removed ? "\n" : "",
	          report_bytes(&a, (double)bytes));
	return 0;
}

APPLET(container, prune,
	.args    = "",
	.what    = "remove all containers that do not run",
	.options = options, .into = &args,
	.run     = run);
