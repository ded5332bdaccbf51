/* SPDX-License-Identifier: ISC */
/* The steps of a regular expression: putting them together. */
#include "base/pattern_step.h"

#include <string.h>

struct pattern_step *
pattern_step_add(struct pattern *p, struct arena *a, enum pattern_kind kind)
{
	struct pattern_step *s = LIST_ADD(a, p->steps, p->n);

	s->kind = kind;
	return s;
}

/* A part of it, to come again. */
struct piece {
	const struct pattern_step *steps;
	size_t n;
};

/* Behind a fork that goes `over` it, unless that is 0. */
static void
append(struct pattern *p, struct arena *a, const struct piece *piece, int over)
{
	if (over)
		pattern_step_add(p, a, STEP_FORK)->to = over;
	for (size_t i = 0; i < piece->n; i++)
		*pattern_step_add(p, a, STEP_JUMP) = piece->steps[i];
}

void
pattern_step_repeat(struct pattern *p, struct arena *a, size_t start,
                    long least, long most)
{
	size_t n = p->n - start;
	int back = (int)n + 1;
	struct pattern_step *steps = arena_new(a, n * sizeof(*steps));
	const struct piece piece = { steps, n };

	if (n)
		memcpy(steps, p->steps + start, n * sizeof(*steps));
	p->n = start;
	for (long i = 0; i < least; i++)
		append(p, a, &piece, 0);
	for (long i = least; i < most; i++)
		append(p, a, &piece, back);
	if (most >= 0)
		return;
	append(p, a, &piece, back + 1);
	pattern_step_add(p, a, STEP_JUMP)->to = -back;
}

/* A fork in front of the one, and a jump behind it over the other. */
size_t
pattern_step_either(struct pattern *p, struct arena *a, size_t start)
{
	struct pattern_step *steps;
	size_t jump;

	pattern_step_add(p, a, STEP_JUMP);
	jump = p->n;
	steps = p->steps + start;
	memmove(steps + 1, steps, (jump - 1 - start) * sizeof(*steps));
	*steps = (struct pattern_step){ .kind = STEP_FORK,
		                        .to = (int)(jump - start) + 1 };
	pattern_step_add(p, a, STEP_JUMP);
	return jump;
}
