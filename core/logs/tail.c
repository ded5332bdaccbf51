/* SPDX-License-Identifier: ISC */
/* Finding the last lines, from the end backwards. */
#include "logs/read.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* No record is longer than half of this. */
#define WINDOW (256 << 10)

/*
 * left    lines that are still to be found
 * open    of each stream: the line whose beginning is looked for has its end
 *         further on already
 */
struct search {
	char *window;
	int64_t left;
	bool open[2];
};

/* Count a record; false if it is one line more than was asked for. */
static bool
count(struct search *s, const struct scan *r)
{
	if (r->ends || !s->open[r->stream]) {
		if (s->left == 0)
			return false;
		s->left--;
	}
	s->open[r->stream] = true;
	return true;
}

/* Read `n` bytes that lie before `end`; a file may be cut meanwhile. */
static ssize_t
read_before(int fd, char *to, size_t n, off_t end)
{
	size_t done = 0;

	while (done < n) {
		ssize_t got = pread(fd, to + done, n - done,
		                    end - (off_t)(n - done));

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -1;
		if (got == 0)
			break;
		done += (size_t)got;
	}
	return (ssize_t)done;
}

/*
 * Go through the records of a window of `n` bytes, the last one first, down to
 * the first line that is whole: *from is its beginning then, or of the record
 * behind which the lines begin. Returns whether that was found.
 */
static bool
search_window(struct search *s, size_t n, bool at_start, size_t *from)
{
	size_t end = n;

	while (end > 0) {
		const char *before = memrchr(s->window, '\n', end - 1);
		size_t start = before ? (size_t)(before + 1 - s->window) : 0;
		struct scan r;

		if (!before && !at_start)
			break;
		if (scan_record(s->window + start, end - 1 - start, &r) &&
		    !count(s, &r)) {
			*from = end;
			return true;
		}
		end = start;
	}
	*from = end;
	return false;
}

/* The end of the last whole line, which is where the search begins. */
static off_t
whole_end(struct search *s, int fd, off_t size)
{
	size_t n = size < WINDOW ? (size_t)size : WINDOW;
	const char *last;

	if (!n || read_before(fd, s->window, n, size) != (ssize_t)n)
		return 0;
	last = memrchr(s->window, '\n', n);
	return last ? size - (off_t)n + (last + 1 - s->window) : 0;
}

/* 1: found, at *at. */
static int
search_file(struct search *s, int fd, off_t *at)
{
	struct stat st;
	off_t end;

	*at = 0;
	if (fstat(fd, &st) < 0)
		return -1;
	for (end = whole_end(s, fd, st.st_size); end > 0;) {
		size_t n = end < WINDOW ? (size_t)end : WINDOW, from;
		ssize_t got = read_before(fd, s->window, n, end);

		if (got < 0)
			return -1;
		if (got != (ssize_t)n)
			return 0;
		if (search_window(s, n, end == (off_t)n, &from)) {
			*at = end - (off_t)n + (off_t)from;
			return 1;
		}
		/* a line that fills the window is nothing of ours */
		end = from == n ? end - (off_t)n / 2
		                : end - (off_t)n + (off_t)from;
	}
	return 0;
}

int
tail_find(const struct files *f, int64_t lines, size_t *index, off_t *at,
          struct err *e)
{
	AUTO(free) char *window = mem_grow(NULL, WINDOW, 1);
	struct search s = { .window = window, .left = lines };

	*index = f->n - 1;
	*at = 0;
	for (size_t i = 0; i < f->n; i++) {
		int found = search_file(&s, f->fd[i], at);

		*index = i;
		if (found < 0)
			return fail_sys(e, "log.json");
		if (found)
			return 0;
	}
	*at = 0;
	return 0;
}
