/* SPDX-License-Identifier: ISC */
/* Making, filling and removing volumes; each is there whole, or not at all. */
#include "events/events.h"
#include "sys/copy.h"
#include "sys/entropy.h"
#include "volume/inside.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#define DIRECTORY (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

/* Somebody is copying files into it, or has died of that. */
#define FILLING ".filling"

static char *
now(struct arena *a)
{
	time_t seconds = time(NULL);
	struct tm parts;
	char text[32];

	gmtime_r(&seconds, &parts);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &parts);
	return arena_text(a, text);
}

static int
write_all(int dir, const struct volume *wanted, bool durable, struct err *e)
{
	AUTO(arena) struct arena a = { 0 };
	AUTO(buf) struct buf text = { 0 };
	struct volume v = *wanted;

	v.version = VOLUME_VERSION;
	v.created = now(&a);
	if (!v.driver)
		v.driver = arena_text(&a, "local");
	if (mkdirat(dir, "_data", 0755) < 0)
		return fail_sys(e, "its files");
	json_write(&text, volume_fields, &v, true);
	return store_write(dir, "volume.json", &text, durable, e);
}

/* For who watches. There is one driver. */
static void
tell(const struct store *s, const char *action, const char *name)
{
	struct pair driver = { (char *)(uintptr_t)"driver",
		               (char *)(uintptr_t)"local" };
	struct event event = { "volume", action, name, { &driver, 1 } };

	events_add(s, &event, 1);
}

/* Under another name and locked, then renamed: a volume is never empty, so no
 * rename replaces one that somebody else has made meanwhile. */
static int
make(struct store *s, const struct volume *wanted, bool durable,
     struct err *e)
{
	AUTO(close) int all = -1;
	AUTO(close) int dir = -1;
	char name[NAME_MAX + 1];
	struct err ignored;

	snprintf(name, sizeof(name), ".new.%08" PRIx32 "%08" PRIx32,
	         entropy_number(), entropy_number());
	if (store_open_data(s, e) < 0 ||
	    store_dir(s->data, "volumes", &all, e) < 0 ||
	    store_begin(all, name, &dir, e) < 0)
		return -1;
	if (write_all(dir, wanted, durable, e) == 0) {
		if (renameat(all, name, all, wanted->name) == 0) {
			tell(s, "create", wanted->name);
			return durable && fsync(all) < 0
			       ? fail_sys(e, "volumes") : 0;
		}
		if (errno == ENOTEMPTY || errno == EEXIST)
			return store_remove(all, name, e);
		fail_sys(e, "make");
	}
	if (store_remove(all, name, &ignored) < 0)
		return -1; /* who lists takes it away */
	return -1;
}

/* Is the directory that we have locked still the one of that name? */
static bool
is_current(const struct store *s, const struct volume *v)
{
	AUTO(close) int all = volume_all(s);
	struct stat ours, named;

	return all >= 0 && fstat(v->dir, &ours) == 0 &&
	       fstatat(all, v->name, &named, AT_SYMLINK_NOFOLLOW) == 0 &&
	       ours.st_ino == named.st_ino && ours.st_dev == named.st_dev;
}

int
volume_hold(struct volume *v, struct store *s, const struct volume *wanted,
            bool durable, struct err *e)
{
	for (;;) {
		if (volume_open(v, s, wanted->name, e) == 0) {
			if (store_lock(v->dir, "the volume", e) < 0) {
				auto_volume(v);
				return fail_in(e, "volume '%s'",
				               wanted->name);
			}
			if (is_current(s, v))
				return 0;
			auto_volume(v);
		} else if (e->code != ENOENT) {
			return -1;
		}
		if (make(s, wanted, durable, e) < 0)
			return fail_in(e, "volume '%s'", wanted->name);
	}
}

static bool
is_empty(int dir)
{
	int fd = openat(dir, ".", DIRECTORY);
	DIR *d = fd < 0 ? NULL : fdopendir(fd);
	size_t n = 0;

	while (d && n <= 2 && readdir(d))
		n++;
	if (d)
		closedir(d);
	return d && n <= 2;
}

/* What is shown of it; -2: what a driver mounts, each time anew. */
static int
open_data(const struct volume *v)
{
	const char *o = pairs_get(&v->options, "o");

	if (!pairs_get(&v->options, "type"))
		return openat(v->dir, "_data", DIRECTORY);
	return o && strstr(o, "bind")
	       ? open(pairs_get(&v->options, "device"), O_RDONLY |
	              O_DIRECTORY | O_CLOEXEC) : -2;
}

/*
 * While a mark says so it is being filled: whoever finds that, with the lock,
 * goes on where the one before died. What others have written there by then
 * stays, unless it has the name of something that is copied.
 */
int
volume_fill(struct volume *v, int from, struct err *e)
{
	AUTO(close) int data = open_data(v);
	AUTO(close) int mark = -1;
	AUTO(copy) struct copy how = { .one_mount = true, .special = true };

	if (data == -2)
		return 0;
	if (data < 0)
		return fail_sys(e, "volume '%s'", v->name);
	how.replace = faccessat(v->dir, FILLING, F_OK, 0) == 0;
	if (!how.replace && !is_empty(data))
		return 0;
	mark = openat(v->dir, FILLING, O_WRONLY | O_CREAT | O_NOFOLLOW |
	              O_CLOEXEC, 0600);
	if (mark < 0)
		return fail_sys(e, "volume '%s'", v->name);
	if (copy_content(&how, from, data) < 0 ||
	    copy_look(&how, from, data) < 0)
		return fail_sys(e, "volume '%s': copy of '%s'", v->name,
		                how.path.n ? how.path.data : "/");
	if (unlinkat(v->dir, FILLING, 0) < 0)
		return fail_sys(e, "volume '%s'", v->name);
	return 0;
}

int
volume_remove(const struct store *s, const char *name,
              int (*is_free)(void *with, const char *name, struct err *e),
              void *with, struct err *e)
{
	AUTO(volume) struct volume v = { .dir = -1 };
	AUTO(close) int all = volume_all(s);

	/* It need not be one that can be read. */
	v.dir = volume_dir(all, name);
	v.name = arena_text(&v.arena, name);
	if (v.dir < 0)
		return errno == ENOENT
		       ? fail(e, ENOENT, "get %.255s: no such volume", name)
		       : fail_sys(e, "volume '%s'", name);
	if (store_lock(v.dir, "the volume", e) < 0)
		return fail_in(e, "remove %s", name);
	if (!is_current(s, &v))
		return fail(e, ENOENT, "get %s: no such volume", name);
	if (is_free(with, name, e) < 0)
		return -1;
	if (store_remove(all, name, e) < 0)
		return fail_in(e, "remove %s", name);
	tell(s, "destroy", name);
	return 0;
}

int64_t
volume_bytes(const struct volume *v)
{
	return store_bytes(v->dir, "_data");
}
