/* SPDX-License-Identifier: ISC */
/* What is changed of a container that lives: frozen, renamed. */
#include "cgroup/cgroup.h"
#include "container/record.h"
#include "sys/fd.h"
#include "sys/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char *
name_of(const struct container *c)
{
	return c->record.name ? c->record.name : c->record.id;
}

static int
write_state(struct container *c, enum container_state s, struct err *e)
{
	c->record.state = arena_text(&c->arena, container_state_name(s));
	return record_write(c, false, e);
}

/*
 * The record says paused for as long as anything may be frozen: killed in
 * between, unpause finds what there is to thaw.
 */
static int
pause_locked(struct container *c, bool paused, struct err *e)
{
	enum container_state s = container_state(c);
	struct err ignored;

	if (s != CONTAINER_RUNNING && s != CONTAINER_PAUSED)
		return fail(e, ESRCH, "container '%s' is not running",
		            name_of(c));
	if (paused == (s == CONTAINER_PAUSED))
		return fail(e, EINVAL, "container '%s' is %s", name_of(c),
		            paused ? "already paused" : "not paused");
	if (!paused)
		return record_freeze(c, false, e) < 0 ? -1
		       : write_state(c, CONTAINER_RUNNING, e);
	if (write_state(c, CONTAINER_PAUSED, e) < 0)
		return -1;
	if (record_freeze(c, true, e) == 0)
		return 0;
	if (write_state(c, CONTAINER_RUNNING, &ignored) < 0)
		return -1;
	return -1;
}

int
container_pause(struct container *c, bool paused, struct err *e)
{
	int done;

	if (record_lock(c, e) < 0)
		return -1;
	done = pause_locked(c, paused, e);
	store_unlock(c->dir);
	if (done == 0)
		container_tell(c, paused ? "pause" : "unpause", NULL);
	return done;
}

/* The new name first: killed in between, the container has two. */
static int
rename_locked(struct container *c, const char *name, struct err *e)
{
	struct record *r = &c->record;
	char *old = r->name;
	AUTO(arena) struct arena a = { 0 };
	char *owner = store_owner(&c->store, name, &a);

	if (container_state(c) == CONTAINER_DEAD)
		return fail(e, EINVAL, "container '%s': %s", name_of(c),
		            r->error);
	if (old && strcmp(old, name) == 0)
		return fail(e, EEXIST, "container '%s' has that name", name);
	if ((!owner || strcmp(owner, r->id) != 0) &&
	    store_claim(&c->store, name, r->id, e) < 0)
		return -1;
	r->name = arena_text(&c->arena, name);
	if (record_write(c, true, e) < 0) {
		struct err ignored;

		r->name = old;
		(void)!store_release(&c->store, name, r->id, &ignored);
		return -1;
	}
	return old ? store_release(&c->store, old, r->id, e) : 0;
}

int
container_rename(struct container *c, const char *name, struct err *e)
{
	const char *more[] = { "oldName", NULL, NULL };
	int done;

	if (*name == '/')
		name++; /* docker's spelling */
	if (container_check_name(name, e) < 0 || record_lock(c, e) < 0)
		return -1;
	more[1] = arena_format(&c->arena, "/%s", name_of(c));
	done = rename_locked(c, name, e);
	store_unlock(c->dir);
	if (done == 0)
		container_tell(c, "rename", more);
	return done;
}
