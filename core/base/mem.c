/* SPDX-License-Identifier: ISC */
/* Allocation that ends the process rather than fail, and what stands on it. */
#include "base/mem.h"
#include "base/err.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* An arena's chunks, the first and the largest; a typical spec fits into a
 * few, a record into the first. */
#define CHUNK_FIRST 2048
#define CHUNK_MOST 16384

struct arena_chunk {
	struct arena_chunk *before;
	size_t used, room;
	max_align_t data[];
};

static void *
or_end(void *p)
{
	if (!p) {
		fputs("mydocker: out of memory\n", stderr);
		_exit(STATUS_OURS);
	}
	return p;
}

void *
mem_new(size_t bytes)
{
	return or_end(calloc(1, bytes ? bytes : 1));
}

void *
mem_grow(void *old, size_t count, size_t each)
{
	return or_end(reallocarray(old, count ? count : 1, each));
}

char *
mem_text(const char *text)
{
	return or_end(strdup(text));
}

char *
mem_format(const char *format, ...)
{
	char *text = NULL;
	va_list args;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		text = NULL;
	va_end(args);
	return or_end(text);
}

/* Zeroed, as is what comes out of it; twice as long as the one before. */
static struct arena_chunk *
new_chunk(const struct arena_chunk *before, size_t bytes)
{
	size_t all = before ? (before->room + sizeof(*before)) * 2
	                    : CHUNK_FIRST;
	struct arena_chunk *c;

	if (all > CHUNK_MOST)
		all = CHUNK_MOST;
	if (all < sizeof(*c) + bytes)
		all = sizeof(*c) + bytes;
	c = or_end(calloc(1, all));
	c->room = all - sizeof(*c);
	return c;
}

void *
arena_new(struct arena *a, size_t bytes)
{
	size_t aligned = (bytes + sizeof(max_align_t) - 1) &
	                 ~(sizeof(max_align_t) - 1);
	struct arena_chunk *c = a->last;
	void *p;

	if (!c || c->room - c->used < aligned) {
		c = new_chunk(c, aligned);
		c->before = a->last;
		a->last = c;
	}
	p = (char *)c->data + c->used;
	c->used += aligned;
	return p;
}

char *
arena_bytes(struct arena *a, const char *bytes, size_t n)
{
	char *copy = arena_new(a, n + 1);

	memcpy(copy, bytes, n);
	return copy;
}

char *
arena_text(struct arena *a, const char *text)
{
	return text ? arena_bytes(a, text, strlen(text)) : NULL;
}

char *
arena_format(struct arena *a, const char *format, ...)
{
	char *text;
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(NULL, 0, format, args);
	va_end(args);
	text = arena_new(a, (size_t)n + 1);
	va_start(args, format);
	vsnprintf(text, (size_t)n + 1, format, args);
	va_end(args);
	return text;
}

void
auto_arena(struct arena *a)
{
	struct arena_chunk *c, *before;

	for (c = a->last; c; c = before) {
		before = c->before;
		free(c);
	}
	a->last = NULL;
}

/*
 * The room of a list is not stored: it is the power of two at or above its
 * length, and a list of a power of two is full.
 */
void *
arena_add(struct arena *a, void *items, size_t *n, size_t each)
{
	char **at = items;

	if (*n == 0 || (*n & (*n - 1)) == 0) {
		char *bigger = arena_new(a, (*n ? 2 * *n : 1) * each);

		if (*n)
			memcpy(bigger, *at, *n * each);
		*at = bigger;
	}
	return *at + (*n)++ * each;
}

/* Room doubles as in arena_add, but one place more is kept for the NULL. */
void
words_add(struct arena *a, struct words *w, const char *word)
{
	if ((w->n & (w->n + 1)) == 0) {
		char **v = arena_new(a, 2 * (w->n + 1) * sizeof(*v));

		if (w->n)
			memcpy(v, w->v, w->n * sizeof(*v));
		w->v = v;
	}
	w->v[w->n++] = arena_text(a, word);
	w->v[w->n] = NULL;
}

void
words_copy(struct arena *a, struct words *w, char *const *from)
{
	for (; from && *from; from++)
		words_add(a, w, *from);
}

int
words_has(const struct words *w, const char *word)
{
	for (size_t i = 0; i < w->n; i++)
		if (strcmp(w->v[i], word) == 0)
			return 1;
	return 0;
}

void
buf_room(struct buf *b, size_t more)
{
	size_t room = b->room ? b->room : 256;

	if (b->n + more + 1 <= b->room)
		return;
	while (room < b->n + more + 1)
		room *= 2;
	b->data = mem_grow(b->data, room, 1);
	b->room = room;
}

void
buf_add(struct buf *b, const void *bytes, size_t n)
{
	buf_room(b, n);
	if (n)
		memcpy(b->data + b->n, bytes, n);
	b->n += n;
	b->data[b->n] = '\0';
}

void
buf_text(struct buf *b, const char *text)
{
	buf_add(b, text, strlen(text));
}

/*
 * Into the room that is there, and again if it was too little. Text of its own
 * would come from malloc and go back at once, and musl gives pages that were
 * the last of their kind back to the kernel each time.
 */
void
buf_format(struct buf *b, const char *format, ...)
{
	va_list args;
	int n;

	buf_room(b, 64);
	va_start(args, format);
	n = vsnprintf(b->data + b->n, b->room - b->n, format, args);
	va_end(args);
	or_end(n < 0 ? NULL : b);
	if ((size_t)n >= b->room - b->n) {
		buf_room(b, (size_t)n);
		va_start(args, format);
		vsnprintf(b->data + b->n, b->room - b->n, format, args);
		va_end(args);
	}
	b->n += (size_t)n;
}

void
auto_buf(struct buf *b)
{
	free(b->data);
	*b = (struct buf){ 0 };
}
