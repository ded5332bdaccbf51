/* SPDX-License-Identifier: ISC */
/* Memory that cannot run out (the process ends), arenas, and growing things. */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include "base/auto.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

/* As malloc and friends; out of memory ends the process with status 125. */
void *mem_new(size_t bytes); /* zeroed */
void *mem_grow(void *old, size_t count, size_t each);
char *mem_text(const char *text); /* a copy */
char *mem_format(const char *format, ...)
        __attribute__((format(printf, 1, 2)));

/*
 * An arena: what is allocated together and freed together. All that hangs off
 * a struct spec lives in one, so nothing of a spec is ever freed alone.
 */
struct arena {
	struct arena_chunk *last;
};

void *arena_new(struct arena *a, size_t bytes); /* zeroed */
char *arena_text(struct arena *a, const char *text); /* NULL gives NULL */
char *arena_bytes(struct arena *a, const char *bytes, size_t n); /* + NUL */
char *arena_format(struct arena *a, const char *format, ...)
        __attribute__((format(printf, 2, 3)));
void auto_arena(struct arena *a); /* AUTO(arena) struct arena a = { 0 }; */

/*
 * A list of `each`-sized things in an arena, which doubles as it grows: makes
 * room for one more at the end of *items, counts it in *n, and returns it
 * zeroed. Use LIST_ADD below.
 */
void *arena_add(struct arena *a, void *items, size_t *n, size_t each);

/* struct mount *m = LIST_ADD(arena, spec->mounts, spec->n_mounts); */
#define LIST_ADD(arena, items, n) \
	((__typeof__(items))arena_add(arena, &(items), &(n), sizeof(*(items))))

/* A list of words; in an arena, and always with a NULL behind the last. */
struct words {
	char **v;
	size_t n;
};

void words_add(struct arena *a, struct words *w, const char *word);
void words_copy(struct arena *a, struct words *w, char *const *from);
/* Is `word` among them? */
int words_has(const struct words *w, const char *word);

/* Bytes that grow at the end; `data` always has a NUL behind `n` bytes. */
struct buf {
	char *data;
	size_t n, room;
};

/* Bytes that are somebody else's, to be read as a buf and not changed. */
#define BUF_OF(bytes, count) \
	(&(const struct buf){ .data = (char *)(uintptr_t)(bytes), \
	                      .n = (count) })

/* Make room for that many more bytes: a list that grows is copied each time. */
void buf_room(struct buf *b, size_t more);
void buf_add(struct buf *b, const void *bytes, size_t n);
void buf_text(struct buf *b, const char *text);
void buf_format(struct buf *b, const char *format, ...)
        __attribute__((format(printf, 2, 3)));
void auto_buf(struct buf *b);

#endif
