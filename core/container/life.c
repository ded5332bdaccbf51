/* SPDX-License-Identifier: ISC */
/* Signals, stopping and removing; every wait has an end. */
#include "base/log.h"
#include "cgroup/cgroup.h"
#include "container/record.h"
#include "sys/clock.h"
#include "sys/process.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define STOP_SECONDS 10
/* How long the monitor of a process that has ended may take. */
#define MONITOR_MS 5000
/* How long somebody else may take to start what we are to start. */
#define BEGIN_MS 10000

/* It does not, and will in a moment if nobody prevents it. */
static bool
is_restarting(const struct container *c)
{
	return container_state(c) == CONTAINER_RESTARTING;
}

/*
 * The process has ended: let its monitor do its part, or do it ourselves, so
 * that whoever comes next finds the truth. *gone: the container is removed.
 */
static int
settle(struct container *c, bool *gone, struct err *e)
{
	char *id = c->record.id;

	*gone = false;
	record_wait(&c->record, &c->record.monitor, &c->record.monitor_start,
	            MONITOR_MS);
	if (container_open_id(c, id, e) < 0) {
		*gone = true;
		return e->code == ENOENT ? 0 : -1;
	}
	return container_mend(c, gone, e);
}

/* A frozen process gets its signals when it thaws; those of docker's stop and
 * kill must arrive. */
static int
send(struct container *c, int pidfd, int signal, struct err *e)
{
	if (process_signal(pidfd, (pid_t)c->record.pid.value, signal, e) < 0)
		return -1;
	container_tell_number(c, "kill", "signal", signal);
	return container_state(c) == CONTAINER_PAUSED
	       ? record_freeze(c, false, e) : 0;
}

void
record_wake_monitor(const struct container *c)
{
	const struct record *r = &c->record;
	AUTO(close) int fd = -1;
	struct err ignored;

	if (!is_restarting(c) || !r->monitor.set)
		return;
	fd = process_open((pid_t)r->monitor.value);
	/* Checked behind the open: that is the process it was opened for. */
	if (fd >= 0 && record_is_alive(r, &r->monitor, &r->monitor_start) &&
	    process_signal(fd, (pid_t)r->monitor.value, SIGUSR1,
	                   &ignored) < 0)
		log_debug("%s", ignored.text);
}

/*
 * Note why it is going to end before it does, for its monitor. One that waits
 * to start it again looks at the record when it is sent the signal.
 */
static int
mark(struct container *c, bool again, struct err *e)
{
	const struct record *r = &c->record;
	int done = 0;

	if (!again && !r->restart)
		return 0;
	if (record_lock(c, e) < 0)
		return -1;
	c->record.stopped = !again;
	c->record.again = again;
	if (container_state(c) != CONTAINER_DEAD)
		done = record_write(c, false, e);
	store_unlock(c->dir);
	if (done == 0)
		record_wake_monitor(c);
	return done;
}

int
container_stop_signal(const struct container *c)
{
	int signal = c->record.stop_signal
	             ? spec_signal_number(c->record.stop_signal) : -1;

	return signal > 0 ? signal : SIGTERM;
}

int64_t
container_stop_seconds(const struct container *c)
{
	const struct number *own = &c->record.stop_timeout;

	return own->set ? own->value : STOP_SECONDS;
}

int
container_kill(struct container *c, int signal, struct err *e)
{
	AUTO(close) int pidfd = -1;
	bool gone;

	if (container_pidfd(c, &pidfd, e) < 0 ||
	    ((signal == SIGKILL || signal == container_stop_signal(c)) &&
	     mark(c, false, e) < 0))
		return -1;
	if (signal != SIGKILL) {
		if (process_signal(pidfd, (pid_t)c->record.pid.value, signal,
		                   e) < 0)
			return -1;
		container_tell_number(c, "kill", "signal", signal);
		return 0;
	}
	if (send(c, pidfd, signal, e) < 0)
		return -1;
	if (!record_wait_first(c, KILL_MS))
		return 0; /* sent it is; docker's kill does not insist */
	return settle(c, &gone, e);
}

static int
stop(struct container *c, int signal, const struct number *wait,
     struct err *e)
{
	AUTO(close) int pidfd = -1;
	int64_t seconds = wait->set ? wait->value : container_stop_seconds(c);
	bool gone;

	if (seconds < 0 || seconds > INT32_MAX)
		seconds = INT32_MAX; /* docker's "for ever" */
	if (is_restarting(c))
		return settle(c, &gone, e);
	if (container_pidfd(c, &pidfd, e) < 0)
		return e->code != ESRCH ? -1
		       : container_is_up(c) ? settle(c, &gone, e) : 0;
	if (send(c, pidfd, signal ? signal : container_stop_signal(c), e) < 0)
		return -1;
	if (!record_wait_first(c, seconds * 1000) &&
	    container_kill_all(c, e) < 0)
		return -1;
	if (settle(c, &gone, e) < 0)
		return -1;
	container_tell(c, "stop", NULL);
	return 0;
}

int
container_stop(struct container *c, int signal, const struct number *seconds,
               struct err *e)
{
	return mark(c, false, e) < 0 ? -1 : stop(c, signal, seconds, e);
}

int
container_stop_for_restart(struct container *c, int signal,
                           const struct number *seconds, struct err *e)
{
	bool runs = container_is_up(c) || is_restarting(c);

	return runs && mark(c, true, e) < 0 ? -1
	       : stop(c, signal, seconds, e);
}

static int
refuse(const struct container *c, struct err *e)
{
	const struct record *r = &c->record;
	const char *name = r->name ? r->name : r->id;

	if (container_state(c) == CONTAINER_DEAD)
		return fail(e, EINVAL, "container '%s': %s; 'rm -f' removes it",
		            name, r->error);
	if (container_is_up(c) || is_restarting(c))
		return fail(e, EBUSY, "container '%s' is %s; stop it first, or"
		            " use 'rm -f'", name, r->state);
	return fail(e, EBUSY, "container '%s' is being started by process"
	            " %d; 'rm -f' removes it", name, (int)r->monitor.value);
}

/* Whatever it does, and whoever is at work on it. */
static int
remove_by_force(struct container *c, struct err *e)
{
	bool gone = false;

	if (mark(c, false, e) < 0 || container_kill_all(c, e) < 0)
		return -1;
	if ((container_is_up(c) || is_restarting(c)) && settle(c, &gone, e) < 0)
		return -1;
	if (gone)
		return 0;
	return container_clean(c, e) < 0 ? -1 : container_drop(c, true, e);
}

int
container_remove(struct container *c, bool force, struct err *e)
{
	const struct record *r = &c->record;
	bool gone = false;

	/* Its monitor may still be putting things away. */
	if (container_state(c) == CONTAINER_EXITED && r->monitor.set &&
	    settle(c, &gone, e) < 0)
		return -1;
	if (gone)
		return 0;
	if (record_is_busy(c))
		return force ? remove_by_force(c, e) : refuse(c, e);
	return container_drop(c, force, e);
}

/* ---- the beginning ---- */

static int
begin_locked(struct container *c, struct err *e)
{
	struct record *r = &c->record;
	int64_t start = process_start_time(getpid());

	switch (container_state(c)) {
	case CONTAINER_RUNNING:
	case CONTAINER_RESTARTING:
		return fail(e, EALREADY, "container '%s' runs", r->name);
	case CONTAINER_PAUSED:
		return fail(e, EBUSY, "container '%s' is paused; unpause it",
		            r->name);
	case CONTAINER_DEAD:
		return fail(e, EINVAL, "container '%s': %s", r->name
		            ? r->name : r->id, r->error);
	default:
		break;
	}
	if (record_is_busy(c))
		return fail(e, EAGAIN, "container '%s' is being started by "
		            "process %d", r->name, (int)r->monitor.value);
	r->monitor = (struct number){ true, getpid() };
	r->monitor_start = (struct number){ start >= 0, start };
	r->boot_id = process_boot(&c->arena);
	r->stopped = r->again = false;
	r->direct = r->log_driver && strcmp(r->log_driver, "passthrough") == 0;
	r->restarts.set = false;
	return record_write(c, false, e);
}

int
container_begin(struct container *c, struct err *e)
{
	struct timespec nap = { 0, 5000000 };
	bool gone = false;
	int done;

	/* Somebody may be ending it, or starting it, too. */
	if (container_state(c) == CONTAINER_EXITED && c->record.monitor.set &&
	    settle(c, &gone, e) < 0)
		return -1;
	if (gone)
		return fail(e, ENOENT, "no such container: '%s'",
		            c->record.id);
	for (int64_t end = clock_ms() + BEGIN_MS;;) {
		if (record_lock(c, e) < 0)
			return -1;
		done = begin_locked(c, e);
		store_unlock(c->dir);
		if (done == 0 || e->code != EAGAIN || clock_ms() > end)
			return done;
		nanosleep(&nap, NULL);
	}
}

void
container_begin_undo(struct container *c)
{
	struct err ignored;

	if (record_lock(c, &ignored) < 0)
		return;
	if (c->record.monitor.value == getpid()) {
		c->record.monitor.set = c->record.monitor_start.set = false;
		if (record_write(c, false, &ignored) < 0)
			log_debug("%s", ignored.text);
	}
	store_unlock(c->dir);
}
