/* SPDX-License-Identifier: ISC */
/* Protobuf: numbers and bytes, each behind the number of its field. */
#include "criu/message.h"

/* https://protobuf.dev/programming-guides/encoding/: the kinds of a field. */
enum { KIND_NUMBER = 0, KIND_EIGHT = 1, KIND_BYTES = 2, KIND_FOUR = 5 };

static void
add_varint(struct buf *out, uint64_t n)
{
	unsigned char bytes[10];
	size_t count = 0;

	for (; n > 0x7f; n >>= 7)
		bytes[count++] = (unsigned char)(n | 0x80);
	bytes[count++] = (unsigned char)n;
	buf_add(out, bytes, count);
}

void
criu_add_number(struct buf *out, unsigned int field, uint64_t n)
{
	add_varint(out, (uint64_t)field << 3 | KIND_NUMBER);
	add_varint(out, n);
}

void
criu_add_bytes(struct buf *out, unsigned int field, const void *bytes, size_t n)
{
	add_varint(out, (uint64_t)field << 3 | KIND_BYTES);
	add_varint(out, n);
	buf_add(out, bytes, n);
}

/* What is left of a message. */
struct left {
	const unsigned char *at;
	size_t n;
};

/* One field of it: a number, or bytes. */
struct field {
	unsigned int number;
	uint64_t value;
	struct left bytes;
};

static bool
take_varint(struct left *l, uint64_t *n)
{
	*n = 0;
	for (unsigned int shift = 0; l->n > 0 && shift < 64; shift += 7) {
		unsigned char byte = *l->at++;

		l->n--;
		*n |= (uint64_t)(byte & 0x7f) << shift;
		if (!(byte & 0x80))
			return true;
	}
	return false;
}

static bool
take_bytes(struct left *l, uint64_t n, struct left *out)
{
	if (n > l->n)
		return false;
	*out = (struct left){ l->at, (size_t)n };
	l->at += n;
	l->n -= (size_t)n;
	return true;
}

static bool
take_field(struct left *l, struct field *f)
{
	uint64_t tag, n;

	*f = (struct field){ 0 };
	if (!take_varint(l, &tag))
		return false;
	f->number = (unsigned int)(tag >> 3);
	switch (tag & 7) {
	case KIND_NUMBER:
		return take_varint(l, &f->value);
	case KIND_BYTES:
		return take_varint(l, &n) && take_bytes(l, n, &f->bytes);
	case KIND_EIGHT:
		return take_bytes(l, 8, &f->bytes);
	case KIND_FOUR:
		return take_bytes(l, 4, &f->bytes);
	default:
		return false;
	}
}

static char *
text_of(const struct field *f, struct arena *a)
{
	return arena_bytes(a, (const char *)f->bytes.at, f->bytes.n);
}

/* criu_restore_resp: pid = 1. */
static bool
read_restored(struct left l, struct criu_answer *answer)
{
	struct field f;

	while (l.n > 0) {
		if (!take_field(&l, &f))
			return false;
		if (f.number == 1)
			answer->restored = (pid_t)f.value;
	}
	return true;
}

/* criu_notify: script = 1, pid = 2. */
static bool
read_notice(struct left l, struct criu_answer *answer, struct arena *a)
{
	struct field f;

	while (l.n > 0) {
		if (!take_field(&l, &f))
			return false;
		if (f.number == 1)
			answer->what = text_of(&f, a);
		if (f.number == 2)
			answer->pid = (pid_t)f.value;
	}
	return true;
}

bool
criu_read_answer(const void *bytes, size_t n, struct criu_answer *answer,
          struct arena *a)
{
	struct left l = { bytes, n };
	struct field f;

	*answer = (struct criu_answer){ 0 };
	while (l.n > 0) {
		if (!take_field(&l, &f))
			return false;
		if (f.number == 1)
			answer->type = f.value;
		if (f.number == 2)
			answer->done = f.value;
		if (f.number == 4 && !read_restored(f.bytes, answer))
			return false;
		if (f.number == 5 && !read_notice(f.bytes, answer, a))
			return false;
		if (f.number == 9)
			answer->message = text_of(&f, a);
	}
	return true;
}
