/* SPDX-License-Identifier: ISC */
/* Volumes in docker's words, and which of them are meant. */
#include "report/report.h"

#include <errno.h>
#include <string.h>

const char *const report_volume_headings[] = {
	"Driver", "DRIVER", "Name", "VOLUME NAME", "Scope", "SCOPE",
	"Mountpoint", "MOUNTPOINT", "Labels", "LABELS", "Links", "LINKS",
	"Size", "SIZE", "Status", "STATUS", "Group", "GROUP",
	"Availability", "AVAILABILITY", "Label", "", NULL
};

/* ---- which ones ---- */

static int
set_dangling(struct report_volumes *f, const char *value, struct err *e)
{
	if (strcmp(value, "true") == 0 || strcmp(value, "1") == 0)
		f->dangling = 1;
	else if (strcmp(value, "false") == 0 || strcmp(value, "0") == 0)
		f->dangling = 0;
	else
		return fail(e, EINVAL, "invalid filter 'dangling=%s'", value);
	return 0;
}

static int
add_filter(struct report_volumes *f, const char *key, const char *value,
           struct arena *a, struct err *e)
{
	const struct {
		const char *key;
		struct words *into;
	} lists[] = {
		{ "driver", &f->drivers },
		{ "label", &f->labels },
		{ "label!", &f->labels_not },
	};

	if (strcmp(key, "dangling") == 0)
		return set_dangling(f, value, e);
	if (strcmp(key, "name") == 0)
		return pattern_compile(LIST_ADD(a, f->names, f->n_names),
		                       value, a, e) < 0
		       ? fail_in(e, "--filter: name") : 0;
	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++)
		if (strcmp(key, lists[i].key) == 0)
			words_add(a, lists[i].into, value);
	return 0;
}

int
report_volumes_read(struct report_volumes *f, const struct words *texts,
                    const char *const *keys, struct arena *a, struct err *e)
{
	f->dangling = -1;
	for (size_t i = 0; i < texts->n; i++) {
		const char *text = texts->v[i], *equals = strchr(text, '=');
		char *key = arena_bytes(a, text, strcspn(text, "="));
		size_t k = 0;

		while (keys[k] && strcmp(keys[k], key) != 0)
			k++;
		if (!keys[k])
			return fail(e, EINVAL, "invalid filter '%s'", key);
		if (add_filter(f, key, equals + 1, a, e) < 0)
			return -1;
	}
	return 0;
}

static bool
has_label(const struct volume *v, const char *text)
{
	AUTO(arena) struct arena a = { 0 };
	size_t n = strcspn(text, "=");
	const char *value = pairs_get(&v->labels, arena_bytes(&a, text, n));

	return value && (!text[n] || strcmp(value, text + n + 1) == 0);
}

static bool
has_name(const struct report_volumes *f, const char *name)
{
	for (size_t i = 0; i < f->n_names; i++)
		if (pattern_finds(&f->names[i], name))
			return true;
	return f->n_names == 0;
}

static bool
matches(const struct report_volumes *f, const struct volume *v)
{
	for (size_t i = 0; i < f->labels.n; i++)
		if (!has_label(v, f->labels.v[i]))
			return false;
	for (size_t i = 0; i < f->labels_not.n; i++)
		if (has_label(v, f->labels_not.v[i]))
			return false;
	return has_name(f, v->name) &&
	       (!f->drivers.n || words_has(&f->drivers, v->driver));
}

int
report_volumes_match(const struct report_volumes *f, const struct store *s,
                     const struct volume *v, struct err *e)
{
	AUTO(arena) struct arena a = { 0 };
	struct words users = { 0 };

	if (!matches(f, v))
		return 0;
	if (f->dangling < 0)
		return 1;
	if (container_volume_users(s, v->name, &a, &users, e) < 0)
		return -1;
	return (users.n == 0) == f->dangling;
}

/* ---- how they look ---- */

static void
set(struct value *map, const char *key, const char *text, struct arena *a)
{
	value_set(a, map, key, value_text(a, text));
}

static struct value *
pairs_value(const struct pairs *p, struct arena *a)
{
	struct value *map = value_map(a);

	map->texts = true;
	map->nil = p->n == 0;
	for (size_t i = 0; i < p->n; i++)
		value_set(a, map, arena_text(a, p->v[i].key),
		          value_text(a, p->v[i].value));
	return map;
}

/* docker marks those that have no name of the user's by a label. */
static struct value *
labels(const struct volume *v, struct arena *a)
{
	struct value *map = pairs_value(&v->labels, a);

	if (v->anonymous) {
		map->nil = false;
		set(map, "com.docker.volume.anonymous", "", a);
	}
	return map;
}

struct value *
report_volume_row(const struct volume *v, struct arena *a)
{
	AUTO(buf) struct buf text = { 0 };
	struct value *row = value_record(a, "*formatter.volumeContext");
	struct value *map = labels(v, a);
	const struct {
		const char *key, *text;
	} fields[] = {
		{ "Availability", "N/A" }, { "Driver", v->driver },
		{ "Group", "N/A" },        { "Labels", NULL },
		{ "Links", "N/A" },        { "Mountpoint", v->mountpoint },
		{ "Name", v->name },       { "Scope", "local" },
		{ "Size", "N/A" },         { "Status", "N/A" },
	};

	buf_text(&text, "");
	for (size_t i = 0; i < map->n; i++)
		buf_format(&text, "%s%s=%s", i ? "," : "", map->v[i].key,
		           map->v[i].value->text);
	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++)
		set(row, fields[i].key, fields[i].text ? fields[i].text
		                                       : text.data, a);
	map->kind = VALUE_LOOKUP;
	value_set(a, row, "Label", map);
	return row;
}

struct value *
report_volume(const struct volume *v, struct arena *a)
{
	struct value *d = value_record(a, "volume.Volume");

	set(d, "CreatedAt", v->created, a);
	set(d, "Driver", v->driver, a);
	value_set(a, d, "Labels", labels(v, a));
	set(d, "Mountpoint", v->mountpoint, a);
	set(d, "Name", v->name, a);
	value_set(a, d, "Options", pairs_value(&v->options, a));
	set(d, "Scope", "local", a);
	return d;
}
