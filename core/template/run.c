/* SPDX-License-Identifier: ISC */
/* Renders a tree over data, as text/template/exec.go does. */
#include "template/template.h"
#include "template/functions.h"
#include "template/run.h"

static int run_list(struct run *r, const struct nodes *list,
                    struct value *dot);

static int
run_if(struct run *r, const struct node *n, struct value *dot)
{
	size_t variables = r->variables.n;
	struct value *v;
	int done;

	if (run_pipe(r, n->pipe, dot, &v) < 0)
		return -1;
	done = run_list(r, print_truth(v) ? &n->list : &n->other,
	                print_truth(v) && n->kind == NODE_WITH ? v : dot);
	r->variables.n = variables;
	return done;
}

static int
run_turn(struct run *r, const struct node *n, struct value *index,
         struct value *item)
{
	const struct words *names = &n->pipe->names;
	size_t variables = r->variables.n;

	if (names->n)
		run_variable(r, names->v[names->n - 1])->value = item;
	if (names->n > 1)
		run_variable(r, names->v[0])->value = index;
	if (run_step(r, n) < 0 || run_list(r, &n->list, item) < 0)
		return -1;
	r->variables.n = variables;
	return 0;
}

static struct value *
range_index(struct run *r, const struct value *v, size_t i)
{
	return v->kind == VALUE_MAP ? value_text(&r->arena, v->v[i].key)
	                            : value_int(&r->arena, (int64_t)i);
}

static int
run_turns(struct run *r, const struct node *n, const struct value *v)
{
	int64_t turns = v->kind == VALUE_INT ? v->integer : (int64_t)v->n;

	for (int64_t i = 0; i < turns; i++) {
		struct value *index = range_index(r, v, (size_t)i);
		struct value *item = v->kind == VALUE_INT
		                     ? index : v->v[i].value;

		if (run_turn(r, n, index, item) < 0)
			return -1;
		if (r->jump == JUMP_BREAK)
			break;
		r->jump = JUMP_NONE;
	}
	r->jump = JUMP_NONE;
	return 0;
}

static int
run_range(struct run *r, const struct node *n, struct value *dot)
{
	size_t variables = r->variables.n;
	struct value *v;
	int done;

	if (run_pipe(r, n->pipe, dot, &v) < 0)
		return -1;
	if (v && v->kind != VALUE_LIST && v->kind != VALUE_MAP &&
	    v->kind != VALUE_INT) {
		AUTO(buf) struct buf text = { 0 };

		print_value(&text, v);
		return run_fail(r, n->pipe, "range can't iterate over %.100s",
		                text.data);
	}
	done = print_truth(v) ? run_turns(r, n, v)
	                      : run_list(r, &n->other, dot);
	r->variables.n = variables;
	return done;
}

static int
run_action(struct run *r, const struct node *n, struct value *dot)
{
	struct value *v;

	if (run_pipe(r, n->pipe, dot, &v) < 0)
		return -1;
	if (n->pipe->names.n)
		return 0;
	if (v && v->kind == VALUE_LOOKUP)
		return run_fail(r, n->pipe, "wrong number of args for %.60s:"
		                " want 1 got 0", r->t->text + n->pipe->from);
	if (v)
		print_value(r->out, v);
	else
		buf_text(r->out, "<no value>");
	return 0;
}

/* Its dot is what stands behind the name, and its "$", too. */
static int
run_template(struct run *r, const struct node *n, struct value *dot)
{
	const struct node *called = tree_find(&r->t->defines, n->text);
	size_t variables = r->variables.n;
	struct value *v = NULL;
	int done;

	if (run_step(r, n) < 0 ||
	    (n->pipe && run_pipe(r, n->pipe, dot, &v) < 0))
		return -1;
	if (!called)
		return run_fail(r, n, "template \"%.60s\" not defined",
		                n->text);
	if (++r->depth > TREE_MOST_DEPTH)
		return run_fail(r, n, "exceeded maximum template depth (%d)",
		                TREE_MOST_DEPTH);
	run_declare(r, "$", v);
	done = run_list(r, &called->list, v);
	r->variables.n = variables;
	r->depth--;
	return done;
}

static int
run_node(struct run *r, const struct node *n, struct value *dot)
{
	switch (n->kind) {
	case NODE_TEXT:
		buf_text(r->out, n->text);
		return run_step(r, n);
	case NODE_ACTION:
		return run_action(r, n, dot);
	case NODE_RANGE:
		return run_range(r, n, dot);
	case NODE_TEMPLATE:
		return run_template(r, n, dot);
	case NODE_BREAK:
		r->jump = JUMP_BREAK;
		return 0;
	case NODE_CONTINUE:
		r->jump = JUMP_CONTINUE;
		return 0;
	default:
		return run_if(r, n, dot);
	}
}

static int
run_list(struct run *r, const struct nodes *list, struct value *dot)
{
	for (size_t i = 0; i < list->n && r->jump == JUMP_NONE; i++)
		if (run_node(r, list->v[i], dot) < 0)
			return -1;
	return 0;
}

int
template_run(const struct template_tree *t, const struct value *data,
             enum template_mode mode, struct buf *out, struct err *e)
{
	struct run r = {
		.t = t, .data = (struct value *)(uintptr_t)data, .mode = mode,
		.out = out, .left = RUN_MOST_BYTES, .e = e,
	};
	int done;

	run_declare(&r, "$", r.data);
	done = run_list(&r, &t->body, r.data);
	auto_arena(&r.arena);
	return done;
}
