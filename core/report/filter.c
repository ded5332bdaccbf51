/* SPDX-License-Identifier: ISC */
/* --filter: which containers are meant. */
#include "report/report.h"
#include "base/pattern.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct report_filter {
	const struct key *key;
	const char *value;
	int64_t number;
	struct pattern pattern; /* the value, as an expression */
	char *created; /* of the container that before and since name */
};

struct key {
	const char *name;
	bool ended; /* containers that do not run are looked at, too */
	bool every; /* of two such conditions both must hold */
	bool (*match)(const struct report_filter *f, struct container *c,
	              struct arena *a);
};

static bool
is_id(const struct report_filter *f, struct container *c, struct arena *a)
{
	return strncmp(f->value, c->record.id, strlen(f->value)) == 0 ||
	       pattern_finds(&f->pattern, c->record.id);
}

/* Docker's names begin with a slash, which "^/web" may or may not have. */
static bool
is_name(const struct report_filter *f, struct container *c, struct arena *a)
{
	return c->record.name &&
	       (pattern_finds(&f->pattern, c->record.name) ||
	        pattern_finds(&f->pattern,
	                      arena_format(a, "/%s", c->record.name)));
}

static bool
has_label(const struct report_filter *f, struct container *c,
          struct arena *a)
{
	const char *equals = strchr(f->value, '=');
	const char *key = equals ? arena_bytes(a, f->value,
	                                       (size_t)(equals - f->value))
	                         : f->value;
	const char *value = pairs_get(&c->record.labels, key);

	return value && (!equals || strcmp(value, equals + 1) == 0);
}

static bool
has_exited(const struct report_filter *f, struct container *c,
           struct arena *a)
{
	return container_state(c) == CONTAINER_EXITED &&
	       c->record.exit_status.value == f->number;
}

static bool
is_in_state(const struct report_filter *f, struct container *c,
            struct arena *a)
{
	return strcmp(f->value, container_state_name(container_state(c))) == 0;
}

static bool
is_of_image(const struct report_filter *f, struct container *c,
            struct arena *a)
{
	return c->record.image && strcmp(c->record.image, f->value) == 0;
}

static bool
is_before(const struct report_filter *f, struct container *c,
          struct arena *a)
{
	return c->record.created && strcmp(c->record.created, f->created) < 0;
}

static bool
is_since(const struct report_filter *f, struct container *c, struct arena *a)
{
	return c->record.created && strcmp(c->record.created, f->created) > 0;
}

static bool
has_volume(const struct report_filter *f, struct container *c,
           struct arena *a)
{
	for (size_t i = 0; i < c->record.n_mounts; i++) {
		const struct mount_point *p = &c->record.mounts[i];

		if (strcmp(p->destination, f->value) == 0 ||
		    (p->source && strcmp(p->source, f->value) == 0) ||
		    (p->name && strcmp(p->name, f->value) == 0))
			return true;
	}
	return false;
}

static bool
has_network(const struct report_filter *f, struct container *c,
            struct arena *a)
{
	struct err ignored;

	return container_load_spec(c, &ignored) == 0 &&
	       strcmp(report_network(&c->spec, a), f->value) == 0;
}

/* No container has ports yet. */
static bool
has_port(const struct report_filter *f, struct container *c, struct arena *a)
{
	return false;
}

static bool
has_health(const struct report_filter *f, struct container *c,
           struct arena *a)
{
	return strcmp(f->value, report_health(a, c)) == 0;
}

static const struct key keys[] = {
	{ "ancestor", false, false, is_of_image },
	{ "before", false, false, is_before },
	{ "exited", true, false, has_exited },
	{ "expose", false, false, has_port },
	{ "health", false, false, has_health },
	{ "id", false, false, is_id },
	{ "label", false, true, has_label },
	{ "name", false, false, is_name },
	{ "network", false, false, has_network },
	{ "publish", false, false, has_port },
	{ "since", false, false, is_since },
	{ "status", true, false, is_in_state },
	{ "volume", false, false, has_volume },
};

static bool
is_one_of(const char *word, const char *const *words)
{
	while (*words && strcmp(*words, word) != 0)
		words++;
	return *words;
}

/* As docker, whose names and ids are regular expressions. */
static int
compile(struct report_filter *f, struct arena *a, struct err *e)
{
	if (f->key->match != is_id && f->key->match != is_name)
		return 0;
	return pattern_compile(&f->pattern, f->value, a, e) < 0
	       ? fail_in(e, "--filter: %s", f->key->name) : 0;
}

static int
check(struct report_filter *f, struct err *e)
{
	static const char *const states[] = { "created", "running", "paused",
	        "restarting", "exited", "removing", "dead", NULL };
	static const char *const healths[] = { "none", "starting", "healthy",
	        "unhealthy", NULL };
	const char *name = f->key->name;
	char *end;

	if (f->key->match == has_exited) {
		f->number = strtoll(f->value, &end, 10);
		if (end == f->value || *end)
			return fail(e, EINVAL, "--filter: exited: '%s' is not"
			            " a number", f->value);
	}
	if ((f->key->match == is_in_state && !is_one_of(f->value, states)) ||
	    (f->key->match == has_health && !is_one_of(f->value, healths)))
		return fail(e, EINVAL, "invalid filter '%s=%s'", name,
		            f->value);
	return 0;
}

static int
find_created(struct report_filter *f, struct arena *a, struct err *e)
{
	AUTO(container) struct container c = { 0 };

	if (f->key->match != is_before && f->key->match != is_since)
		return 0;
	if (container_open(&c, f->value, e) < 0)
		return fail_in(e, "--filter: %s", f->key->name);
	f->created = arena_text(a, c.record.created ? c.record.created : "");
	return 0;
}

int
report_filters_read(struct report_filters *f, const struct words *texts,
                    struct arena *a, struct err *e)
{
	f->arena = a;
	for (size_t i = 0; i < texts->n; i++) {
		const char *text = texts->v[i], *equals = strchr(text, '=');
		struct report_filter *one = LIST_ADD(a, f->v, f->n);

		one->value = arena_text(a, equals + 1);
		for (size_t k = 0; k < sizeof(keys) / sizeof(*keys); k++)
			if (strlen(keys[k].name) == (size_t)(equals - text) &&
			    strncmp(text, keys[k].name,
			            strlen(keys[k].name)) == 0)
				one->key = &keys[k];
		if (!one->key)
			return fail(e, EINVAL, "invalid filter '%.*s'",
			            (int)(equals - text), text);
		if (check(one, e) < 0 || compile(one, a, e) < 0 ||
		    find_created(one, a, e) < 0)
			return -1;
	}
	return 0;
}

bool
report_filters_ended(const struct report_filters *f)
{
	for (size_t i = 0; i < f->n; i++)
		if (f->v[i].key->ended)
			return true;
	return false;
}

/* Of conditions with one key one must hold, of the keys all. */
bool
report_filters_match(const struct report_filters *f, struct container *c)
{
	AUTO(arena) struct arena a = { 0 };

	for (size_t i = 0; i < f->n; i++) {
		const struct key *key = f->v[i].key;
		bool holds = key->match(&f->v[i], c, &a);

		for (size_t j = 0; j < f->n && !key->every && !holds; j++)
			holds = f->v[j].key == key &&
			        key->match(&f->v[j], c, &a);
		if (!holds)
			return false;
	}
	return true;
}
