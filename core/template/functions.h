/* SPDX-License-Identifier: ISC */
/* Inside `template`: the functions, and how values are printed. */
#ifndef TEMPLATE_FUNCTIONS_H
#define TEMPLATE_FUNCTIONS_H

#include "template/template.h"

/*
 * One call. Arguments that are missing are of kind VALUE_NULL here.
 *
 * left     how many bytes may still be made
 */
struct call {
	const char *name;
	struct value **args;
	size_t n;
	struct arena *arena;
	size_t *left;
	struct value *result;
	struct err *e;
};

/*
 * kinds  of the arguments, the last one for all that follow: s text, i int,
 *        l list of texts, . any
 * most   SIZE_MAX: any number
 * act    NULL: `and` and `or`, which do not evaluate all that they are given
 */
struct function {
	const char *name, *kinds;
	size_t least, most;
	int (*act)(struct call *c);
};

const struct function *functions_find(const char *name);

/* Go's %v, and what Go calls the type. */
void print_value(struct buf *out, const struct value *v);
const char *print_type(const struct value *v);

/* `printf`. */
int print_format(struct call *c) MUST;

/* `eq`, `lt` and the others. */
int compare_eq(struct call *c) MUST;
int compare_order(struct call *c) MUST;

/* Is it what `if` takes for true? */
bool print_truth(const struct value *v);

/* The result is this text, if there is room for it. */
int functions_text(struct call *c, const struct buf *text) MUST;

#endif
