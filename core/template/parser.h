/* SPDX-License-Identifier: ISC */
/* Inside `template`: what the parser's two files share. */
#ifndef TEMPLATE_PARSER_H
#define TEMPLATE_PARSER_H

#include "template/tree.h"

struct parser {
	struct lex lex;
	struct token token; /* the next one, looked at */
	struct arena *arena;
	struct words variables; /* those in force, "$" first */
	struct nodes *defines;  /* the tree's */
	size_t ranges, depth;
	struct err *e;
};

#define parse_fail(p, at, ...) lex_fail(&(p)->lex, at, (p)->e, __VA_ARGS__)

/* Look at the next token. */
int parse_advance(struct parser *p);

/* The token's text, in the arena. */
const char *parse_text(const struct parser *p);

/* An error: this token does not belong there. */
int parse_unexpected(const struct parser *p, const char *where);

bool parse_is_keyword(const char *word);

/* A node that begins at the token. */
struct node *parse_new(struct parser *p, enum node_kind kind);
void parse_add(struct parser *p, struct nodes *list, struct node *n);

/*
 * A pipeline up to a token of kind `end`, which is not gone past; the variables
 * that it declares are in force afterwards.
 *
 * what  it belongs to, in messages: "range"
 */
int parse_pipe(struct parser *p, enum token_kind end, const char *what,
               struct node **into);

#endif
