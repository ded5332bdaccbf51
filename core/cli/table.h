/* SPDX-License-Identifier: ISC */
/* Tables as docker prints them, and what stands in them. */
#ifndef CLI_TABLE_H
#define CLI_TABLE_H

#include "base/mem.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * A table with a heading; its cells, row by row, are copied and escaped. It
 * is printed on stdout, columns as wide as their widest cell and three spaces
 * between them, and no narrower than `least`; 0: ten.
 */
struct table {
	struct arena arena;
	size_t columns, least;
	struct words cells;
};

void table_begin(struct table *t, char *const *heading);
void table_cell(struct table *t, const char *format, ...)
        __attribute__((format(printf, 2, 3)));
void table_print(struct table *t);
void auto_table(struct table *t);

/*
 * Print lines of cells with tabs between them, the first a heading: aligned as
 * above and escaped. On a terminal the heading stands out, unless $NO_COLOR is
 * set, and wide columns are cut to the terminal's width, unless `whole`.
 */
void table_lines(const char *text, bool whole);

/*
 * The same, as wished.
 *
 * live   it takes the place of the last one on the terminal, and has no more
 *        lines than that
 * bars   a bit for each column of percentages; on a terminal with room enough
 *        they are shown as bars, too, in colours that tell of much
 */
struct table_look {
	bool whole, live;
	unsigned bars;
};

void table_show(const char *text, const struct table_look *look);

/* Print text that is no table; what could drive a terminal is escaped where
 * there is one. Lines and tabs stay. */
void table_plain(const char *text);

/* Is standard output a terminal, and may it have colours? */
bool table_colours(void);

/* Untrusted text made printable: control bytes, escapes and invalid UTF-8. */
char *cli_escape(struct arena *a, const char *text);

/* "5 minutes", "About an hour": docker's words for a span of seconds. */
char *cli_ago(struct arena *a, int64_t seconds);

#endif
