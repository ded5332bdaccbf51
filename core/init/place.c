/* SPDX-License-Identifier: ISC */
/* Where something is mounted, and whether it may be. */
#include "init/mounts.h"
#include "init/root.h"
#include "sys/path.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/statfs.h>

/* What is mounted on "/" itself is seen from "/..", not from "/". */
int
init_open_root(const struct child *c, struct err *e)
{
	const char *path = c->spec.root->path;
	int fd = openat(c->cwd, path_is(path, "/") ? "/.." : path,
	                O_PATH | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 ? fail_sys(e, "'%s'", path) : fd;
}

const struct mount *
init_overlay(const struct child *c)
{
	const struct mount *m = c->spec.mounts;

	return c->spec.n_mounts > 0 && m->type &&
	       strcmp(m->type, "overlay") == 0 &&
	       path_is(m->destination, "/") ? m : NULL;
}

int
init_place(const struct child *c, const char *path, bool file,
           struct mount_at *at, struct err *e)
{
	int fd = file ? path_make_file(c->root, path)
	              : path_make_dir(c->root, path);

	if (fd < 0)
		return fail_sys(e, "'%s' in the root", path);
	*at = (struct mount_at){ .root = c->root, .path = path, .fd = fd,
		                 .proc = c->proc };
	return 0;
}

/* A process may see these single files of procfs replaced (by lxcfs). */
static const char *const replaceable[] = {
	"/proc/cpuinfo", "/proc/diskstats", "/proc/meminfo", "/proc/stat",
	"/proc/swaps", "/proc/uptime", "/proc/loadavg", "/proc/slabinfo",
	"/proc/net/dev", "/proc/sys/kernel/ns_last_pid",
	"/proc/sys/crypto/fips_enabled", NULL
};

static bool
is_procfs(int fd)
{
	struct statfs fs;

	return fstatfs(fd, &fs) == 0 && fs.f_type == PROC_SUPER_MAGIC;
}

int
init_check_proc(const struct mount *m, int source, int place,
                struct err *e)
{
	const char *path = m->destination;

	if (path_is(path, "/proc"))
		return (source < 0 ? m->type && strcmp(m->type, "proc") == 0
		                   : is_procfs(source))
		       ? 0 : fail(e, EPERM, "only procfs may be there");
	if (!path_is_below(path, "/proc") && !is_procfs(place))
		return 0;
	for (size_t i = 0; source >= 0 && replaceable[i]; i++)
		if (path_is(path, replaceable[i]))
			return 0;
	return fail(e, EPERM, "nothing may be mounted inside of /proc");
}
