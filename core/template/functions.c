/* SPDX-License-Identifier: ISC */
/* The functions: Go's and docker's. */
#include "template/template.h"
#include "template/functions.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

int
functions_text(struct call *c, const struct buf *text)
{
	if (text->n > *c->left)
		return fail(c->e, EFBIG, "too much text");
	*c->left -= text->n;
	c->result = value_text(c->arena, text->data);
	return 0;
}

static int
give_text(struct call *c, const char *text, size_t n)
{
	AUTO(buf) struct buf out = { 0 };

	buf_add(&out, text, n);
	return functions_text(c, &out);
}

/* ---- docker's ---- */

static int
f_json(struct call *c)
{
	AUTO(buf) struct buf out = { 0 };

	value_json(&out, c->args[0], false);
	return functions_text(c, &out);
}

static int
f_join(struct call *c)
{
	AUTO(buf) struct buf out = { 0 };
	const struct value *list = c->args[0];

	buf_text(&out, "");
	for (size_t i = 0; i < list->n && out.n <= *c->left; i++) {
		if (list->v[i].value->kind != VALUE_TEXT)
			return fail(c->e, EINVAL, "expected []string; got a"
			            " list with %s in it",
			            print_type(list->v[i].value));
		buf_text(&out, i ? c->args[1]->text : "");
		buf_text(&out, list->v[i].value->text);
	}
	return functions_text(c, &out);
}

static size_t
rune_length(const char *text)
{
	size_t n = 1;

	while (((unsigned char)text[n] & 0xc0) == 0x80)
		n++;
	return n;
}

static int
f_split(struct call *c)
{
	const char *text = c->args[0]->text, *by = c->args[1]->text;
	struct value *list = value_list(c->arena);
	size_t cost = strlen(text) + (strlen(text) + 1) * sizeof(*list);

	if (cost > *c->left)
		return fail(c->e, EFBIG, "too much text");
	*c->left -= cost;
	list->texts = true;
	for (;;) {
		const char *end = *by ? strstr(text, by) : NULL;
		size_t n = end ? (size_t)(end - text) : strlen(text);

		if (!*by && !*text)
			break;
		if (!*by)
			n = rune_length(text);
		value_add(c->arena, list,
		          value_text(c->arena, arena_bytes(c->arena, text,
		                                           n)));
		text += n + strlen(by);
		if (*by && !end)
			break;
	}
	c->result = list;
	return 0;
}

/* lower, upper, title: of ASCII; other letters stay as they are. */
static int
f_case(struct call *c)
{
	char *text = arena_text(c->arena, c->args[0]->text);
	bool within = false;

	for (unsigned char *s = (unsigned char *)text; *s; s++) {
		*s = *c->name == 'l'              ? (unsigned char)tolower(*s)
		     : *c->name == 'u' || !within ? (unsigned char)toupper(*s)
		                                  : *s;
		within = isalnum(*s) || *s == '_' || *s >= 0x80;
	}
	return give_text(c, text, strlen(text));
}

static int
f_truncate(struct call *c)
{
	const char *text = c->args[0]->text;
	int64_t n = c->args[1]->integer, length = (int64_t)strlen(text);

	if (n < 0)
		return fail(c->e, EINVAL, "runtime error: slice bounds out of"
		            " range [:%" PRId64 "]", n);
	return give_text(c, text, (size_t)(length < n ? length : n));
}

static int
f_pad(struct call *c)
{
	AUTO(buf) struct buf out = { 0 };
	const char *text = c->args[0]->text;
	int64_t before = c->args[1]->integer, after = c->args[2]->integer;

	if (!*text)
		return give_text(c, "", 0);
	if (before < 0 || after < 0)
		return fail(c->e, EINVAL, "strings: negative Repeat count");
	if ((uint64_t)before > *c->left || (uint64_t)after > *c->left)
		return fail(c->e, EFBIG, "too much text");
	buf_format(&out, "%*s%s%*s", (int)before, "", text, (int)after, "");
	return functions_text(c, &out);
}

/* ---- Go's ---- */

/* Sprint puts a space where neither neighbour is a text, Sprintln always. */
static int
f_print(struct call *c)
{
	AUTO(buf) struct buf out = { 0 };
	bool lines = strcmp(c->name, "println") == 0;

	buf_text(&out, "");
	for (size_t i = 0; i < c->n && out.n <= *c->left; i++) {
		if (i && (lines || (c->args[i]->kind != VALUE_TEXT &&
		                    c->args[i - 1]->kind != VALUE_TEXT)))
			buf_text(&out, " ");
		print_value(&out, c->args[i]);
	}
	if (lines)
		buf_text(&out, "\n");
	return functions_text(c, &out);
}

/* html and urlquery: what is not allowed there, in another spelling. */
static int
f_escape(struct call *c)
{
	static const char *const html[] = { "&&amp;", "<&lt;", ">&gt;",
	        "\"&#34;", "'&#39;" };
	AUTO(buf) struct buf out = { 0 };
	struct call print = *c;

	print.name = "print";
	if (f_print(&print) < 0)
		return -1;
	buf_text(&out, "");
	for (const char *s = print.result->text; *s; s++) {
		const char *as = NULL;

		for (size_t i = 0; i < sizeof(html) / sizeof(*html); i++)
			if (*html[i] == *s)
				as = html[i] + 1;
		if (*c->name == 'h')
			buf_format(&out, as ? "%s" : "%.1s", as ? as : s);
		else if (*s == ' ')
			buf_text(&out, "+");
		else if (isalnum((unsigned char)*s) || strchr("-_.~", *s))
			buf_add(&out, s, 1);
		else
			buf_format(&out, "%%%02X", (unsigned char)*s);
	}
	return functions_text(c, &out);
}

static int
f_len(struct call *c)
{
	const struct value *v = c->args[0];

	if (v->kind == VALUE_NULL)
		return fail(c->e, EINVAL, "len of nil pointer");
	if (v->kind < VALUE_TEXT || v->kind > VALUE_MAP)
		return fail(c->e, EINVAL, "len of type %s", print_type(v));
	c->result = value_int(c->arena, v->kind == VALUE_TEXT
	                                ? (int64_t)strlen(v->text)
	                                : (int64_t)v->n);
	return 0;
}

static int
f_not(struct call *c)
{
	c->result = value_flag(c->arena, !print_truth(c->args[0]));
	return 0;
}

static int
index_list(struct call *c, const struct value *from, const struct value *by)
{
	size_t n = from->kind == VALUE_TEXT ? strlen(from->text) : from->n;

	if (by->kind == VALUE_NULL)
		return fail(c->e, EINVAL,
		            "cannot index slice/array with nil");
	if (by->kind != VALUE_INT)
		return fail(c->e, EINVAL, "cannot index slice/array with type"
		            " %s", print_type(by));
	if (by->integer < 0 || (uint64_t)by->integer >= n)
		return fail(c->e, EINVAL, "index out of range: %" PRId64,
		            by->integer);
	c->result = from->kind == VALUE_TEXT
	            ? value_int(c->arena,
	                        (unsigned char)from->text[by->integer])
	            : from->v[by->integer].value;
	return 0;
}

static int
index_map(struct call *c, const struct value *from, const struct value *by)
{
	if (by->kind == VALUE_NULL)
		return fail(c->e, EINVAL, "value is nil; should be of type"
		            " string");
	if (by->kind != VALUE_TEXT)
		return fail(c->e, EINVAL, "value has type %s; should be"
		            " string", print_type(by));
	c->result = value_get(from, by->text);
	if (!c->result)
		c->result = from->texts ? value_text(c->arena, "")
		                        : value_null(c->arena);
	return 0;
}

static int
f_index(struct call *c)
{
	c->result = c->args[0];
	if (c->result->kind == VALUE_NULL)
		return fail(c->e, EINVAL, "index of untyped nil");
	for (size_t i = 1; i < c->n; i++) {
		const struct value *from = c->result;
		int done;

		if (from->kind == VALUE_NULL)
			return fail(c->e, EINVAL, "index of nil pointer");
		if (from->kind != VALUE_LIST && from->kind != VALUE_MAP &&
		    from->kind != VALUE_TEXT)
			return fail(c->e, EINVAL, "can't index item of type"
			            " %s", print_type(from));
		done = from->kind == VALUE_MAP
		       ? index_map(c, from, c->args[i])
		       : index_list(c, from, c->args[i]);
		if (done < 0)
			return -1;
	}
	return 0;
}

/* The bounds that `slice` is given; a third one is a capacity of Go's. */
static int
slice_bounds(struct call *c, size_t n, size_t bound[2])
{
	bound[0] = 0;
	bound[1] = n;
	for (size_t i = 1; i < c->n; i++) {
		const struct value *v = c->args[i];

		if (v->kind != VALUE_INT)
			return fail(c->e, EINVAL, "cannot index slice/array"
			            " with type %s", print_type(v));
		if (v->integer < 0 || (uint64_t)v->integer > n)
			return fail(c->e, EINVAL, "index out of range: %"
			            PRId64, v->integer);
		if (i < 3)
			bound[i - 1] = (size_t)v->integer;
	}
	if (bound[0] > bound[1])
		return fail(c->e, EINVAL, "invalid slice index: %zu > %zu",
		            bound[0], bound[1]);
	return 0;
}

static int
f_slice(struct call *c)
{
	const struct value *from = c->args[0];
	bool is_text = from->kind == VALUE_TEXT;
	size_t bound[2];

	if (from->kind == VALUE_NULL)
		return fail(c->e, EINVAL, "slice of untyped nil");
	if (!is_text && from->kind != VALUE_LIST)
		return fail(c->e, EINVAL, "can't slice item of type %s",
		            print_type(from));
	if (is_text && c->n == 4)
		return fail(c->e, EINVAL, "cannot 3-index slice a string");
	if (slice_bounds(c, is_text ? strlen(from->text) : from->n,
	                 bound) < 0)
		return -1;
	if (is_text)
		return give_text(c, from->text + bound[0],
		                 bound[1] - bound[0]);
	c->result = value_list(c->arena);
	c->result->texts = from->texts;
	c->result->v = from->v + bound[0];
	c->result->n = bound[1] - bound[0];
	return 0;
}

#define ANY_NUMBER SIZE_MAX

static const struct function functions[] = {
	{ "and", ".", 1, ANY_NUMBER, NULL },
	{ "eq", ".", 1, ANY_NUMBER, compare_eq },
	{ "ge", ".", 2, 2, compare_order },
	{ "gt", ".", 2, 2, compare_order },
	{ "html", ".", 0, ANY_NUMBER, f_escape },
	{ "index", ".", 1, ANY_NUMBER, f_index },
	{ "join", "ls", 2, 2, f_join },
	{ "json", ".", 1, 1, f_json },
	{ "le", ".", 2, 2, compare_order },
	{ "len", ".", 1, 1, f_len },
	{ "lower", "s", 1, 1, f_case },
	{ "lt", ".", 2, 2, compare_order },
	{ "ne", ".", 2, 2, compare_eq },
	{ "not", ".", 1, 1, f_not },
	{ "or", ".", 1, ANY_NUMBER, NULL },
	{ "pad", "sii", 3, 3, f_pad },
	{ "print", ".", 0, ANY_NUMBER, f_print },
	{ "printf", "s.", 1, ANY_NUMBER, print_format },
	{ "println", ".", 0, ANY_NUMBER, f_print },
	{ "slice", ".", 1, 4, f_slice },
	{ "split", "ss", 2, 2, f_split },
	{ "title", "s", 1, 1, f_case },
	{ "truncate", "si", 2, 2, f_truncate },
	{ "upper", "s", 1, 1, f_case },
	{ "urlquery", ".", 0, ANY_NUMBER, f_escape },
};

const struct function *
functions_find(const char *name)
{
	for (size_t i = 0; i < sizeof(functions) / sizeof(*functions); i++)
		if (strcmp(functions[i].name, name) == 0)
			return &functions[i];
	return NULL;
}
