/* SPDX-License-Identifier: ISC */
/* Does a container live, and what tells of its end. */
#include "container/record.h"
#include "sys/process.h"

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
