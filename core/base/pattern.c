/* SPDX-License-Identifier: ISC */
/* Regular expressions, compiled to the steps of an automaton. */
#include "base/pattern.h"
#include "base/byteset.h"
#include "base/pattern_step.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

enum { MOST_STEPS = 4000, MOST_REPEATS = 1000, MOST_DEPTH = 100 };

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
add(struct parser *p, enum pattern_kind kind)
{
	return pattern_step_add(p->out, p->arena, kind);
}

static int
check_size(struct parser *p, size_t steps)
{
	return steps > MOST_STEPS
	       ? fail(p->e, E2BIG, "'%s': too large", p->text) : 0;
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
	byteset_add(set, first, last, p->fold);
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
		if (!byteset_add_class(set, p->at + 2,
		                       (size_t)(end - p->at) - 2, p->fold))
			return bad(p, "an unknown class of characters");
		p->at = end + 2;
		return 0;
	}
	if (*p->at == '\\' && byteset_add_short(set, p->at[1], p->fold)) {
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
		byteset_turn(set);
	return 0;
}

static int
parse_escape(struct parser *p)
{
	static const char letters[] = "AzbB";
	static const enum pattern_kind kinds[] = { STEP_BEGIN, STEP_END,
	        STEP_EDGE, STEP_NO_EDGE };
	const char *letter = *p->at ? strchr(letters, *p->at) : NULL;
	struct pattern_step *s;
	int c;

	s = add(p, letter ? kinds[letter - letters] : STEP_BYTE);
	if (letter || byteset_add_short(s->set, *p->at, p->fold)) {
		p->at++;
		return 0;
	}
	c = escaped(p);
	if (c < 0)
		return -1;
	byteset_add(s->set, c, c, p->fold);
	return 0;
}

/* A character may be several bytes; what repeats it shall repeat them all. */
static void
parse_literal(struct parser *p)
{
	do {
		unsigned char c = (unsigned char)*p->at++;

		byteset_add(add(p, STEP_BYTE)->set, c, c, p->fold);
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

		byteset_add(set, '\n', '\n', false);
		byteset_turn(set);
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

/* What was compiled from `start` on comes that often. */
static int
repeat(struct parser *p, size_t start, long least, long most)
{
	size_t n = p->out->n - start;

	if (least > MOST_REPEATS || most > MOST_REPEATS)
		return bad(p, "more than 1000 repetitions");
	if (most >= 0 && most < least)
		return bad(p, "a largest number below the least");
	if (check_size(p, start + (n + 2) *
	               (size_t)(most < 0 ? least + 1 : most)) < 0)
		return -1;
	pattern_step_repeat(p->out, p->arena, start, least, most);
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

/* Rows between '|'. */
static int
parse_choice(struct parser *p)
{
	size_t start = p->out->n, jump;

	if (parse_row(p) < 0 || check_size(p, start) < 0)
		return -1;
	if (*p->at != '|')
		return 0;
	p->at++;
	jump = pattern_step_either(p->out, p->arena, start);
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
