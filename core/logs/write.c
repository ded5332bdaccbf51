/* SPDX-License-Identifier: ISC */
/* From bytes to lines: splitting what comes from a pipe, in any pieces. */
#include "logs/logs.h"
#include "logs/parts.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static void
put_digits(char *to, long number, int digits)
{
	while (digits-- > 0) {
		to[digits] = (char)('0' + number % 10);
		number /= 10;
	}
}

/* All lines of a piece share its time. */
static void
stamp(struct logs *l)
{
	struct timespec now;
	struct tm parts;

	clock_gettime(CLOCK_REALTIME, &now);
	if (now.tv_sec != l->second) {
		l->second = now.tv_sec;
		gmtime_r(&now.tv_sec, &parts);
		strftime(l->stamp, sizeof(l->stamp),
		         "%Y-%m-%dT%H:%M:%S.000000000Z", &parts);
	}
	put_digits(l->stamp + 20, now.tv_nsec, 9);
}

struct logs_line
write_lost(const struct logs *l, char text[128])
{
	struct logs_line line = { LOGS_ERR, text, 0, true, true };

	snprintf(text, 128, "mydocker: %llu line%s missing here: %s",
	         (unsigned long long)l->lost, l->lost == 1 ? " is" : "s are",
	         strerror(l->lost_code));
	line.n = strlen(text);
	return line;
}

/* For who sends each line by itself. */
static void
pass_on(struct logs *l, const struct logs_line *line)
{
	char text[128];

	if (l->lost) {
		struct logs_line lost = write_lost(l, text);

		if (l->driver->send(l, &lost) == 0)
			l->lost = 0;
	}
	if (l->driver->send(l, line) == 0)
		return;
	l->lost_code = errno;
	l->lost++;
}

static void
emit(struct logs *l, enum logs_stream s, const char *text, size_t n, bool ends)
{
	struct logs_line line = { s, text, n, !l->cut[s], ends };

	if (l->driver->send)
		pass_on(l, &line);
	else
		l->driver->line(l, &line);
	l->cut[s] = !ends;
	l->n_held[s] = 0;
}

/* Hold what has no end yet. */
static void
hold(struct logs *l, enum logs_stream s, const char *bytes, size_t n)
{
	memcpy(l->held[s] + l->n_held[s], bytes, n);
	l->n_held[s] += n;
}

/*
 * Take the next line, or as much as fits into one; returns how many bytes that
 * was. Where a line is cut depends on its bytes only, not on the pieces.
 */
static size_t
take(struct logs *l, enum logs_stream s, const char *bytes, size_t n)
{
	size_t held = l->n_held[s];
	size_t most = n < LOGS_LINE - held ? n : LOGS_LINE - held;
	const char *end = memchr(bytes, '\n', most);
	size_t got = end ? (size_t)(end - bytes) : most;

	if (held || (!end && got < LOGS_LINE))
		hold(l, s, bytes, got);
	if (!end && held + got < LOGS_LINE)
		return got;
	emit(l, s, held ? l->held[s] : bytes, held + got, end != NULL);
	return got + (end != NULL);
}

static bool
is_written(const struct logs *l)
{
	return l->driver && (l->driver->line || l->driver->send);
}

void
logs_write(struct logs *l, enum logs_stream s, const char *bytes, size_t n)
{
	if (!is_written(l) || !n)
		return;
	stamp(l);
	while (n) {
		size_t taken = take(l, s, bytes, n);

		bytes += taken;
		n -= taken;
	}
	if (l->n)
		l->driver->flush(l);
}

void
logs_flush(struct logs *l)
{
	if (!is_written(l))
		return;
	stamp(l);
	for (int s = LOGS_OUT; s <= LOGS_ERR; s++)
		if (l->n_held[s])
			emit(l, (enum logs_stream)s, l->held[s], l->n_held[s],
			     false);
	if (l->n)
		l->driver->flush(l);
}

int
logs_open(struct logs *l, int dir, const struct logs_how *how, struct err *e)
{
	memset(l, 0, offsetof(struct logs, held));
	l->dir = dir;
	l->fd = l->socket.fd = -1;
	l->second = -1;
	if (logs_check(how->driver, how->options, e) < 0)
		return -1;
	l->driver = options_driver(how->driver);
	if (!l->driver->open || l->driver->open(l, how, e) == 0)
		return 0;
	auto_logs(l);
	return fail_in(e, "log driver %s", options_driver(how->driver)->name);
}

/* 0, 1 and 2 are never ours, so that a log of zeros is one that is not open. */
void
auto_logs(struct logs *l)
{
	if (l->fd > 2)
		close(l->fd);
	if (l->socket.fd > 2)
		close(l->socket.fd);
	auto_arena(&l->arena);
	l->fd = l->socket.fd = -1;
	l->driver = NULL;
}
