/* SPDX-License-Identifier: ISC */
/* Read a container by its id; nothing is mended. */
#include "container/record.h"
#include "runtime/runtime.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CONFIG_MOST (16 << 20)

/* 0, 1 and 2 are never ours, so that a container of zeros is an empty one. */
void
auto_container(struct container *c)
{
	if (c->dir > 2)
		close(c->dir);
	auto_store(&c->store);
	auto_spec(&c->spec);
	auto_arena(&c->arena);
	*c = (struct container){ .dir = -1, .store = { .data = -1,
	                         .run = -1 } };
}

/* A directory that lost its name between our opening and reading it. */
static bool
is_gone(const struct container *c, const char *id)
{
	AUTO(close) int dir = -1;
	struct stat ours, now;
	struct err ignored;
	bool kept;

	return store_container(&c->store, id, &dir, &kept, &ignored) < 0 ||
	       fstat(dir, &now) < 0 || fstat(c->dir, &ours) < 0 ||
	       ours.st_ino != now.st_ino || ours.st_dev != now.st_dev;
}

int
container_open_id(struct container *c, const char *id, struct err *e)
{
	AUTO(close) int dir = -1;

	if (store_container(&c->store, id, &dir, &c->kept, e) < 0)
		return -1;
	if (c->dir > 2)
		close(c->dir);
	c->dir = take_fd(&dir);
	record_place(c, id);
	record_load(c, id);
	if (container_state(c) == CONTAINER_DEAD && is_gone(c, id))
		return fail(e, ENOENT, "no such container: '%s'", id);
	return 0;
}

void
container_forget_spec(struct container *c)
{
	auto_spec(&c->spec);
}

int
container_reopen(struct container *c, struct err *e)
{
	AUTO(container) struct container fresh = { 0 };
	struct container old;

	if (store_open(&fresh.store, e) < 0 ||
	    store_find_data(&fresh.store, e) < 0 ||
	    container_open_id(&fresh, c->record.id, e) < 0 ||
	    container_load_spec(&fresh, e) < 0)
		return -1;
	old = *c;
	*c = fresh;
	fresh = old;
	return 0;
}

int
container_load_spec(struct container *c, struct err *e)
{
	AUTO(buf) struct buf text = { 0 };

	if (c->spec.oci_version)
		return 0;
	if (store_read(c->dir, "config.json", CONFIG_MOST, &text, e) < 0 ||
	    spec_read(&c->spec, text.data ? text.data : "", text.n, e) < 0)
		return fail_in(e, "container '%s'", c->record.name);
	return 0;
}

void
container_plan(const struct container *c, struct runtime_plan *plan)
{
	*plan = (struct runtime_plan)RUNTIME_PLAN_NONE;
	plan->id = c->record.id;
	plan->cgroup = c->record.cgroup;
	plan->bundle = c->path;
	plan->reaper = c->record.reaper;
}
