/* SPDX-License-Identifier: ISC */
/* Closing what a process that stays behind has no use for. */
#include "sys/close.h"
#include "sys/missing.h"

#include <dirent.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

static int
compare(const void *a, const void *b)
{
	int x = *(const int *)a, y = *(const int *)b;

	return (x > y) - (x < y);
}

/* Kernels before 5.9 close one by one: what /proc shows, or all that might
 * be, which can be a million. */
static void
close_each(const int keep[], size_t n)
{
	DIR *open_now = opendir("/proc/self/fd");
	struct dirent *entry;

	for (int fd = 3; !open_now && fd < sysconf(_SC_OPEN_MAX); fd++)
		if (!bsearch(&fd, keep, n, sizeof(*keep), compare))
			close(fd);
	while (open_now && (entry = readdir(open_now)) != NULL) {
		int fd = atoi(entry->d_name);

		if (fd >= 3 && fd != dirfd(open_now) &&
		    !bsearch(&fd, keep, n, sizeof(*keep), compare))
			close(fd);
	}
	if (open_now)
		closedir(open_now);
}

void
fd_close_but(int keep[], size_t n)
{
	unsigned next = 3;

	qsort(keep, n, sizeof(*keep), compare);
	if (syscall(SYS_close_range, UINT_MAX, UINT_MAX, 0) < 0) {
		close_each(keep, n);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		if (keep[i] < (int)next)
			continue;
		if ((unsigned)keep[i] > next)
			syscall(SYS_close_range, next, keep[i] - 1, 0);
		next = (unsigned)keep[i] + 1;
	}
	syscall(SYS_close_range, next, UINT_MAX, 0);
}
