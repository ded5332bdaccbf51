/* SPDX-License-Identifier: ISC */
/* start, kill, pause and delete: what happens to a container that is there. */
#include "base/log.h"
#include "cgroup/cgroup.h"
#include "oci/box.h"
#include "store/store.h"
#include "sys/fd.h"
#include "sys/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int
wrong_status(const struct oci *c, const char *verb, struct err *e)
{
	return fail(e, EBUSY, "cannot %s a container that is %s", verb,
	            oci_status_name(oci_status(c)));
}

/*
 * Opening it releases the process, so it loses its name before that: it waits
 * once. An error's text follows the first byte, and the end of the file comes
 * with the exec of the command, or its failure.
 */
static int
release(const struct oci *c, struct err *e)
{
	AUTO(close) int place = openat(c->dir, BOX_FIFO, O_PATH | O_NOFOLLOW |
	                               O_CLOEXEC);
	AUTO(close) int fifo = -1;
	AUTO(close) int process = process_pidfd((pid_t)c->record.pid.value);
	AUTO(buf) struct buf said = { 0 };
	struct pollfd p[2] = { { .events = POLLIN }, { .events = POLLIN } };
	char path[32];

	if (place < 0 || unlinkat(c->dir, BOX_FIFO, 0) < 0)
		return fail_sys(e, BOX_FIFO);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", place);
	p[0].fd = fifo = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	p[1].fd = process;
	if (fifo < 0)
		return fail_sys(e, BOX_FIFO);
	while (poll(p, 2, -1) < 0)
		if (errno != EINTR)
			return fail_sys(e, "poll");
	if (!(p[0].revents & (POLLIN | POLLHUP)))
		return fail(e, ESRCH, "the container's process has ended");
	fcntl(fifo, F_SETFL, 0);
	if (fd_read(fifo, BOX_MOST, &said) < 0)
		return fail_sys(e, BOX_FIFO);
	return said.n > 1 ? fail(e, ECHILD, "%s", said.data + 1) : 0;
}

int
oci_start(struct oci *c, struct err *e)
{
	AUTO(close) int socket = -1, pidfd = -1;
	struct runtime_plan plan;

	if (box_lock(c, e) < 0 || box_read(c, e) < 0)
		return -1;
	if (oci_status(c) != OCI_CREATED)
		return wrong_status(c, "start", e);
	pidfd = process_pidfd((pid_t)c->record.pid.value);
	if (box_spec(c, e) < 0 || notify_listen(c, &socket, e) < 0 ||
	    notify_check(socket, e) < 0 || release(c, e) < 0)
		return -1;
	box_plan(c, &plan);
	runtime_started(&c->spec, &plan, (pid_t)c->record.pid.value);
	box_unlock(c);
	return notify_wait(c, socket, pidfd, e);
}

/* All that share its cgroup; where it has none, the first must do. */
static int
signal_all(const struct oci *c, int signal, struct err *e)
{
	AUTO(cgroup) struct cgroup g = { 0 };
	struct err ended;

	if (c->record.cgroup && cgroup_open(&g, c->record.cgroup, e) < 0)
		return -1;
	if (c->record.cgroup && g.layout != CGROUP_NONE)
		return cgroup_kill(&g, signal, e);
	return box_signal(c, signal, &ended) < 0 && ended.code != ESRCH
	       ? fail(e, ended.code, "%s", ended.text) : 0;
}

static int
freeze(struct oci *c, bool frozen, struct err *e)
{
	AUTO(cgroup) struct cgroup g = { 0 };

	if (!c->record.cgroup)
		return fail(e, ENOTSUP, "the container has no cgroup to be "
		            "frozen in");
	if (cgroup_open(&g, c->record.cgroup, e) < 0)
		return -1;
	return cgroup_freeze(&g, frozen, e);
}

/* A frozen process is killed only once it goes on. */
int
oci_kill(struct oci *c, int signal, bool all, struct err *e)
{
	if (all)
		return signal_all(c, signal, e);
	if (box_signal(c, signal, e) < 0)
		return -1;
	if (signal == SIGKILL && oci_status(c) == OCI_PAUSED)
		return freeze(c, false, e);
	return 0;
}

int
oci_pause(struct oci *c, struct err *e)
{
	enum oci_status s = oci_status(c);

	if (s != OCI_RUNNING && s != OCI_CREATED)
		return wrong_status(c, "pause", e);
	return freeze(c, true, e);
}

int
oci_resume(struct oci *c, struct err *e)
{
	if (oci_status(c) != OCI_PAUSED)
		return wrong_status(c, "resume", e);
	return freeze(c, false, e);
}

int
oci_do(const struct oci_globals *g, const char *id,
       int (*verb)(struct oci *c, struct err *e), struct err *e)
{
	AUTO(oci) struct oci c = OCI_NONE;

	if (oci_begin(g, NULL, e) < 0 || oci_open(&c, g, id, e) < 0)
		return -1;
	return verb(&c, e);
}

/* Hooks need the config; one that cannot be read must be removable, too. */
int
box_remove(struct oci *c, struct err *e)
{
	struct runtime_plan plan;
	struct err ignored;

	if (box_spec(c, &ignored) < 0)
		log_debug("%s", ignored.text);
	box_plan(c, &plan);
	return runtime_remove(&c->spec, &plan, e) < 0 ? -1 : box_drop(c, e);
}

static int
kill_all(struct oci *c, struct err *e)
{
	struct err ignored;

	if (box_signal(c, SIGKILL, &ignored) < 0)
		log_debug("%s", ignored.text);
	if (signal_all(c, SIGKILL, e) < 0)
		return -1;
	if (!box_wait(c, BOX_KILL_MS))
		return fail(e, EBUSY, "process %d does not die; it waits for "
		            "a device or a file server",
		            (int)c->record.pid.value);
	return 0;
}

int
oci_delete(const struct oci_globals *g, const char *id, bool force,
           struct err *e)
{
	AUTO(oci) struct oci c = OCI_NONE;

	if (box_find(&c, g, id, e) < 0)
		return force && e->code == ENOENT ? 0 : -1;
	if (box_lock(&c, e) < 0)
		return -1;
	if (box_read(&c, e) < 0 && !force && e->code != ENOENT)
		return -1;
	if (!force && oci_status(&c) != OCI_STOPPED)
		return wrong_status(&c, "delete", e);
	if (force && kill_all(&c, e) < 0)
		return -1;
	return box_remove(&c, e);
}
