/* SPDX-License-Identifier: ISC */
/* Comparing values: eq, ne, lt, le, gt and ge. */
#include "template/template.h"
#include "template/functions.h"

#include <errno.h>
#include <string.h>

static bool
is_basic(const struct value *v)
{
	return v->kind >= VALUE_FLAG && v->kind <= VALUE_TEXT;
}

/* Below 0, 0 or above 0, as strcmp; both are of the same basic kind. */
static int
order(const struct value *a, const struct value *b)
{
	switch (a->kind) {
	case VALUE_FLAG:
		return a->flag - b->flag;
	case VALUE_INT:
		return (a->integer > b->integer) - (a->integer < b->integer);
	case VALUE_FLOAT:
		return (a->number > b->number) - (a->number < b->number);
	default:
		return strcmp(a->text, b->text);
	}
}

static bool
is_nil(const struct value *v)
{
	return v->kind == VALUE_NULL || v->nil;
}

static int
equal(struct call *c, const struct value *a, const struct value *b,
      bool *truth)
{
	if (is_nil(a) || is_nil(b)) {
		*truth = is_nil(a) && is_nil(b);
		return 0;
	}
	if (is_basic(a) && a->kind == b->kind) {
		*truth = order(a, b) == 0;
		return 0;
	}
	if (is_basic(a) || is_basic(b) || a->kind != b->kind)
		return fail(c->e, EINVAL,
		            "incompatible types for comparison");
	return fail(c->e, EINVAL, "non-comparable type: %s", print_type(a));
}

/* Equal to one of them; `ne` takes two. */
int
compare_eq(struct call *c)
{
	bool truth = false;

	if (c->n < 2)
		return fail(c->e, EINVAL, "missing argument for comparison");
	for (size_t i = 1; i < c->n && !truth; i++)
		if (equal(c, c->args[0], c->args[i], &truth) < 0)
			return -1;
	c->result = value_flag(c->arena, truth != (*c->name == 'n'));
	return 0;
}

int
compare_order(struct call *c)
{
	const struct value *a = c->args[0], *b = c->args[1];
	bool greater = *c->name == 'g', or_equal = c->name[1] == 'e';
	int o;

	if (!is_basic(a) || !is_basic(b))
		return fail(c->e, EINVAL, "invalid type for comparison");
	if (a->kind != b->kind)
		return fail(c->e, EINVAL,
		            "incompatible types for comparison");
	if (a->kind == VALUE_FLAG)
		return fail(c->e, EINVAL, "invalid type for comparison");
	o = order(a, b);
	c->result = value_flag(c->arena, o == 0 ? or_equal
	                                        : (o > 0) == greater);
	return 0;
}
