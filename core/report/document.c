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
	value_set(d->arena, d->into, key, value_null(d->arena));
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
