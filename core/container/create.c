/* SPDX-License-Identifier: ISC */
/* Make a container: everything of it is on disk afterwards, or nothing is. */
#include "container/record.h"
#include "sys/clock.h"
#include "sys/entropy.h"
#include "sys/process.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#define ID_BYTES 32
#define SHORT_ID 12

static char *
make_id(struct arena *a)
{
	unsigned char bytes[ID_BYTES];
	char *id = arena_new(a, 2 * ID_BYTES + 1);

	entropy_bytes(bytes, sizeof(bytes));
	for (size_t i = 0; i < ID_BYTES; i++) {
		id[2 * i] = "0123456789abcdef"[bytes[i] >> 4];
		id[2 * i + 1] = "0123456789abcdef"[bytes[i] & 15];
	}
	return id;
}

static bool
has_variable(const struct words *env, const char *name)
{
	size_t n = strlen(name);

	for (size_t i = 0; i < env->n; i++)
		if (strncmp(env->v[i], name, n) == 0 && env->v[i][n] == '=')
			return true;
	return false;
}

/* Only a name space of its own is named after the container. */
static void
name_host(struct spec *s, const char *id)
{
	const struct namespace_row *uts = spec_namespace(s, NAMESPACE_UTS);
	AUTO(free) char *variable = NULL;

	if (!uts || uts->path)
		return;
	if (!s->hostname)
		s->hostname = arena_bytes(&s->arena, id, SHORT_ID);
	if (!s->process || has_variable(&s->process->env, "HOSTNAME"))
		return;
	variable = mem_format("HOSTNAME=%s", s->hostname);
	words_add(&s->arena, &s->process->env, variable);
}

static void
place_cgroup(struct container *c)
{
	struct spec *s = &c->spec;
	const char *parent;

	if (!s->linux_part)
		s->linux_part = arena_new(&s->arena, sizeof(*s->linux_part));
	parent = s->linux_part->cgroups_path;
	if (!parent)
		parent = "/mydocker";
	s->linux_part->cgroups_path = arena_format(&s->arena, "%s%s/%s",
	        *parent == '/' ? "" : "/", parent, c->record.id);
	c->record.cgroup = arena_text(&c->arena, s->linux_part->cgroups_path);
}

/* A name was wished for, or one is made up until it is free. */
static int
claim(struct container *c, struct err *e)
{
	struct record *r = &c->record;
	bool made_up = !r->name;

	for (int tries = 0; tries < 40; tries++) {
		if (made_up)
			r->name = container_invent(&c->arena);
		/* So many containers that the names run out: number them. */
		if (made_up && tries > 20)
			r->name = arena_format(&c->arena, "%s%u", r->name,
			                       entropy_below(100000));
		if (store_claim(&c->store, r->name, r->id, e) == 0)
			return 0;
		if (!made_up || e->code != EEXIST)
			return -1;
	}
	return -1;
}

static int
write_config(struct container *c, struct err *e)
{
	AUTO(buf) struct buf text = { 0 };

	buf_room(&text, 32000); /* a usual one has 20 KB */
	spec_write(&c->spec, false, &text);
	return store_write(c->dir, "config.json", &text, c->kept, e);
}

static void
fill_record(struct container *c)
{
	struct record *r = &c->record;
	int64_t start = process_start_time(getpid());

	r->version = RECORD_VERSION;
	r->state = arena_text(&c->arena, "created");
	r->created = clock_now(&c->arena);
	r->boot_id = process_boot(&c->arena);
	/* Until it has a monitor, its maker answers for it. */
	r->monitor = (struct number){ true, getpid() };
	r->monitor_start = (struct number){ start >= 0, start };
}

/* The rest, with the directory there but not yet under its name. */
static int
fill(struct container *c, struct err *e)
{
	name_host(&c->spec, c->record.id);
	place_cgroup(c);
	fill_record(c);
	if (container_place_layers(c, e) < 0 ||
	    container_place_volumes(c, e) < 0 || write_config(c, e) < 0 ||
	    record_write(c, true, e) < 0)
		return -1;
	return store_publish(&c->store, c->kept, c->record.id, e);
}

static int
make(struct container *c, struct err *e)
{
	struct record *r = &c->record;
	struct err ignored;

	if (store_prepare(&c->store, c->kept, r->id, &c->dir, e) < 0)
		return -1;
	if (claim(c, e) == 0) {
		if (fill(c, e) == 0) {
			store_unlock(c->dir);
			return 0;
		}
		if (store_release(&c->store, r->name, r->id, &ignored) < 0)
			ignored.code = 0; /* it is stale, and so free */
	}
	/* What cannot be removed now, whoever lists takes away. */
	if (store_withdraw(&c->store, c->kept, r->id, &ignored) < 0 ||
	    store_drop(&c->store, r->id, &ignored) < 0)
		return -1;
	return -1;
}

int
container_create(struct container *c, const struct record *wanted,
                 struct spec *spec, struct err *e)
{
	if (wanted->name && container_check_name(wanted->name, e) < 0)
		return -1;
	if (store_open(&c->store, e) < 0 || store_find_data(&c->store, e) < 0)
		goto out;
	record_copy(c, wanted);
	c->kept = !wanted->remove;
	c->record.id = make_id(&c->arena);
	c->spec = *spec;
	*spec = (struct spec){ 0 };
	record_place(c, c->record.id);
	if (make(c, e) == 0) {
		container_tell(c, "create", NULL);
		return 0;
	}
out:
	auto_container(c);
	return -1;
}
