/* SPDX-License-Identifier: ISC */
/* Reading a record of json-file: what file.c writes, and nothing else. */
#include "logs/read.h"

#include <string.h>

/* 2026-01-02T03:04:05.123456789Z */
#define TIME_LENGTH 30

/* The quote that ends a string, or NULL. */
static const char *
string_end(const char *from, const char *end)
{
	const char *quote = from, *back;

	for (; (quote = memchr(quote, '"', (size_t)(end - quote))); quote++) {
		for (back = quote; back > from && back[-1] == '\\'; back--)
			continue;
		if ((quote - back) % 2 == 0)
			return quote;
	}
	return NULL;
}

/* Go past a text that has to be here. */
static bool
pass(const char **at, const char *end, const char *text)
{
	size_t n = strlen(text);

	if ((size_t)(end - *at) < n || memcmp(*at, text, n) != 0)
		return false;
	*at += n;
	return true;
}

/* Does it end with \n? Not where that backslash is itself escaped. */
static bool
has_end(const char *text, size_t n)
{
	size_t back = 0;

	if (n < 2 || text[n - 1] != 'n')
		return false;
	while (back < n - 1 && text[n - 2 - back] == '\\')
		back++;
	return back % 2 == 1;
}

static bool
is_time(const char *at, const char *end)
{
	static const char shape[] = "0000-00-00T00:00:00.000000000Z";

	if (end - at < TIME_LENGTH)
		return false;
	for (size_t i = 0; i < TIME_LENGTH; i++)
		if (shape[i] == '0' ? at[i] < '0' || at[i] > '9'
		                    : at[i] != shape[i])
			return false;
	return true;
}

bool
scan_record(const char *line, size_t n, struct scan *s)
{
	const char *at = line, *end = line + n, *time;

	if (!pass(&at, end, "{\"log\":\""))
		return false;
	s->text = at;
	at = string_end(at, end);
	if (!at)
		return false;
	s->n_text = (size_t)(at - s->text);
	s->ends = has_end(s->text, s->n_text);
	s->stream = LOGS_OUT;
	if (!pass(&at, end, "\",\"stream\":\"stdout\"")) {
		if (!pass(&at, end, "\",\"stream\":\"stderr\""))
			return false;
		s->stream = LOGS_ERR;
	}
	if (end - at < TIME_LENGTH + 11)
		return false;
	time = end - TIME_LENGTH - 11; /* ,"time":" and "} */
	if (!is_time(time + 9, end) || end[-2] != '"' ||
	    end[-1] != '}' || memcmp(time, ",\"time\":\"", 9) != 0)
		return false;
	s->time = time + 9;
	s->attributes = at;
	s->n_attributes = 0;
	if (pass(&s->attributes, time, ",\"attrs\":"))
		s->n_attributes = (size_t)(time - s->attributes);
	return s->n_attributes || time == at;
}

static int
hex_digit(char c)
{
	return c >= '0' && c <= '9'   ? c - '0'
	       : c >= 'a' && c <= 'f' ? c - 'a' + 10
	                              : -1;
}

/* What stands behind a backslash, which file.c has written; its length. */
static size_t
unescape(const char *at, size_t n, char *to)
{
	static const char from[] = "btnfr\"\\", into[] = "\b\t\n\f\r\"\\";
	const char *known = n && *at ? strchr(from, *at) : NULL;

	*to = '?';
	if (known)
		*to = into[known - from];
	else if (n >= 5 && *at == 'u' && hex_digit(at[3]) >= 0 &&
	         hex_digit(at[4]) >= 0)
		*to = (char)(hex_digit(at[3]) << 4 | hex_digit(at[4]));
	return n && *at == 'u' ? (n < 5 ? n : 5) : n ? 1 : 0;
}

void
scan_text(const struct scan *s, struct buf *out)
{
	const char *at = s->text, *end = at + s->n_text;
	char *to;

	buf_room(out, s->n_text);
	to = out->data + out->n;
	while (at < end) {
		const char *slash = memchr(at, '\\', (size_t)(end - at));
		size_t run = (size_t)((slash ? slash : end) - at);

		memcpy(to, at, run);
		to += run;
		at += run;
		if (!slash)
			break;
		at++;
		at += unescape(at, (size_t)(end - at), to++);
	}
	*to = '\0';
	out->n = (size_t)(to - out->data);
}
