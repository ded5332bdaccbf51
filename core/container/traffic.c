/* SPDX-License-Identifier: ISC */
/* What has gone through the interfaces of a container. */
#include "container/container.h"
#include "sys/fd.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define MOST_BYTES (1 << 20)

static bool
is_shared(struct arena *a, int64_t pid)
{
	struct stat ours, theirs;

	return stat("/proc/self/ns/net", &ours) < 0 ||
	       stat(arena_format(a, "/proc/%" PRId64 "/ns/net", pid),
	            &theirs) < 0 ||
	       (ours.st_dev == theirs.st_dev && ours.st_ino == theirs.st_ino);
}

/* "  eth0: 9 …": the first number behind the colon is what was received, the
 * ninth what was sent (proc_pid_net(5)). */
static void
add_line(char *line, struct traffic *t)
{
	char *name = line + strspn(line, " "), *colon = strchr(name, ':');
	uint64_t received, sent;

	if (!colon)
		return;
	*colon = '\0';
	if (strcmp(name, "lo") == 0 ||
	    sscanf(colon + 1, "%" SCNu64 " %*u %*u %*u %*u %*u %*u %*u"
	           " %" SCNu64, &received, &sent) != 2)
		return;
	t->received += received;
	t->sent += sent;
}

void
container_traffic(const struct container *c, struct traffic *t)
{
	AUTO(arena) struct arena a = { 0 };
	AUTO(buf) struct buf text = { 0 };
	const struct number *pid = &c->record.pid;
	char *rest, *line;

	*t = (struct traffic){ 0 };
	if (!container_is_up(c) || !pid->set || is_shared(&a, pid->value) ||
	    fd_read_at(AT_FDCWD, arena_format(&a, "/proc/%" PRId64 "/net/dev",
	                                      pid->value),
	               MOST_BYTES, &text) < 0)
		return;
	rest = text.data;
	while ((line = strsep(&rest, "\n")))
		add_line(line, t);
}
