/* SPDX-License-Identifier: ISC */
/* Wait for a container's end, and learn its status. */
#include "container/record.h"
#include "sys/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static int
read_status(int fd, int *status, struct err *e)
{
	AUTO(buf) struct buf text = { 0 };

	if (lseek(fd, 0, SEEK_SET) < 0 || fd_read(fd, 16, &text) < 0)
		return fail_sys(e, "%s", RECORD_STATUS);
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
		fd = openat(c->dir, RECORD_STATUS, O_RDWR | O_CREAT |
		            O_CLOEXEC | O_NOFOLLOW, 0600);
	record_wait(r, &r->pid, &r->start_time, -1);
	if (container_state(c) != CONTAINER_CREATED)
		record_wait(r, &r->monitor, &r->monitor_start, -1);
	if (container_open_id(c, id, e) < 0 ||
	    container_mend(c, &gone, e) < 0 || gone)
		return fd >= 0 && read_status(fd, status, e) == 0 ? 0
		       : fail(e, ENOENT, "no such container: '%s'", id);
	*status = (int)c->record.exit_status.value;
	return 0;
}
