/* SPDX-License-Identifier: ISC */
/* Remove a tree that others have written, however deep, and no mount. */
#include "store/store.h"
#include "sys/entropy.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/*
 * Nothing here goes down a tree. A directory that is not empty is moved up
 * beside the topmost one's own entries and has its turn there, so two open
 * directories are enough for any depth. And since rename(2) and rmdir(2) refuse
 * a mount point (EBUSY) while opening one would enter it, no directory is
 * opened that has not been renamed before.
 */
static void
fresh_name(char name[32])
{
	snprintf(name, 32, ".gone.%08" PRIx32 "%08" PRIx32, entropy_number(),
	         entropy_number());
}

/*
 * What is not there any more, somebody else has removed, who is as welcome.
 * A directory's .. changes, so it must be writable itself, too, for others
 * than root.
 */
static int
move_up(int from, const char *name, int top, char moved[32], struct err *e)
{
	fresh_name(moved);
	if (renameat(from, name, top, moved) == 0 || errno == ENOENT)
		return 0;
	if (errno == EACCES && fchmodat(from, name, 0700, 0) == 0 &&
	    renameat(from, name, top, moved) == 0)
		return 0;
	return fail_sys(e, "remove '%s'", name);
}

static bool
is_dots(const char *name)
{
	return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* Open a directory that is about to be emptied, and so must let us. */
static DIR *
open_dir(int at, const char *name)
{
	const int how = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	int fd = openat(at, name, how);
	DIR *dir;

	if (fd < 0 && errno == EACCES && fchmodat(at, name, 0700, 0) == 0)
		fd = openat(at, name, how);
	if (fd < 0)
		return NULL;
	/* If that does not do, removing will say so. */
	(void)!fchmod(fd, 0700);
	dir = fdopendir(fd);
	if (!dir)
		close(fd);
	return dir;
}

static void
auto_closedir(DIR **dir)
{
	if (*dir)
		closedir(*dir);
}

/* Take one entry away, or move it up as *moved, which is "" if it is gone. */
static int
take_entry(int dir, const char *name, int top, char moved[32], struct err *e)
{
	*moved = '\0';
	if (unlinkat(dir, name, 0) == 0 || errno == ENOENT)
		return 0;
	if (errno != EISDIR && errno != EPERM)
		return fail_sys(e, "remove '%s'", name);
	if (unlinkat(dir, name, AT_REMOVEDIR) == 0 || errno == ENOENT)
		return 0;
	if (errno != ENOTEMPTY && errno != EEXIST)
		return fail_sys(e, "remove '%s'", name);
	return move_up(dir, name, top, moved, e);
}

/* Empty a directory whose name we made, except for what it moves to top. */
static int
empty(int at, const char *name, int top, struct err *e)
{
	AUTO(closedir) DIR *dir = open_dir(at, name);
	struct dirent *entry;
	char moved[32];

	if (!dir)
		return errno == ENOENT ? 0 : fail_sys(e, "remove '%s'", name);
	while ((entry = readdir(dir)))
		if (!is_dots(entry->d_name) &&
		    take_entry(dirfd(dir), entry->d_name, top, moved, e) < 0)
			return -1;
	return 0;
}

/* One pass over what lies at the top: files go, directories are emptied. */
static int
pass(int top, bool *left, struct err *e)
{
	AUTO(closedir) DIR *dir = open_dir(top, ".");
	struct dirent *entry;
	char moved[32];

	if (!dir)
		return fail_sys(e, "remove");
	for (*left = false; (entry = readdir(dir)); ) {
		if (is_dots(entry->d_name))
			continue;
		if (take_entry(top, entry->d_name, top, moved, e) < 0)
			return -1;
		if (!*moved)
			continue;
		*left = true;
		if (empty(top, moved, top, e) < 0)
			return -1;
	}
	return 0;
}

int
store_remove(int dir, const char *name, struct err *e)
{
	AUTO(close) int top = -1;
	char moved[32];
	bool left = true;

	fresh_name(moved);
	if (renameat(dir, name, dir, moved) < 0)
		return errno == ENOENT ? 0 : fail_sys(e, "remove '%s'", name);
	top = openat(dir, moved, O_RDONLY | O_DIRECTORY | O_NOFOLLOW |
	             O_CLOEXEC);
	if (top < 0)
		return errno == ENOENT ? 0 : fail_sys(e, "remove '%s'", name);
	/* So that who lists leaves it to us; it is no harm if he does not. */
	store_try_lock(top);
	while (left)
		if (pass(top, &left, e) < 0)
			return fail_in(e, "'%s'", name);
	if (unlinkat(dir, moved, AT_REMOVEDIR) < 0 && errno != ENOENT)
		return fail_sys(e, "remove '%s'", name);
	return 0;
}
