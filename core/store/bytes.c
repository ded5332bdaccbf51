/* SPDX-License-Identifier: ISC */
/* How large a tree is that others have written. */
#include "store/store.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

/* Deeper than any tree that people make; each level holds a descriptor. */
#define MOST_DEPTH 200

static bool
is_dots(const char *name)
{
	return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* Through no link. Of a file with several names each has its part. */
static int64_t
bytes_below(int at, const char *name, dev_t dev, int depth)
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

		if (is_dots(entry->d_name) ||
		    fstatat(fd, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
		    st.st_dev != dev)
			continue;
		if (S_ISREG(st.st_mode))
			sum += st.st_size / (st.st_nlink ? st.st_nlink : 1);
		else if (S_ISDIR(st.st_mode) && depth < MOST_DEPTH)
			sum += bytes_below(fd, entry->d_name, dev, depth + 1);
	}
	if (dir)
		closedir(dir);
	return sum;
}

int64_t
store_bytes(int dir, const char *name)
{
	struct stat st;

	return fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0 ? 0
	       : bytes_below(dir, name, st.st_dev, 0);
}
