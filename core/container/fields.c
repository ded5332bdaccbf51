/* SPDX-License-Identifier: ISC */
/* The fields of a record: as text, checked, and copied. */
#include "container/record.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

static const struct json_field health_fields[] = {
	JSON(struct health_plan, JSON_WORDS, "test", test),
	JSON(struct health_plan, JSON_NUMBER, "interval", interval),
	JSON(struct health_plan, JSON_NUMBER, "timeout", timeout),
	JSON(struct health_plan, JSON_NUMBER, "startPeriod", start_period),
	JSON(struct health_plan, JSON_NUMBER, "startInterval",
	     start_interval),
	JSON(struct health_plan, JSON_NUMBER, "retries", retries),
	JSON_FIELD_END
};

static const struct json_field record_fields[] = {
	JSON_NEED(struct record, JSON_U32, "version", version),
	JSON(struct record, JSON_NUMBER, "revision", revision),
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
	JSON_INSIDE(struct record, "asked", asked, asked_fields),
	JSON(struct record, JSON_TEXT, "restart", restart),
	JSON(struct record, JSON_NUMBER, "restartMost", restart_most),
	JSON(struct record, JSON_NUMBER, "restarts", restarts),
	JSON(struct record, JSON_FLAG, "stopped", stopped),
	JSON(struct record, JSON_FLAG, "again", again),
	JSON(struct record, JSON_FLAG, "direct", direct),
	JSON(struct record, JSON_FLAG, "stdinOnce", stdin_once),
	JSON(struct record, JSON_TEXT, "logDriver", log_driver),
	JSON(struct record, JSON_PAIRS, "logOptions", log_options),
	JSON_INSIDE(struct record, "health", health, health_fields),
	JSON_FIELD_END
};

static const char *const state_names[] = {
	[CONTAINER_CREATED] = "created", [CONTAINER_RUNNING] = "running",
	[CONTAINER_PAUSED] = "paused",
	[CONTAINER_RESTARTING] = "restarting",
	[CONTAINER_EXITED] = "exited",   [CONTAINER_DEAD] = "dead",
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

bool
container_is_up(const struct container *c)
{
	enum container_state s = container_state(c);

	return s == CONTAINER_RUNNING || s == CONTAINER_PAUSED;
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

static void
copy_pairs(struct arena *a, struct pairs *to, const struct pairs *from)
{
	*to = (struct pairs){ 0 };
	for (size_t i = 0; i < from->n; i++)
		pairs_set(a, to, from->v[i].key, from->v[i].value);
}

void
record_copy(struct container *c, const struct record *from)
{
	struct arena *a = &c->arena;
	struct record *r = &c->record;
	char **texts[] = { &r->id, &r->name, &r->image, &r->created,
	        &r->started, &r->finished, &r->state, &r->boot_id, &r->cgroup,
	        &r->stop_signal, &r->error, &r->restart, &r->log_driver };

	*r = *from;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		*texts[i] = arena_text(a, *texts[i]);
	r->command = (struct words){ 0 };
	words_copy(a, &r->command, from->command.v);
	r->health.test = (struct words){ 0 };
	words_copy(a, &r->health.test, from->health.test.v);
	copy_pairs(a, &r->labels, &from->labels);
	copy_pairs(a, &r->log_options, &from->log_options);
	asked_copy(&r->asked, &from->asked, a);
	r->mounts = NULL;
	r->n_mounts = 0;
	for (size_t i = 0; i < from->n_mounts; i++)
		spec_point_add(a, &r->mounts, &r->n_mounts, &from->mounts[i]);
}
