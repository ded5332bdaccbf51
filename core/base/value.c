/* SPDX-License-Identifier: ISC */
/* Values are made, looked up, and written as JSON. */
#include "base/value.h"
#include "base/json.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INDENT 4

static struct value *
make(struct arena *a, enum value_kind kind)
{
	struct value *v = arena_new(a, sizeof(*v));

	v->kind = kind;
	return v;
}

struct value *
value_null(struct arena *a)
{
	return make(a, VALUE_NULL);
}

struct value *
value_flag(struct arena *a, bool flag)
{
	struct value *v = make(a, VALUE_FLAG);

	v->flag = flag;
	return v;
}

struct value *
value_int(struct arena *a, int64_t n)
{
	struct value *v = make(a, VALUE_INT);

	v->integer = n;
	return v;
}

struct value *
value_float(struct arena *a, double n)
{
	struct value *v = make(a, VALUE_FLOAT);

	v->number = n;
	return v;
}

struct value *
value_text(struct arena *a, const char *text)
{
	struct value *v = make(a, VALUE_TEXT);

	v->text = text ? arena_text(a, text) : "";
	return v;
}

struct value *
value_list(struct arena *a)
{
	return make(a, VALUE_LIST);
}

struct value *
value_map(struct arena *a)
{
	return make(a, VALUE_MAP);
}

struct value *
value_record(struct arena *a, const char *type)
{
	struct value *v = make(a, VALUE_RECORD);

	v->text = arena_text(a, type);
	return v;
}

struct value *
value_words(struct arena *a, const struct words *w, bool nil)
{
	struct value *v = make(a, VALUE_LIST);

	v->texts = true;
	v->nil = nil && w->n == 0;
	for (size_t i = 0; i < w->n; i++)
		value_add(a, v, value_text(a, w->v[i]));
	return v;
}

void
value_add(struct arena *a, struct value *list, struct value *item)
{
	struct member *m = LIST_ADD(a, list->v, list->n);

	m->value = item;
}

void
value_set(struct arena *a, struct value *map, const char *key,
          struct value *item)
{
	size_t at = map->n;
	int order = -1;

	while (at > 0) {
		order = strcmp(map->v[at - 1].key, key);
		if (order == 0 || (order < 0 && map->kind == VALUE_MAP))
			break;
		at--;
	}
	if (at > 0 && order == 0) {
		map->v[at - 1].value = item;
		return;
	}
	if (map->kind != VALUE_MAP)
		at = map->n;
	(void)LIST_ADD(a, map->v, map->n);
	memmove(map->v + at + 1, map->v + at,
	        (map->n - 1 - at) * sizeof(*map->v));
	map->v[at] = (struct member){ key, item };
}

struct value *
value_get(const struct value *map, const char *key)
{
	if (map->kind == VALUE_LIST)
		return NULL;
	for (size_t i = 0; i < map->n; i++)
		if (strcmp(map->v[i].key, key) == 0)
			return map->v[i].value;
	return NULL;
}

static void
break_line(struct buf *out, int depth)
{
	if (depth >= 0)
		buf_format(out, "\n%*s", INDENT * depth, "");
}

/* The shortest digits that are read as the same number again, as %e. */
static void
shortest(double n, char text[40])
{
	for (int digits = 0; digits < 17; digits++) {
		snprintf(text, 40, "%.*e", digits, n);
		if (strtod(text, NULL) == n)
			return;
	}
}

void
value_float_text(struct buf *out, double n, int least, int most)
{
	char text[40];
	const char *mark;
	int exponent, digits;

	if (!isfinite(n)) {
		buf_text(out, isnan(n) ? "NaN" : n < 0 ? "-Inf" : "+Inf");
		return;
	}
	shortest(n, text);
	mark = strchr(text, 'e');
	exponent = (int)strtol(mark + 1, NULL, 10);
	digits = (int)(mark - text) - (*text == '-') - !!strchr(text, '.');
	if (exponent < least || exponent >= most)
		buf_text(out, text);
	else
		buf_format(out, "%.*f", digits - 1 - exponent > 0
		                        ? digits - 1 - exponent : 0, n);
}

static void write_value(struct buf *out, const struct value *v,
                        int depth);

/* depth  that of the line; below 0: all on one line. */
static void
write_members(struct buf *out, const struct value *v, int depth)
{
	bool is_list = v->kind == VALUE_LIST;
	int below = depth < 0 ? depth : depth + 1;
	size_t written = 0;

	buf_text(out, is_list ? "[" : "{");
	for (size_t i = 0; i < v->n; i++) {
		if (v->v[i].value->kind == VALUE_LOOKUP ||
		    v->v[i].value->hidden)
			continue;
		if (written++)
			buf_text(out, ",");
		break_line(out, below);
		if (!is_list) {
			json_quote(out, v->v[i].key);
			buf_text(out, depth < 0 ? ":" : ": ");
		}
		write_value(out, v->v[i].value, below);
	}
	if (written)
		break_line(out, depth);
	buf_text(out, is_list ? "]" : "}");
}

static void
write_value(struct buf *out, const struct value *v, int depth)
{
	switch (v->nil ? VALUE_NULL : v->kind) {
	case VALUE_FLAG:
		buf_text(out, v->flag ? "true" : "false");
		break;
	case VALUE_INT:
		buf_format(out, "%" PRId64, v->integer);
		break;
	case VALUE_FLOAT:
		if (isfinite(v->number))
			value_float_text(out, v->number, -6, 21);
		else
			buf_text(out, "null");
		break;
	case VALUE_TEXT:
		json_quote(out, v->text);
		break;
	case VALUE_LIST:
	case VALUE_MAP:
	case VALUE_RECORD:
		write_members(out, v, depth);
		break;
	default:
		buf_text(out, "null");
	}
}

void
value_json(struct buf *out, const struct value *v, bool pretty)
{
	write_value(out, v, pretty ? 0 : -1);
}
