/* SPDX-License-Identifier: ISC */
/* The door of `events`: what happened, noted by whoever did it. */
#ifndef EVENTS_EVENTS_H
#define EVENTS_EVENTS_H

#include "base/err.h"
#include "base/json.h"
#include "base/value.h"
#include "store/store.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * type        "container", "volume", "network", "image"
 * action      "start", "exec_create: sh -c date"
 * id          of what it happened to; a volume's name
 * attributes  image, name, and what else; the important ones first, for those
 *             that would make it longer than EVENTS_LINE are left out
 */
struct event {
	const char *type, *action, *id;
	struct pairs attributes;
};

#define EVENTS_LINE 4096

/*
 * Note that they happened, just now. It costs an open, a write and a close;
 * nothing fails because it could not be done.
 */
void events_add(const struct store *s, const struct event *events, size_t n);

/*
 * What `events` asks for.
 *
 * since    nanoseconds since 1970; INT64_MAX: only what is yet to come
 * until    the end, which may be INT64_MAX, never
 * event    gets each: a map with docker's keys, and the line that it stands in
 * idle     there is no more for now, NULL: whatever
 * out      where the reader of all that is; without him it is over
 */
struct events_query {
	int64_t since, until;
	int (*event)(void *with, const struct value *event, const char *line,
	             struct err *e);
	int (*idle)(void *with, struct err *e);
	void *with;
	int out;
};

/* errors: what the callbacks fail with; EPIPE without words, as above. */
int events_read(const struct store *s, const struct events_query *q,
                struct err *e) MUST;

#endif
