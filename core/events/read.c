/* SPDX-License-Identifier: ISC */
/* Reading events: those that there were, and then each as it comes. */
#include "events/events.h"
#include "events/file.h"
#include "sys/watch.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Where the kernel does not tell us of changes, we look so often. */
#define LOOK_MS 200
#define IN_BYTES 65536

/* fd: the file that is read; n bytes of a line that has not ended yet. */
struct reader {
	const struct events_query *q;
	int dir, fd;
	char *in;
	size_t n;
};

/* ---- lines ---- */

static int
take_line(struct reader *r, char *line, struct err *e)
{
	AUTO(arena) struct arena a = { 0 };
	struct value *event, *time;
	struct err ignored;

	if (json_read_value(BUF_OF(line, strlen(line)), &event, &a,
	                    &ignored) < 0 || event->kind != VALUE_MAP)
		return 0; /* a torn line */
	time = value_get(event, "timeNano");
	if (!time || time->kind != VALUE_INT || time->integer > r->q->until)
		return 0;
	if (r->q->since != INT64_MAX && time->integer < r->q->since)
		return 0;
	return r->q->event(r->q->with, event, line, e);
}

static int
take_lines(struct reader *r, struct err *e)
{
	char *at = r->in, *end = r->in + r->n, *newline;

	while ((newline = memchr(at, '\n', (size_t)(end - at))) != NULL) {
		*newline = '\0';
		if (take_line(r, at, e) < 0)
			return -1;
		at = newline + 1;
	}
	r->n = (size_t)(end - at);
	if (r->n == IN_BYTES)
		r->n = 0; /* nothing of ours */
	memmove(r->in, at, r->n);
	return 0;
}

static int
take_file(struct reader *r, struct err *e)
{
	ssize_t got = r->fd < 0 ? 0 : 1;

	while (got > 0) {
		got = read(r->fd, r->in + r->n, IN_BYTES - r->n);
		if (got < 0 && errno == EINTR) {
			got = 1;
			continue;
		}
		if (got < 0)
			return fail_sys(e, "events");
		r->n += (size_t)got;
		if (got && take_lines(r, e) < 0)
			return -1;
	}
	return 0;
}

/* ---- files ---- */

static int
open_file(int dir, const char *name, struct stat *st)
{
	AUTO(close) int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW |
	                            O_NONBLOCK | O_NOCTTY | O_CLOEXEC);

	if (fd < 0 || fstat(fd, st) < 0 || !S_ISREG(st->st_mode))
		return -1;
	return take_fd(&fd);
}

/*
 * The file behind the one that was read: the newest, or the old one if that is
 * new to us, too. -1: we have the newest.
 */
static int
next_file(const struct reader *r)
{
	AUTO(close) int newest = -1, old = -1;
	struct stat ours = { 0 }, st, before = { 0 };

	if (r->fd >= 0 && fstat(r->fd, &ours) < 0)
		return -1;
	old = open_file(r->dir, EVENTS_OLD, &before);
	newest = open_file(r->dir, EVENTS_FILE, &st);
	if (newest < 0 || (r->fd >= 0 && st.st_ino == ours.st_ino))
		return -1;
	if (old >= 0 && before.st_ino != ours.st_ino &&
	    before.st_ino != st.st_ino)
		return take_fd(&old);
	return take_fd(&newest);
}

/* All that there is; a file may have grown before it was turned. */
static int
take_all(struct reader *r, struct err *e)
{
	for (;;) {
		int next;

		if (take_file(r, e) < 0)
			return -1;
		next = next_file(r);
		if (next < 0)
			break;
		if (take_file(r, e) < 0) {
			close(next);
			return -1;
		}
		if (r->fd >= 0)
			close(r->fd);
		r->fd = next;
		r->n = 0;
	}
	return r->q->idle ? r->q->idle(r->q->with, e) : 0;
}

/* ---- waiting ---- */

static int
wait_change(const struct reader *r, int changes, int most, struct err *e)
{
	struct pollfd p[] = { { changes, POLLIN, 0 }, { r->q->out, 0, 0 } };

	if (changes < 0 && (most < 0 || most > LOOK_MS))
		most = LOOK_MS;
	if (poll(p, 2, most) < 0 && errno != EINTR)
		return fail_sys(e, "poll");
	if (p[1].revents & POLLERR) {
		(void)fail(e, EPIPE, "%s", "");
		return fail_status(e, STATUS_SIGNAL + SIGPIPE);
	}
	if (p[0].revents)
		watch_others(changes, EVENTS_FILE);
	return 0;
}

/* Where it begins: at the end of what there is, unless there is a time. */
static void
begin(struct reader *r)
{
	struct stat st;

	if (r->q->since != INT64_MAX)
		return;
	r->fd = open_file(r->dir, EVENTS_FILE, &st);
	if (r->fd < 0)
		r->fd = open_file(r->dir, EVENTS_OLD, &st);
	if (r->fd >= 0)
		lseek(r->fd, 0, SEEK_END);
}

static void
auto_reader(struct reader *r)
{
	free(r->in);
	auto_close(&r->fd);
}

int
events_read(const struct store *s, const struct events_query *q,
            struct err *e)
{
	AUTO(reader) struct reader r = { .q = q, .dir = s->run, .fd = -1 };
	AUTO(close) int changes = watch_open(s->run);
	int left;

	r.in = mem_grow(NULL, IN_BYTES, 1);
	begin(&r);
	for (;;) {
		/* before the last look, so that nothing comes behind it */
		left = watch_left(q->until);
		if (take_all(&r, e) < 0)
			return -1;
		if (left == 0)
			return 0;
		if (wait_change(&r, changes, left, e) < 0)
			return -1;
	}
}
