/* SPDX-License-Identifier: ISC */
/* A container as it is at this moment: its first process, and its status. */
#include "cgroup/cgroup.h"
#include "oci/box.h"
#include "store/store.h"
#include "sys/clock.h"
#include "sys/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <time.h>

bool
box_is_alive(const struct oci *c)
{
	const struct oci_record *r = &c->record;

	return r->pid.set &&
	       process_is_same((pid_t)r->pid.value,
	                       r->start_time.set ? r->start_time.value : -1,
	                       r->boot_id);
}

static int
not_running(struct err *e)
{
	return fail(e, ESRCH, "container not running");
}

/* Checked again behind the open: that is the process it was opened for. */
int
box_signal(const struct oci *c, int signal, struct err *e)
{
	pid_t pid = (pid_t)c->record.pid.value;
	AUTO(close) int fd = -1;

	if (!box_is_alive(c))
		return not_running(e);
	fd = process_open(pid);
	if (fd < 0)
		return errno == ESRCH ? not_running(e)
		                      : fail_sys(e, "process %d", pid);
	if (!box_is_alive(c))
		return not_running(e);
	return process_signal(fd, pid, signal, e);
}

bool
box_wait(const struct oci *c, int64_t milliseconds)
{
	AUTO(close) int fd = c->record.pid.set
	        ? process_open((pid_t)c->record.pid.value) : -1;
	struct timespec nap = { 0, 2000000 };
	int64_t until = clock_ms() + milliseconds;

	while (box_is_alive(c)) {
		struct pollfd one = { .fd = fd, .events = POLLIN };
		int64_t left = until - clock_ms();

		if (left <= 0)
			return false;
		if (fd < 0 || poll(&one, 1, (int)left) != 0)
			nanosleep(&nap, NULL);
	}
	return true;
}

static bool
is_frozen(const struct oci *c)
{
	AUTO(cgroup) struct cgroup g = { 0 };
	struct err ignored;

	return c->record.cgroup &&
	       cgroup_open(&g, c->record.cgroup, &ignored) == 0 &&
	       cgroup_is_frozen(&g) == 1;
}

/* Somebody who is making it holds its lock. */
static bool
is_being_made(const struct oci *c)
{
	AUTO(close) int dir = openat(c->root, c->id, O_RDONLY | O_DIRECTORY |
	                             O_NOFOLLOW | O_CLOEXEC);

	if (c->locked || c->record.pid.set || dir < 0)
		return false;
	return !store_try_lock(dir);
}

enum oci_status
oci_status(const struct oci *c)
{
	struct stat st;

	if (is_being_made(c))
		return OCI_CREATING;
	if (!box_is_alive(c))
		return OCI_STOPPED;
	if (fstatat(c->dir, BOX_FIFO, &st, AT_SYMLINK_NOFOLLOW) == 0)
		return OCI_CREATED;
	return is_frozen(c) ? OCI_PAUSED : OCI_RUNNING;
}

const char *
oci_status_name(enum oci_status s)
{
	static const char *const names[] = {
		[OCI_CREATING] = "creating", [OCI_CREATED] = "created",
		[OCI_RUNNING] = "running",   [OCI_PAUSED] = "paused",
		[OCI_STOPPED] = "stopped",
	};

	return names[s];
}
