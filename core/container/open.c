/* SPDX-License-Identifier: ISC */
/* Find a container: by name, by id, by the beginning of an id. */
#include "container/record.h"

#include <errno.h>
#include <string.h>

#define ID_LENGTH 64

static bool
is_there(const struct store *s, const char *id)
{
	AUTO(close) int dir = -1;
	struct err ignored;
	bool kept;

	return store_container(s, id, &dir, &kept, &ignored) == 0;
}

static bool
is_hex(const char *text)
{
	return *text && text[strspn(text, "0123456789abcdef")] == '\0';
}

static int
complete(struct container *c, const char *prefix, char **id, struct err *e)
{
	AUTO(buf) struct buf found = { 0 };
	struct words ids = { 0 };
	size_t n = 0;

	if (store_ids(&c->store, &c->arena, &ids, e) < 0)
		return -1;
	for (size_t i = 0; i < ids.n; i++) {
		if (strncmp(ids.v[i], prefix, strlen(prefix)) != 0)
			continue;
		buf_format(&found, "%s%.16s", n ? ", " : "", ids.v[i]);
		*id = ids.v[i];
		n++;
	}
	if (n > 1)
		return fail(e, EEXIST, "'%s' may be any of %zu containers: %s",
		            prefix, n, found.data);
	return n ? 0 : fail(e, ENOENT, "no such container: '%s'", prefix);
}

/* As docker: a whole id first, then a name, then the beginning of an id. */
static int
resolve(struct container *c, const char *name, char **id, struct err *e)
{
	if (strlen(name) == ID_LENGTH && is_hex(name) &&
	    is_there(&c->store, name)) {
		*id = arena_text(&c->arena, name);
		return 0;
	}
	*id = store_owner(&c->store, name, &c->arena);
	if (*id && is_there(&c->store, *id))
		return 0;
	if (is_hex(name) && strlen(name) <= ID_LENGTH)
		return complete(c, name, id, e);
	return fail(e, ENOENT, "no such container: '%s'", name);
}

static int
find(struct container *c, const char *name, struct err *e)
{
	bool gone = false;
	char *id;

	if (store_open(&c->store, e) < 0 ||
	    store_find_data(&c->store, e) < 0 ||
	    resolve(c, name, &id, e) < 0 || container_open_id(c, id, e) < 0 ||
	    container_mend(c, &gone, e) < 0)
		return -1;
	if (gone)
		return fail(e, ENOENT, "no such container: '%s'", name);
	return 0;
}

int
container_open(struct container *c, const char *name, struct err *e)
{
	if (find(c, name, e) == 0)
		return 0;
	auto_container(c);
	return -1;
}
