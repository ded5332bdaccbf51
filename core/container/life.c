/* SPDX-License-Identifier: ISC */
/* Signals, stopping and removing; every wait has an end. */
#include "cgroup/cgroup.h"
#include "container/record.h"
#include "sys/process.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <time.h>

#define STOP_SECONDS 10
/* How long a killed process may take, and then its monitor. */
#define KILL_MS 10000
#define MONITOR_MS 5000

static int64_t
clock_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool
is_running(const struct container *c)
{
	enum container_state s = container_state(c);

	return s == CONTAINER_RUNNING || s == CONTAINER_PAUSED;
}

static int
not_running(const struct container *c, struct err *e)
{
	return fail(e, ESRCH, "container '%s' is not running",
	            c->record.name ? c->record.name : c->record.id);
}

/* Checked again behind the open: that is the process it was opened for. */
static int
open_first(const struct container *c, int *pidfd, struct err *e)
{
	const struct record *r = &c->record;
	AUTO(close) int fd = -1;

	if (!record_is_alive(r, &r->pid, &r->start_time))
		return not_running(c, e);
	fd = process_open((pid_t)r->pid.value);
	if (fd < 0 && errno == ESRCH)
		return not_running(c, e);
	if (fd < 0)
		return fail_sys(e, "process %d", (int)r->pid.value);
	if (!record_is_alive(r, &r->pid, &r->start_time))
		return not_running(c, e);
	*pidfd = take_fd(&fd);
	return 0;
}

int
container_pidfd(const struct container *c, int *pidfd, struct err *e)
{
	return is_running(c) ? open_first(c, pidfd, e) : not_running(c, e);
}

/*
 * Wait for one of the record's processes; false: it is still there. A
 * directory of /proc is always ready, hence the nap.
 */
static bool
wait_end(const struct record *r, const struct number *pid,
         const struct number *start, int64_t ms)
{
	AUTO(close) int fd = pid->set ? process_open((pid_t)pid->value) : -1;
	struct timespec nap = { 0, 5000000 };
	int64_t until = clock_ms() + ms;

	while (record_is_alive(r, pid, start)) {
		struct pollfd one = { .fd = fd, .events = POLLIN };
		int64_t left = until - clock_ms();

		if (left <= 0)
			return false;
		if (left > 60000)
			left = 60000;
		if (fd < 0 || poll(&one, 1, (int)left) != 0)
			nanosleep(&nap, NULL);
	}
	return true;
}

static bool
wait_first(const struct container *c, int64_t ms)
{
	return wait_end(&c->record, &c->record.pid, &c->record.start_time, ms);
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
	wait_end(&c->record, &c->record.monitor, &c->record.monitor_start,
	         MONITOR_MS);
	if (container_open_id(c, id, e) < 0) {
		*gone = true;
		return e->code == ENOENT ? 0 : -1;
	}
	return container_mend(c, gone, e);
}

static int
thaw(const struct container *c, struct err *e)
{
	AUTO(cgroup) struct cgroup g = { 0 };

	if (!c->record.cgroup || cgroup_open(&g, c->record.cgroup, e) < 0)
		return -1;
	return cgroup_freeze(&g, false, e);
}

/* A frozen process gets its signals when it thaws; those of docker's stop and
 * kill must arrive. */
static int
send(struct container *c, int pidfd, int signal, struct err *e)
{
	if (process_signal(pidfd, (pid_t)c->record.pid.value, signal, e) < 0)
		return -1;
	return container_state(c) == CONTAINER_PAUSED ? thaw(c, e) : 0;
}

/* The first process, and all that share its cgroup. */
int
container_kill_all(struct container *c, struct err *e)
{
	AUTO(cgroup) struct cgroup g = { 0 };
	AUTO(close) int pidfd = -1;
	struct err ignored;

	if (open_first(c, &pidfd, &ignored) == 0 &&
	    process_signal(pidfd, (pid_t)c->record.pid.value, SIGKILL, e) < 0)
		return -1;
	if (c->record.cgroup && cgroup_open(&g, c->record.cgroup, e) == 0 &&
	    cgroup_kill(&g, SIGKILL, e) < 0)
		return -1;
	if (!wait_first(c, KILL_MS))
		return fail(e, EBUSY, "process %d does not die; it waits for"
		            " a device or a file server",
		            (int)c->record.pid.value);
	return 0;
}

int
container_kill(struct container *c, int signal, struct err *e)
{
	AUTO(close) int pidfd = -1;
	bool gone;

	if (container_pidfd(c, &pidfd, e) < 0)
		return -1;
	if (signal != SIGKILL)
		return process_signal(pidfd, (pid_t)c->record.pid.value,
		                      signal, e);
	if (send(c, pidfd, signal, e) < 0)
		return -1;
	if (!wait_first(c, KILL_MS))
		return 0; /* sent it is; docker's kill does not insist */
	return settle(c, &gone, e);
}

static int
stop_signal(const struct container *c)
{
	int signal = c->record.stop_signal
	             ? spec_signal_number(c->record.stop_signal) : -1;

	return signal > 0 ? signal : SIGTERM;
}

int
container_stop(struct container *c, int signal, int64_t seconds,
               struct err *e)
{
	AUTO(close) int pidfd = -1;
	bool gone;

	if (seconds < 0)
		seconds = c->record.stop_timeout.set
		          ? c->record.stop_timeout.value : STOP_SECONDS;
	if (seconds < 0 || seconds > INT32_MAX)
		seconds = INT32_MAX; /* docker's "for ever" */
	if (container_pidfd(c, &pidfd, e) < 0)
		return e->code != ESRCH ? -1
		       : is_running(c) ? settle(c, &gone, e) : 0;
	if (send(c, pidfd, signal ? signal : stop_signal(c), e) < 0)
		return -1;
	if (!wait_first(c, seconds * 1000) && container_kill_all(c, e) < 0)
		return -1;
	return settle(c, &gone, e);
}

static int
refuse(const struct container *c, struct err *e)
{
	const struct record *r = &c->record;
	const char *name = r->name ? r->name : r->id;

	if (container_state(c) == CONTAINER_DEAD)
		return fail(e, EINVAL, "container '%s': %s; 'rm -f' removes it",
		            name, r->error);
	if (container_state(c) == CONTAINER_CREATED)
		return fail(e, EBUSY, "container '%s' is being started by"
		            " process %d; 'rm -f' removes it", name,
		            (int)r->monitor.value);
	return fail(e, EBUSY, "container '%s' is %s; stop it first, or use"
	            " 'rm -f'", name, r->state);
}

int
container_remove(struct container *c, bool force, struct err *e)
{
	const struct record *r = &c->record;
	enum container_state s = container_state(c);
	bool busy = is_running(c) || s == CONTAINER_DEAD ||
	            (s == CONTAINER_CREATED && r->monitor.set);
	bool gone = false;

	/* Its monitor may still be putting things away. */
	if (s == CONTAINER_EXITED && r->monitor.set && settle(c, &gone, e) < 0)
		return -1;
	if (!busy)
		return gone ? 0 : container_drop(c, e);
	if (!force)
		return refuse(c, e);
	if (container_kill_all(c, e) < 0)
		return -1;
	if (is_running(c) && settle(c, &gone, e) < 0)
		return -1;
	if (gone)
		return 0;
	if (container_clean(c, e) < 0)
		return -1;
	return container_drop(c, e);
}
