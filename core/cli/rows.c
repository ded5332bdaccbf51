/* SPDX-License-Identifier: ISC */
/* Tables of options flattened into lists of rows. */
#include "cli/rows.h"

#include <stdlib.h>
#include <string.h>

void
rows_add(struct rows *rows, const struct opt *table, void *into,
         struct arena *a)
{
	const struct opt *o;
	struct row *row;

	for (o = table; o && (o->name || o->letter || o->more); o++)
		if (!o->name && !o->letter) {
			rows_add(rows, o->more, (char *)into + o->at, a);
		} else {
			row = LIST_ADD(a, rows->v, rows->n);
			row->opt = o;
			row->into = into;
		}
}

static int
by_name(const void *a, const void *b)
{
	const struct opt *x = ((const struct row *)a)->opt;
	const struct opt *y = ((const struct row *)b)->opt;
	char one[2] = { x->letter }, other[2] = { y->letter };
	const char *first = x->name ? x->name : one;
	const char *second = y->name ? y->name : other;
	size_t n = strcspn(first, "|"), m = strcspn(second, "|");
	int order = memcmp(first, second, n < m ? n : m);

	return order ? order : (n > m) - (n < m);
}

void
rows_shown(struct rows *rows, const struct opt *table, struct arena *a)
{
	struct rows every = { 0 };
	size_t from = rows->n;

	rows_add(&every, table, NULL, a);
	for (size_t i = 0; i < every.n; i++)
		if (every.v[i].opt->what)
			*LIST_ADD(a, rows->v, rows->n) = every.v[i];
	if (rows->n > from)
		qsort(rows->v + from, rows->n - from, sizeof(*rows->v),
		      by_name);
}

void
rows_global(struct rows *rows, const struct applet *applet, struct arena *a)
{
	struct rows own = { 0 };
	size_t from = rows->n;

	rows_add(&own, applet->options, NULL, a);
	rows_shown(rows, cli_globals, a);
	for (size_t i = from; i < rows->n; i++)
		for (size_t j = 0; j < own.n; j++) {
			const struct opt *o = rows->v[i].opt;
			struct opt *copy;

			if (!o->letter || o->letter != own.v[j].opt->letter)
				continue;
			copy = arena_new(a, sizeof(*copy));
			*copy = *o;
			copy->letter = 0;
			rows->v[i].opt = copy;
		}
}

char *
opt_spelling(const struct opt *o, struct arena *a)
{
	return o->name ? arena_format(a, "--%s", names_at(o->name, 0, a))
	               : arena_format(a, "-%c", o->letter);
}
