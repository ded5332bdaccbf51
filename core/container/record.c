/* SPDX-License-Identifier: ISC */
/* Records: what one command tells the next, and who may be believed. */
#include "container/record.h"
#include "sys/clock.h"
#include "sys/process.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define RECORD_MOST (1 << 20)

static const struct json_field record_fields[] = {
	JSON_NEED(struct record, JSON_U32, "version", version),
	JSON_NEED(struct record, JSON_TEXT, "id", id),
	JSON(struct record, JSON_TEXT, "name", name),
	JSON(struct record, JSON_TEXT, "image", image),
	JSON(struct record, JSON_WORDS, "command", command),
	JSON(struct record, JSON_TEXT, "created", created),
	JSON(struct record, JSON_TEXT, "started", started),
	JSON(struct record, JSON_TEXT, "finished", finished),
	JSON_NEED(struct record, JSON_TEXT, "state", state),
	JSON(struct record, JSON_NUMBER, "pid", pid),
	JSON(struct record, JSON_NUMBER, "startTime", start_time),
	JSON(struct record, JSON_NUMBER, "monitor", monitor),
	JSON(struct record, JSON_NUMBER, "monitorStart", monitor_start),
	JSON(struct record, JSON_TEXT, "bootId", boot_id),
	JSON(struct record, JSON_NUMBER, "exitStatus", exit_status),
	JSON(struct record, JSON_FLAG, "oomKilled", oom_killed),
	JSON(struct record, JSON_FLAG, "remove", remove),
	JSON(struct record, JSON_FLAG, "reaper", reaper),
	JSON(struct record, JSON_FLAG, "tty", tty),
	JSON(struct record, JSON_FLAG, "interactive", interactive),
	JSON(struct record, JSON_TEXT, "cgroup", cgroup),
	JSON(struct record, JSON_TEXT, "stopSignal", stop_signal),
	JSON(struct record, JSON_NUMBER, "stopTimeout", stop_timeout),
	JSON(struct record, JSON_TEXT, "error", error),
	JSON(struct record, JSON_PAIRS, "labels", labels),
	JSON_LIST(struct record, JSON_MANY, "mounts", mounts, n_mounts, spec_point_fields),
	JSON_FIELD_END
};

static const char *const state_names[] = {
	[CONTAINER_CREATED] = "created", [CONTAINER_RUNNING] = "running",
	[CONTAINER_PAUSED] = "paused",   [CONTAINER_EXITED] = "exited",
	[CONTAINER_DEAD] = "dead",
};

const char *
container_state_name(enum container_state s)
{
	return state_names[s];
}

enum container_state
container_state(const struct container *c)
{
	for (int s = CONTAINER_CREATED; s < CONTAINER_DEAD; s++)
		if (c->record.state &&
		    strcmp(c->record.state, state_names[s]) == 0)
			return (enum container_state)s;
	return CONTAINER_DEAD;
}

int64_t
container_seconds(const char *time)
{
	struct tm parts = { 0 };
	const char *rest = time ? strptime(time, "%Y-%m-%dT%H:%M:%S", &parts)
	                        : NULL;

	return rest && (*rest == '.' || *rest == 'Z') ? timegm(&parts) : -1;
}

bool
record_is_alive(const struct record *r, const struct number *pid,
                const struct number *start)
{
	return pid->set &&
	       process_is_same((pid_t)pid->value,
	                       start->set ? start->value : -1, r->boot_id);
}

static bool
is_process(const struct number *pid, int64_t least)
{
	return !pid->set || (pid->value >= least && pid->value <= INT_MAX);
}

static int
check(const struct container *c, const char *id, struct err *e)
{
	const struct record *r = &c->record;

	if (r->version > RECORD_VERSION)
		return fail(e, EINVAL, "its record is of version %u, which a"
		            " newer mydocker has written", r->version);
	if (strcmp(r->id, id) != 0)
		return fail(e, EINVAL, "its record is that of '%.64s'", r->id);
	if (container_state(c) == CONTAINER_DEAD)
		return fail(e, EINVAL, "no state is called '%.32s'", r->state);
	if (!is_process(&r->pid, 2) || !is_process(&r->monitor, 1))
		return fail(e, EINVAL, "a number in its record is no process");
	return 0;
}

int
record_parse(struct container *c, const char *id, const char *text, size_t n,
             struct err *e)
{
	c->record = (struct record){ 0 };
	if (json_read(BUF_OF(text, n), record_fields, &c->record, &c->arena,
	              e) < 0)
		return -1;
	return check(c, id, e);
}

void
record_print(const struct record *r, struct buf *out)
{
	json_write(out, record_fields, r, true);
}

/* What can be known of a container without its record. */
static void
load_dead(struct container *c, const char *id, const struct err *why)
{
	c->record = (struct record){
		.version = RECORD_VERSION,
		.id = arena_text(&c->arena, id),
		.name = store_name(&c->store, id, &c->arena),
		.state = arena_text(&c->arena, "dead"),
		.error = arena_text(&c->arena, why->text),
		.remove = !c->kept,
		.cgroup = arena_format(&c->arena, "/mydocker/%s", id),
	};
}

void
record_load(struct container *c, const char *id)
{
	AUTO(buf) struct buf text = { 0 };
	struct err why;

	if (store_read(c->dir, "record.json", RECORD_MOST, &text, &why) < 0 ||
	    record_parse(c, id, text.data ? text.data : "", text.n,
	                 &why) < 0)
		load_dead(c, id, &why);
}

void
record_refresh(struct container *c)
{
	struct container now = { .dir = -1 };
	AUTO(buf) struct buf text = { 0 };
	struct err ignored;

	if (store_read(c->dir, "record.json", RECORD_MOST, &text,
	               &ignored) == 0 &&
	    record_parse(&now, c->record.id, text.data ? text.data : "",
	                 text.n, &ignored) == 0)
		c->record.name = arena_text(&c->arena, now.record.name);
	auto_arena(&now.arena);
}

void
record_copy(struct container *c, const struct record *from)
{
	struct arena *a = &c->arena;
	struct record *r = &c->record;
	char **texts[] = { &r->id, &r->name, &r->image, &r->created,
	        &r->started, &r->finished, &r->state, &r->boot_id, &r->cgroup,
	        &r->stop_signal, &r->error };

	*r = *from;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		*texts[i] = arena_text(a, *texts[i]);
	r->command = (struct words){ 0 };
	words_copy(a, &r->command, from->command.v);
	r->labels = (struct pairs){ 0 };
	for (size_t i = 0; i < from->labels.n; i++)
		pairs_set(a, &r->labels, from->labels.v[i].key,
		          from->labels.v[i].value);
	r->mounts = NULL;
	r->n_mounts = 0;
	for (size_t i = 0; i < from->n_mounts; i++)
		spec_point_add(a, &r->mounts, &r->n_mounts, &from->mounts[i]);
}

void
record_place(struct container *c, const char *id)
{
	c->path = arena_format(&c->arena, "%s/containers/%s",
	                       c->kept ? c->store.data_path
	                               : c->store.run_path, id);
}

int
record_write(struct container *c, struct err *e)
{
	AUTO(buf) struct buf text = { 0 };

	record_print(&c->record, &text);
	return store_write(c->dir, "record.json", &text, c->kept, e);
}

int
container_save(struct container *c, struct err *e)
{
	int done;

	if (store_lock(c->dir, "the container", e) < 0)
		return -1;
	done = record_write(c, e);
	store_unlock(c->dir);
	return done;
}

static struct number
start_of(pid_t pid)
{
	int64_t start = process_start_time(pid);

	return (struct number){ start >= 0, start };
}

/* A command may have ended by now, and then has no start time. */
int
container_watch(struct container *c, pid_t pid, struct err *e)
{
	struct record *r = &c->record;

	r->monitor = (struct number){ true, getpid() };
	r->monitor_start = start_of(getpid());
	r->pid = (struct number){ true, pid };
	r->start_time = start_of(pid);
	r->boot_id = process_boot(&c->arena);
	return container_save(c, e);
}

int
container_started(struct container *c, struct err *e)
{
	struct record *r = &c->record;

	r->started = clock_now(&c->arena);
	r->finished = r->error = NULL;
	r->exit_status.set = r->oom_killed = false;
	r->state = arena_text(&c->arena, "running");
	return container_save(c, e);
}
