/* SPDX-License-Identifier: ISC */
/* The door of `report`: containers as docker describes them. */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "base/err.h"
#include "base/mem.h"
#include "base/value.h"
#include "container/container.h"
#include "report/top.h"
#include "report/volumes.h"
#include "template/template.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * What --format makes of a list: "table", "table TEMPLATE", "json", or a
 * template. `out` has a line for each row; with `table` cells are separated by
 * tabs and the first line is a heading.
 */
struct report_list {
	struct arena arena;
	const struct template_tree *t;
	struct buf out;
	bool table;
};

void auto_report_list(struct report_list *l);

/*
 * format    NULL or "table": the usual one, "table {{.ID}}\t…"
 * headings  in pairs, field and heading; a NULL ends them
 * errors    EINVAL  in the words of template_parse
 */
int report_list_begin(struct report_list *l, const char *format,
                      const char *usual, const char *const *headings,
                      struct err *e) MUST;
int report_list_add(struct report_list *l, const struct value *row,
                    struct err *e) MUST;

/* Conditions of `--filter KEY=VALUE`. */
struct report_filters {
	struct report_filter *v;
	size_t n;
	struct arena *arena;
};

/*
 * The keys are those of `docker ps`; others are refused.
 *
 * errors   EINVAL  "invalid filter 'x'" and the like
 */
int report_filters_read(struct report_filters *f, const struct words *texts,
                        struct arena *a, struct err *e) MUST;
/* Is one of the conditions about containers that do not run? */
bool report_filters_ended(const struct report_filters *f);
bool report_filters_match(const struct report_filters *f,
                          struct container *c);

/* How a container is shown in a list; `t` tells what is looked at, but for the
 * sizes, which --format json (and no template) has only with -s. */
struct report_row {
	bool whole, size, json;
	const struct template_tree *t;
};

/* One row of `ps`: docker's *formatter.ContainerContext. */
struct value *report_row(struct container *c, const struct report_row *how,
                         struct arena *a);
extern const char *const report_row_headings[];

/*
 * Whom to look at, and what was seen of each the last time.
 *
 * names    these containers, else all that run, or with `all` really all
 */
struct report_usage {
	char **names;
	bool all;
	struct arena arena;
	struct report_usage_row *v;
	size_t n;
};

/* The rows of `stats`, the busiest first: docker's *container.statsContext. */
int report_usage(struct report_usage *u, struct arena *a,
                 struct value **rows, struct err *e) MUST;
extern const char *const report_usage_headings[];

/* The document that `inspect` prints. */
int report_inspect(struct container *c, bool size, struct arena *a,
                   struct value **document, struct err *e) MUST;

/*
 * Conditions of `events --filter`, KEY=VALUE: of those with one key one must
 * hold (of label all), of the keys all.
 *
 * event    what events_read gives
 * errors   EINVAL  "--filter: there is no key 'x'"
 */
int report_event_check(const struct words *filters, struct err *e) MUST;
bool report_event_matches(const struct words *filters,
                          const struct value *event);

/* An event as docker's events.Message has it; and the line that it is. */
struct value *report_event(const struct value *event, struct arena *a);
void report_event_line(struct buf *out, const struct value *event,
                       bool colours);

/* The user's mounts, as docker lists them. */
struct value *report_mounts(const struct record *r, struct arena *a);
/* "none", "host", "bridge" or "ns:PATH". */
char *report_network(const struct spec *s, struct arena *a);

/* How long ago a time of a record was; "Up 5 minutes". */
char *report_ago(struct arena *a, const char *time);
char *report_status(struct arena *a, const struct container *c);

/* "healthy", "unhealthy", "starting", or "none": it is not asked. */
const char *report_health(struct arena *a, const struct container *c);

/* Bytes that the root's files take, and what the container has of its own. */
void report_size(const struct container *c, int64_t *own, int64_t *all);

/* Bytes that its removal gives back: what it has written, and its log. */
int64_t report_reclaimed(const struct container *c);

/* docker's HumanSize: "1.5kB"; and BytesSize: "1.465KiB". */
char *report_bytes(struct arena *a, double bytes);
char *report_bytes_binary(struct arena *a, double bytes);

/* The first letters, and an ellipsis where there are more. */
char *report_short(struct arena *a, const char *text, size_t most);

#endif
