/* SPDX-License-Identifier: ISC */
/* Inside `template`: a template taken apart. */
#ifndef TEMPLATE_TREE_H
#define TEMPLATE_TREE_H

#include "template/template.h"

enum token_kind {
	TOKEN_END,      /* of the text */
	TOKEN_TEXT,     /* between actions */
	TOKEN_OPEN,     /* {{ */
	TOKEN_CLOSE,    /* }} */
	TOKEN_WORD,     /* if, len */
	TOKEN_FIELD,    /* .Name */
	TOKEN_VARIABLE, /* $name, $ */
	TOKEN_DOT,
	TOKEN_STRING,   /* in " or ` */
	TOKEN_CHAR,
	TOKEN_NUMBER,
	TOKEN_DECLARE,  /* := */
	TOKEN_ASSIGN,   /* = */
	TOKEN_PIPE,
	TOKEN_COMMA,
	TOKEN_LEFT,     /* ( */
	TOKEN_RIGHT,    /* ) */
};

struct token {
	enum token_kind kind;
	bool spaced; /* white space stands in front of it */
	size_t at, n;
};

struct lex {
	const char *text;
	size_t at, action; /* where the innermost action began */
	bool inside, trim; /* in an action; the next text begins trimmed */
	size_t parentheses;
};

/* errors   EINVAL, as "template: :1: unterminated quoted string" */
int lex_next(struct lex *l, struct token *t, struct err *e) MUST;

/* An error of the form "template: :LINE: …". */
int lex_fail(const struct lex *l, size_t at, struct err *e,
             const char *format, ...)
        __attribute__((format(printf, 4, 5)));

/* What a string, a character or a number of the source stands for. */
int lex_unquote(const struct lex *l, const struct token *t, struct arena *a,
                char **text, struct err *e) MUST;
int lex_char(const struct lex *l, const struct token *t, int64_t *n,
             struct err *e) MUST;

/* Append one character as UTF-8. */
void lex_add_rune(struct buf *out, uint32_t rune);

enum node_kind {
	NODE_TEXT,
	NODE_ACTION,
	NODE_IF,
	NODE_WITH,
	NODE_RANGE,
	NODE_BREAK,
	NODE_CONTINUE,
	NODE_TEMPLATE, /* "text", with the pipe's value if it has one */
	NODE_DEFINE,
	/* operands */
	NODE_DOT,
	NODE_NIL,
	NODE_LITERAL,
	NODE_FIELD,    /* .A.B */
	NODE_VARIABLE, /* $x.A.B */
	NODE_CHAIN,    /* (…).A.B */
	NODE_CALL,     /* the name of a function */
	NODE_PIPE,
	NODE_COMMAND,
};

struct nodes {
	struct node **v;
	size_t n;
};

/*
 * at, from, to   where it stands: for messages, and its words
 * text           TEXT, VARIABLE ("$x"), CALL; a name: TEMPLATE, DEFINE
 * fields         FIELD, VARIABLE, CHAIN
 * pipe           ACTION, IF, WITH, RANGE, TEMPLATE; what a CHAIN begins with
 * list           PIPE: its commands; COMMAND: its words
 * names          PIPE: the variables that it sets
 */
struct node {
	enum node_kind kind;
	size_t at, from, to;
	const char *text;
	const struct function *function;
	struct value *literal;
	struct words fields, names;
	bool declares;
	struct node *pipe;
	struct nodes list, other;
};

struct template_tree {
	const char *text;
	struct nodes body, defines;
};

/* The template that is called so, NULL: none. */
const struct node *tree_find(const struct nodes *defines, const char *name);

/* How deeply control structures and parentheses are nested, and templates. */
#define TREE_MOST_DEPTH 100

#endif
