/* SPDX-License-Identifier: ISC */
/* The words of a command line, sorted into options and operands. */
#include "cli/cli.h"
#include "cli/rows.h"

#include <errno.h>
#include <string.h>

struct parse {
	const struct applet *applet;
	struct arena *arena;
	struct rows rows; /* the applet's own stand first, and so win */
	struct words operands;
	char **next;
};

static const struct row *
find_long(const struct parse *p, const char *name, size_t n)
{
	for (size_t i = 0; i < p->rows.n; i++)
		if (names_have(p->rows.v[i].opt->name, name, n))
			return &p->rows.v[i];
	return NULL;
}

static const struct row *
find_letter(const struct parse *p, char letter)
{
	for (size_t i = 0; i < p->rows.n; i++)
		if (p->rows.v[i].opt->letter == letter)
			return &p->rows.v[i];
	return NULL;
}

/* Flags alone, the last letter perhaps one that takes the next word. */
static bool
is_bundle(const struct parse *p, const char *letters, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct row *row = find_letter(p, letters[i]);

		if (!row || (row->opt->value && i + 1 < n))
			return false;
	}
	return true;
}

/* The nearest name of an option, NULL if none is near. */
static const char *
nearest_option(const struct parse *p, const char *word)
{
	const char *best = NULL;

	for (size_t i = 0; i < p->rows.n; i++) {
		const struct opt *o = p->rows.v[i].opt;
		const char *name = names_at(o->name, 0, p->arena);

		if (name && o->what && names_are_near(word, name) &&
		    (!best ||
		     names_apart(word, name) < names_apart(word, best)))
			best = name;
	}
	return best;
}

static int
unknown(const struct parse *p, const char *typed, const char *name, size_t n,
        struct err *e)
{
	const char *meant = nearest_option(p, arena_bytes(p->arena, name, n));

	if (!meant)
		return fail(e, EINVAL, "unknown option '%s'", typed);
	return fail(e, EINVAL, "unknown option '%s'; did you mean '--%s'?",
	            typed, meant);
}

/* Give an option its value: what stood in the same word, else the next. */
static int
give(struct parse *p, const struct row *row, const char *typed,
     const char *value, struct err *e)
{
	const struct opt *o = row->opt;

	if (o->value && !value) {
		value = *p->next;
		if (!value)
			return fail(e, EINVAL, "%s: its value is missing: %s",
			            typed, o->value);
		p->next++;
	}
	if (o->set(row->into + o->at, value, p->arena, e) < 0)
		return fail_in(e, "%s", typed);
	if (p->applet->given && row->into == p->applet->into)
		*p->applet->given = true;
	return 0;
}

/* --name, --name=value, and both with one dash. */
static int
parse_long(struct parse *p, const char *word, const char *name, size_t n,
           struct err *e)
{
	const struct row *row = find_long(p, name, n);
	const char *typed = arena_bytes(p->arena, word,
	                                (size_t)(name - word) + n);

	if (!row)
		return unknown(p, typed, name, n, e);
	return give(p, row, typed, name[n] ? name + n + 1 : NULL, e);
}

/* -it, -e VALUE, -eVALUE, -e=VALUE. */
static int
parse_letters(struct parse *p, const char *word, struct err *e)
{
	const char *at;

	for (at = word + 1; *at; at++) {
		const struct row *row = find_letter(p, *at);
		const char *typed = arena_format(p->arena, "-%c", *at);

		if (!row && at == word + 1)
			return unknown(p, word, at, strcspn(at, "="), e);
		if (!row)
			return fail(e, EINVAL, "unknown option '%s' in '%s'",
			            typed, word);
		if (at[1] == '=')
			return give(p, row, typed, at + 2, e);
		if (row->opt->value)
			return give(p, row, typed, at[1] ? at + 1 : NULL, e);
		if (give(p, row, typed, NULL, e) < 0)
			return -1;
	}
	return 0;
}

static int
parse_option(struct parse *p, const char *word, struct err *e)
{
	bool two = word[1] == '-';
	const char *name = word + 1 + two;
	size_t n = strcspn(name, "=");

	if (two || (n > 1 && find_long(p, name, n) && !is_bundle(p, name, n)))
		return parse_long(p, word, name, n, e);
	return parse_letters(p, word, e);
}

static bool
is_option(const char *word)
{
	return word[0] == '-' && word[1];
}

/* Options, and the operands among them. 1: --help. */
static int
parse_words(struct parse *p, const struct globals *globals, struct err *e)
{
	const char *word;

	while ((word = *p->next) && strcmp(word, "--") != 0) {
		if (!is_option(word)) {
			if (p->applet->stops)
				return 0;
			words_add(p->arena, &p->operands, word);
			p->next++;
			continue;
		}
		p->next++;
		if (parse_option(p, word, e) < 0)
			return -1;
		if (globals->help)
			return 1;
	}
	p->next += word != NULL;
	return 0;
}

static int
parse_raw(struct parse *p)
{
	return *p->next && !p->next[1] && strcmp(*p->next, "--help") == 0;
}

int
opt_parse(const struct applet *applet, char **words, struct arena *a,
          char ***operands, struct err *e)
{
	struct globals globals = { 0 };
	struct parse p = { .applet = applet, .arena = a, .next = words };
	int done;

	rows_add(&p.rows, applet->options, applet->into, a);
	if (!applet->verb)
		rows_add(&p.rows, applet->before, applet->before_into, a);
	rows_add(&p.rows, cli_globals, &globals, a);
	done = applet->raw ? parse_raw(&p) : parse_words(&p, &globals, e);
	if (done)
		return done;
	words_copy(a, &p.operands, p.next);
	if (!p.operands.v)
		p.operands.v = arena_new(a, sizeof(char *));
	if (arity_check(applet, &p.operands, a, e) < 0)
		return -1;
	*operands = p.operands.v;
	return 0;
}
