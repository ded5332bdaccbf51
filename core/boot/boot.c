/* SPDX-License-Identifier: ISC */
/* Which containers run again after the machine was started. */
#include "boot/boot.h"
#include "container/container.h"
#include "monitor/monitor.h"

#include <errno.h>
#include <string.h>

/* The status that a container gets whose end nobody has seen. */
#define STATUS_UNSEEN 255

static bool
is_wanted(const struct container *c)
{
	const struct record *r = &c->record;

	if (!r->restart || container_state(c) != CONTAINER_EXITED)
		return false;
	if (strcmp(r->restart, "always") == 0)
		return true;
	if (r->stopped)
		return false;
	return strcmp(r->restart, "unless-stopped") == 0 ||
	       r->exit_status.value == STATUS_UNSEEN;
}

static int
start(struct container *c, struct err *e)
{
	static const struct attach how = { .detached = true };

	return monitor_start(c, &how, e) == 0 || e->code == EALREADY ? 0 : -1;
}

/* One that cannot be started is no reason to leave the others. */
static void
boot_one(const struct boot_report *to, const char *id)
{
	AUTO(container) struct container c = { 0 };
	struct err e;

	if (container_open(&c, id, &e) < 0) {
		if (e.code != ENOENT)
			to->failed(to->with, id, &e);
		return;
	}
	if (!is_wanted(&c))
		return;
	if (start(&c, &e) < 0)
		to->failed(to->with, c.record.name, &e);
	else
		to->started(to->with, c.record.name);
}

/* In the order in which they were made: later ones may need earlier ones. */
int
boot_start(const struct boot_report *to, struct err *e)
{
	AUTO(arena) struct arena a = { 0 };
	struct words ids = { 0 };

	if (container_list(&a, &ids, e) < 0)
		return -1;
	for (size_t i = ids.n; i > 0; i--)
		boot_one(to, ids.v[i - 1]);
	return 0;
}
