/* SPDX-License-Identifier: ISC */
/* Inside `template`: a template that is being rendered. */
#ifndef TEMPLATE_RUN_H
#define TEMPLATE_RUN_H

#include "template/tree.h"

/* What a template may cost, whoever has written it. */
#define RUN_MOST_BYTES (32u << 20)
#define RUN_MOST_STEPS 1000000
#define RUN_MOST_ARGUMENTS 64

enum jump { JUMP_NONE, JUMP_BREAK, JUMP_CONTINUE };

struct variable {
	const char *name;
	struct value *value;
};

struct variables {
	struct variable *v;
	size_t n, room; /* they come and go */
};

/* A value of NULL is one that is missing: "<no value>". */
struct run {
	const struct template_tree *t;
	struct value *data;
	enum template_mode mode;
	struct arena arena;
	struct buf *out;
	struct variables variables;
	size_t steps, left, depth;
	enum jump jump;
	struct err *e;
};

/* An error of the form "template: :1:2: executing "" at <.X>: …". */
int run_fail(struct run *r, const struct node *at, const char *format, ...)
        __attribute__((format(printf, 3, 4)));

/* Count one step; fails when there were too many, or too much output. */
int run_step(struct run *r, const struct node *at);

/* Variables are looked for from the newest on; the first is "$". */
void run_declare(struct run *r, const char *name, struct value *value);
struct variable *run_variable(struct run *r, const char *name);

/* What a pipeline makes of the dot; NULL is what is missing. */
int run_pipe(struct run *r, const struct node *pipe, struct value *dot,
             struct value **into);

#endif
