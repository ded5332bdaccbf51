/* SPDX-License-Identifier: ISC */
/* How large a container's root is, and sizes in docker's words. */
#include "report/report.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

/* Deeper than any tree that people make; each level holds a descriptor. */
#define MOST_DEPTH 200

/* Not into other mounts, and through no link. What cannot be read there is
 * nothing. */
static int64_t
tree_bytes(int at, const char *name, dev_t dev, int depth)
{
	int fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW |
	                          O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	int64_t sum = 0;

	if (!dir && fd >= 0)
		close(fd);
	while (dir && (entry = readdir(dir))) {
		struct stat st;

		if (strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0 ||
		    fstatat(fd, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
		    st.st_dev != dev)
			continue;
		if (S_ISREG(st.st_mode))
			sum += st.st_size / (st.st_nlink ? st.st_nlink : 1);
		else if (S_ISDIR(st.st_mode) && depth < MOST_DEPTH)
			sum += tree_bytes(fd, entry->d_name, dev, depth + 1);
	}
	if (dir)
		closedir(dir);
	return sum;
}

/* The host's own root is too large to walk: its file system tells. */
void
report_size(const struct container *c, int64_t *own, int64_t *all)
{
	const char *path = c->spec.root ? c->spec.root->path : NULL;
	struct statvfs fs;
	struct stat st;

	*own = *all = 0;
	if (!path || stat(path, &st) < 0)
		return;
	if (strcmp(path, "/") != 0)
		*all = tree_bytes(AT_FDCWD, path, st.st_dev, 0);
	else if (statvfs(path, &fs) == 0)
		*all = (int64_t)(fs.f_blocks - fs.f_bfree) *
		       (int64_t)fs.f_frsize;
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
