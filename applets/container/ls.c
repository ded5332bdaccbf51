/* SPDX-License-Identifier: ISC */
/* ls: list containers. */
#include "cli/cli.h"
#include "container/container.h"

#include <errno.h>
#include <inttypes.h>
#include <time.h>

#define SHORT_ID 12
#define SHORT_COMMAND 30

static struct args {
	bool all, quiet, whole;
} args;

static const struct opt options[] = {
	{ 'a', "all", NULL, FLAG(all), "list also those that do not run" },
	{ 0, "no-trunc", NULL, FLAG(whole), "do not shorten ids and commands" },
	{ 'q', "quiet", NULL, FLAG(quiet), "print only ids" },
	OPT_END
};

static char *
since(struct arena *a, const char *time_text)
{
	int64_t then = container_seconds(time_text);
	int64_t span = (int64_t)time(NULL) - then;

	/* The clock may have been set back meanwhile. */
	return then < 0 ? arena_text(a, "some time")
	                : cli_ago(a, span < 0 ? 0 : span);
}

static char *
status(struct arena *a, const struct container *c)
{
	const struct record *r = &c->record;

	switch (container_state(c)) {
	case CONTAINER_RUNNING:
		return arena_format(a, "Up %s", since(a, r->started));
	case CONTAINER_PAUSED:
		return arena_format(a, "Up %s (Paused)",
		                    since(a, r->started));
	case CONTAINER_EXITED:
		return arena_format(a, "Exited (%" PRId64 ") %s ago",
		                    r->exit_status.value,
		                    since(a, r->finished));
	case CONTAINER_CREATED:
		return arena_text(a, "Created");
	default:
		return arena_text(a, "Dead");
	}
}

static char *
command(struct arena *a, const struct words *words)
{
	AUTO(buf) struct buf text = { 0 };

	for (size_t i = 0; i < words->n; i++)
		buf_format(&text, "%s%s", i ? " " : "", words->v[i]);
	if (args.whole || text.n <= SHORT_COMMAND)
		return arena_text(a, text.data ? text.data : "");
	return arena_format(a, "%.*s…", SHORT_COMMAND - 1, text.data);
}

static char *
pid(struct arena *a, const struct container *c)
{
	return c->record.pid.set
	       ? arena_format(a, "%" PRId64, c->record.pid.value)
	       : arena_text(a, "-");
}

static void
add_row(struct table *t, const struct container *c)
{
	AUTO(arena) struct arena a = { 0 };
	const struct record *r = &c->record;
	const char *created = r->created
	        ? arena_format(&a, "%s ago", since(&a, r->created)) : "-";

	table_cell(t, "%.*s", args.whole ? -1 : SHORT_ID, r->id);
	table_cell(t, "%s", r->name ? r->name : "-");
	table_cell(t, "%s", pid(&a, c));
	table_cell(t, "%s", status(&a, c));
	table_cell(t, "%s", command(&a, &r->command));
	table_cell(t, "%s", created);
}

static bool
is_shown(const struct container *c)
{
	enum container_state s = container_state(c);

	return args.all || s == CONTAINER_RUNNING || s == CONTAINER_PAUSED;
}

static int
run(char **operands, struct err *e)
{
	static const char *const heading[] = { "CONTAINER ID", "NAME", "PID",
	        "STATUS", "COMMAND", "CREATED", NULL };
	AUTO(arena) struct arena a = { 0 };
	AUTO(table) struct table t = { 0 };
	struct words ids = { 0 };

	if (container_list(&a, &ids, e) < 0)
		return -1;
	table_begin(&t, (char *const *)heading);
	for (size_t i = 0; i < ids.n; i++) {
		AUTO(container) struct container c = { 0 };

		if (container_open(&c, ids.v[i], e) < 0) {
			if (e->code == ENOENT)
				continue; /* it ended, and was --rm */
			return -1;
		}
		if (!is_shown(&c))
			continue;
		if (args.quiet)
			cli_print("%.*s\n", args.whole ? -1 : SHORT_ID,
			          c.record.id);
		else
			add_row(&t, &c);
	}
	if (!args.quiet)
		table_print(&t);
	return 0;
}

APPLET(container, ls,
	.alias   = "ps",
	.args    = "",
	.what    = "list containers",
	.options = options, .into = &args,
	.run     = run);
