/* SPDX-License-Identifier: ISC */
/* Regular expressions, as automata of which all states are followed at once. */
#include "base/pattern.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

enum { MOST_STEPS = 4000, MOST_REPEATS = 1000, MOST_DEPTH = 100 };

enum kind {
	STEP_BYTE, /* one byte that is in the set */
	STEP_BEGIN,
	STEP_END,
	STEP_EDGE, /* of a word */
	STEP_NO_EDGE,
	STEP_FORK, /* go on with the next and at `to` */
	STEP_JUMP, /* go on at `to` */
	STEP_FOUND,
};

struct pattern_step {
	enum kind kind;
	int to; /* from here, so that steps can be moved and copied */
	unsigned char set[32];
};

/* What [[:name:]] and \x mean: pairs of a first and a last byte. */
static const struct {
	const char *name, *pairs;
} classes[] = {
	{ "d", "09" },
	{ "s", "\t\n\f\r  " },
	{ "w", "09AZ__az" },
	{ "alnum", "09AZaz" },
	{ "alpha", "AZaz" },
	{ "ascii", "\x01\x7f" },
	{ "blank", "\t\t  " },
	{ "cntrl", "\x01\x1f\x7f\x7f" },
	{ "digit", "09" },
	{ "graph", "!~" },
	{ "lower", "az" },
	{ "print", " ~" },
	{ "punct", "!/:@[`{~" },
	{ "space", "\t\r  " },
	{ "upper", "AZ" },
	{ "word", "09AZ__az" },
	{ "xdigit", "09AFaf" },
};

struct parser {
	const char *text, *at;
	bool fold; /* (?i) */
	int depth;
	int (*choice)(struct parser *p); /* what is inside of a group */
	struct pattern *out;
	struct arena *arena;
	struct err *e;
};

static int
bad(struct parser *p, const char *why)
{
	return fail(p->e, EINVAL, "'%s': %s", p->text, why);
}

static struct pattern_step *
add(struct parser *p, enum kind kind)
{
	struct pattern_step *s = LIST_ADD(p->arena, p->out->steps, p->out->n);

	s->kind = kind;
	return s;
}

static int
check_size(struct parser *p, size_t steps)
{
	return steps > MOST_STEPS
	       ? fail(p->e, E2BIG, "'%s': too large", p->text) : 0;
}

static bool
set_has(const unsigned char *set, unsigned char c)
{
	return set[c / 8] >> c % 8 & 1;
}

static void
set_add(const struct parser *p, unsigned char *set, int first, int last)
{
	for (int c = first; c <= last; c++) {
		set[c / 8] |= (unsigned char)(1 << c % 8);
		if (p->fold && isalpha(c))
			set[(c ^ 32) / 8] |= (unsigned char)(1 << c % 8);
	}
}

/* No set has the NUL, behind which there is nothing. */
static void
set_turn(unsigned char *set)
{
	for (size_t i = 0; i < 32; i++)
		set[i] = (unsigned char)~set[i];
	set[0] &= 0xfe;
}

static bool
add_class(const struct parser *p, const char *name, size_t length,
          unsigned char *set)
{
	for (size_t i = 0; i < sizeof(classes) / sizeof(*classes); i++) {
		if (strlen(classes[i].name) != length ||
		    strncmp(classes[i].name, name, length) != 0)
			continue;
		for (const char *c = classes[i].pairs; *c; c += 2)
			set_add(p, set, c[0], c[1]);
		return true;
	}
	return false;
}

/* \d and its like, or the contrary \D; false if the letter is none. */
static bool
add_short_class(const struct parser *p, char letter, unsigned char *set)
{
	unsigned char members[32] = { 0 };
	char name = (char)tolower((unsigned char)letter);

	if (!add_class(p, &name, 1, members))
		return false;
	if (name != letter)
		set_turn(members);
	for (size_t i = 0; i < 32; i++)
		set[i] |= members[i];
	return true;
}

static int
digit(char hex)
{
	return hex <= '9' ? hex - '0' : tolower((unsigned char)hex) - 'a' + 10;
}

/* The byte that an escape stands for; the backslash is behind us. */
static int
escaped(struct parser *p)
{
	static const char letters[] = "afnrtv", meant[] = "\a\f\n\r\t\v";
	unsigned char c = (unsigned char)*p->at++;
	const char *letter, *hex = p->at;

	if (!c)
		return bad(p, "nothing behind the last backslash");
	if (!isalnum(c))
		return c;
	if ((letter = strchr(letters, c)))
		return meant[letter - letters];
	if (c != 'x' || !isxdigit((unsigned char)hex[0]) ||
	    !isxdigit((unsigned char)hex[1]))
		return bad(p, "an unknown escape");
	p->at += 2;
	return digit(hex[0]) * 16 + digit(hex[1]);
}

/* One end of a range. */
static int
class_byte(struct parser *p)
{
	unsigned char c = (unsigned char)*p->at++;

	if (c & 0x80)
		return bad(p, "only ASCII between '[' and ']'");
	return c == '\\' ? escaped(p) : c;
}

static int
parse_range(struct parser *p, unsigned char *set)
{
	int first = class_byte(p), last = first;

	if (first < 0)
		return -1;
	if (*p->at == '-' && p->at[1] && p->at[1] != ']') {
		p->at++;
		last = class_byte(p);
	}
	if (last < 0)
		return -1;
	if (last < first)
		return bad(p, "a range that ends before it begins");
	set_add(p, set, first, last);
	return 0;
}

/* One thing between '[' and ']'. */
static int
parse_member(struct parser *p, unsigned char *set)
{
	const char *end;

	if (!*p->at)
		return bad(p, "missing ']'");
	if (strncmp(p->at, "[:", 2) == 0 && (end = strstr(p->at, ":]"))) {
		if (!add_class(p, p->at + 2, (size_t)(end - p->at) - 2, set))
			return bad(p, "an unknown class of characters");
		p->at = end + 2;
		return 0;
	}
	if (*p->at == '\\' && add_short_class(p, p->at[1], set)) {
		p->at += 2;
		return 0;
	}
	return parse_range(p, set);
}

static int
parse_set(struct parser *p)
{
	unsigned char *set = add(p, STEP_BYTE)->set;
	bool turned = *p->at == '^';

	p->at += turned;
	do
		if (parse_member(p, set) < 0)
			return -1;
	while (*p->at != ']');
	p->at++;
	if (turned)
		set_turn(set);
	return 0;
}

static int
parse_escape(struct parser *p)
{
	static const char letters[] = "AzbB";
	static const enum kind kinds[] = { STEP_BEGIN, STEP_END, STEP_EDGE,
	        STEP_NO_EDGE };
	const char *letter = *p->at ? strchr(letters, *p->at) : NULL;
	struct pattern_step *s;
	int c;

	s = add(p, letter ? kinds[letter - letters] : STEP_BYTE);
	if (letter || add_short_class(p, *p->at, s->set)) {
		p->at++;
		return 0;
	}
	c = escaped(p);
	if (c < 0)
		return -1;
	set_add(p, s->set, c, c);
	return 0;
}

/* A character may be several bytes; what repeats it shall repeat them all. */
static void
parse_literal(struct parser *p)
{
	do {
		unsigned char c = (unsigned char)*p->at++;

		set_add(p, add(p, STEP_BYTE)->set, c, c);
	} while ((*p->at & 0xc0) == 0x80);
}

/* Behind a '('. */
static int
parse_group(struct parser *p)
{
	bool fold = p->fold;

	if (++p->depth > MOST_DEPTH)
		return bad(p, "too many parentheses");
	if (*p->at == '?') {
		p->fold |= p->at[1] == 'i';
		p->at += p->at[1] == 'i' ? 2 : 1;
		if (*p->at == ')' && p->at[-1] == 'i') {
			p->at++;
			p->depth--;
			return 0; /* holds for what follows */
		}
		if (*p->at++ != ':')
			return bad(p, "of '(?' only (?: and (?i are known");
	}
	if (p->choice(p) < 0)
		return -1;
	if (*p->at++ != ')')
		return bad(p, "missing ')'");
	p->fold = fold;
	p->depth--;
	return 0;
}

static int
parse_atom(struct parser *p)
{
	switch (*p->at++) {
	case '(':
		return parse_group(p);
	case '[':
		return parse_set(p);
	case '\\':
		return parse_escape(p);
	case '^':
		add(p, STEP_BEGIN);
		return 0;
	case '$':
		add(p, STEP_END);
		return 0;
	case '.': {
		unsigned char *set = add(p, STEP_BYTE)->set;

		set_add(p, set, '\n', '\n');
		set_turn(set);
		return 0;
	}
	case '*':
	case '+':
	case '?':
		return bad(p, "nothing in front of what repeats it");
	default:
		p->at--;
		parse_literal(p);
		return 0;
	}
}

/* {2}, {2,} and {2,5}; anything else in braces is text. The largest number is
 * -1 where there is none. */
static bool
parse_braces(struct parser *p, long *least, long *most)
{
	char *end;

	if (*p->at != '{' || !isdigit((unsigned char)p->at[1]))
		return false;
	*least = *most = strtol(p->at + 1, &end, 10);
	if (*end == ',' && isdigit((unsigned char)end[1]))
		*most = strtol(end + 1, &end, 10);
	else if (*end == ',') {
		*most = -1;
		end++;
	}
	if (*end != '}')
		return false;
	p->at = end + 1;
	return true;
}

static bool
parse_repeats(struct parser *p, long *least, long *most)
{
	if (!*p->at || !strchr("*+?", *p->at))
		return parse_braces(p, least, most);
	*least = *p->at == '+';
	*most = *p->at == '?' ? 1 : -1;
	p->at++;
	return true;
}

/* Append steps; behind a fork that goes `over` them, unless that is 0. */
static void
append(struct parser *p, const struct pattern_step *steps, size_t n, int over)
{
	if (over)
		add(p, STEP_FORK)->to = over;
	for (size_t i = 0; i < n; i++)
		*add(p, STEP_JUMP) = steps[i];
}

/* What was compiled from `start` on comes that often. */
static int
repeat(struct parser *p, size_t start, long least, long most)
{
	size_t n = p->out->n - start;
	int back = (int)n + 1;
	struct pattern_step *steps = arena_new(p->arena, n * sizeof(*steps));

	if (least > MOST_REPEATS || most > MOST_REPEATS)
		return bad(p, "more than 1000 repetitions");
	if (most >= 0 && most < least)
		return bad(p, "a largest number below the least");
	if (check_size(p, start + (n + 2) *
	               (size_t)(most < 0 ? least + 1 : most)) < 0)
		return -1;
	if (n)
		memcpy(steps, p->out->steps + start, n * sizeof(*steps));
	p->out->n = start;
	for (long i = 0; i < least; i++)
		append(p, steps, n, 0);
	for (long i = least; i < most; i++)
		append(p, steps, n, back);
	if (most >= 0)
		return 0;
	append(p, steps, n, back + 1);
	add(p, STEP_JUMP)->to = -back;
	return 0;
}

/* Atoms, one after the other, up to a '|' or the end. */
static int
parse_row(struct parser *p)
{
	long least, most;

	while (*p->at && *p->at != '|' && *p->at != ')') {
		size_t start = p->out->n;

		if (parse_atom(p) < 0 || check_size(p, p->out->n) < 0)
			return -1;
		if (!parse_repeats(p, &least, &most))
			continue;
		p->at += *p->at == '?'; /* lazy: finds the same */
		if (repeat(p, start, least, most) < 0)
			return -1;
		if (parse_repeats(p, &least, &most))
			return bad(p, "a repetition of a repetition");
	}
	return 0;
}

/* Rows between '|': a fork in front of each but the last, and a jump behind
 * it over the rest. */
static int
parse_choice(struct parser *p)
{
	size_t start = p->out->n, jump;
	struct pattern_step *steps;

	if (parse_row(p) < 0 || check_size(p, start) < 0)
		return -1;
	if (*p->at != '|')
		return 0;
	p->at++;
	add(p, STEP_JUMP);
	jump = p->out->n;
	steps = p->out->steps + start;
	memmove(steps + 1, steps, (jump - 1 - start) * sizeof(*steps));
	*steps = (struct pattern_step){ .kind = STEP_FORK,
		                        .to = (int)(jump - start) + 1 };
	add(p, STEP_JUMP);
	if (parse_choice(p) < 0)
		return -1;
	p->out->steps[jump].to = (int)(p->out->n - jump);
	return 0;
}

int
pattern_compile(struct pattern *p, const char *text, struct arena *a,
                struct err *e)
{
	struct parser parser = { .text = text, .at = text, .out = p,
		                 .choice = parse_choice, .arena = a, .e = e };

	*p = (struct pattern){ 0 };
	if (parse_choice(&parser) < 0)
		return -1;
	if (*parser.at)
		return bad(&parser, "missing '('");
	add(&parser, STEP_FOUND);
	return 0;
}

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
holds(const struct search *s, enum kind kind)
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
			if (set_has(p->steps[now.v[i]].set, c))
				follow(&s, now.v[i] + 1, &next);
		done.n = 0;
		now = next;
		next = done;
	}
}
