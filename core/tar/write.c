/* SPDX-License-Identifier: ISC */
/* Writing archives: ustar, and pax where that is too small. */
#include "sys/fd.h"
#include "tar/inside.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define OUT_MOST 65536

unsigned
tar_sum(const struct tar_block *b)
{
	const unsigned char *bytes = (const unsigned char *)b;
	unsigned sum = 0;

	for (size_t i = 0; i < TAR_BLOCK; i++)
		sum += i >= offsetof(struct tar_block, sum) &&
		       i < offsetof(struct tar_block, type) ? ' ' : bytes[i];
	return sum;
}

void
auto_tar_writer(struct tar_writer *w)
{
	auto_buf(&w->out);
}

static int
flush(struct tar_writer *w, struct err *e)
{
	if (w->out.n && fd_write(w->fd, w->out.data, w->out.n) < 0)
		return fail_sys(e, "write the archive");
	w->out.n = 0;
	return 0;
}

static int
put(struct tar_writer *w, const void *bytes, size_t n, struct err *e)
{
	if (w->out.n + n > OUT_MOST && flush(w, e) < 0)
		return -1;
	buf_add(&w->out, bytes, n);
	w->written += n;
	return 0;
}

static int
pad(struct tar_writer *w, struct err *e)
{
	static const char zeros[TAR_BLOCK];
	size_t over = w->written % TAR_BLOCK;

	return over ? put(w, zeros, TAR_BLOCK - over, e) : 0;
}

/* Octal digits, and a NUL; false: it does not fit. */
static bool
number(char *field, size_t room, uint64_t n)
{
	bool fits = n < UINT64_C(1) << 3 * (room - 1);

	for (size_t i = room - 1; i > 0; i--) {
		field[i - 1] = (char)('0' + (fits ? n & 7 : 0));
		n >>= 3;
	}
	return fits;
}

/* "LENGTH KEY=VALUE\n", whose length counts its own digits, too. */
static void
record(struct buf *out, const char *key, const char *value, size_t n)
{
	size_t rest = strlen(key) + n + 3, digits = 1, all;

	do {
		all = rest + digits;
		digits++;
	} while ((size_t)snprintf(NULL, 0, "%zu", all) >= digits);
	buf_format(out, "%zu %s=", all, key);
	buf_add(out, value, n);
	buf_text(out, "\n");
}

static void
record_text(struct buf *out, const char *key, const char *value)
{
	record(out, key, value, strlen(value));
}

static void
record_number(struct buf *out, const char *key, uint64_t n)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRIu64, n);
	record_text(out, key, text);
}

/* One before 1970, or after 2242. */
static void
record_time(struct buf *out, int64_t seconds)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRId64, seconds);
	record_text(out, "mtime", text);
}

/* A name goes into one field, or into two at a slash. */
static bool
set_name(struct tar_block *b, const char *name)
{
	size_t n = strlen(name);
	const char *slash;

	if (n <= sizeof(b->name)) {
		memcpy(b->name, name, n);
		return true;
	}
	for (slash = name + n - sizeof(b->name) - 1; *slash; slash++)
		if (*slash == '/' && slash[1] && slash > name &&
		    slash < name + sizeof(b->prefix)) {
			memcpy(b->prefix, name, (size_t)(slash - name));
			memcpy(b->name, slash + 1, strlen(slash + 1));
			return true;
		}
	memcpy(b->name, name, sizeof(b->name));
	return false;
}

static char
type_of(mode_t kind)
{
	switch (kind) {
	case S_IFDIR: return '5';
	case S_IFLNK: return '2';
	case S_IFCHR: return '3';
	case S_IFBLK: return '4';
	case S_IFIFO: return '6';
	case 0:       return '1';
	default:      return '0';
	}
}

static void
fill(struct tar_block *b, const struct tar_entry *n, struct buf *more)
{
	size_t target = n->target ? strlen(n->target) : 0;

	if (!set_name(b, n->name))
		record_text(more, "path", n->name);
	if (target)
		memcpy(b->target, n->target, target < sizeof(b->target)
		       ? target : sizeof(b->target));
	if (target > sizeof(b->target))
		record_text(more, "linkpath", n->target);
	number(b->mode, sizeof(b->mode), n->mode & 07777);
	if (!number(b->uid, sizeof(b->uid), n->uid))
		record_number(more, "uid", n->uid);
	if (!number(b->gid, sizeof(b->gid), n->gid))
		record_number(more, "gid", n->gid);
	if (!number(b->size, sizeof(b->size), n->size))
		record_number(more, "size", n->size);
	if (!number(b->mtime, sizeof(b->mtime), (uint64_t)n->seconds))
		record_time(more, n->seconds);
	number(b->major, sizeof(b->major), n->major);
	number(b->minor, sizeof(b->minor), n->minor);
	for (size_t i = 0; i < n->n_attributes; i++) {
		const struct tar_attribute *one = &n->attributes[i];
		AUTO(free) char *key = mem_format(TAR_ATTRIBUTE "%s",
		                                  one->name);

		record(more, key, one->value, one->n);
	}
}

static int
put_block(struct tar_writer *w, struct tar_block *b, char type, struct err *e)
{
	b->type = type;
	memcpy(b->magic, "ustar", 6);
	memcpy(b->version, "00", 2);
	snprintf(b->sum, sizeof(b->sum), "%06o", tar_sum(b));
	b->sum[7] = ' ';
	return put(w, b, TAR_BLOCK, e);
}

int
tar_head(struct tar_writer *w, const struct tar_entry *entry, struct err *e)
{
	AUTO(buf) struct buf more = { 0 };
	struct tar_block b = { 0 }, extra = { .name = "PaxHeaders/entry" };

	fill(&b, entry, &more);
	if (pad(w, e) < 0)
		return -1;
	w->left = entry->size;
	if (more.n) {
		number(extra.mode, sizeof(extra.mode), 0644);
		number(extra.uid, sizeof(extra.uid), 0);
		number(extra.gid, sizeof(extra.gid), 0);
		number(extra.mtime, sizeof(extra.mtime), 0);
		number(extra.size, sizeof(extra.size), more.n);
		if (put_block(w, &extra, 'x', e) < 0 ||
		    put(w, more.data, more.n, e) < 0 || pad(w, e) < 0)
			return -1;
	}
	return put_block(w, &b, type_of(entry->kind), e);
}

int
tar_data(struct tar_writer *w, const void *bytes, size_t n, struct err *e)
{
	if (n > w->left)
		n = (size_t)w->left; /* it grew meanwhile */
	w->left -= n;
	return put(w, bytes, n, e);
}

int
tar_finish(struct tar_writer *w, struct err *e)
{
	static const char zeros[2 * TAR_BLOCK];

	return pad(w, e) < 0 || put(w, zeros, sizeof(zeros), e) < 0 ? -1
	       : flush(w, e);
}
