/* SPDX-License-Identifier: ISC */
/* Where in a container something may be mounted. */
#include "specgen/inside.h"
#include "specgen/mounts.h"

#include <errno.h>
#include <string.h>

static bool
is_below(const char *path, const char *dir)
{
	size_t n = strlen(dir);

	return strncmp(path, dir, n) == 0 && (!path[n] || path[n] == '/');
}

/* Files of procfs that something else, such as lxcfs, may stand in for. */
static bool
is_replaceable(const char *path)
{
	static const char *const files[] = {
		"/proc/cpuinfo", "/proc/diskstats", "/proc/meminfo",
		"/proc/stat", "/proc/swaps", "/proc/uptime", "/proc/loadavg",
		"/proc/slabinfo",
	};

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		if (strcmp(path, files[i]) == 0)
			return true;
	return false;
}

/* What masks, terminals and limits rest on; --privileged has none of it. */
static bool
is_ours(const char *path)
{
	static const char *const exact[] = {
		"/dev", "/dev/console", "/dev/ptmx", "/dev/null", "/dev/fd",
		"/dev/stdin", "/dev/stdout", "/dev/stderr",
	};

	for (size_t i = 0; i < sizeof(exact) / sizeof(exact[0]); i++)
		if (strcmp(path, exact[i]) == 0)
			return true;
	return is_below(path, "/dev/pts") || is_below(path, "/sys/fs/cgroup");
}

int
target_read(struct build *b, const char *option, const char *text,
            char **target, struct err *e)
{
	char *path = parse_path(b->a, text);

	if (!path)
		return fail(e, EINVAL, "%s: the target '%.100s' is not an "
		            "absolute path without '..'", option, text);
	if (strcmp(path, "/") == 0)
		return fail(e, EINVAL, "%s: the target must not be '/'; "
		            "see --rootfs", option);
	if ((is_below(path, "/proc") && !is_replaceable(path)) ||
	    (is_ours(path) && !b->flags->privileged))
		return fail(e, EINVAL, "%s: '%s' must be the container's own",
		            option, path);
	*target = path;
	return 0;
}

bool
target_is_taken(const struct build *b, const char *destination)
{
	for (size_t i = b->n_own_mounts; i < b->spec->n_mounts; i++)
		if (strcmp(b->spec->mounts[i].destination, destination) == 0)
			return true;
	return false;
}

int
target_add(struct build *b, const char *option, struct mount *m,
           struct mount_point *p, struct err *e)
{
	if (target_is_taken(b, m->destination))
		return fail(e, EINVAL, "%s: the target '%s' is given twice",
		            option, m->destination);
	*LIST_ADD(b->a, b->spec->mounts, b->spec->n_mounts) = *m;
	if (!p)
		return 0;
	p->destination = m->destination;
	p->readonly = words_has(&m->options, "ro") ||
	              words_has(&m->options, "rro");
	*LIST_ADD(b->a, b->points, b->n_points) = *p;
	return 0;
}
