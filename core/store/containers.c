/* SPDX-License-Identifier: ISC */
/* The directories of containers: two places, one name each. */
#include "store/store.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

/*
 * In data those that are kept, in run the others, and for those that are kept
 * what a reboot may take. A directory in the making is ".ID" and locked by its
 * maker; one on its way out is ".gone.…".
 */
static int
open_containers(int root)
{
	if (root < 0) {
		errno = ENOENT;
		return -1;
	}
	return openat(root, "containers", O_RDONLY | O_DIRECTORY |
	              O_NOFOLLOW | O_CLOEXEC);
}

static int
root_of(const struct store *s, bool kept)
{
	return kept ? s->data : s->run;
}

int
store_prepare(struct store *s, bool kept, const char *id, int *dir,
              struct err *e)
{
	AUTO(close) int all = -1;
	AUTO(close) int made = -1;
	char name[NAME_MAX];

	if (kept && store_open_data(s, e) < 0)
		return -1;
	if (store_dir(root_of(s, kept), "containers", &all, e) < 0)
		return -1;
	snprintf(name, sizeof(name), ".%s", id);
	if (store_begin(all, name, &made, e) < 0)
		return -1;
	*dir = take_fd(&made);
	return 0;
}

int
store_publish(const struct store *s, bool kept, const char *id,
              struct err *e)
{
	AUTO(close) int all = open_containers(root_of(s, kept));
	char name[NAME_MAX];

	snprintf(name, sizeof(name), ".%s", id);
	if (all < 0 || renameat(all, name, all, id) < 0 ||
	    (kept && fsync(all) < 0))
		return fail_sys(e, "container '%s'", id);
	return 0;
}

int
store_withdraw(const struct store *s, bool kept, const char *id,
               struct err *e)
{
	AUTO(close) int all = open_containers(root_of(s, kept));
	char name[NAME_MAX];

	snprintf(name, sizeof(name), ".%s", id);
	return all < 0 ? fail_sys(e, "container '%s'", id)
	               : store_remove(all, name, e);
}

static int
open_below(int root, const char *name)
{
	AUTO(close) int all = open_containers(root);

	return all < 0 ? -1 : openat(all, name, O_RDONLY | O_DIRECTORY |
	                             O_NOFOLLOW | O_CLOEXEC);
}

int
store_container(const struct store *s, const char *id, int *dir, bool *kept,
                struct err *e)
{
	int fd = -1;

	if (*id == '.' || strchr(id, '/'))
		return fail(e, ENOENT, "no such container: '%s'", id);
	fd = open_below(s->data, id);
	*kept = fd >= 0;
	if (fd < 0)
		fd = open_below(s->run, id);
	if (fd < 0 && errno == ENOENT)
		return fail(e, ENOENT, "no such container: '%s'", id);
	if (fd < 0)
		return fail_sys(e, "container '%s'", id);
	*dir = fd;
	return 0;
}

int
store_live(const struct store *s, const char *id, bool make, int *dir,
           struct err *e)
{
	AUTO(close) int all = -1;
	int fd;

	if (!make) {
		fd = open_below(s->run, id);
		*dir = fd;
		return fd < 0 ? fail_sys(e, "container '%s'", id) : 0;
	}
	return store_dir(s->run, "containers", &all, e) < 0 ||
	       store_dir(all, id, dir, e) < 0 ? -1 : 0;
}

static int
drop_below(int root, const char *id, struct err *e)
{
	AUTO(close) int all = open_containers(root);

	return all < 0 ? 0 : store_remove(all, id, e);
}

int
store_drop_live(const struct store *s, const char *id, struct err *e)
{
	return drop_below(s->run, id, e);
}

/* What is only of one that runs goes first: alone it would look like a
 * container. */
int
store_drop(const struct store *s, const char *id, struct err *e)
{
	return drop_below(s->run, id, e) < 0 ? -1
	       : drop_below(s->data, id, e);
}

/* What somebody made and did not finish, and is no longer alive to do so. */
static void
sweep(int all, const char *name)
{
	AUTO(close) int dir = openat(all, name, O_RDONLY | O_DIRECTORY |
	                             O_NOFOLLOW | O_CLOEXEC);
	struct err ignored;

	if (dir >= 0 && store_try_lock(dir) &&
	    store_remove(all, name, &ignored) < 0)
		return; /* the next one that lists will try again */
}

static int
ids_below(int root, struct arena *a, struct words *ids, struct err *e)
{
	int fd = open_containers(root);
	struct dirent *entry;
	DIR *dir;

	if (fd < 0)
		return errno == ENOENT ? 0 : fail_sys(e, "containers");
	dir = fdopendir(fd);
	if (!dir) {
		close(fd);
		return fail_sys(e, "containers");
	}
	while ((entry = readdir(dir))) {
		if (*entry->d_name != '.' && !words_has(ids, entry->d_name))
			words_add(a, ids, entry->d_name);
		else if (strlen(entry->d_name) > 2 && *entry->d_name == '.')
			sweep(fd, entry->d_name);
	}
	closedir(dir);
	return 0;
}

int
store_ids(const struct store *s, struct arena *a, struct words *ids,
          struct err *e)
{
	if (ids_below(s->data, a, ids, e) < 0)
		return -1;
	return ids_below(s->run, a, ids, e);
}
