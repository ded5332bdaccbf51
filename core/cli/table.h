/* SPDX-License-Identifier: ISC */
/* Tables as docker prints them. */
#ifndef CLI_TABLE_H
#define CLI_TABLE_H

#include "base/mem.h"

#include <stddef.h>

/*
 * A table with a heading; its cells, row by row, are copied and escaped. It
 * is printed on stdout, columns as wide as their widest cell and three spaces
 * between them.
 */
struct table {
	struct arena arena;
	size_t columns;
	struct words cells;
};

void table_begin(struct table *t, char *const *heading);
void table_cell(struct table *t, const char *format, ...)
        __attribute__((format(printf, 2, 3)));
void table_print(struct table *t);
void auto_table(struct table *t);

#endif
