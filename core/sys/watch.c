/* SPDX-License-Identifier: ISC */
/* Being told when files of a directory change. */
#include "sys/watch.h"
#include "sys/clock.h"
#include "sys/fd.h"

#include <string.h>
#include <sys/inotify.h>

int
watch_open(int dir)
{
	AUTO(close) int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);

	if (fd < 0)
		return -1;
	if (inotify_add_watch(fd, fd_path(dir).text, IN_MODIFY | IN_CREATE |
	                      IN_MOVED_TO | IN_DELETE_SELF) < 0)
		return -1;
	return take_fd(&fd);
}

bool
watch_others(int watch, const char *name)
{
	char room[4096]
	        __attribute__((aligned(__alignof__(struct inotify_event))));
	size_t n = strlen(name);
	bool others = false;
	ssize_t got;

	while ((got = read(watch, room, sizeof(room))) > 0) {
		const struct inotify_event *one;

		for (char *at = room; at < room + got;
		     at += sizeof(*one) + one->len) {
			one = (const struct inotify_event *)at;
			others |= !one->len || strncmp(one->name, name, n);
		}
	}
	return others;
}

int
watch_left(int64_t until)
{
	int64_t left;

	if (until == INT64_MAX)
		return -1;
	left = until - clock_wall();
	if (left <= 0)
		return 0;
	left = left / 1000000 + 1;
	return left > 1000000 ? 1000000 : (int)left;
}
