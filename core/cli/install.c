/* SPDX-License-Identifier: ISC */
/* Links to this file, one for each name that an applet has. */
#include "cli/cli.h"
#include "cli/rows.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

/* Our own path; without /proc what we were executed as has to do. */
static char *
own_path(void)
{
	char *path = realpath("/proc/self/exe", NULL);
	const char *given = (const char *)getauxval(AT_EXECFN);

	return path || !given ? path : realpath(given, NULL);
}

static bool
is_same_file(int dir, const char *name, const char *path)
{
	struct stat link, own;

	return fstatat(dir, name, &link, 0) == 0 && stat(path, &own) == 0 &&
	       link.st_dev == own.st_dev && link.st_ino == own.st_ino;
}

int
cli_install(const struct applets *all, const char *dir, bool symbolic,
            struct err *e)
{
	AUTO(arena) struct arena a = { 0 };
	AUTO(buf) struct buf taken = { 0 };
	AUTO(free) char *path = own_path();
	AUTO(close) int fd = open(dir, O_DIRECTORY | O_RDONLY | O_CLOEXEC);
	struct words names = { 0 };

	if (fd < 0)
		return fail_sys(e, "'%s'", dir);
	if (!path)
		return fail_sys(e, "the path of this program");
	names_all(all, &names, &a);
	for (size_t i = 0; i < names.n; i++) {
		const char *name = names.v[i];

		if ((symbolic ? symlinkat(path, fd, name)
		              : linkat(AT_FDCWD, path, fd, name, 0)) == 0 ||
		    (errno == EEXIST && is_same_file(fd, name, path)))
			continue;
		if (errno != EEXIST)
			return fail_sys(e, "'%s/%s'%s", dir, name, symbolic
			                ? "" : "; -s makes symbolic links");
		buf_format(&taken, " %s", name);
	}
	if (taken.n)
		return fail(e, EEXIST, "'%s': left alone, as they are not "
		            "ours:%s", dir, taken.data);
	return 0;
}
