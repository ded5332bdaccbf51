/* SPDX-License-Identifier: ISC */
/* Mend: what a process that was killed should still have done. */
#include "base/log.h"
#include "cgroup/cgroup.h"
#include "container/record.h"
#include "runtime/runtime.h"
#include "sys/clock.h"
#include "sys/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/* The exit status of a command whose end nobody has seen. */
#define STATUS_UNKNOWN 255

/*
 * The config is needed for hooks only; a container whose config cannot be read
 * must be removable all the same.
 */
int
container_clean(struct container *c, struct err *e)
{
	struct runtime_plan plan;
	struct err ignored;

	if (container_load_spec(c, &ignored) < 0)
		log_debug("%s", ignored.text);
	container_plan(c, &plan);
	return runtime_remove(&c->spec, &plan, e);
}

bool
record_is_busy(const struct container *c)
{
	const struct record *r = &c->record;

	switch (container_state(c)) {
	case CONTAINER_RUNNING:
	case CONTAINER_PAUSED:
	case CONTAINER_RESTARTING:
	case CONTAINER_DEAD:
		return true;
	default:
		return r->monitor.set;
	}
}

/* The directory first: a name whose container is gone is free for others. */
static int
drop_locked(struct container *c, bool force, struct err *e)
{
	struct record *r = &c->record;
	char *id = r->id;

	if (!force) {
		record_load(c, id);
		if (record_is_busy(c))
			return fail(e, EBUSY, "container '%s' is being "
			            "started", r->name);
	}
	if (c->volumes || r->remove)
		container_drop_volumes(c);
	if (store_drop(&c->store, r->id, e) < 0)
		return -1;
	container_tell(c, "destroy", NULL);
	return r->name ? store_release(&c->store, r->name, r->id, e) : 0;
}

int
container_drop(struct container *c, bool force, struct err *e)
{
	int done;

	if (store_lock(c->dir, "the container", e) < 0)
		return -1;
	done = drop_locked(c, force, e);
	store_unlock(c->dir);
	return done;
}

/*
 * A monitor, or before it whoever made the container, answers for it as long
 * as it lives; it is noted in the record until the remains are away.
 */
static bool
is_abandoned(struct container *c)
{
	const struct record *r = &c->record;

	c->watched = record_is_alive(r, &r->monitor, &r->monitor_start);
	if (c->watched)
		return false;
	switch (container_state(c)) {
	case CONTAINER_RUNNING:
	case CONTAINER_PAUSED:
		return !record_is_alive(r, &r->pid, &r->start_time);
	case CONTAINER_DEAD:
		return false;
	case CONTAINER_RESTARTING:
		return true;
	default:
		return r->monitor.set;
	}
}

static void
set_exited(struct container *c)
{
	struct record *r = &c->record;

	r->state = arena_text(&c->arena, "exited");
	r->finished = clock_now(&c->arena);
	r->pid.set = r->start_time.set = false;
	if (r->exit_status.set)
		return;
	r->exit_status = (struct number){ true, STATUS_UNKNOWN };
	r->error = arena_text(&c->arena, "nobody saw it end: its monitor was"
	                      " killed, or the machine went down");
}

/* Its end, for who watches: after the record says so. */
static void
tell_end(const struct container *c)
{
	const struct record *r = &c->record;
	int64_t start = container_seconds(r->started), now = time(NULL);
	char status[16], lasted[24];
	const char *const more[] = { "execDuration", lasted, "exitCode",
	                             status, NULL };

	snprintf(status, sizeof(status), "%d", (int)r->exit_status.value);
	snprintf(lasted, sizeof(lasted), "%lld",
	         start < 0 || now < start ? 0LL : (long long)(now - start));
	if (r->oom_killed)
		container_tell(c, "oom", NULL);
	container_tell(c, "die", more);
}

/* With the lock held. In this order: if we are killed, the next one goes on. */
static int
mend_locked(struct container *c, bool *gone, struct err *e)
{
	enum container_state was = container_state(c);
	bool was_up = container_is_up(c);

	log_info("mend container %s", c->record.id);
	/* A process that was made has nobody left to start it. */
	if ((was == CONTAINER_CREATED || was == CONTAINER_EXITED) &&
	    container_kill_all(c, e) < 0)
		return -1;
	if (was_up)
		set_exited(c);
	if (was == CONTAINER_RESTARTING)
		c->record.state = arena_text(&c->arena, "exited");
	c->record.pid.set = c->record.start_time.set = false;
	if (c->kept && record_write(c, false, e) < 0)
		return -1;
	if (was_up)
		tell_end(c);
	if (container_clean(c, e) < 0)
		return -1;
	*gone = !c->kept;
	return c->kept ? record_end(c, e) : 0;
}

int
container_mend(struct container *c, bool *gone, struct err *e)
{
	char *id = c->record.id;
	int done = 0;

	*gone = false;
	if (!is_abandoned(c))
		return 0;
	if (store_lock(c->dir, "the container", e) < 0)
		return -1;
	/* Somebody else may have been faster. */
	record_load(c, id);
	if (is_abandoned(c))
		done = mend_locked(c, gone, e);
	store_unlock(c->dir);
	if (done < 0)
		return fail_in(e, "container '%s'", id);
	return *gone ? container_drop(c, true, e) : 0;
}

static void
note_end(struct container *c, int exit_status)
{
	struct record *r = &c->record;

	r->exit_status = (struct number){ true, exit_status };
	r->oom_killed = c->kept && r->cgroup &&
	                cgroup_oom_kills_at(r->cgroup) > 0;
	set_exited(c);
}

/* For who waits for one that is not kept: see container_wait. */
static void
leave_status(const struct container *c)
{
	AUTO(close) int fd = openat(c->dir, RECORD_STATUS, O_WRONLY |
	                            O_CLOEXEC | O_NOFOLLOW);
	AUTO(free) char *text = NULL;

	if (fd < 0)
		return;
	text = mem_format("%d\n", (int)c->record.exit_status.value);
	(void)!fd_write(fd, text, strlen(text));
}

/*
 * The record of one that is not kept goes anyway, and until then says rightly
 * that there are remains; so nothing is written.
 */
int
container_ended(struct container *c, int exit_status, struct err *e)
{
	struct record *r = &c->record;
	bool told = container_state(c) == CONTAINER_RESTARTING;
	int done;

	note_end(c, exit_status);
	if (container_refresh(c) < 0)
		log_debug("container %s: no record", r->id);
	if (!c->kept)
		leave_status(c);
	if (c->kept && container_save(c, false, e) < 0)
		return -1;
	if (!told)
		tell_end(c);
	if (container_clean(c, e) < 0)
		return -1;
	if (!c->kept && !r->again)
		return container_drop(c, true, e);
	if (store_lock(c->dir, "the container", e) < 0)
		return -1;
	if (c->kept)
		(void)container_refresh(c);
	done = record_end(c, e);
	store_unlock(c->dir);
	return done;
}

int
container_failed(struct container *c, const struct err *why, struct err *e)
{
	struct record *r = &c->record;
	bool ran = r->started != NULL;

	/* A container that was to restart has ended; --rm is gone. */
	if (!c->kept || ran) {
		r->error = arena_text(&c->arena, why->text);
		return container_ended(c, why->status, e);
	}
	r->error = arena_text(&c->arena, why->text);
	r->exit_status = (struct number){ true, why->status };
	r->pid.set = r->start_time.set = false;
	if (container_clean(c, e) < 0 ||
	    store_lock(c->dir, "the container", e) < 0)
		return -1;
	(void)container_refresh(c);
	ran = record_end(c, e) < 0;
	store_unlock(c->dir);
	return ran ? -1 : 0;
}

int
container_restarting(struct container *c, int exit_status, struct err *e)
{
	struct record *r = &c->record;

	note_end(c, exit_status);
	r->state = arena_text(&c->arena, "restarting");
	r->restarts = (struct number){ true, r->restarts.value + 1 };
	if (container_save(c, false, e) < 0)
		return -1;
	tell_end(c);
	return container_clean(c, e);
}
