/* SPDX-License-Identifier: ISC */
/* Parses pipelines: commands between "|", and the operands they are made of. */
#include "template/functions.h"
#include "template/parser.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int
parse_advance(struct parser *p)
{
	return lex_next(&p->lex, &p->token, p->e);
}

const char *
parse_text(const struct parser *p)
{
	return arena_bytes(p->arena, p->lex.text + p->token.at, p->token.n);
}

int
parse_unexpected(const struct parser *p, const char *where)
{
	const struct token *t = &p->token;
	int n = t->n > 40 ? 40 : (int)t->n;
	const char *text = p->lex.text + t->at;

	if (t->kind == TOKEN_END)
		return parse_fail(p, t->at, "unexpected EOF");
	if (t->kind == TOKEN_WORD && parse_is_keyword(parse_text(p)))
		return parse_fail(p, t->at, "unexpected <%.*s> in %s", n,
		                  text, where);
	return parse_fail(p, t->at, "unexpected \"%.*s\" in %s", n, text,
	                  where);
}

struct node *
parse_new(struct parser *p, enum node_kind kind)
{
	struct node *n = arena_new(p->arena, sizeof(*n));

	n->kind = kind;
	n->at = n->from = p->token.at;
	n->to = p->token.at + p->token.n;
	return n;
}

void
parse_add(struct parser *p, struct nodes *list, struct node *n)
{
	*LIST_ADD(p->arena, list->v, list->n) = n;
}

/* ---- operands ---- */

/* Go's spelling: underscores between digits, and its prefixes. */
static char *
plain_number(struct parser *p, int *base)
{
	char *text = arena_new(p->arena, p->token.n + 1), *to = text;
	const char *from = p->lex.text + p->token.at;
	bool sign;

	for (size_t i = 0; i < p->token.n; i++)
		if (from[i] != '_')
			*to++ = from[i];
	sign = *text == '-' || *text == '+';
	*base = 10;
	if (text[sign] != '0' || !text[sign + 1] || text[sign + 1] == '.')
		return text;
	*base = strchr("xX", text[sign + 1])   ? 16
	        : strchr("bB", text[sign + 1]) ? 2
	        : strchr("oO", text[sign + 1]) ? 8
	        : strchr("eE", text[sign + 1]) ? 10
	                                       : 8;
	if (strchr("xXbBoO", text[sign + 1]))
		memmove(text + sign, text + sign + 2,
		        strlen(text + sign + 2) + 1);
	return text;
}

static int
parse_number(struct parser *p, struct node *n)
{
	int base;
	char *text = plain_number(p, &base), *end;
	bool is_float = base == 10 && strpbrk(text, ".eE");

	errno = 0;
	if (is_float)
		n->literal = value_float(p->arena, strtod(text, &end));
	else
		n->literal = value_int(p->arena, strtoll(text, &end, base));
	if (!is_float && errno == ERANGE)
		return parse_fail(p, p->token.at, "integer overflow: \"%s\"",
		                  parse_text(p));
	if (*end == 'i')
		return parse_fail(p, p->token.at, "complex numbers are not"
		                  " supported");
	if (!*text || *end || errno || end == text)
		return parse_fail(p, p->token.at, "bad number syntax: \"%s\"",
		                  parse_text(p));
	return 0;
}

static int
parse_literal(struct parser *p, struct node *n)
{
	const struct token *t = &p->token;
	int64_t rune;
	char *text;

	n->kind = NODE_LITERAL;
	if (t->kind == TOKEN_NUMBER)
		return parse_number(p, n);
	if (t->kind == TOKEN_CHAR) {
		if (lex_char(&p->lex, t, &rune, p->e) < 0)
			return -1;
		n->literal = value_int(p->arena, rune);
		return 0;
	}
	if (lex_unquote(&p->lex, t, p->arena, &text, p->e) < 0)
		return -1;
	n->literal = value_text(p->arena, text);
	return 0;
}

bool
parse_is_keyword(const char *word)
{
	static const char *const keywords[] = { "block", "break", "continue",
	        "define", "else", "end", "if", "range", "template", "with" };

	for (size_t i = 0; i < sizeof(keywords) / sizeof(*keywords); i++)
		if (strcmp(word, keywords[i]) == 0)
			return true;
	return false;
}

static int
parse_word(struct parser *p, struct node *n)
{
	const char *word = parse_text(p);

	if (strcmp(word, "nil") == 0) {
		n->kind = NODE_NIL;
	} else if (strcmp(word, "true") == 0 || strcmp(word, "false") == 0) {
		n->kind = NODE_LITERAL;
		n->literal = value_flag(p->arena, *word == 't');
	} else if (parse_is_keyword(word)) {
		return parse_unexpected(p, "operand");
	} else {
		n->kind = NODE_CALL;
		n->text = word;
		n->function = functions_find(word);
		if (!n->function)
			return parse_fail(p, n->at, "function \"%.60s\" not"
			                  " defined", word);
	}
	return 0;
}

static int
parse_term(struct parser *p, struct node *n)
{
	switch (p->token.kind) {
	case TOKEN_WORD:
		return parse_word(p, n);
	case TOKEN_DOT:
		n->kind = NODE_DOT;
		return 0;
	case TOKEN_VARIABLE:
		n->kind = NODE_VARIABLE;
		n->text = parse_text(p);
		if (!words_has(&p->variables, n->text))
			return parse_fail(p, n->at, "undefined variable"
			                  " \"%.60s\"", n->text);
		return 0;
	case TOKEN_FIELD:
		n->kind = NODE_FIELD;
		words_add(p->arena, &n->fields, parse_text(p) + 1);
		return 0;
	case TOKEN_STRING:
	case TOKEN_CHAR:
	case TOKEN_NUMBER:
		return parse_literal(p, n);
	default:
		return parse_unexpected(p, "operand");
	}
}

/* A term and the fields behind it, (…).A.B */
static int
parse_operand(struct parser *p, struct node **into)
{
	struct node *n = parse_new(p, NODE_PIPE);

	if (p->token.kind == TOKEN_LEFT) {
		if (++p->depth > TREE_MOST_DEPTH)
			return parse_fail(p, n->at, "max expression depth"
			                  " exceeded");
		if (parse_advance(p) < 0 ||
		    parse_pipe(p, TOKEN_RIGHT, "parenthesized pipeline",
		               &n->pipe) < 0)
			return -1;
		n->to = p->token.at + 1;
		p->depth--;
	} else if (parse_term(p, n) < 0) {
		return -1;
	}
	if (parse_advance(p) < 0)
		return -1;
	if (p->token.kind != TOKEN_FIELD || p->token.spaced) {
		*into = n;
		return 0;
	}
	if (n->kind == NODE_LITERAL || n->kind == NODE_DOT ||
	    n->kind == NODE_NIL)
		return parse_fail(p, p->token.at, "unexpected . after term"
		                  " \"%.*s\"", (int)(n->to - n->from > 60
		                  ? 60 : n->to - n->from),
		                  p->lex.text + n->from);
	if (n->kind == NODE_PIPE || n->kind == NODE_CALL) {
		struct node *chain = parse_new(p, NODE_CHAIN);

		chain->from = n->from;
		chain->pipe = n;
		n = chain;
	}
	n->at = p->token.at;
	while (p->token.kind == TOKEN_FIELD && !p->token.spaced) {
		words_add(p->arena, &n->fields, parse_text(p) + 1);
		n->to = p->token.at + p->token.n;
		if (parse_advance(p) < 0)
			return -1;
	}
	*into = n;
	return 0;
}

/* ---- pipelines ---- */

static bool
ends_command(const struct parser *p)
{
	return p->token.kind == TOKEN_CLOSE || p->token.kind == TOKEN_RIGHT ||
	       p->token.kind == TOKEN_PIPE;
}

static int
parse_command(struct parser *p, struct node **into)
{
	struct node *c = parse_new(p, NODE_COMMAND), *operand = NULL;

	while (!ends_command(p)) {
		if (c->list.n && !p->token.spaced)
			return parse_unexpected(p, "operand");
		if (parse_operand(p, &operand) < 0)
			return -1;
		parse_add(p, &c->list, operand);
		c->to = operand->to;
	}
	if (!c->list.n)
		return parse_fail(p, p->token.at, "empty command");
	*into = c;
	return 0;
}

/* "$x :=", "$i, $x :=", "$x =": read ahead, and gone back to if it is none. */
static int
parse_names(struct parser *p, struct node *pipe, bool is_range)
{
	struct lex was = p->lex;
	struct token first = p->token;
	size_t n;

	for (n = 0; n < 2 && p->token.kind == TOKEN_VARIABLE; n++) {
		words_add(p->arena, &pipe->names, parse_text(p));
		if (parse_advance(p) < 0)
			return -1;
		if (p->token.kind != TOKEN_COMMA || !is_range)
			break;
		if (parse_advance(p) < 0)
			return -1;
	}
	if (pipe->names.n && p->token.kind == TOKEN_COMMA)
		return parse_fail(p, p->token.at, "too many declarations in"
		                  " %s", is_range ? "range" : "command");
	if (pipe->names.n && (p->token.kind == TOKEN_DECLARE ||
	                      p->token.kind == TOKEN_ASSIGN)) {
		pipe->declares = p->token.kind == TOKEN_DECLARE;
		return parse_advance(p);
	}
	pipe->names = (struct words){ 0 };
	p->lex = was;
	p->token = first;
	return 0;
}

/* Only what can be called takes what stands in front of its "|". */
static int
check_stages(struct parser *p, const struct node *pipe)
{
	for (size_t i = 1; i < pipe->list.n; i++) {
		const struct node *first = pipe->list.v[i]->list.v[0];

		if (first->kind == NODE_LITERAL || first->kind == NODE_DOT ||
		    first->kind == NODE_NIL)
			return parse_fail(p, first->at, "non executable"
			                  " command in pipeline stage %zu",
			                  i + 1);
	}
	return 0;
}

int
parse_pipe(struct parser *p, enum token_kind end, const char *what,
           struct node **into)
{
	struct node *pipe = parse_new(p, NODE_PIPE), *c = NULL;

	if (parse_names(p, pipe, strcmp(what, "range") == 0) < 0)
		return -1;
	for (;;) {
		if (ends_command(p) && p->token.kind != TOKEN_PIPE &&
		    !pipe->list.n)
			return parse_fail(p, p->token.at, "missing value for"
			                  " %s", what);
		if (parse_command(p, &c) < 0)
			return -1;
		parse_add(p, &pipe->list, c);
		pipe->to = c->to;
		if (p->token.kind != TOKEN_PIPE)
			break;
		if (parse_advance(p) < 0)
			return -1;
	}
	if (p->token.kind != end)
		return parse_unexpected(p, what);
	if (check_stages(p, pipe) < 0)
		return -1;
	for (size_t i = 0; i < pipe->names.n; i++) {
		bool known = words_has(&p->variables, pipe->names.v[i]);

		if (!pipe->declares && !known)
			return parse_fail(p, pipe->at, "undefined variable"
			                  " \"%.60s\"", pipe->names.v[i]);
		if (pipe->declares)
			words_add(p->arena, &p->variables, pipe->names.v[i]);
	}
	*into = pipe;
	return 0;
}
