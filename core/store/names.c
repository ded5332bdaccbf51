/* SPDX-License-Identifier: ISC */
/* Names of containers: links that nobody can make twice. */
#include "store/store.h"
#include "base/json.h"
#include "sys/entropy.h"
#include "sys/missing.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

#define RECORD_MOST (1 << 20)

/* All that a name needs of a record. */
struct called {
	char *id, *name;
};

static const struct json_field called_fields[] = {
	JSON(struct called, JSON_TEXT, "id", id),
	JSON(struct called, JSON_TEXT, "name", name),
	JSON_FIELD_END
};

/* A record that cannot be read has no name to give back; no other suffers. */
static void
link_record(const struct store *s, int names, const char *id)
{
	AUTO(arena) struct arena a = { 0 };
	AUTO(buf) struct buf text = { 0 };
	AUTO(close) int dir = -1;
	struct called called = { 0 };
	struct err ignored;
	bool kept;

	if (store_container(s, id, &dir, &kept, &ignored) < 0 ||
	    store_read(dir, "record.json", RECORD_MOST, &text, &ignored) < 0 ||
	    json_read(&text, called_fields, &called, &a, &ignored) < 0)
		return;
	if (called.name && !strchr(called.name, '/') &&
	    symlinkat(id, names, called.name) < 0)
		return; /* two records of one name: the first has it */
}

/*
 * Whoever has finished first wins. Where the file system cannot rename without
 * replacing, an empty directory of another may be replaced, whose first name
 * would then be lost: it is found again, by id.
 */
static int
put_names(int run, const char *made, struct err *e)
{
	if (syscall(SYS_renameat2, run, made, run, "names",
	            RENAME_NOREPLACE) == 0)
		return 0;
	if (errno == EINVAL && renameat(run, made, run, "names") == 0)
		return 0;
	if (errno != EEXIST && errno != ENOTEMPTY)
		return fail_sys(e, "names");
	return store_remove(run, made, e);
}

/* The first use after a boot: names as the records have them. */
static int
make_names(const struct store *s, struct err *e)
{
	AUTO(arena) struct arena a = { 0 };
	AUTO(close) int names = -1;
	struct words ids = { 0 };
	char made[32];

	snprintf(made, sizeof(made), "names.%08" PRIx32, entropy_number());
	if (store_ids(s, &a, &ids, e) < 0 ||
	    store_dir(s->run, made, &names, e) < 0)
		return -1;
	for (size_t i = 0; i < ids.n; i++)
		link_record(s, names, ids.v[i]);
	return put_names(s->run, made, e);
}

/* Needs data to be open if there is any: the names are made from it. */
static int
open_names(const struct store *s, int *names, struct err *e)
{
	const int how = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	int fd = openat(s->run, "names", how);

	if (fd < 0 && errno == ENOENT) {
		struct store whole = *s;
		int done = store_find_data(&whole, e) < 0 ||
		           make_names(&whole, e) < 0;

		if (whole.data != s->data)
			close(whole.data);
		if (done)
			return -1;
		fd = openat(s->run, "names", how);
	}
	if (fd < 0)
		return fail_sys(e, "names");
	*names = fd;
	return 0;
}

/* Does the container exist, or is somebody about to make it? */
static bool
exists(const struct store *s, const char *id)
{
	AUTO(close) int dir = -1;
	AUTO(free) char *hidden = mem_format("containers/.%s", id);
	const int roots[] = { s->data, s->run };
	struct err ignored;
	bool kept;

	for (size_t i = 0; i < 2; i++) {
		AUTO(close) int making = roots[i] < 0 ? -1
		        : openat(roots[i], hidden, O_RDONLY | O_DIRECTORY |
		                 O_NOFOLLOW | O_CLOEXEC);

		if (making >= 0 && !store_try_lock(making))
			return true;
	}
	/* In this order: what was in the making may be finished by now. */
	return store_container(s, id, &dir, &kept, &ignored) == 0;
}

static char *
read_link(int names, const char *name, struct arena *a)
{
	char id[NAME_MAX + 1];
	ssize_t n = readlinkat(names, name, id, sizeof(id));

	return n <= 0 || n > NAME_MAX ? NULL : arena_bytes(a, id, (size_t)n);
}

static int
in_use(const char *name, const char *id, struct err *e)
{
	return fail(e, EEXIST, "the name '%s' is in use by %.12s", name, id);
}

/* The slow way, when the name is there: under the lock, is it stale? */
static int
take_over(const struct store *s, int names, const char *name, const char *id,
          struct arena *a)
{
	char *has = read_link(names, name, a);

	if (has && exists(s, has)) {
		errno = EEXIST;
		return -1;
	}
	if (has && unlinkat(names, name, 0) < 0 && errno != ENOENT)
		return -1;
	return symlinkat(id, names, name);
}

int
store_claim(const struct store *s, const char *name, const char *id,
            struct err *e)
{
	AUTO(arena) struct arena a = { 0 };
	AUTO(close) int names = -1;
	char *has;

	if (open_names(s, &names, e) < 0)
		return -1;
	if (symlinkat(id, names, name) == 0)
		return 0;
	if (errno != EEXIST)
		return fail_sys(e, "name '%s'", name);
	has = read_link(names, name, &a);
	if (has && exists(s, has))
		return in_use(name, has, e);
	if (store_lock(names, "the list of names", e) < 0)
		return -1;
	if (take_over(s, names, name, id, &a) == 0)
		return 0;
	has = errno == EEXIST ? read_link(names, name, &a) : NULL;
	return has ? in_use(name, has, e) : fail_sys(e, "name '%s'", name);
}

int
store_release(const struct store *s, const char *name, const char *id,
              struct err *e)
{
	AUTO(arena) struct arena a = { 0 };
	AUTO(close) int names = -1;
	char *has;

	if (open_names(s, &names, e) < 0 ||
	    store_lock(names, "the list of names", e) < 0)
		return -1;
	has = read_link(names, name, &a);
	if (has && strcmp(has, id) == 0 && unlinkat(names, name, 0) < 0)
		return fail_sys(e, "name '%s'", name);
	return 0;
}

char *
store_owner(const struct store *s, const char *name, struct arena *a)
{
	AUTO(close) int names = -1;
	struct err ignored;

	if (*name == '\0' || strchr(name, '/') ||
	    open_names(s, &names, &ignored) < 0)
		return NULL;
	return read_link(names, name, a);
}

char *
store_name(const struct store *s, const char *id, struct arena *a)
{
	AUTO(close) int names = -1;
	struct err ignored;
	char *found = NULL;
	struct dirent *entry;
	DIR *dir;

	if (open_names(s, &names, &ignored) < 0)
		return NULL;
	dir = fdopendir(names);
	if (!dir)
		return NULL;
	while (!found && (entry = readdir(dir))) {
		char *has = read_link(names, entry->d_name, a);

		if (has && strcmp(has, id) == 0)
			found = arena_text(a, entry->d_name);
	}
	closedir(dir);
	take_fd(&names);
	return found;
}
