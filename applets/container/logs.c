/* SPDX-License-Identifier: ISC */
/* logs: show what a container has written. */
#include "cli/cli.h"
#include "container/container.h"
#include "logs/logs.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static struct args {
	bool follow, times, details;
	struct number since, until, tail;
} args;

/* -1 is all; docker takes any number below zero for that. */
static int
set_tail(void *member, const char *value, struct arena *a, struct err *e)
{
	struct number *tail = member;

	if (strcmp(value, "all") == 0)
		*tail = (struct number){ true, -1 };
	else if (opt_number(tail, value, a, e) < 0)
		return fail(e, EINVAL, "'%s' is neither a number of lines nor"
		            " all", value);
	return 0;
}

static const struct opt options[] = {
	{ 0, "details", NULL, FLAG(details), "show the labels and variables that lines carry" },
	{ 'f', "follow", NULL, FLAG(follow), "show also what is yet to come, to the end" },
	{ 0, "since", "TIME", TIME(since),
	  "leave out what is older: 2026-01-02T15:04:05, or 10m, which is so long ago" },
	{ 'n', "tail", "N|all", VALUE(set_tail, struct number, tail),
	  "show only the last N lines" },
	{ 't', "timestamps", NULL, FLAG(times), "put its time in front of each line" },
	{ 0, "until", "TIME", TIME(until), "leave out what is newer" },
	OPT_END
};

/* The container may have another process by now, or may be gone. */
static bool
lives(void *id, int fds[2])
{
	AUTO(container) struct container c = { 0 };
	struct err ignored;

	return container_open(&c, id, &ignored) == 0 &&
	       container_lives(&c, fds);
}

/* The lines are the container's own, and go out as they came. */
static int
show(struct container *c, struct err *e)
{
	const struct logs_query q = {
		.since = args.since.set ? args.since.value : INT64_MIN,
		.until = args.until.set ? args.until.value : INT64_MAX,
		.tail = args.tail.set && args.tail.value >= 0 ? args.tail.value
		                                              : -1,
		.times = args.times,
		.details = args.details,
		.lives = args.follow ? lives : NULL,
		.with = c->record.id,
		.to = { 1, 2 },
	};

	return logs_read(c->dir, &q, e);
}

static int
run(char **names, struct err *e)
{
	AUTO(container) struct container c = { 0 };

	if (container_open(&c, *names, e) < 0)
		return fail_status(e, STATUS_FAILED);
	if (!logs_is_readable(c.record.log_driver)) {
		(void)fail(e, EINVAL, "configured logging driver does not"
		           " support reading");
		return fail_status(e, STATUS_FAILED);
	}
	if (show(&c, e) < 0)
		return e->code == EPIPE ? -1 : fail_status(e, STATUS_FAILED);
	return 0;
}

APPLET(container, logs,
	.alias   = "logs",
	.args    = "CONTAINER",
	.what    = "show what a container has written",
	.options = options, .into = &args,
	.run     = run);
