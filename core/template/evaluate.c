/* SPDX-License-Identifier: ISC */
/* Evaluates pipelines: fields, variables and the calls of functions. */
#include "template/functions.h"
#include "template/run.h"

#include <errno.h>
#include <string.h>

int
run_fail(struct run *r, const struct node *at, const char *format, ...)
{
	const char *text = r->t->text;
	size_t line = 1, column = 0, n = at->to - at->from;
	char what[300];
	va_list args;

	for (size_t i = 0; i < at->at; i++) {
		line += text[i] == '\n';
		column = text[i] == '\n' ? 0 : column + 1;
	}
	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	return fail(r->e, EINVAL, "template: :%zu:%zu: executing \"\" at"
	            " <%.*s>: %s", line, column, (int)(n > 100 ? 100 : n),
	            text + at->from, what);
}

int
run_step(struct run *r, const struct node *at)
{
	if (++r->steps <= RUN_MOST_STEPS && r->out->n <= RUN_MOST_BYTES)
		return 0;
	run_fail(r, at, r->steps > RUN_MOST_STEPS ? "too many steps"
	                                          : "too much output");
	r->e->code = EFBIG;
	return -1;
}

/* ---- fields ---- */

/* ".Label "a.b-c"" in a heading: "b c" */
static struct value *
sub_heading(struct run *r, const struct value *key)
{
	const char *dot = strrchr(key->text, '.');
	struct value *v = value_text(&r->arena, dot ? dot + 1 : key->text);

	for (char *s = (char *)(uintptr_t)v->text; *s; s++)
		if (*s == '-' || *s == '_')
			*s = ' ';
	return v;
}

/* A lookup wants one argument, a text; everything else wants none. */
static int
call_field(struct run *r, const struct node *at, const char *name,
           const struct value *args, struct value **into)
{
	const struct value *key = args->n == 1 ? args->v[0].value : NULL;
	bool heading = r->mode == TEMPLATE_HEADING && args->n &&
	               (*into)->kind == VALUE_TEXT;

	if ((*into)->kind != VALUE_LOOKUP && !heading)
		return args->n ? run_fail(r, at, "%.60s has arguments but"
		                          " cannot be invoked as function",
		                          name) : 0;
	if (args->n != 1)
		return run_fail(r, at, "wrong number of args for %.60s: want 1"
		                " got %zu", name, args->n);
	if (!key || key->kind != VALUE_TEXT)
		return run_fail(r, at, "wrong type for value; expected string;"
		                " got %s", key ? print_type(key) : "nil");
	if (heading) {
		*into = sub_heading(r, key);
		return 0;
	}
	*into = value_get(*into, key->text);
	if (!*into)
		*into = value_text(&r->arena, "");
	return 0;
}

static bool
is_strict(const struct run *r)
{
	return r->mode == TEMPLATE_STRICT || r->mode == TEMPLATE_TYPED;
}

static int
one_field(struct run *r, const struct node *at, const char *name,
          const struct value *args, struct value **into)
{
	struct value *from = *into;
	const char *type = from ? print_type(from) : "";

	if (!from)
		return !is_strict(r) ? 0
		       : run_fail(r, at, "nil data; no entry for key \"%.60s\"",
		                  name);
	if (from->kind == VALUE_NULL)
		return run_fail(r, at, "nil pointer evaluating %s.%.60s",
		                type, name);
	if (from->kind != VALUE_MAP && from->kind != VALUE_RECORD)
		return run_fail(r, at, "can't evaluate field %.60s in type"
		                " %s", name, type);
	*into = value_get(from, name);
	if (*into && (*into)->hidden && r->mode == TEMPLATE_STRICT)
		*into = NULL;
	if (*into)
		return call_field(r, at, name, args, into);
	if (from->kind == VALUE_RECORD && !is_strict(r))
		return run_fail(r, at, "can't evaluate field %.60s in type"
		                " %s", name, type);
	if (args->n)
		return run_fail(r, at, "%.60s is not a method but has"
		                " arguments", name);
	return !is_strict(r) ? 0
	       : run_fail(r, at, "map has no entry for key \"%.60s\"", name);
}

/* .A.B.C, the arguments are for the last one. */
static int
fields(struct run *r, const struct node *at, const struct value *args,
       struct value **into)
{
	static const struct value none = { .kind = VALUE_LIST };

	for (size_t i = 0; i < at->fields.n; i++)
		if (one_field(r, at, at->fields.v[i],
		              i + 1 < at->fields.n ? &none : args, into) < 0)
			return -1;
	return 0;
}

struct variable *
run_variable(struct run *r, const char *name)
{
	size_t i = r->variables.n;

	while (--i > 0 && strcmp(r->variables.v[i].name, name) != 0)
		continue;
	return &r->variables.v[i];
}

/* ---- functions ---- */

static int
check_argument(struct run *r, const struct node *at, char kind,
               const struct value *v)
{
	static const struct {
		char kind;
		enum value_kind is;
		const char *name;
	} kinds[] = {
		{ 's', VALUE_TEXT, "string" }, { 'i', VALUE_INT, "int" },
		{ 'l', VALUE_LIST, "[]string" },
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		if (kinds[i].kind != kind || kinds[i].is == v->kind)
			continue;
		if (kind == 'l' && v->kind == VALUE_NULL)
			return 0;
		if (v->kind == VALUE_NULL)
			return run_fail(r, at, "invalid value; expected %s",
			                kinds[i].name);
		if (at->kind == NODE_LITERAL)
			return run_fail(r, at, "expected %s; found %.*s",
			                kind == 'i' ? "integer"
			                            : kinds[i].name,
			                (int)(at->to - at->from),
			                r->t->text + at->from);
		return run_fail(r, at, "wrong type for value; expected %s; got"
		                " %s", kinds[i].name, print_type(v));
	}
	return 0;
}

/* In the first line of a table these leave a heading as it is. */
static bool
passes_headings(const char *name)
{
	static const char *const names[] = { "join", "json", "lower", "split",
	        "title", "truncate", "upper" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

static int
check_count(struct run *r, const struct node *at, size_t n)
{
	const struct function *f = at->function;

	if (n >= f->least && n <= f->most)
		return 0;
	if (f->most == SIZE_MAX)
		return run_fail(r, at, "wrong number of args for %s: want at"
		                " least %zu got %zu", f->name, f->least, n);
	return run_fail(r, at, "wrong number of args for %s: want %zu got %zu",
	                f->name, f->most, n);
}

/* The arguments are evaluated; `c` is the command, whose words they are. */
static int
call_function(struct run *r, const struct node *c, const struct value *args,
              struct value **into)
{
	const struct node *at = c->list.v[0];
	const struct function *f = at->function;
	struct value *list[RUN_MOST_ARGUMENTS];
	struct call call = { f->name, list, args->n, &r->arena, &r->left,
	                     NULL, r->e };
	size_t kinds = strlen(f->kinds);

	if (r->mode == TEMPLATE_HEADING && args->n &&
	    passes_headings(f->name)) {
		*into = args->v[0].value;
		return 0;
	}
	for (size_t i = 0; i < args->n; i++) {
		list[i] = args->v[i].value ? args->v[i].value
		                           : value_null(&r->arena);
		if (check_argument(r, i + 1 < c->list.n ? c->list.v[i + 1]
		                                        : c,
		                   f->kinds[i < kinds ? i : kinds - 1],
		                   list[i]) < 0)
			return -1;
	}
	if (f->act(&call) < 0) {
		struct err why = *r->e;

		run_fail(r, c, "error calling %s: %.200s", f->name, why.text);
		r->e->code = why.code;
		return -1;
	}
	*into = call.result;
	return 0;
}

static int run_operand(struct run *r, const struct node *n, struct value *dot,
                       struct value **into);

/* `and` and `or` end with the first word that decides. */
static int
run_logic(struct run *r, const struct node *c, struct value *dot,
          struct value **into)
{
	bool is_or = *c->list.v[0]->text == 'o', piped = *into;
	struct value *final = *into;

	for (size_t i = 1; i < c->list.n + piped; i++) {
		if (i == c->list.n)
			*into = final;
		else if (run_operand(r, c->list.v[i], dot, into) < 0)
			return -1;
		if (print_truth(*into) == is_or)
			break;
	}
	return 0;
}

/* ---- commands ---- */

/* The words behind the first one, and what was piped in. */
static int
arguments(struct run *r, const struct node *c, struct value *dot,
          struct value *final, struct value *into)
{
	*into = (struct value){ .kind = VALUE_LIST };
	if (c->list.n > RUN_MOST_ARGUMENTS)
		return run_fail(r, c, "more than %d arguments",
		                RUN_MOST_ARGUMENTS - 1);
	for (size_t i = 1; i < c->list.n; i++) {
		struct value *v = dot;

		if (run_operand(r, c->list.v[i], dot, &v) < 0)
			return -1;
		value_add(&r->arena, into, v);
	}
	if (final)
		value_add(&r->arena, into, final);
	return 0;
}

/* A word by itself, as an argument is. */
static int
run_operand(struct run *r, const struct node *n, struct value *dot,
            struct value **into)
{
	const struct node *const list[] = { n };
	const struct node command = {
		.kind = NODE_COMMAND, .at = n->at, .from = n->from,
		.to = n->to, .list = { (struct node **)(uintptr_t)list, 1 },
	};
	static const struct value none = { .kind = VALUE_LIST };

	*into = dot;
	switch (n->kind) {
	case NODE_DOT:
		return 0;
	case NODE_NIL:
		*into = value_null(&r->arena);
		return 0;
	case NODE_LITERAL:
		*into = n->literal;
		return 0;
	case NODE_FIELD:
		return fields(r, n, &none, into);
	case NODE_VARIABLE:
		*into = run_variable(r, n->text)->value;
		return fields(r, n, &none, into);
	case NODE_CHAIN:
		if (run_operand(r, n->pipe, dot, into) < 0)
			return -1;
		return fields(r, n, &none, into);
	case NODE_PIPE:
		return run_pipe(r, n->pipe ? n->pipe : n, dot, into);
	default:
		if (check_count(r, n, 0) < 0)
			return -1;
		return call_function(r, &command, &none, into);
	}
}

/* *into: what was piped in, NULL if nothing was. */
static int
run_command(struct run *r, const struct node *c, struct value *dot,
            struct value **into)
{
	const struct node *first = c->list.v[0];
	struct value *final = *into, args;
	bool takes = first->kind == NODE_CALL || first->fields.n;
	size_t n = c->list.n - 1 + (final != NULL);

	if (first->kind == NODE_NIL)
		return run_fail(r, first, "nil is not a command");
	if (!takes && n)
		return run_fail(r, first, "can't give argument to non-function"
		                " %.*s", (int)(first->to - first->from > 60
		                ? 60 : first->to - first->from),
		                r->t->text + first->from);
	if (!n && first->kind != NODE_CALL)
		return run_operand(r, first, dot, into);
	if (first->kind == NODE_CALL) {
		if (check_count(r, first, n) < 0)
			return -1;
		if (!first->function->act)
			return run_logic(r, c, dot, into);
	}
	if (arguments(r, c, dot, final, &args) < 0)
		return -1;
	if (first->kind == NODE_CALL)
		return call_function(r, c, &args, into);
	*into = dot;
	if (first->kind == NODE_VARIABLE)
		*into = run_variable(r, first->text)->value;
	if (first->kind == NODE_CHAIN &&
	    run_operand(r, first->pipe, dot, into) < 0)
		return -1;
	return fields(r, first, &args, into);
}

void
run_declare(struct run *r, const char *name, struct value *value)
{
	struct variables *all = &r->variables;
	struct variable *old = all->v;

	if (all->n == all->room) {
		all->room = 2 * all->room + 8;
		all->v = arena_new(&r->arena, all->room * sizeof(*old));
		if (all->n)
			memcpy(all->v, old, all->n * sizeof(*old));
	}
	all->v[all->n++] = (struct variable){ name, value };
}

int
run_pipe(struct run *r, const struct node *pipe, struct value *dot,
         struct value **into)
{
	*into = NULL;
	if (run_step(r, pipe) < 0)
		return -1;
	for (size_t i = 0; i < pipe->list.n; i++) {
		/* what is missing is handed on as nil */
		if (i && !*into)
			*into = value_null(&r->arena);
		if (run_command(r, pipe->list.v[i], dot, into) < 0)
			return -1;
		if (*into && (*into)->kind == VALUE_NULL &&
		    !((*into)->nil && r->mode != TEMPLATE_STRICT))
			*into = NULL;
	}
	for (size_t i = 0; i < pipe->names.n; i++) {
		if (pipe->declares)
			run_declare(r, pipe->names.v[i], *into);
		else
			run_variable(r, pipe->names.v[i])->value = *into;
	}
	return 0;
}
