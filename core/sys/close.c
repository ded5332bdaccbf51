/* SPDX-License-Identifier: ISC */
/* Closing what a process that stays behind has no use for. */
#include "sys/close.h"

#include <limits.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sys/missing.h"

static int
compare(const void *a, const void *b)
{
	int x = *(const int *)a, y = *(const int *)b;

	return (x > y) - (x < y);
}

/* Kernels before 5.9 close one by one. */
static void
close_range_of(unsigned first, unsigned last)
{
	long most = sysconf(_SC_OPEN_MAX);

	if (first > last || syscall(SYS_close_range, first, last, 0) == 0)
		return;
	if (last >= (unsigned)most)
		last = (unsigned)most - 1;
	for (unsigned fd = first; fd <= last; fd++)
		close((int)fd);
}

void
fd_close_but(int keep[], size_t n)
{
	unsigned next = 3;

	qsort(keep, n, sizeof(*keep), compare);
	for (size_t i = 0; i < n; i++) {
		if (keep[i] < (int)next)
			continue;
		close_range_of(next, (unsigned)keep[i] - 1);
		next = (unsigned)keep[i] + 1;
	}
	close_range_of(next, UINT_MAX);
}
