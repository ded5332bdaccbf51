/* SPDX-License-Identifier: ISC */
/* malloc, for processes that live a few milliseconds. */
#include "base/heap.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/*
 * The libc's keeps its books on pages of their own, gives pages back and asks
 * for them again, and touches each for the first time when it is needed. Where
 * this was measured a first touch costs 13 µs, and all of them were a third of
 * a container's start. Here memory comes in steps whose pages are there at
 * once (0.5 µs each); a block is a power of two of bytes, cut from a step, and
 * a freed one goes to the list of its size. What is larger is mapped alone.
 *
 * No locks: there are no threads. All state is `heap`.
 */
#define STEP 65536
#define SMALLEST 5 /* 32 bytes */
#define LARGEST 15

/* In front of each block; as long as what must be aligned. */
struct block {
	size_t room;        /* bytes behind this header */
	struct block *next; /* while it is free; else one of the two below */
} __attribute__((aligned(16)));

/* The first thing in each step; its blocks lie behind it without a gap. */
struct step {
	struct step *before;
} __attribute__((aligned(16)));

static struct {
	struct step *last;
	char *at, *end; /* what blocks are cut from */
	bool zero;      /* and nobody has written to it yet */
	struct block *free[LARGEST + 1]; /* of that power of two, or more */
	struct block used, alone;
} heap;

static struct block *
map(size_t bytes)
{
	void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
	               MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

static struct block *
map_alone(size_t bytes)
{
	struct block *b;

	if (bytes > PTRDIFF_MAX - 8192) {
		errno = ENOMEM;
		return NULL;
	}
	bytes = (bytes + sizeof(*b) + 4095) & ~(size_t)4095;
	b = map(bytes);
	if (!b)
		return NULL;
	b->room = bytes - sizeof(*b);
	b->next = &heap.alone;
	return b;
}

/* NULL: there is not that much any more. */
static struct block *
cut(unsigned int size)
{
	size_t room = (size_t)1 << size;
	struct block *b = (struct block *)(void *)heap.at;

	if ((size_t)(heap.end - heap.at) < sizeof(*b) + room)
		return NULL;
	heap.at += sizeof(*b) + room;
	b->room = room;
	b->next = &heap.used;
	return b;
}

static void
put_back(struct block *b)
{
	unsigned int size = LARGEST;

	while (size > 0 && b->room < (size_t)1 << size)
		size--;
	b->next = heap.free[size];
	heap.free[size] = b;
}

/* What nothing is cut from any more is a block. */
static void
put_rest_back(void)
{
	struct block *b = (struct block *)(void *)heap.at;

	if (heap.at == heap.end)
		return;
	b->room = (size_t)(heap.end - heap.at) - sizeof(*b);
	put_back(b);
	heap.at = heap.end;
}

/* Go on with another step, or with what is free and as large as one. */
static int
go_on(void)
{
	struct block *b = heap.free[LARGEST];
	struct step *s;

	put_rest_back();
	if (b) {
		heap.free[LARGEST] = b->next;
		heap.at = (char *)b;
		heap.end = (char *)(b + 1) + b->room;
		heap.zero = false;
		return 0;
	}
	s = (struct step *)(void *)map(STEP);
	if (!s)
		return -1;
	s->before = heap.last;
	heap.last = s;
	heap.at = (char *)(s + 1);
	heap.end = (char *)s + STEP;
	heap.zero = true;
	return 0;
}

static struct block *
reuse(unsigned int size)
{
	struct block *b = heap.free[size];

	if (!b)
		return NULL;
	heap.free[size] = b->next;
	b->next = &heap.used;
	return b;
}

/* `zero`: nobody has written to it yet. */
static void *
take(size_t bytes, bool *zero)
{
	unsigned int size = SMALLEST;
	struct block *b;

	*zero = true;
	while (size <= LARGEST && bytes > (size_t)1 << size)
		size++;
	if (size > LARGEST) {
		b = map_alone(bytes);
	} else if ((b = reuse(size))) {
		*zero = false;
	} else {
		b = cut(size);
		if (!b && go_on() == 0)
			b = cut(size);
		*zero = heap.zero;
	}
	return b ? b + 1 : NULL;
}

void *
malloc(size_t bytes)
{
	bool zero;

	return take(bytes, &zero);
}

void
free(void *p)
{
	struct block *b = p;

	if (!b)
		return;
	b--;
	if (b->next == &heap.alone)
		munmap(b, b->room + sizeof(*b));
	else
		put_back(b);
}

/* The whole pages between two places. */
static void
give_back(char *from, const char *to)
{
	char *first = from + (-(uintptr_t)from & 4095);

	if (to > first && (size_t)(to - first) >= 4096)
		madvise(first, (size_t)(to - first) & ~(size_t)4095,
		        MADV_DONTNEED);
}

static struct block *
behind(struct block *b)
{
	return (struct block *)(void *)((char *)(b + 1) + b->room);
}

/* Neighbours that are free become one block. */
static void
join(struct step *s)
{
	struct block *b = (struct block *)(void *)(s + 1);
	struct block *end = (struct block *)(void *)((char *)s + STEP);

	for (; b < end; b = behind(b)) {
		struct block *next = behind(b);

		if (b->next == &heap.used)
			continue;
		while (next < end && next->next != &heap.used)
			next = behind(next);
		b->room = (size_t)((char *)next - (char *)(b + 1));
		put_back(b);
		give_back((char *)(b + 1), (char *)next);
	}
}

/* What calls that have returned left on the stack; below it nothing is ours. */
static void
trim_stack(void)
{
	char *here = __builtin_frame_address(0);

	give_back(here - STEP, here - 1024);
}

void
heap_trim(void)
{
	trim_stack();
	put_rest_back();
	memset(heap.free, 0, sizeof(heap.free));
	for (struct step *s = heap.last; s; s = s->before)
		join(s);
}

void *
calloc(size_t count, size_t each)
{
	size_t bytes;
	bool zero;
	void *p;

	if (__builtin_mul_overflow(count, each, &bytes)) {
		errno = ENOMEM;
		return NULL;
	}
	p = take(bytes, &zero);
	return p && !zero ? memset(p, 0, bytes) : p;
}

void *
realloc(void *old, size_t bytes)
{
	const struct block *b = old;
	void *p;

	if (b && b[-1].room >= bytes)
		return old;
	p = malloc(bytes);
	if (!p || !b)
		return p;
	memcpy(p, old, b[-1].room);
	free(old);
	return p;
}

/* Nobody here wants more than what malloc gives; the libc refers to it. */
void *
aligned_alloc(size_t align, size_t bytes)
{
	if (align > sizeof(struct block)) {
		errno = ENOMEM;
		return NULL;
	}
	return malloc(bytes);
}
