/* SPDX-License-Identifier: ISC */
/* Part of report.h: the processes of a container, as ps(1) shows them. */
#ifndef REPORT_TOP_H
#define REPORT_TOP_H

#include "base/err.h"
#include "base/mem.h"

struct container;

/* What is to be shown: cells row by row, the first row a heading. */
struct report_top {
	struct arena arena;
	struct words cells;
	size_t columns;
};

/*
 * options  those of ps: none or -ef, aux, -o COLUMN[=HEADING],...
 * errors   ESRCH   the container does not run
 *          EINVAL  an option or a column that we do not know; no column PID,
 *                  in docker's words
 */
int report_top(struct container *c, char **options, struct report_top *t,
               struct err *e) MUST;
void auto_report_top(struct report_top *t);

#endif
