/* SPDX-License-Identifier: ISC */
/* Telling others, who watch with `events`, what has been done. */
#include "container/record.h"
#include "events/events.h"
#include "sys/entropy.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* docker's first, for labels may be too many for an event. */
static void
add_attributes(struct arena *a, const struct container *c,
               const char *const *more, struct pairs *into)
{
	const struct record *r = &c->record;

	pairs_set(a, into, "image", r->image ? r->image : "");
	pairs_set(a, into, "name", r->name ? r->name : "");
	for (; more && *more; more += 2)
		pairs_set(a, into, more[0], more[1]);
	for (size_t i = 0; i < r->labels.n; i++)
		if (!pairs_get(into, r->labels.v[i].key))
			pairs_set(a, into, r->labels.v[i].key,
			          r->labels.v[i].value);
}

/* Events that follow each other at once are one write. */
static void
tell(const struct container *c, const char *const *actions, size_t n,
     const char *const *more)
{
	AUTO(arena) struct arena a = { 0 };
	struct pairs attributes = { 0 };
	struct event events[2];

	if (!c->record.id)
		return;
	add_attributes(&a, c, more, &attributes);
	for (size_t i = 0; i < n; i++)
		events[i] = (struct event){ "container", actions[i],
			                    c->record.id, attributes };
	events_add(&c->store, events, n);
}

void
container_tell(const struct container *c, const char *action,
               const char *const *more)
{
	tell(c, &action, 1, more);
}

void
container_tell_number(const struct container *c, const char *action,
                      const char *key, int number)
{
	AUTO(free) char *text = mem_format("%d", number);
	const char *const more[] = { key, text, NULL };

	container_tell(c, action, more);
}

void
container_tell_exec(const struct container *c, struct exec_id *id,
                    const struct words *command)
{
	AUTO(buf) struct buf create = { 0 }, start = { 0 };
	const char *const more[] = { "execID", id->text, NULL };

	for (int i = 0; i < 8; i++)
		snprintf(id->text + 8 * i, 9, "%08" PRIx32, entropy_number());
	buf_text(&create, "exec_create:");
	buf_text(&start, "exec_start:");
	for (size_t i = 0; i < command->n; i++) {
		buf_format(&create, " %s", command->v[i]);
		buf_format(&start, " %s", command->v[i]);
	}
	tell(c, (const char *const[]){ create.data, start.data }, 2, more);
}

void
container_tell_exec_end(const struct container *c, const struct exec_id *id,
                        int status)
{
	AUTO(free) char *text = mem_format("%d", status);
	const char *const more[] = { "execID", id->text, "exitCode", text,
		                     NULL };

	container_tell(c, "exec_die", more);
}
