/* SPDX-License-Identifier: ISC */
/* The volumes of containers: where they are, and who has them. */
#include "base/log.h"
#include "container/record.h"
#include "sys/path.h"
#include "volume/volume.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

static bool
is_volume(const struct mount_point *p)
{
	return strcmp(p->type, "volume") == 0;
}

static struct mount *
mount_of(struct spec *s, const char *destination)
{
	for (size_t i = 0; i < s->n_mounts; i++)
		if (strcmp(s->mounts[i].destination, destination) == 0)
			return &s->mounts[i];
	return NULL;
}

/* ---- their places, when a container is made ---- */

/*
 * The options of a volume's driver are mounted in the container, and nowhere
 * on the host: what a process has mounted is gone with it. Two containers
 * with one tmpfs would need a host that keeps it, and so each has its own.
 */
static int
mount_device(struct container *c, const struct mount_point *p,
             const struct pairs *options, struct mount *m, struct err *e)
{
	struct arena *a = &c->spec.arena;
	const char *type = pairs_get(options, "type");
	char *rest = arena_text(a, pairs_get(options, "o")), *word;
	struct words before = m->options;
	bool bind;

	m->options = (struct words){ 0 };
	while (rest && (word = strsep(&rest, ",")))
		words_add(a, &m->options, word);
	bind = words_has(&m->options, "bind") ||
	       words_has(&m->options, "rbind");
	if (p->subpath && !bind)
		return fail(e, ENOTSUP, "volume '%s': no subpath of what a"
		            " driver mounts", p->name);
	m->type = arena_text(a, bind ? "bind" : type);
	m->source = arena_text(a, pairs_get(options, "device"));
	for (size_t i = 0; i < before.n; i++)
		if (strcmp(before.v[i], "rbind") != 0 &&
		    strcmp(before.v[i], "rprivate") != 0)
			words_add(a, &m->options, before.v[i]);
	if (strcmp(m->type, "tmpfs") == 0 && !p->no_copy)
		words_add(a, &m->options, "tmpcopyup");
	return 0;
}

static int
place_one(struct container *c, struct mount_point *p, struct err *e)
{
	AUTO(volume) struct volume v = { 0 };
	struct mount *m = mount_of(&c->spec, p->destination);
	const struct pairs *options = &p->options;
	struct err none;

	if (!p->name)
		p->name = volume_invent(&c->arena);
	if (volume_check_name(p->name, e) < 0 ||
	    volume_check_options(options, e) < 0)
		return -1;
	if (volume_open(&v, &c->store, p->name, &none) == 0)
		options = &v.options;
	p->source = volume_path(&c->store, p->name, &c->arena);
	if (!m)
		return 0;
	m->source = arena_text(&c->spec.arena, p->source);
	return options->n ? mount_device(c, p, options, m, e) : 0;
}

int
container_place_volumes(struct container *c, struct err *e)
{
	for (size_t i = 0; i < c->record.n_mounts; i++)
		if (is_volume(&c->record.mounts[i]) &&
		    place_one(c, &c->record.mounts[i], e) < 0)
			return -1;
	return 0;
}

/* ---- making them ---- */

/* What the root has there; -1: no directory. */
static int
open_content(const struct container *c, const char *destination)
{
	AUTO(close) int root = open(c->spec.root->path, O_PATH | O_DIRECTORY |
	                            O_CLOEXEC);

	return root < 0 ? -1
	       : path_open_in(root, destination, O_RDONLY | O_DIRECTORY);
}

static int
make_one(struct container *c, const struct mount_point *p, struct err *e)
{
	AUTO(volume) struct volume v = { 0 };
	AUTO(close) int content = -1;
	struct volume wanted = {
		.name = p->name,
		.anonymous = p->anonymous,
		.labels = p->labels,
		.options = p->options,
	};

	/* A reboot is not waited for where all goes with the container. */
	if (volume_hold(&v, &c->store, &wanted, c->kept || !p->anonymous,
	                e) < 0)
		return -1;
	if (!p->no_copy)
		content = open_content(c, p->destination);
	return content < 0 ? 0 : volume_fill(&v, content, e);
}

int
container_make_volumes(struct container *c, struct err *e)
{
	for (size_t i = 0; i < c->record.n_mounts; i++)
		if (is_volume(&c->record.mounts[i]) &&
		    (container_load_spec(c, e) < 0 ||
		     make_one(c, &c->record.mounts[i], e) < 0))
			return -1;
	return 0;
}

/* ---- who has them ---- */

/* Of a container whose record cannot be read its spec may tell. */
static bool
has_volume(struct container *c, const char *volume)
{
	struct err ignored;
	char *path;

	for (size_t i = 0; i < c->record.n_mounts; i++) {
		const struct mount_point *p = &c->record.mounts[i];

		if (is_volume(p) && p->name && strcmp(p->name, volume) == 0)
			return true;
	}
	if (container_state(c) != CONTAINER_DEAD ||
	    container_load_spec(c, &ignored) < 0)
		return false;
	path = volume_path(&c->store, volume, &c->arena);
	for (size_t i = 0; i < c->spec.n_mounts; i++)
		if (c->spec.mounts[i].source &&
		    strcmp(c->spec.mounts[i].source, path) == 0)
			return true;
	return false;
}

int
container_volume_users(const struct store *s, const char *volume,
                       struct arena *a, struct words *ids, struct err *e)
{
	struct words all = { 0 };

	if (store_ids(s, a, &all, e) < 0)
		return -1;
	for (size_t i = 0; i < all.n; i++) {
		AUTO(container) struct container c = { 0 };
		struct err ignored;

		if (store_open(&c.store, &ignored) < 0 ||
		    store_find_data(&c.store, &ignored) < 0 ||
		    container_open_id(&c, all.v[i], &ignored) < 0)
			continue; /* removed meanwhile */
		if (has_volume(&c, volume))
			words_add(a, ids, all.v[i]);
	}
	return 0;
}

struct removal {
	const struct store *store;
	const char *but;
};

static int
is_free(void *with, const char *volume, struct err *e)
{
	const struct removal *r = with;
	AUTO(arena) struct arena a = { 0 };
	AUTO(buf) struct buf list = { 0 };
	struct words ids = { 0 };

	if (container_volume_users(r->store, volume, &a, &ids, e) < 0)
		return -1;
	for (size_t i = 0; i < ids.n; i++)
		if (!r->but || strcmp(r->but, ids.v[i]) != 0)
			buf_format(&list, "%s%s", list.n ? ", " : "",
			           ids.v[i]);
	return list.n == 0 ? 0
	       : fail(e, EBUSY, "remove %s: volume is in use - [%s]", volume,
	              list.data);
}

int
container_remove_volume(const struct store *s, const char *volume,
                        const char *but, struct err *e)
{
	struct removal r = { s, but };

	return volume_remove(s, volume, is_free, &r, e);
}

/* Before the record goes, which is what names them. */
void
container_drop_volumes(struct container *c)
{
	const struct record *r = &c->record;
	struct err why;

	for (size_t i = 0; i < r->n_mounts; i++) {
		const struct mount_point *p = &r->mounts[i];

		if (!is_volume(p) || !p->anonymous || !p->name ||
		    container_remove_volume(&c->store, p->name, r->id,
		                            &why) == 0)
			continue;
		if (why.code != EBUSY && why.code != ENOENT)
			log_warn("%s", why.text);
	}
}
