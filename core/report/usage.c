/* SPDX-License-Identifier: ISC */
/* What containers use of the machine: the rows of `stats`. */
#include "report/report.h"
#include "cgroup/cgroup.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

const char *const report_usage_headings[] = {
	"ID", "CONTAINER ID",  "Container", "CONTAINER", "Name", "NAME",
	"CPUPerc", "CPU %",    "MemUsage", "MEM USAGE / LIMIT",
	"MemPerc", "MEM %",    "NetIO", "NET I/O", "BlockIO", "BLOCK I/O",
	"PIDs", "PIDS",        NULL
};

#define SHORT_ID 12

struct report_usage_row {
	char *id;
	int64_t cpu, when; /* nanoseconds */
};

struct sorted {
	struct value *row;
	double cpu;
};

struct sorted_rows {
	struct arena *arena;
	struct sorted *v;
	size_t n;
};

static int64_t
clock_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* CPU time since the last look, of that of one processor. */
static double
cpu_percent(struct report_usage *u, const char *id, int64_t cpu)
{
	int64_t now = clock_ns();
	double percent = 0;
	struct report_usage_row *row = NULL;

	for (size_t i = 0; i < u->n; i++)
		if (strcmp(u->v[i].id, id) == 0)
			row = &u->v[i];
	if (row && cpu >= row->cpu && now > row->when)
		percent = 100.0 * (double)(cpu - row->cpu) /
		          (double)(now - row->when);
	if (!row) {
		row = LIST_ADD(&u->arena, u->v, u->n);
		row->id = arena_text(&u->arena, id);
	}
	row->cpu = cpu;
	row->when = now;
	return percent;
}

/* Without a limit, or with one above it, all memory there is. */
static double
memory_limit(const struct cgroup_stats *s)
{
	double all = (double)sysconf(_SC_PHYS_PAGES) *
	             (double)sysconf(_SC_PAGESIZE);

	return s->memory_limit > 0 && (double)s->memory_limit < all
	       ? (double)s->memory_limit : all;
}

static char *
traffic(const struct container *c, struct arena *a)
{
	struct traffic t;

	container_traffic(c, &t);
	return arena_format(a, "%s / %s", report_bytes(a, (double)t.received),
	                    report_bytes(a, (double)t.sent));
}

/* What is not known is "--", as docker shows it. */
static struct value *
make_row(const struct container *c, const struct cgroup_stats *s, double cpu,
         struct arena *a)
{
	struct value *v = value_record(a, "*container.statsContext");
	double limit = container_is_up(c) ? memory_limit(s) : 0;
	double used = (double)s->memory;
	const char *name = c->record.name ? c->record.name : c->record.id;
	const struct {
		const char *key, *text;
	} fields[] = {
		{ "BlockIO", s->read_bytes < 0 ? "-- / --"
		  : arena_format(a, "%s / %s",
		                 report_bytes(a, (double)s->read_bytes),
		                 report_bytes(a, (double)s->write_bytes)) },
		{ "CPUPerc", s->cpu < 0 ? "--"
		  : arena_format(a, "%.2f%%", cpu) },
		{ "ID", c->record.id },
		{ "MemPerc", s->memory < 0 ? "--"
		  : arena_format(a, "%.2f%%",
		                 limit > 0 ? 100 * used / limit : 0) },
		{ "MemUsage", s->memory < 0 ? "-- / --"
		  : arena_format(a, "%s / %s", report_bytes_binary(a, used),
		                 report_bytes_binary(a, limit)) },
		{ "Name", name },
		{ "NetIO", traffic(c, a) },
		{ "PIDs", s->pids < 0 ? "--"
		  : arena_format(a, "%" PRId64, s->pids) },
	};

	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++)
		value_set(a, v, fields[i].key, value_text(a, fields[i].text));
	return v;
}

static int
busiest_first(const void *a, const void *b)
{
	double one = ((const struct sorted *)a)->cpu;
	double other = ((const struct sorted *)b)->cpu;

	return (one < other) - (one > other);
}

static struct sorted
measure(struct report_usage *u, const struct container *c, struct arena *a)
{
	AUTO(cgroup) struct cgroup g = { 0 };
	struct cgroup_stats s = { -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
		                  -1, -1 };
	struct err ignored;
	double cpu = 0;

	if (!container_is_up(c)) {
		s = (struct cgroup_stats){ 0 };
		return (struct sorted){ make_row(c, &s, 0, a), 0 };
	}
	if (c->record.cgroup &&
	    cgroup_open(&g, c->record.cgroup, &ignored) == 0)
		cgroup_stats(&g, &s);
	if (s.memory >= 0 && s.memory_cache > 0 && s.memory > s.memory_cache)
		s.memory -= s.memory_cache; /* as docker counts */
	if (s.cpu >= 0)
		cpu = cpu_percent(u, c->record.id, s.cpu);
	return (struct sorted){ make_row(c, &s, cpu, a), cpu };
}

/* {{.Container}} is what was typed; of all of them, the id. */
static void
add(struct report_usage *u, struct sorted_rows *to, const struct container *c,
    const char *typed)
{
	struct sorted row = measure(u, c, to->arena);

	if (!typed)
		typed = arena_bytes(to->arena, c->record.id, SHORT_ID);
	value_set(to->arena, row.row, "Container",
	          value_text(to->arena, typed));
	*LIST_ADD(to->arena, to->v, to->n) = row;
}

static int
add_named(struct report_usage *u, struct sorted_rows *to, struct err *e)
{
	for (char **name = u->names; *name; name++) {
		AUTO(container) struct container c = { 0 };

		if (container_open(&c, *name, e) < 0)
			return -1;
		add(u, to, &c, *name);
	}
	return 0;
}

static int
add_all(struct report_usage *u, struct sorted_rows *to, struct err *e)
{
	AUTO(container_all) struct container_all all = { 0 };
	int got;

	if (container_all_begin(&all, e) < 0)
		return -1;
	while ((got = container_all_next(&all, e)) > 0)
		if (u->all || container_is_up(all.c))
			add(u, to, all.c, NULL);
	return got;
}

int
report_usage(struct report_usage *u, struct arena *a, struct value **rows,
             struct err *e)
{
	struct sorted_rows found = { .arena = a };

	if ((*u->names ? add_named(u, &found, e) : add_all(u, &found, e)) < 0)
		return -1;
	if (found.n)
		qsort(found.v, found.n, sizeof(*found.v), busiest_first);
	*rows = value_list(a);
	for (size_t i = 0; i < found.n; i++)
		value_add(a, *rows, found.v[i].row);
	return 0;
}
