/* SPDX-License-Identifier: ISC */
/* The processes of a container: found, waited for, frozen, killed. */
#include "base/log.h"
#include "cgroup/cgroup.h"
#include "container/record.h"
#include "sys/clock.h"
#include "sys/process.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

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
	return container_is_up(c) ? open_first(c, pidfd, e) : not_running(c, e);
}

static bool
watch(const struct record *r, const struct number *pid,
      const struct number *start, int *fd)
{
	*fd = -1;
	if (!record_is_alive(r, pid, start))
		return false;
	*fd = process_pidfd((pid_t)pid->value);
	/* again, behind the open: it is the one that it was opened for */
	if (record_is_alive(r, pid, start))
		return true;
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
	return false;
}

bool
container_lives(const struct container *c, int fds[2])
{
	const struct record *r = &c->record;
	bool first = watch(r, &r->pid, &r->start_time, &fds[0]);

	return watch(r, &r->monitor, &r->monitor_start, &fds[1]) || first;
}

/* A directory of /proc is always ready, hence the nap. */
bool
record_wait(const struct record *r, const struct number *pid,
            const struct number *start, int64_t ms)
{
	AUTO(close) int fd = pid->set ? process_open((pid_t)pid->value) : -1;
	struct timespec nap = { 0, 5000000 };
	int64_t until = clock_ms() + ms;

	while (record_is_alive(r, pid, start)) {
		struct pollfd one = { .fd = fd, .events = POLLIN };
		int64_t left = ms < 0 ? 60000 : until - clock_ms();

		if (left <= 0)
			return false;
		if (left > 60000)
			left = 60000;
		if (fd < 0 || poll(&one, 1, (int)left) != 0)
			nanosleep(&nap, NULL);
	}
	return true;
}

bool
record_wait_first(const struct container *c, int64_t ms)
{
	const struct record *r = &c->record;

	return record_wait(r, &r->pid, &r->start_time, ms);
}

int
record_freeze(const struct container *c, bool frozen, struct err *e)
{
	AUTO(cgroup) struct cgroup g = { 0 };

	if (!c->record.cgroup || cgroup_open(&g, c->record.cgroup, e) < 0)
		return -1;
	return cgroup_freeze(&g, frozen, e);
}

void
container_thaw(const struct container *c)
{
	struct err ignored;

	if (record_freeze(c, false, &ignored) < 0)
		log_debug("%s", ignored.text);
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
	if (pidfd >= 0 && container_is_up(c))
		container_tell_number(c, "kill", "signal", SIGKILL);
	if (c->record.cgroup && cgroup_open(&g, c->record.cgroup, e) == 0 &&
	    cgroup_kill(&g, SIGKILL, e) < 0)
		return -1;
	if (!record_wait_first(c, KILL_MS))
		return fail(e, EBUSY, "process %d does not die; it waits for"
		            " a device or a file server",
		            (int)c->record.pid.value);
	return 0;
}
