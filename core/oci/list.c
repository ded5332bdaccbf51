/* SPDX-License-Identifier: ISC */
/* The containers below ROOT: all of them, or those that a pattern names. */
#include "base/pattern.h"
#include "oci/box.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int
read_ids(int root, const struct pattern *pattern, struct arena *a,
         struct words *ids)
{
	int fd = openat(root, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct err not_an_id;
	struct dirent *entry;

	if (!dir)
		return -1;
	while ((entry = readdir(dir))) {
		const char *id = entry->d_name;

		if (*id == '.' || box_check_id(id, &not_an_id) < 0)
			continue;
		if (!pattern || pattern_finds(pattern, id))
			words_add(a, ids, id);
	}
	closedir(dir);
	if (ids->n)
		qsort(ids->v, ids->n, sizeof(*ids->v), by_text);
	return 0;
}

int
oci_list(const struct oci_globals *g, const char *pattern, struct arena *a,
         struct words *ids, struct err *e)
{
	AUTO(close) int root = -1;
	struct pattern compiled = { 0 };
	char *path;
	int done;

	if (box_root(g, a, &path, &root, e) < 0)
		return -1;
	if (root < 0)
		return 0;
	if (pattern && pattern_compile(&compiled, pattern, a, e) < 0)
		return -1;
	done = read_ids(root, pattern ? &compiled : NULL, a, ids);
	return done < 0 ? fail_sys(e, "'%s'", path) : 0;
}

int
oci_each(const struct oci_globals *g, const char *id, bool is_pattern,
         int (*act)(const char *id, struct err *e), struct err *e)
{
	AUTO(arena) struct arena a = { 0 };
	struct words ids = { 0 };

	if (!is_pattern)
		return act(id, e);
	if (oci_list(g, id, &a, &ids, e) < 0)
		return -1;
	for (size_t i = 0; i < ids.n; i++)
		if (act(ids.v[i], e) < 0)
			return fail_in(e, "'%s'", ids.v[i]);
	return 0;
}
