/* SPDX-License-Identifier: ISC */
/* How large a container's root is, and sizes in docker's words. */
#include "report/report.h"
#include "logs/logs.h"
#include "store/store.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

/* The host's own root is too large to walk: its file system tells. */
void
report_size(const struct container *c, int64_t *own, int64_t *all)
{
	const char *path = c->spec.root ? c->spec.root->path : NULL;
	AUTO(close) int root = -1;
	struct statvfs fs;

	*own = store_bytes(c->dir, "upper");
	*all = *own;
	if (path)
		root = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (root < 0)
		return;
	if (strcmp(path, "/") != 0)
		*all += store_bytes(root, ".");
	else if (fstatvfs(root, &fs) == 0)
		*all += (int64_t)(fs.f_blocks - fs.f_bfree) *
		       (int64_t)fs.f_frsize;
}

int64_t
report_reclaimed(const struct container *c)
{
	return store_bytes(c->dir, "upper") + logs_bytes(c->dir);
}

/* As go-units, with three digits of the one and four of the other. */
static char *
human(struct arena *a, double n, double base, const char *const *units)
{
	int digits = base == 1000 ? 3 : 4;

	while (n >= base && units[1]) {
		n /= base;
		units++;
	}
	return arena_format(a, "%.*g%s", digits, n, *units);
}

char *
report_bytes(struct arena *a, double bytes)
{
	static const char *const units[] = { "B", "kB", "MB", "GB", "TB", "PB",
	        "EB", NULL };

	return human(a, bytes, 1000, units);
}

char *
report_bytes_binary(struct arena *a, double bytes)
{
	static const char *const units[] = { "B", "KiB", "MiB", "GiB", "TiB",
	        "PiB", "EiB", NULL };

	return human(a, bytes, 1024, units);
}
