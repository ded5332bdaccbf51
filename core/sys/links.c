/* SPDX-License-Identifier: ISC */
/* Which inodes have been seen, and where: for several names of one file. */
#include "sys/links.h"

#include <stdlib.h>

#define BUCKETS 1024

struct links {
	struct arena arena;
	struct link_seen *buckets[BUCKETS];
};

struct links *
links_new(void)
{
	return mem_new(sizeof(struct links));
}

void
auto_links(struct links **l)
{
	if (*l)
		auto_arena(&(*l)->arena);
	free(*l);
	*l = NULL;
}

static size_t
bucket(const struct stat *st)
{
	return (st->st_ino ^ st->st_dev) % BUCKETS;
}

struct link_seen *
links_find(const struct links *l, const struct stat *st)
{
	struct link_seen *one = l->buckets[bucket(st)];

	while (one && (one->ino != st->st_ino || one->dev != st->st_dev))
		one = one->next;
	return one;
}

struct link_seen *
links_add(struct links *l, const struct stat *st, const char *path)
{
	struct link_seen *one = arena_new(&l->arena, sizeof(*one));

	one->dev = st->st_dev;
	one->ino = st->st_ino;
	one->path = arena_text(&l->arena, path);
	one->next = l->buckets[bucket(st)];
	l->buckets[bucket(st)] = one;
	return one;
}
