/* SPDX-License-Identifier: ISC */
/* What a tmpfs covers, copied into it (tmpcopyup). */
#include "init/mounts.h"
#include "sys/copy.h"

#include <fcntl.h>

/* `from` may be a mere place, which cannot be read. */
int
init_copy_up(int from, int to)
{
	AUTO(copy) struct copy how = { .one_mount = true };
	AUTO(close) int in = openat(from, ".", O_RDONLY | O_DIRECTORY |
	                            O_CLOEXEC);
	AUTO(close) int out = openat(to, ".", O_RDONLY | O_DIRECTORY |
	                             O_CLOEXEC);

	return in < 0 || out < 0 ? -1 : copy_content(&how, in, out);
}
