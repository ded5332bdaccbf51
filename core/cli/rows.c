/* SPDX-License-Identifier: ISC */
/* Tables of options flattened, and comparing names with what was typed. */
#include "cli/rows.h"

#include <stdlib.h>
#include <string.h>

/* A longer word is no typing error of anything. */
#define WORD_MAX 40

void
rows_add(struct rows *rows, const struct opt *table, void *into,
         struct arena *a)
{
	const struct opt *o;
	struct row *row;

	for (o = table; o && (o->name || o->letter || o->more); o++)
		if (o->more) {
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

bool
names_have(const char *names, const char *word, size_t n)
{
	size_t length;

	for (; names && *names; names += length + (names[length] == '|')) {
		length = strcspn(names, "|");
		if (length == n && memcmp(names, word, n) == 0)
			return true;
	}
	return false;
}

char *
names_at(const char *names, size_t i, struct arena *a)
{
	while (names && i-- > 0) {
		names = strchr(names, '|');
		if (names)
			names++;
	}
	return names ? arena_bytes(a, names, strcspn(names, "|")) : NULL;
}

char *
opt_spelling(const struct opt *o, struct arena *a)
{
	return o->name ? arena_format(a, "--%s", names_at(o->name, 0, a))
	               : arena_format(a, "-%c", o->letter);
}

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Row by row of the table of distances between all beginnings of a and b, of
 * which the last three rows are kept (optimal string alignment). */
size_t
words_apart(const char *a, const char *b)
{
	size_t n = strlen(a), m = strlen(b), rows[3][WORD_MAX + 1];

	if (n > WORD_MAX || m > WORD_MAX)
		return WORD_MAX;
	for (size_t j = 0; j <= m; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= n; i++) {
		size_t *now = rows[i % 3], *before = rows[(i + 2) % 3];
		const size_t *earlier = rows[(i + 1) % 3];

		now[0] = i;
		for (size_t j = 1; j <= m; j++) {
			now[j] = least(least(before[j], now[j - 1]) + 1,
			               before[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1])
				now[j] = least(now[j], earlier[j - 2] + 1);
		}
	}
	return rows[n % 3][m];
}

bool
is_near(const char *word, const char *meant)
{
	size_t apart = words_apart(word, meant);

	return apart < strlen(meant) && apart <= 1 + strlen(meant) / 5;
}
