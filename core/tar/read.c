/* SPDX-License-Identifier: ISC */
/* Reading archives that strangers have written. */
#include "tar/inside.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* Paths are shorter, and lists of attributes smaller. */
#define HEADER_MOST (1 << 20)

void
auto_tar_reader(struct tar_reader *r)
{
	auto_arena(&r->arena);
	auto_arena(&r->global_arena);
}

static int
damaged(struct err *e)
{
	return fail(e, EINVAL, "not an archive that tar(1) has written, or a"
	            " damaged one");
}

/* As much as there is, up to n. */
static ssize_t
read_some(int fd, void *bytes, size_t n, struct err *e)
{
	size_t done = 0;

	while (done < n) {
		ssize_t got = read(fd, (char *)bytes + done, n - done);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return fail_sys(e, "read the archive");
		if (got == 0)
			break;
		done += (size_t)got;
	}
	return (ssize_t)done;
}

static int
read_all(int fd, void *bytes, size_t n, struct err *e)
{
	ssize_t got = read_some(fd, bytes, n, e);

	if (got < 0)
		return -1;
	return (size_t)got == n ? 0
	       : fail(e, EINVAL, "the archive is cut off");
}

/* Past what is left of the entry before. */
static int
skip_rest(struct tar_reader *r, struct err *e)
{
	uint64_t left = r->left + r->padding;
	char part[16384];

	while (left > 0) {
		size_t n = left < sizeof(part) ? (size_t)left : sizeof(part);

		if (read_all(r->fd, part, n, e) < 0)
			return -1;
		left -= n;
	}
	r->left = r->padding = 0;
	return 0;
}

static void
set_left(struct tar_reader *r, uint64_t size)
{
	r->left = size;
	r->padding = (TAR_BLOCK - size % TAR_BLOCK) % TAR_BLOCK;
}

/* Octal digits between blanks and NULs, or GNU's big-endian bytes: not for
 * negative ones, which only a time may be. */
static int
number(const char *field, size_t room, uint64_t *n)
{
	const unsigned char *at = (const unsigned char *)field;
	const unsigned char *end = at + room;

	*n = 0;
	if (*at == 0x80) {
		while (++at < end) {
			if (*n >> 56)
				return -1;
			*n = *n << 8 | *at;
		}
		return *n > INT64_MAX ? -1 : 0;
	}
	while (at < end && *at == ' ')
		at++;
	for (; at < end && *at >= '0' && *at <= '7'; at++)
		*n = *n << 3 | (*at - '0');
	return at == end || *at == ' ' || *at == '\0' ? 0 : -1;
}

/* A time before 1970 is GNU's alone: two's complement. */
static int
seconds(const char *field, size_t room, int64_t *n)
{
	uint64_t bits = UINT64_MAX;

	if ((unsigned char)*field == 0xff) {
		for (size_t i = 1; i < room; i++) {
			if (bits >> 55 != UINT64_MAX >> 55)
				return -1;
			bits = bits << 8 | (unsigned char)field[i];
		}
		*n = (int64_t)bits;
		return 0;
	}
	if (number(field, room, &bits) < 0)
		return -1;
	*n = (int64_t)bits;
	return 0;
}

static char *
text(struct arena *a, const char *field, size_t room)
{
	return arena_bytes(a, field, strnlen(field, room));
}

/* GNU's magic is another, and what stands in the place of prefix a time. */
static char *
name_of(struct arena *a, const struct tar_block *b)
{
	char *name = text(a, b->name, sizeof(b->name));

	if (memcmp(b->magic, "ustar\0", 6) != 0 || !*b->prefix)
		return name;
	return arena_format(a, "%s/%s", text(a, b->prefix, sizeof(b->prefix)),
	                    name);
}

/* ---- what stands before an entry ---- */

static int
read_extra(struct tar_reader *r, uint64_t size, struct arena *a, char **into,
           struct err *e)
{
	set_left(r, size);
	*into = arena_new(a, (size_t)size + 1);
	if (read_all(r->fd, *into, (size_t)size, e) < 0)
		return -1;
	r->left = 0;
	return skip_rest(r, e);
}

/* What an entry has of its own before it; the name and target are GNU's, and
 * `bytes` is all of it. */
struct before {
	uint64_t bytes;
	struct pairs pairs;
	struct tar_attribute *attributes;
	size_t n_attributes;
	char *name, *target;
};

/* Attributes may have any bytes; of the rest none has a NUL. */
static void
keep_record(struct before *b, char *key, char *value, size_t n,
            struct arena *a)
{
	const size_t start = sizeof(TAR_ATTRIBUTE) - 1;

	if (strncmp(key, TAR_ATTRIBUTE, start) == 0)
		*LIST_ADD(a, b->attributes, b->n_attributes) =
		        (struct tar_attribute){ key + start, value, n };
	else
		pairs_set(a, &b->pairs, key, value);
}

/* "LENGTH KEY=VALUE\n", one after the other. */
static int
read_records(char *at, size_t n, struct arena *a, struct before *into,
             struct err *e)
{
	char *end = at + n;

	while (at < end) {
		char *key, *value, *stop;
		unsigned long length = strtoul(at, &key, 10);

		if (key == at || *key != ' ' || length > (size_t)(end - at) ||
		    length < (size_t)(key - at) + 3 ||
		    at[length - 1] != '\n')
			return damaged(e);
		stop = at + length - 1;
		*stop = '\0';
		key++;
		value = memchr(key, '=', (size_t)(stop - key));
		if (!value)
			return damaged(e);
		*value++ = '\0';
		keep_record(into, key, value, (size_t)(stop - value), a);
		at = stop + 1;
	}
	return 0;
}

static int
set_number(const struct pairs *p, const char *key, uint64_t most, uint64_t *n,
           struct err *e)
{
	const char *value = pairs_get(p, key);
	char *end;

	if (!value || !*value)
		return 0;
	errno = 0;
	*n = strtoull(value, &end, 10);
	return *value == '-' || errno || *n > most ||
	       (*end && *end != '.') ? damaged(e) : 0;
}

static int
apply(struct tar_entry *n, const struct pairs *p, struct arena *a,
      struct err *e)
{
	const char *path = pairs_get(p, "path");
	const char *target = pairs_get(p, "linkpath");
	const char *time = pairs_get(p, "mtime");
	uint64_t uid = n->uid, gid = n->gid;

	if (set_number(p, "uid", UINT32_MAX - 1, &uid, e) < 0 ||
	    set_number(p, "gid", UINT32_MAX - 1, &gid, e) < 0 ||
	    set_number(p, "size", INT64_MAX, &n->size, e) < 0)
		return -1;
	n->uid = (uint32_t)uid;
	n->gid = (uint32_t)gid;
	if (path && *path)
		n->name = arena_text(a, path);
	if (target)
		n->target = arena_text(a, target);
	if (time)
		n->seconds = strtoll(time, NULL, 10);
	for (size_t i = 0; i < p->n; i++)
		if (strncmp(p->v[i].key, "GNU.sparse.", 11) == 0)
			return fail(e, ENOTSUP, "'%.100s': sparse files in"
			            " archives are not supported", n->name);
	return 0;
}

/* ---- entries ---- */

static int
set_kind(struct tar_entry *n, char type, struct err *e)
{
	static const struct {
		char type;
		mode_t kind;
	} kinds[] = {
		{ '0', S_IFREG }, { '\0', S_IFREG }, { '7', S_IFREG },
		{ '1', 0 },       { '2', S_IFLNK },  { '3', S_IFCHR },
		{ '4', S_IFBLK }, { '5', S_IFDIR },  { '6', S_IFIFO },
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (kinds[i].type == type) {
			n->kind = kinds[i].kind;
			return 0;
		}
	return fail(e, ENOTSUP, "'%.100s': entries of type '%c' are not"
	            " supported", n->name, type > ' ' && type < 127 ? type
	                                                            : '?');
}

static int
read_block(struct tar_entry *n, const struct tar_block *b, struct arena *a,
           struct err *e)
{
	uint64_t mode, uid, gid, major = 0, minor = 0;

	if (number(b->mode, sizeof(b->mode), &mode) < 0 ||
	    number(b->uid, sizeof(b->uid), &uid) < 0 ||
	    number(b->gid, sizeof(b->gid), &gid) < 0 ||
	    number(b->size, sizeof(b->size), &n->size) < 0 ||
	    n->size > INT64_MAX || uid >= UINT32_MAX || gid >= UINT32_MAX ||
	    seconds(b->mtime, sizeof(b->mtime), &n->seconds) < 0)
		return damaged(e);
	if (b->type == '3' || b->type == '4')
		if (number(b->major, sizeof(b->major), &major) < 0 ||
		    number(b->minor, sizeof(b->minor), &minor) < 0)
			return damaged(e);
	n->name = name_of(a, b);
	n->target = text(a, b->target, sizeof(b->target));
	n->mode = mode & 07777;
	n->uid = (uint32_t)uid;
	n->gid = (uint32_t)gid;
	n->major = (uint32_t)major;
	n->minor = (uint32_t)minor;
	return 0;
}

/* 0: the end, which is a block of zeros, or of the file. */
static int
next_block(struct tar_reader *r, struct tar_block *b, struct err *e)
{
	static const struct tar_block zeros;
	uint64_t sum;
	ssize_t got;

	if (skip_rest(r, e) < 0)
		return -1;
	got = read_some(r->fd, b, TAR_BLOCK, e);
	if (got <= 0)
		return (int)got;
	if (got < TAR_BLOCK)
		return fail(e, EINVAL, "the archive is cut off");
	if (memcmp(b, &zeros, TAR_BLOCK) == 0)
		return 0;
	if (number(b->sum, sizeof(b->sum), &sum) < 0 || sum != tar_sum(b))
		return damaged(e);
	return 1;
}

/* 1: that was something about the next one; 0: an entry. */
static int
read_before(struct tar_reader *r, const struct tar_block *b,
            struct before *before, struct err *e)
{
	bool global = b->type == 'g';
	struct before all = { 0 };
	struct arena *a = global ? &r->global_arena : &r->arena;
	uint64_t size, *all_bytes;
	char *bytes = NULL;

	if (!b->type || !strchr("xgLK", b->type))
		return 0;
	if (number(b->size, sizeof(b->size), &size) < 0)
		return damaged(e);
	all_bytes = global ? &r->n_global : &before->bytes;
	if (size > HEADER_MOST || *all_bytes + size > HEADER_MOST)
		return fail(e, EFBIG, "the archive has headers of more than"
		            " a megabyte");
	*all_bytes += TAR_BLOCK + size; /* nor many that are empty */
	if (read_extra(r, size, a, &bytes, e) < 0)
		return -1;
	if (b->type == 'L')
		before->name = bytes;
	else if (b->type == 'K')
		before->target = bytes;
	else if (read_records(bytes, (size_t)size, a,
	                      global ? &all : before, e) < 0)
		return -1;
	for (size_t i = 0; i < all.pairs.n; i++)
		pairs_set(a, &r->global, all.pairs.v[i].key,
		          all.pairs.v[i].value);
	return 1;
}

static int
finish_entry(struct tar_reader *r, const struct tar_block *b,
             const struct before *before, struct tar_entry *n, struct err *e)
{
	*n = (struct tar_entry){ 0 };
	if (read_block(n, b, &r->arena, e) < 0)
		return -1;
	if (before->name)
		n->name = before->name;
	if (before->target)
		n->target = before->target;
	n->attributes = before->attributes;
	n->n_attributes = before->n_attributes;
	if (apply(n, &r->global, &r->arena, e) < 0 ||
	    apply(n, &before->pairs, &r->arena, e) < 0 ||
	    set_kind(n, b->type, e) < 0)
		return -1;
	/* Old archives mark a directory by a slash only. */
	if (n->kind == S_IFREG && *n->name &&
	    n->name[strlen(n->name) - 1] == '/')
		n->kind = S_IFDIR;
	if (n->kind != S_IFREG)
		n->size = 0;
	set_left(r, n->size);
	return 1;
}

int
tar_next(struct tar_reader *r, struct tar_entry *entry, struct err *e)
{
	struct before before = { 0 };
	struct tar_block b;
	int more, got;

	auto_arena(&r->arena);
	r->arena = (struct arena){ 0 };
	do {
		got = next_block(r, &b, e);
		if (got == 0 && before.bytes)
			return fail(e, EINVAL, "the archive is cut off");
		if (got <= 0)
			return got;
		more = read_before(r, &b, &before, e);
	} while (more > 0);
	return more < 0 ? -1 : finish_entry(r, &b, &before, entry, e);
}

ssize_t
tar_read(struct tar_reader *r, void *bytes, size_t n, struct err *e)
{
	if (n > r->left)
		n = (size_t)r->left;
	if (n && read_all(r->fd, bytes, n, e) < 0)
		return -1;
	r->left -= n;
	return (ssize_t)n;
}
