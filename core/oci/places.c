/* SPDX-License-Identifier: ISC */
/* Where the caller's things are: a whole path, and who he is. */
#include "oci/box.h"
#include "sys/fd.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int
box_absolute(char **path, struct arena *a, struct err *e)
{
	AUTO(free) char *cwd = NULL;

	if (!*path || **path == '/')
		return 0;
	cwd = getcwd(NULL, 0);
	if (!cwd)
		return fail_sys(e, "the working directory");
	*path = arena_format(a, "%s/%s", cwd, *path);
	return 0;
}

/* Ids of the machine, or of a user namespace? */
static bool
is_in_user_namespace(void)
{
	AUTO(buf) struct buf map = { 0 };
	unsigned int inside, outside, count;

	if (fd_read_at(AT_FDCWD, "/proc/self/uid_map", 4096, &map) < 0)
		return false;
	return sscanf(map.data, "%u %u %u", &inside, &outside, &count) != 3 ||
	       inside || outside || count != UINT32_MAX;
}

bool
box_is_rootless(const struct oci_globals *g)
{
	if (g->rootless && strcmp(g->rootless, "auto") != 0)
		return strcmp(g->rootless, "true") == 0;
	return geteuid() != 0 || is_in_user_namespace();
}

/* As runc: whoever is root of a user namespace, and calls himself so, has the
 * directories of a root. */
const char *
box_user_dir(void)
{
	const char *dir = getenv("XDG_RUNTIME_DIR"), *name = getenv("USER");

	if (!dir || *dir != '/')
		return NULL;
	if (geteuid() == 0 && (!is_in_user_namespace() ||
	                       (name && strcmp(name, "root") == 0)))
		return NULL;
	return dir;
}
