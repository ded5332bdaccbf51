/* SPDX-License-Identifier: ISC */
/* Tables as docker prints them: no lines, columns of at least ten. */
#include "cli/cli.h"
#include "base/text.h"
#include "cli/rows.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

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
	size_t most = 0, width, least = t->least ? t->least : COLUMN_MIN;

	for (size_t i = column; i < t->cells.n; i += t->columns) {
		width = text_width(t->cells.v[i]);
		most = width > most ? width : most;
	}
	return most + GAP < least ? least : most + GAP;
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

/* ---- lines ---- */

#define CUT_LEAST 12
#define BAR 10

struct line {
	char **cells;
	size_t n;
};

struct lines {
	struct arena arena;
	struct line *v;
	size_t n, columns;
	size_t *widths; /* the gap included */
	unsigned bars;
};

bool
table_colours(void)
{
	const char *no = getenv("NO_COLOR");

	return isatty(STDOUT_FILENO) && !(no && *no);
}

static void
split_line(struct lines *all, char *text)
{
	struct line *line = LIST_ADD(&all->arena, all->v, all->n);
	char *cell;

	while ((cell = strsep(&text, "\t")))
		*LIST_ADD(&all->arena, line->cells, line->n) =
		        cli_escape(&all->arena, cell);
	if (line->n > all->columns)
		all->columns = line->n;
}

/* The last cell of a line is not part of a column, as for Go's tabwriter. */
static void
measure(struct lines *all)
{
	all->widths = arena_new(&all->arena,
	                        (all->columns + 1) * sizeof(*all->widths));
	for (size_t i = 0; i < all->n; i++)
		for (size_t c = 0; c < all->v[i].n; c++) {
			size_t width = text_width(all->v[i].cells[c]) + GAP;

			if (width < COLUMN_MIN)
				width = COLUMN_MIN;
			if (width > all->widths[c])
				all->widths[c] = width;
		}
}

/* Make the widest columns smaller until all of it has room. */
static void
squeeze(struct lines *all, size_t room)
{
	size_t sum = 0, widest = 0;

	for (size_t c = 0; c < all->columns; c++)
		sum += all->widths[c];
	for (; sum > room + GAP; sum--) {
		for (size_t c = 0; c < all->columns; c++)
			if (all->widths[c] > all->widths[widest])
				widest = c;
		if (all->widths[widest] <= CUT_LEAST + GAP)
			return;
		all->widths[widest]--;
	}
}

/* How many bytes the first `n` characters take. */
static size_t
prefix(const char *text, size_t n)
{
	size_t at = 0;

	while (text[at] && n--)
		do
			at++;
		while (((unsigned char)text[at] & 0xc0) == 0x80);
	return at;
}

static void
print_cell(const char *cell, size_t width, bool is_last)
{
	size_t has = text_width(cell), room = width - GAP;

	if (has > room && !is_last)
		cli_print("%.*s…%*s", (int)prefix(cell, room - 1), cell, GAP,
		          "");
	else if (has > room)
		cli_print("%.*s…", (int)prefix(cell, room - 1), cell);
	else
		cli_print("%s%*s", cell, is_last ? 0 : (int)(width - has), "");
}

/* A percentage, at the right of its column, and a bar in front of it. */
static void
print_bar(const char *cell, size_t width)
{
	static const char full[] = "||||||||||";
	double percent = strtod(cell, NULL);
	int n = percent >= 100 ? BAR : (int)(percent * BAR / 100 + 0.5);
	const char *colour = percent < 50 ? "32" : percent < 80 ? "33" : "31";
	bool colours = table_colours();

	cli_print("%s%s%s%.*s%s%*s %*s%*s", colours ? "\033[" : "",
	          colours ? colour : "", colours ? "m" : "", n, full,
	          colours ? "\033[0m" : "", BAR - n, "",
	          (int)(width - BAR - 1 - GAP), cell, GAP, "");
}

static size_t
sum_of(const struct lines *all)
{
	size_t sum = 0;

	for (size_t c = 0; c < all->columns; c++)
		sum += all->widths[c];
	return sum;
}

/* Bars where there is room for them, and then columns that fit. */
static void
fit(struct lines *all, const struct table_look *look, size_t room)
{
	size_t more = 0;

	for (size_t c = 0; c < all->columns; c++)
		more += look->bars >> c & 1 ? BAR + 1 : 0;
	if (more && sum_of(all) + more <= room + GAP) {
		all->bars = look->bars;
		for (size_t c = 0; c < all->columns; c++)
			all->widths[c] += all->bars >> c & 1 ? BAR + 1 : 0;
	}
	if (!look->whole)
		squeeze(all, room);
}

static void
print_line(const struct lines *all, size_t i, const struct table_look *look)
{
	const struct line *line = &all->v[i];
	bool bold = i == 0 && table_colours();

	cli_print("%s", bold ? "\033[1m" : "");
	for (size_t c = 0; c < line->n; c++)
		if (i && all->bars >> c & 1)
			print_bar(line->cells[c], all->widths[c]);
		else
			print_cell(line->cells[c], all->widths[c],
			           c + 1 == line->n);
	cli_print("%s%s\n", bold ? "\033[0m" : "",
	          look->live ? "\033[K" : "");
}

void
table_show(const char *text, const struct table_look *look)
{
	struct lines all = { 0 };
	char *rest = arena_text(&all.arena, text), *line;
	struct winsize size = { 0 };

	while (rest && *rest && (line = strsep(&rest, "\n")))
		split_line(&all, line);
	measure(&all);
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col)
		fit(&all, look, getenv("COLUMNS") ? print_width()
		                                  : size.ws_col);
	if (look->live && size.ws_row > 1 && all.n > size.ws_row - 1u)
		all.n = size.ws_row - 1u;
	cli_print("%s", look->live ? "\033[H" : "");
	for (size_t i = 0; i < all.n; i++)
		print_line(&all, i, look);
	cli_print("%s", look->live ? "\033[J" : "");
	auto_arena(&all.arena);
}

void
table_lines(const char *text, bool whole)
{
	table_show(text, &(struct table_look){ .whole = whole });
}

void
table_plain(const char *text)
{
	AUTO(arena) struct arena a = { 0 };

	if (!isatty(STDOUT_FILENO)) {
		cli_print("%s", text);
		return;
	}
	while (*text) {
		size_t n = strcspn(text, "\n\t");

		cli_print("%s", cli_escape(&a, arena_bytes(&a, text, n)));
		text += n;
		if (*text)
			cli_print("%c", *text++);
	}
}
