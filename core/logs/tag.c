/* SPDX-License-Identifier: ISC */
/* Tags and attributes: what of a container goes along with its lines. */
#include "base/pattern.h"
#include "logs/parts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* As docker, ids are shortened to this. */
#define ID_SHORT 12

/* What may stand in {{…}}: loggerutils.ParseLogTag of moby. */
static const struct field {
	const char *name;
	size_t at, most;
} fields[] = {
	{ ".ID", offsetof(struct logs_how, id), ID_SHORT },
	{ ".FullID", offsetof(struct logs_how, id), 64 },
	{ ".Name", offsetof(struct logs_how, name), 255 },
	{ ".ImageName", offsetof(struct logs_how, image), 4096 },
};

static const struct field *
field_named(const char *name, size_t n)
{
	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++)
		if (strlen(fields[i].name) == n &&
		    memcmp(fields[i].name, name, n) == 0)
			return &fields[i];
	return NULL;
}

/*
 * The next {{…}} of a tag: *n is its length, braces included. NULL: none. If
 * it is no field, *f is NULL.
 */
static const char *
next_field(const char *tag, size_t *n, const struct field **f)
{
	const char *open = strstr(tag, "{{");
	const char *close = open ? strstr(open, "}}") : NULL;
	const char *from, *to = close;

	if (!open)
		return NULL;
	*f = NULL;
	*n = close ? (size_t)(close + 2 - open) : strlen(open);
	if (!close)
		return open;
	for (from = open + 2; from < to && *from == ' '; from++)
		continue;
	while (to > from && to[-1] == ' ')
		to--;
	*f = field_named(from, (size_t)(to - from));
	return open;
}

int
tag_check(const char *value, struct err *e)
{
	const struct field *f;
	const char *at;
	size_t n;

	for (const char *c = value; *c; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			return fail(e, EINVAL, "a control character in it");
	for (; (at = next_field(value, &n, &f)) != NULL; value = at + n)
		if (!f)
			return fail(e, EINVAL, "'%.*s' is none of {{.ID}}"
			            " {{.FullID}} {{.Name}} {{.ImageName}}",
			            (int)n, at);
	return 0;
}

char *
tag_make(struct arena *a, const char *tag, const struct logs_how *how)
{
	AUTO(buf) struct buf out = { 0 };
	const struct field *f;
	const char *at;
	size_t n;

	buf_text(&out, "");
	for (; (at = next_field(tag, &n, &f)) != NULL; tag = at + n) {
		const char *text = NULL;

		if (f)
			memcpy(&text, (const char *)how + f->at, sizeof(text));
		buf_add(&out, tag, (size_t)(at - tag));
		if (text)
			buf_add(&out, text, strnlen(text, f->most));
	}
	buf_text(&out, tag);
	return arena_bytes(a, out.data, out.n);
}

/* ---- attributes ---- */

static void
pick(struct arena *a, const struct pairs *from, const char *name,
     struct pairs *into)
{
	const char *value = pairs_get(from, name);

	if (value)
		pairs_set(a, into, name, value);
}

static void
pick_named(struct arena *a, const struct pairs *from, const char *names,
           struct pairs *into)
{
	char *rest = arena_text(a, names), *name;

	while ((name = strsep(&rest, ",")) != NULL)
		pick(a, from, name, into);
}

static void
pick_matching(struct arena *a, const struct pairs *from, const char *pattern,
              struct pairs *into)
{
	struct pattern p;
	struct err checked;

	if (pattern_compile(&p, pattern, a, &checked) < 0)
		return;
	for (size_t i = 0; i < from->n; i++)
		if (pattern_finds(&p, from->v[i].key))
			pick(a, from, from->v[i].key, into);
}

static void
pick_from(struct arena *a, const struct logs_how *how, const char *option,
          const struct pairs *from, struct pairs *into)
{
	const char *names = options_get(how, option);
	const char *pattern = options_get(how, arena_format(a, "%s-regex",
	                                                    option));

	if (names)
		pick_named(a, from, names, into);
	if (pattern)
		pick_matching(a, from, pattern, into);
}

static int
by_key(const void *a, const void *b)
{
	const struct pair *one = a, *other = b;

	return strcmp(one->key, other->key);
}

void
tag_attributes(struct arena *a, const struct logs_how *how,
               struct pairs *into)
{
	struct pairs env = { 0 };

	for (size_t i = 0; how->env && i < how->env->n; i++) {
		const char *word = how->env->v[i];
		size_t n = strcspn(word, "=");

		if (word[n])
			pairs_set(a, &env, arena_bytes(a, word, n),
			          word + n + 1);
	}
	if (how->labels)
		pick_from(a, how, "labels", how->labels, into);
	pick_from(a, how, "env", &env, into);
	if (into->n)
		qsort(into->v, into->n, sizeof(*into->v), by_key);
}
