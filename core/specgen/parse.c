/* SPDX-License-Identifier: ISC */
/* Small parsers that several options share. */
#include "specgen/inside.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

int
parse_number(const char *text, int64_t least, int64_t most, int64_t *n)
{
	const char *digits = text + (*text == '-');
	size_t length = strspn(digits, "0123456789");
	long long value;

	/* strtoll alone would take "+1", " 1" and nothing at all */
	if (!length || digits[length])
		return -1;
	errno = 0;
	value = strtoll(text, NULL, 10);
	if (errno || value < least || value > most)
		return -1;
	*n = value;
	return 0;
}

char *
parse_piece(struct arena *a, const char **text, const char *stops)
{
	const char *from = *text;
	size_t n;

	if (!from)
		return NULL;
	n = strcspn(from, stops);
	*text = from[n] ? from + n + 1 : NULL;
	return arena_bytes(a, from, n);
}

static bool
has_control(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			return true;
	return false;
}

char *
parse_path(struct arena *a, const char *path)
{
	AUTO(buf) struct buf out = { 0 };

	if (path[0] != '/' || strlen(path) >= PATH_MAX || has_control(path))
		return NULL;
	while (*path) {
		size_t n;

		path += strspn(path, "/");
		n = strcspn(path, "/");
		if (n == 2 && strncmp(path, "..", 2) == 0)
			return NULL;
		if (n && !(n == 1 && *path == '.')) {
			buf_text(&out, "/");
			buf_add(&out, path, n);
		}
		path += n;
	}
	return arena_text(a, out.n ? out.data : "/");
}

char *
parse_host_path(const struct build *b, const char *path)
{
	const char *cwd = b->host->cwd;

	if (path[0] == '/')
		return arena_text(b->a, path);
	while (path[0] == '.' && path[1] == '/')
		path += 2 + strspn(path + 2, "/");
	if (strcmp(path, ".") == 0)
		return arena_text(b->a, cwd);
	return arena_format(b->a, "%s%s%s", cwd,
	                    strcmp(cwd, "/") == 0 ? "" : "/", path);
}
