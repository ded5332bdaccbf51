/* SPDX-License-Identifier: ISC */
/* Volumes on disk: their names, what is known of each, and all of them. */
#include "sys/entropy.h"
#include "volume/inside.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define RECORD_MOST (1 << 20)
#define NAME_MOST 255
#define DIRECTORY (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

const struct json_field volume_fields[] = {
	JSON_NEED(struct volume, JSON_U32, "version", version),
	JSON_NEED(struct volume, JSON_TEXT, "name", name),
	JSON(struct volume, JSON_TEXT, "driver", driver),
	JSON(struct volume, JSON_TEXT, "created", created),
	JSON(struct volume, JSON_FLAG, "anonymous", anonymous),
	JSON(struct volume, JSON_PAIRS, "labels", labels),
	JSON(struct volume, JSON_PAIRS, "options", options),
	JSON_FIELD_END
};

/* 0, 1 and 2 are never ours, so that a volume of zeros is an empty one. */
void
auto_volume(struct volume *v)
{
	if (v->dir > 2)
		close(v->dir);
	auto_arena(&v->arena);
	*v = (struct volume){ .dir = -1 };
}

int
volume_check_name(const char *name, struct err *e)
{
	size_t n = strlen(name);
	bool good = n <= NAME_MOST && isascii((unsigned char)*name) &&
	            isalnum((unsigned char)*name);

	if (n == 1)
		return fail(e, EINVAL, "volume name is too short, names should"
		            " be at least two alphanumeric characters");
	for (const char *at = name; good && *at; at++)
		good = isascii((unsigned char)*at) &&
		       (isalnum((unsigned char)*at) || strchr("_.-", *at));
	if (good)
		return 0;
	return fail(e, EINVAL, "\"%.64s\" includes invalid characters for a"
	            " local volume name, only \"[a-zA-Z0-9][a-zA-Z0-9_.-]\""
	            " are allowed. If you intended to pass a host directory,"
	            " use absolute path", name);
}

/* What each of them needs beside it. */
static const struct {
	const char *name, *needs[2];
} option_rows[] = {
	{ "device", { "type", NULL } },
	{ "type",   { "device", NULL } },
	{ "o",      { "device", "type" } },
};

#define COUNT(table) (sizeof(table) / sizeof(*(table)))

int
volume_check_options(const struct pairs *options, struct err *e)
{
	if (pairs_get(options, "size"))
		return fail(e, ENOTSUP, "quota size requested but no quota"
		            " support");
	for (size_t i = 0; i < options->n; i++) {
		const char *key = options->v[i].key;
		size_t row = 0;

		while (row < COUNT(option_rows) &&
		       strcmp(option_rows[row].name, key) != 0)
			row++;
		if (row == COUNT(option_rows))
			return fail(e, EINVAL, "invalid option: \"%.64s\"",
			            key);
		for (size_t k = 0; k < 2 && option_rows[row].needs[k]; k++)
			if (!pairs_get(options, option_rows[row].needs[k]))
				return fail(e, EINVAL, "missing required"
				            " option: \"%s\"",
				            option_rows[row].needs[k]);
	}
	return 0;
}

char *
volume_path(const struct store *s, const char *name, struct arena *a)
{
	return arena_format(a, "%s/volumes/%s/_data", s->data_path, name);
}

char *
volume_invent(struct arena *a)
{
	unsigned char bytes[32];
	char text[65];

	entropy_bytes(bytes, sizeof(bytes));
	for (size_t i = 0; i < sizeof(bytes); i++) {
		text[2 * i] = "0123456789abcdef"[bytes[i] >> 4];
		text[2 * i + 1] = "0123456789abcdef"[bytes[i] & 15];
	}
	text[64] = '\0';
	return arena_text(a, text);
}

int
volume_all(const struct store *s)
{
	if (s->data < 0) {
		errno = ENOENT;
		return -1;
	}
	return openat(s->data, "volumes", DIRECTORY);
}

int
volume_read(struct volume *v, const struct store *s, const char *name,
            struct err *e)
{
	AUTO(buf) struct buf text = { 0 };

	if (store_read(v->dir, "volume.json", RECORD_MOST, &text, e) < 0 ||
	    json_read(&text, volume_fields, v, &v->arena, e) < 0)
		return fail_in(e, "volume '%s'", name);
	if (v->version > VOLUME_VERSION)
		return fail(e, EINVAL, "volume '%s' is of version %u, which a"
		            " newer mydocker has written", name, v->version);
	v->name = arena_text(&v->arena, name);
	v->mountpoint = volume_path(s, name, &v->arena);
	if (!v->driver)
		v->driver = arena_text(&v->arena, "local");
	return 0;
}

int
volume_dir(int all, const char *name)
{
	if (all >= 0 && *name && *name != '.' && !strchr(name, '/'))
		return openat(all, name, DIRECTORY);
	errno = ENOENT;
	return -1;
}

int
volume_open(struct volume *v, const struct store *s, const char *name,
            struct err *e)
{
	AUTO(close) int all = volume_all(s);
	struct volume opened = { .dir = volume_dir(all, name) };

	if (opened.dir < 0 && errno == ENOENT)
		return fail(e, ENOENT, "get %.255s: no such volume", name);
	if (opened.dir < 0)
		return fail_sys(e, "volume '%s'", name);
	if (volume_read(&opened, s, name, e) < 0) {
		auto_volume(&opened);
		return -1;
	}
	*v = opened;
	return 0;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* What somebody has begun to make or remove, and is no longer alive to end. */
static void
sweep(int all, const char *name)
{
	AUTO(close) int dir = openat(all, name, DIRECTORY);
	struct err ignored;

	if (dir >= 0 && store_try_lock(dir) &&
	    store_remove(all, name, &ignored) < 0)
		return; /* the next one that lists will try again */
}

int
volume_list(const struct store *s, struct arena *a, struct words *names,
            struct err *e)
{
	int fd = volume_all(s);
	struct dirent *entry;
	DIR *dir;

	if (fd < 0)
		return errno == ENOENT ? 0 : fail_sys(e, "volumes");
	dir = fdopendir(fd);
	if (!dir) {
		close(fd);
		return fail_sys(e, "volumes");
	}
	while ((entry = readdir(dir))) {
		if (*entry->d_name != '.')
			words_add(a, names, entry->d_name);
		else if (strlen(entry->d_name) > 2)
			sweep(fd, entry->d_name);
	}
	closedir(dir);
	if (names->n)
		qsort(names->v, names->n, sizeof(*names->v), by_name);
	return 0;
}
