/* SPDX-License-Identifier: ISC */
/* The rows of /proc/self/mountinfo: what is mounted where. */
#include "sys/mountinfo.h"

#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

static bool
is_octal(const char *text)
{
	for (int i = 0; i < 3; i++)
		if (text[i] < '0' || text[i] > '7')
			return false;
	return text[0] <= '3';
}

/* The kernel writes space, tab, newline and backslash as \ooo. */
static void
unescape(char *text)
{
	char *to = strchr(text, '\\');

	if (!to)
		return;
	for (const char *from = to; *from; to++) {
		if (*from == '\\' && is_octal(from + 1)) {
			*to = (char)((from[1] - '0') << 6 |
			             (from[2] - '0') << 3 | (from[3] - '0'));
			from += 4;
		} else {
			*to = *from++;
		}
	}
	*to = '\0';
}

/* "shared:7 master:2 - ", any number of them, also ones yet to be invented. */
static void
parse_optional(char **rest, struct mount_row *row)
{
	char *word;

	while ((word = strsep(rest, " ")) && strcmp(word, "-") != 0) {
		if (strncmp(word, "shared:", 7) == 0)
			row->shared = (unsigned int)strtoul(word + 7, NULL, 10);
		else if (strncmp(word, "master:", 7) == 0)
			row->master = (unsigned int)strtoul(word + 7, NULL, 10);
	}
}

/* "22 20 0:21": the mount, the one that it is on, the device. */
static int
parse_numbers(char **rest, struct mount_row *row)
{
	static const char ends[] = "  : ";
	unsigned int n[4];

	for (int i = 0; i < 4; i++) {
		char *end;

		n[i] = (unsigned int)strtoul(*rest, &end, 10);
		if (end == *rest || *end != ends[i])
			return -1;
		*rest = end + 1;
	}
	row->id = (int)n[0];
	row->parent = (int)n[1];
	row->major = n[2];
	row->minor = n[3];
	return 0;
}

int
mountinfo_parse(char *line, struct mount_row *row)
{
	char **texts[] = {
		&row->root, &row->target, &row->options,
		&row->type, &row->source, &row->super,
	};

	*row = (struct mount_row){ 0 };
	line[strcspn(line, "\n")] = '\0';
	if (parse_numbers(&line, row) < 0)
		return -1;
	for (int i = 0; i < 6; i++) {
		if (i == 3)
			parse_optional(&line, row);
		if (!(*texts[i] = strsep(&line, " ")))
			return -1;
		unescape(*texts[i]);
	}
	return 0;
}

/* Hand on the whole lines of `text`; *used says how much they were. */
static int
each_line(char *text, size_t *used,
          int (*each)(const struct mount_row *row, void *with), void *with)
{
	char *line = text, *end;
	struct mount_row row;
	int said = 0;

	while (!said && (end = strchr(line, '\n'))) {
		*end = '\0';
		if (mountinfo_parse(line, &row) == 0)
			said = each(&row, with);
		line = end + 1;
	}
	*used = (size_t)(line - text);
	return said;
}

int
mountinfo_each_at(int dir, const char *path,
                  int (*each)(const struct mount_row *row, void *with),
                  void *with, struct err *e)
{
	AUTO(close) int fd = openat(dir, path, O_RDONLY | O_CLOEXEC);
	AUTO(free) char *text = NULL;
	size_t n = 0, room = 0, used;

	if (fd < 0)
		return fail_sys(e, "%s", path);
	for (;;) {
		ssize_t got;
		int said;

		if (room - n < 2048)
			text = mem_grow(text, room += 4096, 1);
		got = read(fd, text + n, room - n - 1);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return fail_sys(e, "%s", path);
		if (got == 0)
			return 0;
		text[n += (size_t)got] = '\0';
		said = each_line(text, &used, each, with);
		if (said)
			return said;
		memmove(text, text + used, n - used + 1);
		n -= used;
	}
}

int
mountinfo_each(const char *path,
               int (*each)(const struct mount_row *row, void *with),
               void *with, struct err *e)
{
	return mountinfo_each_at(AT_FDCWD, path, each, with, e);
}

bool
mountinfo_has(const char *options, const char *option)
{
	size_t n = strlen(option);

	for (const char *at = options; at; at = strchr(at, ',')) {
		at += *at == ',';
		if (strncmp(at, option, n) == 0 &&
		    (at[n] == '\0' || at[n] == ','))
			return true;
	}
	return false;
}
