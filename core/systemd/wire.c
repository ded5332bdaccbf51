/* SPDX-License-Identifier: ISC */
/* D-Bus messages as bytes, and back: what types systemd has in its calls. */
#include "systemd/wire.h"

#include <errno.h>
#include <string.h>

/*
 * Numbers are little-endian, as all of our machines are; the other side answers
 * in its own order, and is the same machine.
 *
 * source   D-Bus Specification, "Marshaling", "Message Format"
 */
enum { FIELD_PATH = 1, FIELD_INTERFACE, FIELD_MEMBER, FIELD_ERROR,
       FIELD_REPLY, FIELD_TO, FIELD_SENDER, FIELD_SIGNATURE };

void
wire_align(struct buf *b, size_t to)
{
	static const char zeros[8];

	buf_add(b, zeros, (to - b->n % to) % to);
}

void
wire_u32(struct buf *b, uint32_t value)
{
	wire_align(b, 4);
	buf_add(b, &value, sizeof(value));
}

void
wire_u64(struct buf *b, uint64_t value)
{
	wire_align(b, 8);
	buf_add(b, &value, sizeof(value));
}

void
wire_text(struct buf *b, const char *text)
{
	wire_u32(b, (uint32_t)strlen(text));
	buf_add(b, text, strlen(text) + 1);
}

void
wire_signature(struct buf *b, const char *text)
{
	char n = (char)strlen(text);

	buf_add(b, &n, 1);
	buf_add(b, text, strlen(text) + 1);
}

/* The length is filled in at the end; it does not count the first gap. */
size_t
wire_array(struct buf *b, size_t align)
{
	size_t at;

	wire_u32(b, 0);
	at = b->n - sizeof(uint32_t);
	wire_align(b, align);
	return at;
}

void
wire_end(struct buf *b, size_t array, size_t align)
{
	size_t first = (array + sizeof(uint32_t) + align - 1) / align * align;
	uint32_t n = (uint32_t)(b->n - first);

	memcpy(b->data + array, &n, sizeof(n));
}

static void
add_field(struct buf *b, uint8_t code, const char *type, const char *value)
{
	if (!value)
		return;
	wire_align(b, 8);
	buf_add(b, &code, 1);
	wire_signature(b, type);
	if (*type == 'g')
		wire_signature(b, value);
	else
		wire_text(b, value);
}

void
wire_message(struct buf *out, uint32_t serial, const struct wire_call *c)
{
	static const char start[] = { 'l', WIRE_CALL, 0, 1 };
	AUTO(buf) struct buf b = { 0 };
	size_t fields;

	buf_add(&b, start, sizeof(start));
	wire_u32(&b, c->body ? (uint32_t)c->body->n : 0);
	wire_u32(&b, serial);
	fields = wire_array(&b, 8);
	add_field(&b, FIELD_PATH, "o", c->path);
	add_field(&b, FIELD_TO, "s", c->to);
	add_field(&b, FIELD_INTERFACE, "s", c->interface);
	add_field(&b, FIELD_MEMBER, "s", c->member);
	add_field(&b, FIELD_SIGNATURE, "g", c->body ? c->body_type : NULL);
	wire_end(&b, fields, 8);
	wire_align(&b, 8);
	buf_add(out, b.data, b.n);
	if (c->body)
		buf_add(out, c->body->data, c->body->n);
}

static const char *
take(struct wire *w, size_t n, size_t align)
{
	size_t at = (w->at + align - 1) / align * align;

	if (w->bad || at > w->n || n > w->n - at) {
		w->bad = true;
		return NULL;
	}
	w->at = at + n;
	return w->data + at;
}

uint32_t
wire_read_u32(struct wire *w)
{
	const char *at = take(w, sizeof(uint32_t), sizeof(uint32_t));
	uint32_t value = 0;

	if (at)
		memcpy(&value, at, sizeof(value));
	return value;
}

/* A text of n bytes and its end. */
static const char *
text_of(struct wire *w, size_t n)
{
	const char *at = n < w->n ? take(w, n + 1, 1) : NULL;

	if (at && !at[n] && !memchr(at, '\0', n))
		return at;
	w->bad = true;
	return "";
}

const char *
wire_read_text(struct wire *w)
{
	return text_of(w, wire_read_u32(w));
}

static const char *
read_signature(struct wire *w)
{
	const char *n = take(w, 1, 1);

	return n ? text_of(w, (uint8_t)*n) : "";
}

int
wire_length(const char head[WIRE_HEAD], size_t *n, struct err *e)
{
	uint32_t body, fields;

	memcpy(&body, head + 4, sizeof(body));
	memcpy(&fields, head + 12, sizeof(fields));
	if (head[0] != 'l' || head[3] != 1 || body > WIRE_MOST ||
	    fields > WIRE_MOST)
		return fail(e, EBADMSG, "not a message of D-Bus");
	*n = WIRE_HEAD + (fields + 7) / 8 * 8 + body;
	return 0;
}

static void
read_field(struct wire *w, struct wire_head *h)
{
	const char *code = take(w, 1, 8), *type = read_signature(w);
	const char **place = NULL, *value;

	if (!code)
		return;
	if (strcmp(type, "u") == 0) {
		uint32_t number = wire_read_u32(w);

		if (*code == FIELD_REPLY)
			h->answers = number;
		return;
	}
	if (strcmp(type, "g") == 0)
		value = read_signature(w);
	else if (strcmp(type, "s") == 0 || strcmp(type, "o") == 0)
		value = wire_read_text(w);
	else {
		w->bad = true;
		return;
	}
	if (*code == FIELD_MEMBER)
		place = &h->member;
	else if (*code == FIELD_ERROR)
		place = &h->error;
	else if (*code == FIELD_SIGNATURE)
		place = &h->body_type;
	if (place)
		*place = value;
}

int
wire_read(const char *data, size_t n, struct wire_head *h, struct err *e)
{
	struct wire w = { data, n, WIRE_HEAD - sizeof(uint32_t), false };
	size_t length = 0, end;

	*h = (struct wire_head){ .member = "", .error = "", .body_type = "" };
	if (n < WIRE_HEAD || wire_length(data, &length, e) < 0 || length != n)
		return fail(e, EBADMSG, "not a message of D-Bus");
	h->type = (enum wire_type)data[1];
	end = wire_read_u32(&w) + WIRE_HEAD;
	w.n = end;
	while (!w.bad && w.at < end)
		read_field(&w, h);
	if (w.bad)
		return fail(e, EBADMSG, "a message of D-Bus with a head that "
		            "nobody can read");
	end = (end + 7) / 8 * 8;
	h->body = (struct wire){ data + end, n - end, 0, false };
	return 0;
}
