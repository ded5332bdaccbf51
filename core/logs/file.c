/* SPDX-License-Identifier: ISC */
/* json-file: an object of JSON a line, as docker's, in files that turn. */
#include "logs/parts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME "log.json"
#define FILES 3
#define MOST_KEPT 10000000
#define MOST_PASSING 1000000

/* ---- records ---- */

/* Bytes that have a letter of their own behind the backslash, and these. */
static const char escaped[] = "\b\t\n\f\r\"\\", letters[] = "btnfr\"\\";

#define EACH(byte) (UINT64_C(0x0101010101010101) * (byte))
#define HAS_ZERO(word) (((word) - EACH(1)) & ~(word) & EACH(0x80))

/* Is there a byte that must be escaped, among eight? */
static bool
has_escape(uint64_t word)
{
	return HAS_ZERO(word ^ EACH('"')) || HAS_ZERO(word ^ EACH('\\')) ||
	       ((word - EACH(0x20)) & ~word & EACH(0x80));
}

static bool
is_plain(unsigned char c)
{
	return c >= ' ' && c != '"' && c != '\\';
}

/* How many bytes from here on are as they are. */
static size_t
plain(const char *text, size_t n)
{
	size_t i = 0;
	uint64_t word;

	for (; i + 8 <= n; i += 8) {
		memcpy(&word, text + i, 8);
		if (has_escape(word))
			break;
	}
	while (i < n && is_plain((unsigned char)text[i]))
		i++;
	return i;
}

static char *
put(char *to, const char *bytes, size_t n)
{
	memcpy(to, bytes, n);
	return to + n;
}

/* Bytes that are not UTF-8 stay, so that they come back as they were. */
static char *
put_escaped(char *to, const char *text, size_t n)
{
	static const char hex[] = "0123456789abcdef";

	for (;;) {
		size_t run = plain(text, n);
		const char *known;
		unsigned char c;

		to = put(to, text, run);
		if (run == n)
			return to;
		c = (unsigned char)text[run];
		known = c ? strchr(escaped, c) : NULL;
		if (known) {
			*to++ = '\\';
			*to++ = letters[known - escaped];
		} else {
			to = put(to, "\\u00", 4);
			*to++ = hex[c >> 4];
			*to++ = hex[c & 15];
		}
		text += run + 1;
		n -= run + 1;
	}
}

static size_t
print_record(const struct logs *l, const struct logs_line *line, bool fixed,
             char *out)
{
	static const char *const middle[] = { "\",\"stream\":\"stdout\"",
	                                      "\",\"stream\":\"stderr\"" };
	char *to = put(out, "{\"log\":\"", 8);

	to = put_escaped(to, line->text, line->n);
	if (line->ends)
		to = put(to, "\\n", 2);
	to = put(to, middle[line->stream], 19);
	if (fixed && l->n_fixed)
		to = put(to, l->fixed, l->n_fixed);
	to = put(to, ",\"time\":\"", 9);
	to = put(to, l->stamp, sizeof(l->stamp) - 1);
	to = put(to, "\"}\n", 3);
	return (size_t)(to - out);
}

/* ---- files ---- */

void
file_name(char name[32], unsigned number)
{
	if (number)
		snprintf(name, 32, NAME ".%u", number);
	else
		strcpy(name, NAME);
}

/* Whatever somebody put in its place, we neither follow it nor wait for it. */
static int
open_file(struct logs *l, int more)
{
	struct stat st;
	char last = '\n';

	l->fd = openat(l->dir, NAME, O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW |
	               O_NONBLOCK | O_NOCTTY | O_CLOEXEC | more, 0600);
	if (l->fd < 0 || fstat(l->fd, &st) < 0)
		return -1;
	if (!S_ISREG(st.st_mode)) {
		close(l->fd);
		l->fd = -1;
		errno = EINVAL;
		return -1;
	}
	l->size = (uint64_t)st.st_size;
	if (st.st_size && pread(l->fd, &last, 1, st.st_size - 1) < 0)
		last = '\n';
	l->torn = last != '\n';
	return 0;
}

/* The name of the oldest is free before another takes it: ext4 would send that
 * other to the disk first. */
static void
turn(struct logs *l)
{
	char name[32], next[32];

	if (l->fd >= 0)
		close(l->fd);
	l->fd = -1;
	file_name(next, l->files - 1);
	unlinkat(l->dir, next, 0);
	for (unsigned i = l->files - 1; i > 0; i--) {
		file_name(name, i - 1);
		renameat(l->dir, name, l->dir, next);
		strcpy(next, name);
	}
	l->size = 0;
	if (open_file(l, O_EXCL) < 0)
		l->lost_code = errno;
}

static uint64_t
count_lines(const char *text, size_t n)
{
	const char *end = text + n;
	uint64_t lines = 0;

	while ((text = memchr(text, '\n', (size_t)(end - text))) != NULL) {
		lines++;
		text++;
	}
	return lines;
}

/* One write, but for a signal; returns how much of it there is. */
static size_t
append(struct logs *l, const char *bytes, size_t n)
{
	size_t done = 0;

	if (l->fd < 0 && open_file(l, 0) < 0) {
		l->lost_code = errno;
		return 0;
	}
	while (done < n) {
		ssize_t sent = write(l->fd, bytes + done, n - done);

		if (sent < 0 && errno == EINTR)
			continue;
		if (sent <= 0) {
			l->lost_code = errno;
			break;
		}
		done += (size_t)sent;
	}
	l->size += done;
	return done;
}

/*
 * Of a write that ended early, take away what is no whole record. Somebody may
 * have emptied the file meanwhile, so its end is looked for.
 */
static void
mend(struct logs *l, size_t done, size_t kept)
{
	off_t end = done > kept ? lseek(l->fd, 0, SEEK_END) : 0;

	if (done == kept)
		return;
	end -= (off_t)(done - kept);
	l->torn = end < 0 || ftruncate(l->fd, end) < 0;
	if (!l->torn)
		l->size = (uint64_t)end;
}

/* In front of the records: an end for a torn line, and what was lost. */
static size_t
put_head(const struct logs *l)
{
	char head[LOGS_HEAD], text[128];
	size_t n = 0;

	if (l->torn)
		head[n++] = '\n';
	if (l->lost) {
		struct logs_line line = write_lost(l, text);

		n += print_record(l, &line, false, head + n);
	}
	memcpy((char *)l->room + LOGS_HEAD - n, head, n);
	return n;
}

/* Write the first `n` bytes of what was collected. */
static void
write_out(struct logs *l, size_t n)
{
	size_t head = put_head(l), all = head + n, done;
	const char *from = l->room + LOGS_HEAD - head;
	size_t kept;

	done = kept = append(l, from, all);
	while (kept > head && kept < all && from[kept - 1] != '\n')
		kept--;
	if (kept <= head)
		kept = 0;
	if (kept) {
		l->torn = false;
		l->lost = 0;
	}
	mend(l, done, kept);
	kept = kept ? kept : head;
	l->lost += count_lines(from + kept, all - kept);
}

static void
flush(struct logs *l)
{
	write_out(l, l->n);
	l->n = 0;
}

/* A file does not grow beyond its size, unless a single record is larger. */
static void
add_record(struct logs *l, const struct logs_line *line)
{
	size_t n;

	if (l->n >= LOGS_FULL)
		flush(l);
	n = print_record(l, line, true, logs_end(l));
	if (l->most && l->size + l->n && l->size + l->n + n > l->most) {
		char *record = logs_end(l);

		if (l->n)
			flush(l);
		memmove(l->room + LOGS_HEAD, record, n);
		turn(l);
	}
	l->n += n;
}

/* ---- opening ---- */

/* As docker writes them: ,"attrs":{"key":"value"} */
static void
set_attributes(struct logs *l, const struct logs_how *how)
{
	AUTO(buf) struct buf out = { 0 };
	const char *tag = options_get(how, "tag");
	struct pairs attributes = { 0 };

	tag_attributes(&l->arena, how, &attributes);
	if (tag && *tag)
		pairs_set(&l->arena, &attributes, "tag",
		          tag_make(&l->arena, tag, how));
	for (size_t i = 0; i < attributes.n; i++) {
		buf_text(&out, i ? "," : ",\"attrs\":{");
		json_quote(&out, attributes.v[i].key);
		buf_text(&out, ":");
		json_quote(&out, attributes.v[i].value);
	}
	if (!out.n)
		return;
	buf_text(&out, "}");
	l->fixed = arena_bytes(&l->arena, out.data, out.n);
	l->n_fixed = out.n;
}

static int
open_log(struct logs *l, const struct logs_how *how, struct err *e)
{
	const char *size = options_get(how, "max-size");
	const char *files = options_get(how, "max-file");

	l->most = how->kept ? MOST_KEPT : MOST_PASSING;
	l->files = files ? (unsigned)atoi(files) : FILES;
	if (size && strcmp(size, "-1") == 0)
		l->most = 0;
	else if (size && options_bytes(size, &l->most, e) < 0)
		return -1;
	if (how->options && how->options->n)
		set_attributes(l, how);
	if (l->n_fixed > 4096)
		return fail(e, E2BIG, "more than 4 KB of labels and variables"
		            " would go along with each line");
	if (open_file(l, 0) < 0 && errno != ENOSPC && errno != EDQUOT)
		return fail_sys(e, NAME);
	return 0;
}

const struct logs_driver file_driver = {
	.name     = "json-file",
	.options  = options_of_file,
	.readable = true,
	.open     = open_log,
	.line     = add_record,
	.flush    = flush,
};
