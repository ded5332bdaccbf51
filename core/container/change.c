/* SPDX-License-Identifier: ISC */
/* What is changed of a container that lives: frozen, renamed; and its end. */
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

/* Where who waits for a --rm container finds its status: see container_wait. */
#define STATUS_FILE "status"

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

static int
freeze(struct container *c, bool frozen, struct err *e)
{
	AUTO(cgroup) struct cgroup g = { 0 };

	if (!c->record.cgroup || cgroup_open(&g, c->record.cgroup, e) < 0)
		return -1;
	return cgroup_freeze(&g, frozen, e);
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
		return freeze(c, false, e) < 0 ? -1
		       : write_state(c, CONTAINER_RUNNING, e);
	if (write_state(c, CONTAINER_PAUSED, e) < 0)
		return -1;
	if (freeze(c, true, e) == 0)
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

/* ---- the end ---- */

void
record_leave_status(const struct container *c)
{
	AUTO(close) int fd = openat(c->dir, STATUS_FILE, O_WRONLY | O_CLOEXEC |
	                            O_NOFOLLOW);
	AUTO(free) char *text = NULL;

	if (fd < 0)
		return;
	text = mem_format("%d\n", (int)c->record.exit_status.value);
	(void)!fd_write(fd, text, strlen(text));
}

static void
wait_process(const struct record *r, const struct number *pid,
             const struct number *start)
{
	AUTO(close) int fd = pid->set ? process_pidfd((pid_t)pid->value) : -1;
	struct timespec nap = { 0, 10000000 };

	while (record_is_alive(r, pid, start)) {
		struct pollfd one = { .fd = fd, .events = POLLIN };

		if (fd < 0 || poll(&one, 1, 60000) != 0)
			nanosleep(&nap, NULL);
	}
}

static int
read_status(int fd, int *status, struct err *e)
{
	AUTO(buf) struct buf text = { 0 };

	if (lseek(fd, 0, SEEK_SET) < 0 || fd_read(fd, 16, &text) < 0)
		return fail_sys(e, "%s", STATUS_FILE);
	if (!text.n)
		return -1;
	*status = (int)strtol(text.data, NULL, 10);
	return 0;
}

/*
 * A --rm container's record goes with it. Who waits makes a file in its
 * directory and keeps it open; container_ended writes into it what it finds,
 * and a file that is open outlives its name.
 */
int
container_wait(struct container *c, int *status, struct err *e)
{
	AUTO(close) int fd = -1;
	struct record *r = &c->record;
	char *id = r->id;
	bool gone = false;

	if (!c->kept)
		fd = openat(c->dir, STATUS_FILE, O_RDWR | O_CREAT | O_CLOEXEC |
		            O_NOFOLLOW, 0600);
	wait_process(r, &r->pid, &r->start_time);
	if (container_state(c) != CONTAINER_CREATED)
		wait_process(r, &r->monitor, &r->monitor_start);
	if (container_open_id(c, id, e) < 0 ||
	    container_mend(c, &gone, e) < 0 || gone)
		return fd >= 0 && read_status(fd, status, e) == 0 ? 0
		       : fail(e, ENOENT, "no such container: '%s'", id);
	*status = (int)c->record.exit_status.value;
	return 0;
}
