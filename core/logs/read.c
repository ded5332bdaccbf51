/* SPDX-License-Identifier: ISC */
/* From records to lines, in their order, to where they belong. */
#include "logs/read.h"
#include "sys/fd.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* Read at once; no record is longer. And written at once. */
#define IN_BYTES (256 << 10)
#define OUT_BYTES (64 << 10)

#define SECOND INT64_C(1000000000)

int
read_flush(struct reader *r)
{
	int fd = r->q->to[r->stream];

	if (r->out.n && fd_write(fd, r->out.data, r->out.n) < 0) {
		r->code = errno;
		return -1;
	}
	r->out.n = 0;
	return 0;
}

/* ---- what stands in front of a line ---- */

/* As url.QueryEscape of Go. */
static void
add_query(struct buf *out, const char *text)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (isalnum(c) || strchr("-_.~", c))
			buf_add(out, &c, 1);
		else if (c == ' ')
			buf_text(out, "+");
		else
			buf_format(out, "%%%02X", c);
	}
}

/* {"a":"b","c":"d"} as docker shows it: "a=b,c=d ". */
static void
make_details(struct reader *r, const struct scan *s)
{
	AUTO(arena) struct arena a = { 0 };
	struct value *all = NULL;
	struct err ignored;

	r->attributes.n = r->details.n = 0;
	buf_add(&r->attributes, s->attributes, s->n_attributes);
	if (s->n_attributes &&
	    json_read_value(&r->attributes, &all, &a, &ignored) < 0)
		all = NULL;
	for (size_t i = 0; all && all->kind == VALUE_MAP && i < all->n; i++) {
		const char *text = all->v[i].value->text;

		if (i)
			buf_text(&r->details, ",");
		add_query(&r->details, all->v[i].key);
		buf_text(&r->details, "=");
		add_query(&r->details, text ? text : "");
	}
	buf_text(&r->details, " ");
}

/* They hardly ever change within a log. */
static void
add_details(struct reader *r, const struct scan *s)
{
	if (!r->details.n || r->attributes.n != s->n_attributes ||
	    memcmp(r->attributes.data, s->attributes, s->n_attributes) != 0)
		make_details(r, s);
	buf_add(&r->out, r->details.data, r->details.n);
}

/* ---- records ---- */

static bool
is_wanted(const struct reader *r, const struct scan *s)
{
	size_t n = strlen("2026-01-02T03:04:05.123456789");

	return (!*r->since || memcmp(s->time, r->since, n) >= 0) &&
	       (!*r->until || memcmp(s->time, r->until, n) <= 0);
}

static int
copy_record(struct reader *r, const char *line, size_t n)
{
	struct scan s;

	if (!scan_record(line, n, &s))
		return 0;
	if (!is_wanted(r, &s))
		return 0;
	if ((s.stream != r->stream || r->out.n > OUT_BYTES) &&
	    read_flush(r) < 0)
		return -1;
	r->stream = s.stream;
	if (!r->inside[s.stream] && r->q->times) {
		buf_add(&r->out, s.time, 30);
		buf_text(&r->out, " ");
	}
	if (!r->inside[s.stream] && r->q->details)
		add_details(r, &s);
	scan_text(&s, &r->out);
	r->inside[s.stream] = !s.ends;
	return 0;
}

/* Take the whole lines out of the buffer. */
static int
copy_lines(struct reader *r)
{
	const char *at = r->in, *end = r->in + r->n, *newline;

	while ((newline = memchr(at, '\n', (size_t)(end - at))) != NULL) {
		if (!r->skip && copy_record(r, at, (size_t)(newline - at)) < 0)
			return -1;
		r->skip = false;
		at = newline + 1;
	}
	r->n = (size_t)(end - at);
	if (r->n == IN_BYTES) {
		r->skip = true; /* it is nothing of ours */
		r->n = 0;
	}
	memmove(r->in, at, r->n);
	return 0;
}

/* Somebody may have emptied the file while we were reading it. */
static bool
was_cut(struct reader *r, int fd)
{
	off_t at = lseek(fd, 0, SEEK_CUR);
	struct stat st;

	if (at < 0 || fstat(fd, &st) < 0 || st.st_size >= at)
		return false;
	read_next(r);
	return lseek(fd, 0, SEEK_SET) == 0;
}

int
read_copy(struct reader *r, int fd)
{
	for (;;) {
		ssize_t got = read(fd, r->in + r->n, IN_BYTES - r->n);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0 || (got == 0 && !was_cut(r, fd)))
			return (int)got;
		r->n += (size_t)got;
		if (copy_lines(r) < 0)
			return -1;
	}
}

void
read_next(struct reader *r)
{
	r->n = 0;
	r->skip = false;
}

/* A time as records have it, so that two can be compared as they stand. */
static void
print_time(int64_t time, char text[40])
{
	int64_t rest = time % SECOND;
	time_t seconds;
	struct tm parts;
	size_t n;

	if (rest < 0)
		rest += SECOND;
	seconds = (time - rest) / SECOND;
	gmtime_r(&seconds, &parts);
	n = strftime(text, 40, "%Y-%m-%dT%H:%M:%S", &parts);
	snprintf(text + n, 40 - n, ".%09lldZ", (long long)rest);
}

void
read_begin(struct reader *r, const struct logs_query *q)
{
	*r = (struct reader){ .q = q };
	r->in = mem_grow(NULL, IN_BYTES, 1);
	if (q->since != INT64_MIN)
		print_time(q->since, r->since);
	if (q->until != INT64_MAX)
		print_time(q->until, r->until);
}

void
auto_reader(struct reader *r)
{
	free(r->in);
	auto_buf(&r->out);
	auto_buf(&r->attributes);
	auto_buf(&r->details);
}
