/* SPDX-License-Identifier: ISC */
/* What a person reads: standard output, the error line, spans of time. */
#include "cli/cli.h"
#include "base/json.h"
#include "base/log.h"
#include "base/text.h"
#include "cli/rows.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* Wider lines are hard to read; narrower ones have no room for a column. */
enum { WIDTH_USUAL = 80, WIDTH_MOST = 110, WIDTH_LEAST = 50 };

void
cli_print(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vprintf(format, args);
	va_end(args);
}

/* stdio forgets why an earlier write failed; a pipe still knows. */
static bool
reader_is_gone(void)
{
	struct pollfd out = { .fd = STDOUT_FILENO, .events = POLLOUT };

	return poll(&out, 1, 0) == 1 && (out.revents & POLLERR);
}

int
cli_flush(struct err *e)
{
	bool failed;

	errno = 0;
	failed = fflush(stdout) != 0;
	if (!failed && !ferror(stdout))
		return 0;
	clearerr(stdout);
	if (errno == EPIPE || reader_is_gone()) {
		(void)fail(e, EPIPE, "%s", "");
		return fail_status(e, STATUS_SIGNAL + SIGPIPE);
	}
	if (errno)
		return fail_sys(e, "standard output");
	return fail(e, EIO, "standard output: not all of it was written");
}

char *
cli_escape(struct arena *a, const char *text)
{
	AUTO(buf) struct buf out = { 0 };

	text_escape(&out, text);
	return arena_bytes(a, out.data, out.n);
}

void
cli_error(const struct applet *applet, const struct err *e)
{
	AUTO(arena) struct arena a = { 0 };
	AUTO(buf) struct buf line = { 0 };
	const char *title = cli_title(&a, applet);

	if (!e->text[0])
		return;
	if (log_is_json() || log_fd() != STDERR_FILENO)
		log_error("%s: %s", title, e->text);
	if (log_is_json() && log_fd() == STDERR_FILENO)
		return;
	text_escape(&line, title);
	buf_text(&line, ": ");
	text_escape(&line, e->text);
	buf_text(&line, "\n");
	/* if even this fails, the exit status still speaks */
	if (write(STDERR_FILENO, line.data, line.n) < 0)
		return;
}

/*
 * The steps of docker's HumanDuration: below `below` seconds the span is a
 * count of `unit` seconds, or the words in `one` where that count is one.
 */
static const struct span {
	int64_t below, unit;
	const char *one, *many;
} spans[] = {
	{ 1, 1, NULL, "Less than a second" },
	{ 60, 1, "1 second", "seconds" },
	{ 60 * 60, 60, "About a minute", "minutes" },
	{ 48 * 3600, 3600, "About an hour", "hours" },
	{ 14 * 86400, 86400, NULL, "days" },
	{ 60 * 86400, 7 * 86400, NULL, "weeks" },
	{ 730 * 86400, 30 * 86400, NULL, "months" },
	{ INT64_MAX, 365 * 86400, NULL, "years" },
};

char *
cli_ago(struct arena *a, int64_t seconds)
{
	const struct span *s = spans;
	int64_t count;

	if (seconds < 1)
		return arena_text(a, s->many);
	if (seconds > INT64_MAX / 2)
		seconds = INT64_MAX / 2;
	/* from an hour on docker rounds to the nearest hour first */
	if (seconds >= 3600)
		seconds = (seconds + 1800) / 3600 * 3600;
	while (seconds >= s->below)
		s++;
	count = seconds / s->unit;
	if (count == 1 && s->one)
		return arena_text(a, s->one);
	return arena_format(a, "%lld %s", (long long)count, s->many);
}

size_t
print_width(void)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size = { 0 };
	long width = columns ? strtol(columns, NULL, 10) : 0;

	if (width > 0)
		return width < WIDTH_LEAST ? WIDTH_LEAST : (size_t)width;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0 || size.ws_col == 0)
		return WIDTH_USUAL;
	return size.ws_col > WIDTH_MOST  ? WIDTH_MOST
	     : size.ws_col < WIDTH_LEAST ? WIDTH_LEAST
	                                 : size.ws_col;
}

void
print_wrapped(const char *text, size_t indent, size_t width)
{
	size_t used = indent;

	while (*text) {
		size_t n = strcspn(text, " ");

		if (used > indent && used + 1 + n > width) {
			cli_print("\n%*s", (int)indent, "");
			used = indent;
		}
		used += (size_t)printf("%s%.*s", used > indent ? " " : "",
		                       (int)n, text);
		text += n + (text[n] == ' ');
	}
	cli_print("\n");
}
