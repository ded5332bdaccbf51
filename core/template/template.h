/* SPDX-License-Identifier: ISC */
/* The door of `template`: Go's text/template, as docker's --format has it. */
#ifndef TEMPLATE_TEMPLATE_H
#define TEMPLATE_TEMPLATE_H

#include "base/err.h"
#include "base/mem.h"
#include "base/value.h"

#include <stdbool.h>

/*
 * The language is that of Go 1.24 with docker's functions (json, join, split,
 * lower, upper, title, pad, truncate). Left out, and refused as such: complex
 * numbers, and functions that only data of Go could need (call, js).
 */
struct template_tree;

/*
 * All of it lies in the arena; the text is copied.
 *
 * errors   EINVAL  in Go's words: "template: :1: unclosed action"
 */
int template_parse(struct arena *a, const char *text,
                   const struct template_tree **t, struct err *e) MUST;

/*
 * What a map says that has no such key. HEADING is for the first line of a
 * table: data is a map of headings, functions pass them on, and an argument
 * (.Label "a.b-c") stands for its last part.
 */
enum template_mode {
	TEMPLATE_LOOSE,  /* "<no value>" */
	TEMPLATE_STRICT, /* an error, as for docker inspect; records, too; and
	                  * hidden members are not there */
	TEMPLATE_TYPED,  /* the same, but they are */
	TEMPLATE_HEADING,
};

/*
 * Append what the template makes of the data. It ends: output, steps and
 * nesting are bounded.
 *
 * errors   EINVAL  in Go's words: "template: :1:2: executing "" at <.X>: …"
 *          EFBIG   too much output, or too many steps
 */
int template_run(const struct template_tree *t, const struct value *data,
                 enum template_mode mode, struct buf *out,
                 struct err *e) MUST;

/* Does the template name this field of something? (What costs time to find
 * out is only found out where it is wanted.) Also: where it takes the whole,
 * as {{.}} and {{json .}} do. */
bool template_wants(const struct template_tree *t, const char *field);

/* Append text in quotes, as Go writes it (%q). */
void template_quote(struct buf *out, const char *text);

#endif
