/* SPDX-License-Identifier: ISC */
/* Makes a tree of a template, as text/template/parse/parse.go does. */
#include "template/template.h"
#include "template/parser.h"

#include <string.h>

static int parse_list(struct parser *p, struct nodes *into,
                      const char **ended);

static void
forget(struct parser *p, size_t n)
{
	p->variables.n = n;
	p->variables.v[n] = NULL;
}

static int parse_control(struct parser *p, enum node_kind kind,
                         const char *word, struct node **into);

/* "{{else}}", "{{else if …}}" and "{{else with …}}": the word is read. */
static int
parse_else(struct parser *p, struct node *n, const char **ended)
{
	static const char *const again[] = { [NODE_IF] = "if",
	                                     [NODE_WITH] = "with" };
	bool chains = n->kind != NODE_RANGE && p->token.kind == TOKEN_WORD &&
	              strcmp(parse_text(p), again[n->kind]) == 0;
	struct node *chained;

	if (chains) {
		if (parse_advance(p) < 0 ||
		    parse_control(p, n->kind, again[n->kind], &chained) < 0)
			return -1;
		parse_add(p, &n->other, chained);
		return 0; /* its end is ours */
	}
	if (p->token.kind != TOKEN_CLOSE)
		return parse_unexpected(p, "else");
	if (parse_list(p, &n->other, ended) < 0)
		return -1;
	if (strcmp(*ended, "end") != 0)
		return parse_fail(p, p->token.at, "expected end; found"
		                  " {{else}}");
	return 0;
}

static int
parse_control(struct parser *p, enum node_kind kind, const char *word,
              struct node **into)
{
	struct node *n = parse_new(p, kind);
	size_t variables = p->variables.n;
	const char *ended;

	if (++p->depth > TREE_MOST_DEPTH)
		return parse_fail(p, n->at, "nested too deeply");
	if (parse_pipe(p, TOKEN_CLOSE, word, &n->pipe) < 0)
		return -1;
	p->ranges += kind == NODE_RANGE;
	if (parse_list(p, &n->list, &ended) < 0)
		return -1;
	p->ranges -= kind == NODE_RANGE;
	if (strcmp(ended, "else") == 0 && parse_else(p, n, &ended) < 0)
		return -1;
	forget(p, variables);
	p->depth--;
	*into = n;
	return 0;
}

static int
parse_jump(struct parser *p, const char *word, struct node **into)
{
	*into = parse_new(p, *word == 'b' ? NODE_BREAK : NODE_CONTINUE);
	if (p->token.kind != TOKEN_CLOSE)
		return parse_unexpected(p, arena_format(p->arena, "{{%s}}",
		                                        word));
	if (!p->ranges)
		return parse_fail(p, p->token.at, "{{%s}} outside {{range}}",
		                  word);
	return 0;
}

const struct node *
tree_find(const struct nodes *defines, const char *name)
{
	for (size_t i = 0; i < defines->n; i++)
		if (strcmp(defines->v[i]->text, name) == 0)
			return defines->v[i];
	return NULL;
}

/* The name in quotes behind the keyword; we go past it. */
static int
parse_name(struct parser *p, const char *word, struct node *n)
{
	char *name;

	if (p->token.kind != TOKEN_STRING)
		return parse_unexpected(p, arena_format(p->arena, "%s clause",
		                                        word));
	n->at = p->token.at;
	if (lex_unquote(&p->lex, &p->token, p->arena, &name, p->e) < 0)
		return -1;
	n->text = name;
	return parse_advance(p);
}

/* What is behind it up to its end is a template of its own, which knows no
 * variables but "$". */
static int
parse_body(struct parser *p, struct node *define, const char *word)
{
	struct words variables = p->variables;
	size_t ranges = p->ranges;
	const char *ended;

	if (p->token.kind != TOKEN_CLOSE)
		return parse_unexpected(p, arena_format(p->arena, "%s clause",
		                                        word));
	if (++p->depth > TREE_MOST_DEPTH)
		return parse_fail(p, define->at, "nested too deeply");
	p->variables = (struct words){ 0 };
	words_add(p->arena, &p->variables, "$");
	p->ranges = 0;
	if (parse_list(p, &define->list, &ended) < 0)
		return -1;
	if (strcmp(ended, "end") != 0)
		return parse_fail(p, p->token.at, "unexpected {{%s}} in %s"
		                  " clause", ended, word);
	p->depth--;
	p->variables = variables;
	p->ranges = ranges;
	if (tree_find(p->defines, define->text))
		return parse_fail(p, define->at, "template: multiple"
		                  " definition of template \"%.60s\"",
		                  define->text);
	parse_add(p, p->defines, define);
	return 0;
}

static int
parse_define(struct parser *p, const char *word)
{
	struct node *n = parse_new(p, NODE_DEFINE);

	if (p->depth)
		return parse_fail(p, n->at, "unexpected <%s> in command", word);
	return parse_name(p, word, n) < 0 ? -1 : parse_body(p, n, word);
}

/* {{template "name" .}}; {{block "name" .}} defines it here, too. */
static int
parse_template(struct parser *p, const char *word, struct node **into)
{
	struct node *n = parse_new(p, NODE_TEMPLATE);
	struct node *define = parse_new(p, NODE_DEFINE);
	size_t variables = p->variables.n;
	bool block = *word == 'b';

	if (parse_name(p, word, n) < 0)
		return -1;
	if ((block || p->token.kind != TOKEN_CLOSE) &&
	    parse_pipe(p, TOKEN_CLOSE, word, &n->pipe) < 0)
		return -1;
	n->from = p->lex.action;
	n->to = p->token.at + p->token.n;
	forget(p, variables);
	*into = n;
	define->text = n->text;
	return block ? parse_body(p, define, word) : 0;
}

/* The keyword, behind which we are. *ended: it ends the list. */
static int
parse_keyword(struct parser *p, const char *word, struct node **into,
              const char **ended)
{
	if (strcmp(word, "if") == 0)
		return parse_control(p, NODE_IF, word, into);
	if (strcmp(word, "with") == 0)
		return parse_control(p, NODE_WITH, word, into);
	if (strcmp(word, "range") == 0)
		return parse_control(p, NODE_RANGE, word, into);
	if (strcmp(word, "break") == 0 || strcmp(word, "continue") == 0)
		return parse_jump(p, word, into);
	if (strcmp(word, "define") == 0)
		return parse_define(p, word);
	if (strcmp(word, "template") == 0 || strcmp(word, "block") == 0)
		return parse_template(p, word, into);
	*ended = word;
	if (*(word + 1) == 'n' && p->token.kind != TOKEN_CLOSE)
		return parse_unexpected(p, "end");
	return 0;
}

static int
parse_action(struct parser *p, struct node **into, const char **ended)
{
	struct node *n = parse_new(p, NODE_ACTION);

	if (p->token.kind == TOKEN_WORD && parse_is_keyword(parse_text(p))) {
		const char *word = parse_text(p);

		return parse_advance(p) < 0 ? -1
		       : parse_keyword(p, word, into, ended);
	}
	if (parse_pipe(p, TOKEN_CLOSE, "command", &n->pipe) < 0)
		return -1;
	*into = n;
	return 0;
}

/* Up to an {{end}} or {{else}}, of which *ended tells, or to the text's end,
 * where *ended is NULL. */
static int
parse_list(struct parser *p, struct nodes *into, const char **ended)
{
	*ended = NULL;
	for (;;) {
		struct node *n = NULL;

		if (parse_advance(p) < 0)
			return -1;
		if (p->token.kind == TOKEN_END)
			return p->depth ? parse_unexpected(p, "") : 0;
		if (p->token.kind == TOKEN_TEXT) {
			n = parse_new(p, NODE_TEXT);
			n->text = parse_text(p);
		} else if (parse_advance(p) < 0 ||
		           parse_action(p, &n, ended) < 0) {
			return -1;
		}
		if (*ended)
			return p->depth ? 0
			       : parse_fail(p, p->token.at,
			                    "unexpected {{%s}}", *ended);
		if (n) /* a definition is none */
			parse_add(p, into, n);
	}
}

int
template_parse(struct arena *a, const char *text,
               const struct template_tree **t, struct err *e)
{
	struct template_tree *made = arena_new(a, sizeof(*made));
	struct parser p = { .arena = a, .e = e };
	const char *ended;

	made->text = p.lex.text = arena_text(a, text);
	words_add(a, &p.variables, "$");
	p.defines = &made->defines;
	*t = made;
	return parse_list(&p, &made->body, &ended);
}

/* ---- which fields ---- */

static bool
wants(const struct nodes *list, const char *field)
{
	for (size_t i = 0; i < list->n; i++) {
		const struct node *n = list->v[i];
		const struct nodes one = { (struct node *[]){ n->pipe }, 1 };

		if (words_has(&n->fields, field) || n->kind == NODE_DOT ||
		    (n->kind == NODE_VARIABLE && !n->fields.n &&
		     strcmp(n->text, "$") == 0))
			return true;
		if ((n->pipe && wants(&one, field)) ||
		    wants(&n->list, field) || wants(&n->other, field))
			return true;
	}
	return false;
}

bool
template_wants(const struct template_tree *t, const char *field)
{
	return wants(&t->body, field) || wants(&t->defines, field);
}
