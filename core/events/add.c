/* SPDX-License-Identifier: ISC */
/* Noting events: a line of JSON each, appended by one write. */
#include "events/events.h"
#include "base/log.h"
#include "events/file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* What of a line is left to attributes, and to an action. */
#define ATTRIBUTES_MOST (EVENTS_LINE - 1536)
#define ACTION_MOST 256

static int
by_key(const void *a, const void *b)
{
	const struct pair *one = a, *other = b;

	return strcmp(one->key, other->key);
}

static void
add_pair(struct buf *out, const struct pair *p)
{
	json_quote(out, p->key);
	buf_text(out, ":");
	json_quote(out, p->value ? p->value : "");
}

/* Those that fit, sorted as Go prints a map. */
static void
add_attributes(struct buf *out, const struct pairs *all)
{
	AUTO(free) struct pair *v = mem_grow(NULL, all->n, sizeof(*v));
	AUTO(buf) struct buf one = { 0 };
	size_t n = 0, used = 0;

	for (size_t i = 0; i < all->n; i++) {
		one.n = 0;
		add_pair(&one, &all->v[i]);
		if (used + one.n + 1 > ATTRIBUTES_MOST)
			continue;
		used += one.n + 1;
		v[n++] = all->v[i];
	}
	qsort(v, n, sizeof(*v), by_key);
	for (size_t i = 0; i < n; i++) {
		if (i)
			buf_text(out, ",");
		add_pair(out, &v[i]);
	}
}

/* The keys from before docker's events had actors. */
static void
add_old_keys(struct buf *out, const struct event *event, const char *action)
{
	const char *image = pairs_get(&event->attributes, "image");
	bool container = strcmp(event->type, "container") == 0;

	if (!container && strcmp(event->type, "image") != 0)
		return;
	buf_text(out, "\"status\":");
	json_quote(out, action);
	buf_text(out, ",\"id\":");
	json_quote(out, event->id);
	if (container && image && strlen(image) < ACTION_MOST) {
		buf_text(out, ",\"from\":");
		json_quote(out, image);
	}
	buf_text(out, ",");
}

static void
add_event(struct buf *out, const struct event *event,
          const struct timespec *now)
{
	char action[ACTION_MOST];
	int64_t seconds = now->tv_sec;

	strlcpy(action, event->action, sizeof(action));
	buf_text(out, "{");
	add_old_keys(out, event, action);
	buf_text(out, "\"Type\":");
	json_quote(out, event->type);
	buf_text(out, ",\"Action\":");
	json_quote(out, action);
	buf_text(out, ",\"Actor\":{\"ID\":");
	json_quote(out, event->id);
	buf_text(out, ",\"Attributes\":{");
	add_attributes(out, &event->attributes);
	buf_format(out, "}},\"scope\":\"local\",\"time\":%" PRId64
	           ",\"timeNano\":%" PRId64 "%09ld}\n", seconds, seconds,
	           now->tv_nsec);
}

/*
 * The full file becomes the old one. Of several writers that see it full one
 * has the lock, and the others find another file in its place.
 */
static void
turn(int dir, int fd)
{
	struct stat ours, now;

	if (flock(fd, LOCK_EX | LOCK_NB) < 0)
		return;
	if (fstat(fd, &ours) == 0 &&
	    fstatat(dir, EVENTS_FILE, &now, AT_SYMLINK_NOFOLLOW) == 0 &&
	    ours.st_ino == now.st_ino)
		renameat(dir, EVENTS_FILE, dir, EVENTS_OLD);
}

static int
append(int dir, const struct buf *lines)
{
	AUTO(close) int fd = openat(dir, EVENTS_FILE, O_WRONLY | O_APPEND |
	                            O_CREAT | O_NOFOLLOW | O_NONBLOCK |
	                            O_CLOEXEC, 0600);
	ssize_t sent;

	if (fd < 0)
		return -1;
	do
		sent = write(fd, lines->data, lines->n);
	while (sent < 0 && errno == EINTR);
	/* the rest is lost, and must not be the beginning of the next */
	if (sent > 0 && (size_t)sent < lines->n)
		sent = write(fd, "\n", 1);
	if (lseek(fd, 0, SEEK_CUR) > EVENTS_MOST)
		turn(dir, fd);
	return sent < 0 ? -1 : 0;
}

void
events_add(const struct store *s, const struct event *events, size_t n)
{
	AUTO(buf) struct buf lines = { 0 };
	struct timespec now;
	int code = errno;

	clock_gettime(CLOCK_REALTIME, &now);
	for (size_t i = 0; i < n; i++)
		add_event(&lines, &events[i], &now);
	if (n && append(s->run, &lines) < 0)
		log_debug("event %s: %s", events->action, strerror(errno));
	errno = code;
}
