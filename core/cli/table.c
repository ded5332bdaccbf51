/* SPDX-License-Identifier: ISC */
/* Tables as docker prints them: no lines, columns of at least ten. */
#include "cli/cli.h"
#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>

#define GAP 3
#define COLUMN_MIN 10

void
table_begin(struct table *t, char *const *heading)
{
	*t = (struct table){ 0 };
	words_copy(&t->arena, &t->cells, heading);
	t->columns = t->cells.n;
}

void
table_cell(struct table *t, const char *format, ...)
{
	AUTO(free) char *text = NULL;
	va_list args;
	int n;

	va_start(args, format);
	n = vasprintf(&text, format, args);
	va_end(args);
	words_add(&t->arena, &t->cells,
	          n < 0 ? "" : cli_escape(&t->arena, text));
}

static size_t
column_width(const struct table *t, size_t column)
{
	size_t most = 0, width;

	for (size_t i = column; i < t->cells.n; i += t->columns) {
		width = text_width(t->cells.v[i]);
		most = width > most ? width : most;
	}
	return most + GAP < COLUMN_MIN ? COLUMN_MIN : most + GAP;
}

void
table_print(struct table *t)
{
	size_t *widths = arena_new(&t->arena, t->columns * sizeof(*widths));

	for (size_t i = 0; i < t->columns; i++)
		widths[i] = column_width(t, i);
	for (size_t i = 0; i < t->cells.n; i++) {
		size_t column = i % t->columns;
		const char *cell = t->cells.v[i];
		bool is_last = column + 1 == t->columns;

		if (is_last)
			cli_print("%s\n", cell);
		else
			cli_print("%s%*s", cell,
			          (int)(widths[column] - text_width(cell)), "");
	}
}

void
auto_table(struct table *t)
{
	auto_arena(&t->arena);
}
