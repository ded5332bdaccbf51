/* SPDX-License-Identifier: ISC */
/* What a tmpfs covers, copied into it (tmpcopyup). */
#include "init/mounts.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Deeper than any sane tree, and not deeper than our descriptors reach. */
#define DEEPEST 128

static void
auto_closedir(DIR **d)
{
	if (*d)
		closedir(*d);
}

static int
copy_bytes(int from, int to)
{
	char part[16384];
	ssize_t n;

	while ((n = read(from, part, sizeof(part))) > 0)
		for (ssize_t done = 0, wrote; done < n; done += wrote) {
			wrote = write(to, part + done, (size_t)(n - done));
			if (wrote < 0)
				return -1;
		}
	return n < 0 ? -1 : 0;
}

static int
copy_file(int from, int to, const char *name, mode_t mode)
{
	AUTO(close) int in = openat(from, name, O_RDONLY | O_NOFOLLOW |
	                            O_NONBLOCK | O_CLOEXEC);
	AUTO(close) int out = openat(to, name, O_WRONLY | O_CREAT | O_EXCL |
	                             O_NOFOLLOW | O_CLOEXEC, mode & 07777);

	return in < 0 || out < 0 ? -1 : copy_bytes(in, out);
}

static int
copy_link(int from, int to, const char *name)
{
	char text[4096];
	ssize_t n = readlinkat(from, name, text, sizeof(text) - 1);

	if (n < 0)
		return -1;
	text[n] = '\0';
	return symlinkat(text, to, name);
}

/* One that is no directory. */
static int
copy_leaf(int from, int to, const char *name, const struct stat *st)
{
	if (S_ISREG(st->st_mode))
		return copy_file(from, to, name, st->st_mode);
	return copy_link(from, to, name);
}

/* Owner before mode, since a change of owner takes setuid bits away. */
static int
copy_owner(int to, const char *name, const struct stat *st)
{
	if (fchownat(to, name, st->st_uid, st->st_gid,
	             AT_SYMLINK_NOFOLLOW) < 0)
		return -1;
	return S_ISLNK(st->st_mode)
	       ? 0 : fchmodat(to, name, st->st_mode & 07777, 0);
}

static bool
is_wanted(const char *name, const struct stat *st)
{
	return strcmp(name, ".") != 0 && strcmp(name, "..") != 0 &&
	       (S_ISDIR(st->st_mode) || S_ISREG(st->st_mode) ||
	        S_ISLNK(st->st_mode));
}

/* A directory of its own in both, opened for reading. */
static int
open_below(int from, int to, const char *name, int pair[2])
{
	int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

	pair[0] = openat(from, name, flags);
	if (pair[0] < 0 || mkdirat(to, name, 0700) < 0)
		return -1;
	pair[1] = openat(to, name, flags);
	return pair[1] < 0 ? -1 : 0;
}

static int
copy_dir(int from, int to, int depth)
{
	int fd = openat(from, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	AUTO(closedir) DIR *d = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;

	if (!d || depth > DEEPEST)
		return -1;
	for (errno = 0; (entry = readdir(d)); errno = 0) {
		const char *name = entry->d_name;
		AUTO(close) int in = -1;
		AUTO(close) int out = -1;
		int pair[2] = { -1, -1 }, done;
		struct stat st;

		if (fstatat(from, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
			return -1;
		if (!is_wanted(name, &st))
			continue;
		if (S_ISDIR(st.st_mode)) {
			done = open_below(from, to, name, pair);
			in = pair[0];
			out = pair[1];
			if (done < 0 || copy_dir(in, out, depth + 1) < 0)
				return -1;
		} else if (copy_leaf(from, to, name, &st) < 0) {
			return -1;
		}
		if (copy_owner(to, name, &st) < 0)
			return -1;
	}
	return errno ? -1 : 0;
}

int
init_copy_up(int from, int to)
{
	return copy_dir(from, to, 0);
}
