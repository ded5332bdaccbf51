/* SPDX-License-Identifier: ISC */
/* Events as docker prints them, and which of them are meant. */
#include "report/report.h"
#include "base/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* ---- what an event says ---- */

static const char *
text_of(const struct value *map, const char *key)
{
	const struct value *v = map ? value_get(map, key) : NULL;

	return v && v->kind == VALUE_TEXT ? v->text : "";
}

static const char *
actor_id(const struct value *event)
{
	return text_of(value_get(event, "Actor"), "ID");
}

static const struct value *
attributes_of(const struct value *event)
{
	const struct value *actor = value_get(event, "Actor");
	const struct value *all = actor ? value_get(actor, "Attributes") : NULL;

	return all && all->kind == VALUE_MAP ? all : NULL;
}

/* ---- conditions ---- */

static bool
begins(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

static bool
is_type(const struct value *event, const char *wanted)
{
	return strcmp(text_of(event, "Type"), wanted) == 0;
}

static bool
is_scope(const struct value *event, const char *wanted)
{
	return strcmp(text_of(event, "scope"), wanted) == 0;
}

/* Those that say more behind a colon are also meant without it. */
static bool
is_event(const struct value *event, const char *wanted)
{
	static const char *const longer[] = { "exec_create", "exec_start",
	                                      "health_status" };
	const char *action = text_of(event, "Action");

	for (size_t i = 0; i < sizeof(longer) / sizeof(*longer); i++)
		if (strcmp(longer[i], wanted) == 0)
			return begins(action, wanted);
	return strcmp(action, wanted) == 0;
}

/* As docker, by the beginning of an id or a name, whatever it belongs to. */
static bool
is_named(const struct value *event, const char *wanted)
{
	return begins(actor_id(event), wanted) ||
	       begins(text_of(attributes_of(event), "name"), wanted);
}

/* With its tag or without. */
static bool
is_image(const struct value *event, const char *wanted)
{
	const char *image = text_of(attributes_of(event),
	                            is_type(event, "image") ? "name" : "image");
	const char *base = strrchr(image, '/');
	const char *tag = strchr(base ? base : image, ':');

	if (strcmp(image, wanted) == 0 || strcmp(actor_id(event), wanted) == 0)
		return true;
	return tag && strlen(wanted) == (size_t)(tag - image) &&
	       begins(image, wanted);
}

static bool
has_label(const struct value *event, const char *wanted)
{
	const struct value *all = attributes_of(event);
	size_t n = strcspn(wanted, "=");

	for (size_t i = 0; all && i < all->n; i++) {
		const struct member *m = &all->v[i];

		if (strlen(m->key) == n && strncmp(m->key, wanted, n) == 0)
			return !wanted[n] || strcmp(text_of(all, m->key),
			                            wanted + n + 1) == 0;
	}
	return false;
}

/* every  of several with this key all must hold */
static const struct key {
	const char *name;
	bool (*matches)(const struct value *event, const char *wanted);
	bool every;
} keys[] = {
	{ "container", is_named, false }, { "event", is_event, false },
	{ "image", is_image, false }, { "label", has_label, true },
	{ "network", is_named, false }, { "scope", is_scope, false },
	{ "type", is_type, false }, { "volume", is_named, false },
	{ "daemon", is_named, false }, { "plugin", is_named, false },
};

#define N_KEYS (sizeof(keys) / sizeof(*keys))

static bool
is_key(const struct key *key, const char *text)
{
	size_t n = strlen(key->name);

	return strncmp(text, key->name, n) == 0 && text[n] == '=';
}

int
report_event_check(const struct words *filters, struct err *e)
{
	for (size_t i = 0; i < filters->n; i++) {
		const char *text = filters->v[i];
		size_t k = 0;

		while (k < N_KEYS && !is_key(&keys[k], text))
			k++;
		if (k == N_KEYS)
			return fail(e, EINVAL, "--filter: there is no key"
			            " '%.*s'", (int)strcspn(text, "="), text);
	}
	return 0;
}

static bool
holds(const struct key *key, const struct words *filters,
      const struct value *event)
{
	size_t asked = 0, held = 0;

	for (size_t i = 0; i < filters->n; i++) {
		const char *text = filters->v[i];

		if (!is_key(key, text))
			continue;
		asked++;
		held += key->matches(event, text + strlen(key->name) + 1);
	}
	return key->every ? held == asked : held || !asked;
}

bool
report_event_matches(const struct words *filters, const struct value *event)
{
	for (size_t k = 0; k < N_KEYS; k++)
		if (!holds(&keys[k], filters, event))
			return false;
	return true;
}

/* ---- what is printed ---- */

/* Go's names of the fields, and ours: docker's in JSON. */
static const char *const fields[][2] = {
	{ "Status", "status" }, { "ID", "id" }, { "From", "from" },
	{ "Type", "Type" }, { "Action", "Action" }, { "Actor", "Actor" },
	{ "Scope", "scope" }, { "Time", "time" }, { "TimeNano", "timeNano" },
};

struct value *
report_event(const struct value *event, struct arena *a)
{
	struct value *row = value_record(a, "events.Message");
	struct value *actor = value_record(a, "events.Actor");
	const struct value *all = attributes_of(event);
	struct value *copy = value_map(a);

	for (size_t i = 0; all && i < all->n; i++)
		value_set(a, copy, all->v[i].key, all->v[i].value);
	copy->texts = true;
	value_set(a, actor, "ID", value_text(a, actor_id(event)));
	value_set(a, actor, "Attributes", copy);
	for (size_t i = 0; i < sizeof(fields) / sizeof(*fields); i++) {
		struct value *v = value_get(event, fields[i][1]);

		if (strcmp(fields[i][0], "Actor") == 0)
			v = actor;
		value_set(a, row, fields[i][0], v ? v : value_text(a, ""));
	}
	return row;
}

/* Our own time, as Go writes it: Z or the offset. */
static void
add_time(struct buf *out, const struct value *event)
{
	const struct value *nano = value_get(event, "timeNano");
	int64_t ns = nano && nano->kind == VALUE_INT ? nano->integer : 0;
	time_t seconds = ns / 1000000000;
	char text[40];
	struct tm parts;
	long minutes;

	localtime_r(&seconds, &parts);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &parts);
	minutes = parts.tm_gmtoff / 60;
	buf_format(out, "%s.%09lld", text, (long long)(ns % 1000000000));
	if (minutes == 0)
		buf_text(out, "Z");
	else
		buf_format(out, "%c%02ld:%02ld", minutes < 0 ? '-' : '+',
		           labs(minutes) / 60, labs(minutes) % 60);
}

/* A colour for what begins, one for what ends, one for what goes wrong. */
static const char *
colour_of(const char *action)
{
	static const struct {
		const char *action, *colour;
	} rows[] = {
		{ "start", "\033[32m" }, { "unpause", "\033[32m" },
		{ "create", "\033[32m" }, { "die", "\033[33m" },
		{ "stop", "\033[33m" }, { "destroy", "\033[33m" },
		{ "pause", "\033[33m" }, { "kill", "\033[31m" },
		{ "oom", "\033[31m" },
		{ "health_status: unhealthy", "\033[31m" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (strcmp(rows[i].action, action) == 0)
			return rows[i].colour;
	return "\033[1m";
}

static void
add_attributes(struct buf *out, const struct value *all)
{
	for (size_t i = 0; i < all->n; i++) {
		buf_text(out, i ? ", " : " (");
		text_escape(out, all->v[i].key);
		buf_text(out, "=");
		text_escape(out, text_of(all, all->v[i].key));
	}
	buf_text(out, all->n ? ")" : "");
}

void
report_event_line(struct buf *out, const struct value *event, bool colours)
{
	const char *action = text_of(event, "Action");
	const struct value *all = attributes_of(event);

	buf_text(out, colours ? "\033[2m" : "");
	add_time(out, event);
	buf_text(out, colours ? "\033[0m " : " ");
	text_escape(out, text_of(event, "Type"));
	buf_text(out, " ");
	buf_text(out, colours ? colour_of(action) : "");
	text_escape(out, action);
	buf_text(out, colours ? "\033[0m " : " ");
	text_escape(out, actor_id(event));
	if (all)
		add_attributes(out, all);
	buf_text(out, "\n");
}
