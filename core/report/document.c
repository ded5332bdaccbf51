/* SPDX-License-Identifier: ISC */
/* A document while it is written: docker's keys, and what stands there. */
#include "report/document.h"

void
document_text(struct document *d, const char *key, const char *text)
{
	value_set(d->arena, d->into, key, value_text(d->arena, text));
}

void
document_int(struct document *d, const char *key, int64_t n)
{
	value_set(d->arena, d->into, key, value_int(d->arena, n));
}

void
document_flag(struct document *d, const char *key, bool flag)
{
	value_set(d->arena, d->into, key, value_flag(d->arena, flag));
}

void
document_null(struct document *d, const char *key)
{
	struct value *v = value_null(d->arena);

	v->nil = true;
	value_set(d->arena, d->into, key, v);
}

static struct value *
empty(struct arena *a, enum value_kind kind)
{
	struct value *v = kind == VALUE_LIST   ? value_list(a)
	                  : kind == VALUE_MAP  ? value_map(a)
	                  : kind == VALUE_TEXT ? value_text(a, "")
	                  : kind == VALUE_INT  ? value_int(a, 0)
	                  : kind == VALUE_FLAG ? value_flag(a, false)
	                                       : value_null(a);

	v->nil = kind == VALUE_LIST || kind == VALUE_MAP || kind == VALUE_NULL;
	v->texts = kind == VALUE_MAP;
	return v;
}

void
document_nil(struct document *d, const char *key, enum value_kind kind)
{
	value_set(d->arena, d->into, key, empty(d->arena, kind));
}

void
document_hide(struct document *d, const char *key, enum value_kind kind)
{
	struct value *v = empty(d->arena, kind);

	v->hidden = true;
	if (!value_get(d->into, key))
		value_set(d->arena, d->into, key, v);
}

void
document_alias(struct document *d, const char *key, const char *json)
{
	struct value *v = arena_new(d->arena, sizeof(*v));

	*v = *value_get(d->into, json);
	v->hidden = true;
	value_set(d->arena, d->into, key, v);
}

void
document_words(struct document *d, const char *key, const struct words *w)
{
	value_set(d->arena, d->into, key, value_words(d->arena, w, true));
}

void
document_pairs(struct document *d, const char *key, const struct pairs *p)
{
	struct value *map = value_map(d->arena);

	map->texts = true;
	for (size_t i = 0; i < p->n; i++)
		value_set(d->arena, map, arena_text(d->arena, p->v[i].key),
		          value_text(d->arena, p->v[i].value));
	value_set(d->arena, d->into, key, map);
}

struct document
document_inside(struct document *d, const char *key, const char *type)
{
	struct document inner = *d;

	inner.into = value_record(d->arena, type);
	value_set(d->arena, d->into, key, inner.into);
	return inner;
}
