/* SPDX-License-Identifier: ISC */
/* All containers, one after the other. */
#include "container/record.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void
auto_container_all(struct container_all *all)
{
	if (all->c)
		auto_container(all->c);
	auto_arena(&all->arena);
}

int
container_all_begin(struct container_all *all, struct err *e)
{
	struct store *s;

	all->c = arena_new(&all->arena, sizeof(*all->c));
	s = &all->c->store;
	if (store_open(s, e) < 0 || store_find_data(s, e) < 0 ||
	    store_ids(s, &all->arena, &all->ids, e) < 0)
		return -1;
	return 0;
}

/* The one before goes; the store is the same for all. */
static void
begin_next(struct container *c)
{
	struct store s = c->store;

	c->store = (struct store){ .data = -1, .run = -1 };
	auto_container(c);
	c->store = s;
}

int
container_all_next(struct container_all *all, struct err *e)
{
	struct container *c = all->c;

	while (all->at < all->ids.n) {
		const char *id = all->ids.v[all->at++];
		bool gone = false;

		begin_next(c);
		if (container_open_id(c, id, e) == 0 &&
		    container_mend(c, &gone, e) == 0) {
			if (!gone)
				return 1;
		} else if (e->code != ENOENT) {
			return -1;
		}
	}
	return 0;
}

struct listed {
	char *id, *created;
};

static int
newest_first(const void *a, const void *b)
{
	const struct listed *one = a, *other = b;

	return strcmp(other->created, one->created);
}

int
container_list(struct arena *a, struct words *ids, struct err *e)
{
	AUTO(container_all) struct container_all all = { 0 };
	struct listed *v = NULL;
	struct err ignored;
	size_t n = 0;

	if (container_all_begin(&all, e) < 0)
		return -1;
	for (int got; (got = container_all_next(&all, &ignored)) != 0; ) {
		const char *created = got > 0 ? all.c->record.created : NULL;
		struct listed *row = LIST_ADD(a, v, n);

		row->id = arena_text(a, all.ids.v[all.at - 1]);
		row->created = arena_text(a, created ? created : "");
	}
	if (n)
		qsort(v, n, sizeof(*v), newest_first);
	for (size_t i = 0; i < n; i++)
		words_add(a, ids, v[i].id);
	return 0;
}
