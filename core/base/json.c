/* SPDX-License-Identifier: ISC */
/* JSON is parsed by yyjson, and tables say which of it is put where. */
#include "base/json.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <string.h>
#include <yyjson.h>

/* More than any config.json has; a bound for what comes from outside. */
#define MOST_BYTES (64u << 20)
#define MOST_DEPTH 200

void
pairs_set(struct arena *a, struct pairs *p, const char *key, const char *value)
{
	struct pair *pair;

	for (size_t i = 0; i < p->n; i++)
		if (strcmp(p->v[i].key, key) == 0) {
			p->v[i].value = arena_text(a, value);
			return;
		}
	pair = LIST_ADD(a, p->v, p->n);
	pair->key = arena_text(a, key);
	pair->value = arena_text(a, value);
}

const char *
pairs_get(const struct pairs *p, const char *key)
{
	for (size_t i = 0; i < p->n; i++)
		if (strcmp(p->v[i].key, key) == 0)
			return p->v[i].value;
	return NULL;
}

/* ---- reading ---- */

/*
 * Where we are, for messages: a chain through the callers' frames, the
 * innermost first. A name of NULL is an index into a list.
 */
struct place {
	const struct place *up;
	const char *name;
	size_t index;
};

struct reader {
	struct arena *arena;
	struct err *e;
};

static void
doc_free(yyjson_doc **doc)
{
	yyjson_doc_free(*doc);
}

static void
place_text(const struct place *at, struct buf *out)
{
	if (!at)
		return;
	place_text(at->up, out);
	if (!at->name)
		buf_format(out, "[%zu]", at->index);
	else
		buf_format(out, "%s%.100s", out->n ? "." : "", at->name);
}

static int
wrong(const struct reader *r, const struct place *at, const char *what)
{
	AUTO(buf) struct buf place = { 0 };

	place_text(at, &place);
	return fail(r->e, EINVAL, "%s%s%s", place.n ? place.data : "",
	            place.n ? ": " : "", what);
}

static int
read_text(const struct reader *r, const struct place *at, yyjson_val *from,
          char **into)
{
	if (!yyjson_is_str(from))
		return wrong(r, at, "not a string");
	if (strlen(yyjson_get_str(from)) != yyjson_get_len(from))
		return wrong(r, at, "a string with a NUL in it");
	*into = arena_text(r->arena, yyjson_get_str(from));
	return 0;
}

static int
read_signed(const struct reader *r, const struct place *at, yyjson_val *from,
            int64_t *into)
{
	if (!yyjson_is_int(from))
		return wrong(r, at, "not a whole number");
	if (yyjson_is_uint(from) && yyjson_get_uint(from) > INT64_MAX)
		return wrong(r, at, "a number out of range");
	*into = yyjson_get_sint(from);
	return 0;
}

static int
read_unsigned(const struct reader *r, const struct place *at, yyjson_val *from,
              uint64_t most, uint64_t *into)
{
	if (!yyjson_is_int(from))
		return wrong(r, at, "not a whole number");
	if (!yyjson_is_uint(from) || yyjson_get_uint(from) > most)
		return wrong(r, at, "a number out of range");
	*into = yyjson_get_uint(from);
	return 0;
}

static int
read_words(const struct reader *r, const struct place *at, yyjson_val *from,
           struct words *into)
{
	yyjson_arr_iter list;
	yyjson_val *v;

	if (!yyjson_arr_iter_init(from, &list))
		return wrong(r, at, "not a list");
	while ((v = yyjson_arr_iter_next(&list))) {
		struct place here = { at, NULL, list.idx - 1 };
		char *word;

		if (read_text(r, &here, v, &word) < 0)
			return -1;
		words_add(r->arena, into, word);
	}
	return 0;
}

static int
read_pairs(const struct reader *r, const struct place *at, yyjson_val *from,
           struct pairs *into)
{
	yyjson_obj_iter members;
	yyjson_val *key;

	if (!yyjson_obj_iter_init(from, &members))
		return wrong(r, at, "not an object");
	while ((key = yyjson_obj_iter_next(&members))) {
		struct place here = { at, yyjson_get_str(key), 0 };
		struct pair *pair = LIST_ADD(r->arena, into->v, into->n);

		if (read_text(r, at, key, &pair->key) < 0 ||
		    read_text(r, &here, yyjson_obj_iter_get_val(key),
		              &pair->value) < 0)
			return -1;
	}
	return 0;
}

static int
read_numbers(const struct reader *r, const struct place *at, yyjson_val *from,
             int64_t **into, size_t *n)
{
	yyjson_arr_iter list;
	yyjson_val *v;

	if (!yyjson_arr_iter_init(from, &list))
		return wrong(r, at, "not a list");
	while ((v = yyjson_arr_iter_next(&list))) {
		struct place here = { at, NULL, list.idx - 1 };

		if (read_signed(r, &here, v, LIST_ADD(r->arena, *into, *n)) < 0)
			return -1;
	}
	return 0;
}

static int read_object(const struct reader *r, const struct place *at,
                       yyjson_val *from, const struct json_field *fields,
                       void *into);

static int
read_many(const struct reader *r, const struct place *at, yyjson_val *from,
          const struct json_field *f, char *into)
{
	yyjson_arr_iter list;
	yyjson_val *v;

	if (!yyjson_arr_iter_init(from, &list))
		return wrong(r, at, "not a list");
	while ((v = yyjson_arr_iter_next(&list))) {
		struct place here = { at, NULL, list.idx - 1 };
		void *one = arena_add(r->arena, into + f->at,
		                      (size_t *)(void *)(into + f->count_at),
		                      f->each);

		if (read_object(r, &here, v, f->fields, one) < 0)
			return -1;
	}
	return 0;
}

static int
read_map(const struct reader *r, const struct place *at, yyjson_val *from,
         const struct json_field *f, char *into)
{
	yyjson_obj_iter members;
	yyjson_val *key;

	if (!yyjson_obj_iter_init(from, &members))
		return wrong(r, at, "not an object");
	while ((key = yyjson_obj_iter_next(&members))) {
		struct place here = { at, yyjson_get_str(key), 0 };
		void *one = arena_add(r->arena, into + f->at,
		                      (size_t *)(void *)(into + f->count_at),
		                      f->each);

		if (read_text(r, at, key, one) < 0 ||
		    read_object(r, &here, yyjson_obj_iter_get_val(key),
		                f->fields, one) < 0)
			return -1;
	}
	return 0;
}

/* The kinds that hold one value. */
static int
read_value(const struct reader *r, const struct place *at, yyjson_val *from,
           enum json_kind kind, void *into)
{
	struct number *number = into;
	uint64_t n = 0;

	switch (kind) {
	case JSON_FLAG:
	case JSON_FLAG_SHOWN:
		if (!yyjson_is_bool(from))
			return wrong(r, at, "not true or false");
		*(bool *)into = yyjson_get_bool(from);
		return 0;
	case JSON_U32:
		if (read_unsigned(r, at, from, UINT32_MAX, &n) < 0)
			return -1;
		*(uint32_t *)into = (uint32_t)n;
		return 0;
	case JSON_U64:
		return read_unsigned(r, at, from, UINT64_MAX, into);
	case JSON_NUMBER:
		number->set = true;
		return read_signed(r, at, from, &number->value);
	case JSON_TEXT:
		return read_text(r, at, from, into);
	case JSON_WORDS:
		return read_words(r, at, from, into);
	default:
		return read_pairs(r, at, from, into);
	}
}

static int
read_field(const struct reader *r, const struct place *at, yyjson_val *from,
           const struct json_field *f, char *into)
{
	void *member = into + f->at;

	switch (f->kind) {
	case JSON_NUMBERS:
		return read_numbers(r, at, from, member,
		                    (size_t *)(void *)(into + f->count_at));
	case JSON_HERE:
		return read_object(r, at, from, f->fields, member);
	case JSON_ONE:
		*(void **)member = arena_new(r->arena, f->each);
		return read_object(r, at, from, f->fields, *(void **)member);
	case JSON_MANY:
		return read_many(r, at, from, f, into);
	case JSON_MAP:
		return read_map(r, at, from, f, into);
	default:
		return read_value(r, at, from, f->kind, member);
	}
}

static const struct json_field *
find_field(const struct json_field *fields, yyjson_val *key)
{
	for (; fields->name; fields++)
		if (yyjson_equals_str(key, fields->name))
			return fields;
	return NULL;
}

/* A null is as good as nothing: programs in Go write it for an empty list. */
static int
read_object(const struct reader *r, const struct place *at, yyjson_val *from,
            const struct json_field *fields, void *into)
{
	yyjson_obj_iter members;
	yyjson_val *key;
	uint64_t seen = 0;

	if (!yyjson_obj_iter_init(from, &members))
		return wrong(r, at, "not an object");
	while ((key = yyjson_obj_iter_next(&members))) {
		const struct json_field *f = find_field(fields, key);
		struct place here = { at, f ? f->name : NULL, 0 };
		yyjson_val *v = yyjson_obj_iter_get_val(key);

		if (!f || yyjson_is_null(v))
			continue;
		/* readers disagree on which of two counts, so neither does */
		if (seen & (UINT64_C(1) << (f - fields)))
			return wrong(r, &here, "given twice");
		seen |= UINT64_C(1) << (f - fields);
		if (read_field(r, &here, v, f, into) < 0)
			return -1;
	}
	for (const struct json_field *f = fields; f->name; f++) {
		struct place here = { at, f->name, 0 };

		if (f->required && !(seen & (UINT64_C(1) << (f - fields))))
			return wrong(r, &here, "missing");
	}
	return 0;
}

/* The caller frees what it returns; NULL: an error. */
static yyjson_doc *
parse(const struct buf *text, struct err *e)
{
	yyjson_read_err why;
	yyjson_doc *doc;

	if (text->n > MOST_BYTES) {
		fail(e, EINVAL, "more than %u bytes of JSON", MOST_BYTES);
		return NULL;
	}
	/* the flags promise that yyjson will not write into the text */
	doc = yyjson_read_opts(text->data ? text->data : (char[]){ "" },
	                       text->n, YYJSON_READ_NOFLAG, NULL, &why);
	if (!doc)
		fail(e, EINVAL, "not JSON: %s at byte %zu", why.msg, why.pos);
	return doc;
}

int
json_read(const struct buf *text, const struct json_field *fields, void *into,
          struct arena *a, struct err *e)
{
	struct reader r = { a, e };
	__attribute__((cleanup(doc_free))) yyjson_doc *doc = parse(text, e);

	if (!doc)
		return -1;
	return read_object(&r, NULL, yyjson_doc_get_root(doc), fields, into);
}

/* ---- trees ---- */

static int read_tree(const struct reader *r, yyjson_val *from, int depth,
                     struct value **into);

static int
read_list(const struct reader *r, yyjson_val *from, int depth,
          struct value **into)
{
	yyjson_arr_iter list = yyjson_arr_iter_with(from);
	struct value *item;
	yyjson_val *v;

	*into = value_list(r->arena);
	while ((v = yyjson_arr_iter_next(&list))) {
		if (read_tree(r, v, depth, &item) < 0)
			return -1;
		value_add(r->arena, *into, item);
	}
	return 0;
}

static int
read_members(const struct reader *r, yyjson_val *from, int depth,
             struct value **into)
{
	yyjson_obj_iter members = yyjson_obj_iter_with(from);
	struct value *item;
	yyjson_val *key;
	char *name;

	*into = value_map(r->arena);
	while ((key = yyjson_obj_iter_next(&members))) {
		if (read_text(r, NULL, key, &name) < 0 ||
		    read_tree(r, yyjson_obj_iter_get_val(key), depth,
		              &item) < 0)
			return -1;
		value_set(r->arena, *into, name, item);
	}
	return 0;
}

static int
read_tree(const struct reader *r, yyjson_val *from, int depth,
          struct value **into)
{
	char *text;

	if (depth == MOST_DEPTH)
		return wrong(r, NULL, "nested too deeply");
	if (yyjson_is_arr(from))
		return read_list(r, from, depth + 1, into);
	if (yyjson_is_obj(from))
		return read_members(r, from, depth + 1, into);
	if (yyjson_is_str(from)) {
		if (read_text(r, NULL, from, &text) < 0)
			return -1;
		*into = value_text(r->arena, text);
	} else if (yyjson_is_bool(from)) {
		*into = value_flag(r->arena, yyjson_get_bool(from));
	} else if (yyjson_is_uint(from) && yyjson_get_uint(from) > INT64_MAX) {
		*into = value_float(r->arena, (double)yyjson_get_uint(from));
	} else if (yyjson_is_int(from)) {
		*into = value_int(r->arena, yyjson_get_sint(from));
	} else if (yyjson_is_real(from)) {
		*into = value_float(r->arena, yyjson_get_real(from));
	} else {
		*into = value_null(r->arena);
	}
	return 0;
}

int
json_read_value(const struct buf *text, struct value **into, struct arena *a,
                struct err *e)
{
	struct reader r = { a, e };
	__attribute__((cleanup(doc_free))) yyjson_doc *doc = parse(text, e);

	if (!doc)
		return -1;
	return read_tree(&r, yyjson_doc_get_root(doc), 0, into);
}
