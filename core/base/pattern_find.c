/* SPDX-License-Identifier: ISC */
/* Searching a text for an expression: all states are followed at once. */
#include "base/pattern_step.h"

#include <ctype.h>

/* The states after a part of the text: steps that wait for a byte. */
struct states {
	size_t *v, n;
};

struct search {
	const struct pattern *p;
	const char *text, *at;
	const char **seen; /* where in the text each step was reached last */
	bool found;
};

static bool
is_word(char c)
{
	return c == '_' || isalnum((unsigned char)c);
}

static bool
holds(const struct search *s, enum pattern_kind kind)
{
	bool before = s->at > s->text && is_word(s->at[-1]);
	bool edge = before != is_word(*s->at);

	return kind == STEP_BEGIN ? s->at == s->text
	     : kind == STEP_END ? !*s->at
	     : kind == STEP_EDGE ? edge : !edge;
}

/* Add what can be reached from a step without a byte. */
static void
follow(struct search *s, size_t step, struct states *states)
{
	const struct pattern_step *here = &s->p->steps[step];

	if (s->seen[step] == s->at)
		return;
	s->seen[step] = s->at;
	switch (here->kind) {
	case STEP_BYTE:
		states->v[states->n++] = step;
		return;
	case STEP_FOUND:
		s->found = true;
		return;
	case STEP_JUMP:
		follow(s, step + (size_t)here->to, states);
		return;
	case STEP_FORK:
		follow(s, step + 1, states);
		follow(s, step + (size_t)here->to, states);
		return;
	default:
		if (holds(s, here->kind))
			follow(s, step + 1, states);
	}
}

bool
pattern_finds(const struct pattern *p, const char *text)
{
	AUTO(arena) struct arena a = { 0 };
	struct search s = { .p = p, .text = text, .at = text };
	struct states now = { arena_new(&a, p->n * sizeof(size_t)), 0 };
	struct states next = { arena_new(&a, p->n * sizeof(size_t)), 0 };

	s.seen = arena_new(&a, p->n * sizeof(*s.seen));
	for (;;) {
		unsigned char c = (unsigned char)*s.at;
		struct states done = now;

		follow(&s, 0, &now); /* it may begin here, too */
		if (s.found || !c)
			return s.found;
		s.at++;
		for (size_t i = 0; i < now.n; i++)
			if (byteset_has(p->steps[now.v[i]].set, c))
				follow(&s, now.v[i] + 1, &next);
		done.n = 0;
		now = next;
		next = done;
	}
}
