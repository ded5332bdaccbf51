/* SPDX-License-Identifier: ISC */
/* The files of a group: write, read, and say what went wrong. */
#include "base/mem.h"
#include "cgroup/parts.h"
#include "sys/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <time.h>

/*
 * Android mounts cpuset with "noprefix": the files are then called `cpus` and
 * `mems`.
 */
int
cgroup_knob_open(int dir, const char *file, int flags)
{
	int fd;

	flags |= O_CLOEXEC | O_NOFOLLOW;
	fd = openat(dir, file, flags);
	if (fd < 0 && errno == ENOENT && strncmp(file, "cpuset.", 7) == 0)
		fd = openat(dir, file + 7, flags);
	return fd;
}

int
cgroup_knob_put(int dir, const char *file, const char *text)
{
	AUTO(close) int fd = cgroup_knob_open(dir, file, O_WRONLY);
	ssize_t n;

	if (fd < 0)
		return -1;
	do
		n = write(fd, text, strlen(text));
	while (n < 0 && errno == EINTR);
	return n < 0 ? -1 : 0;
}

ssize_t
cgroup_knob_get(int dir, const char *file, char *text, size_t room)
{
	AUTO(close) int fd = cgroup_knob_open(dir, file, O_RDONLY);
	size_t n = 0;

	if (fd < 0)
		return -1;
	while (n < room - 1) {
		ssize_t got = read(fd, text + n, room - 1 - n);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		if (got == 0)
			break;
		n += (size_t)got;
	}
	if (n && text[n - 1] == '\n')
		n--;
	text[n] = '\0';
	return (ssize_t)n;
}

bool
cgroup_knob_is(const struct cgroup_tree *t, const char *file)
{
	return faccessat(t->dir, file, F_OK, 0) == 0;
}

int
cgroup_refused(const char *file, const char *text, struct err *e)
{
	if (errno == ENOENT)
		return fail(e, ENOENT, "%s: this kernel has no such file, and "
		            "'%s' cannot be enforced", file, text);
	if (errno == EINVAL || errno == ERANGE)
		return fail(e, EINVAL, "%s: the kernel refuses '%s'", file,
		            text);
	if (errno == ENODEV)
		return fail(e, ENODEV, "%s: no such device in '%s'", file,
		            text);
	return fail_sys(e, "%s: '%s'", file, text);
}

int
cgroup_write(const struct cgroup_tree *t, const char *file, struct err *e,
             const char *format, ...)
{
	char text[256];
	va_list more;

	va_start(more, format);
	vsnprintf(text, sizeof(text), format, more);
	va_end(more);
	if (cgroup_knob_put(t->dir, file, text) < 0)
		return cgroup_refused(file, text, e);
	return 0;
}

/* "max" is no limit, and v1 says the same with a number of that size. */
static int64_t
to_number(const char *text)
{
	const int64_t all = INT64_MAX / 65536 * 65536;
	long long n;

	if (strncmp(text, "max", 3) == 0)
		return INT64_MAX;
	if (*text < '0' || *text > '9')
		return -1;
	n = strtoll(text, NULL, 10);
	return n >= all ? INT64_MAX : n;
}

int64_t
cgroup_number(const struct cgroup_tree *t, const char *file)
{
	char text[64];

	if (cgroup_knob_get(t->dir, file, text, sizeof(text)) < 0)
		return -1;
	return to_number(text);
}

int64_t
cgroup_number_of(const struct cgroup_tree *t, const char *file,
                 const char *key)
{
	char text[4096], *rest = text, *line;
	size_t n = strlen(key);

	if (cgroup_knob_get(t->dir, file, text, sizeof(text)) < 0)
		return -1;
	while ((line = strsep(&rest, "\n")))
		if (strncmp(line, key, n) == 0 && line[n] == ' ')
			return to_number(line + n + 1);
	return -1;
}

/* From 100 µs on, doubled each time up to 20 ms. */
bool
cgroup_nap(int64_t *nap, int64_t end)
{
	struct timespec t;

	if (clock_ns() >= end)
		return false;
	*nap = *nap ? *nap * 2 : 100000;
	if (*nap > 20000000)
		*nap = 20000000;
	t = (struct timespec){ 0, (long)*nap };
	nanosleep(&t, NULL);
	return true;
}
