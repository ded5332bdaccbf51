/* SPDX-License-Identifier: ISC */
/* A tree of values, as JSON has them: what templates look into. */
#ifndef BASE_VALUE_H
#define BASE_VALUE_H

#include "base/err.h"
#include "base/mem.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum value_kind {
	VALUE_NULL,
	VALUE_FLAG,
	VALUE_INT,
	VALUE_FLOAT,
	VALUE_TEXT,
	VALUE_LIST,
	VALUE_MAP,    /* kept sorted by key, as Go prints them */
	VALUE_RECORD, /* a struct of Go's: its fields are known, and in order */
	VALUE_LOOKUP, /* a method of a record that finds a text by its key */
};

struct member;

/*
 * nil    LIST and MAP: Go's nil, which JSON writes as null; NULL: a pointer of
 *        Go's to nothing, which is printed as <nil>
 * hidden  a member that templates see and JSON has not: it is empty, or it is
 *        another name, that of the field in Go
 * texts  LIST and MAP: of texts only, Go's []string and map[string]string
 * text   of a TEXT; of a RECORD, what Go calls its type; of an INT, how it is
 *        printed if not by its digits
 */
struct value {
	enum value_kind kind;
	bool flag, nil, texts, hidden;
	int64_t integer;
	double number;
	const char *text;
	struct member *v;
	size_t n;
};

/* An item of a list has no key. */
struct member {
	const char *key;
	struct value *value;
};

/* All of them lie in the arena, and so do copies of the texts. A NULL text is
 * an empty one. */
struct value *value_null(struct arena *a);
struct value *value_flag(struct arena *a, bool flag);
struct value *value_int(struct arena *a, int64_t n);
struct value *value_float(struct arena *a, double n);
struct value *value_text(struct arena *a, const char *text);
struct value *value_list(struct arena *a);
struct value *value_map(struct arena *a);
struct value *value_record(struct arena *a, const char *type);
/* A list and a map of texts; an empty one is nil if that is asked for. */
struct value *value_words(struct arena *a, const struct words *w, bool nil);

/* Add to a list; set in a map or a record, where the last one counts. The key
 * is not copied. */
void value_add(struct arena *a, struct value *list, struct value *item);
void value_set(struct arena *a, struct value *map, const char *key,
               struct value *item);

/* NULL: there is none. */
struct value *value_get(const struct value *map, const char *key);

/* Append the shortest text that means this number; with an exponent where that
 * is below `least`, or `most` and above. */
void value_float_text(struct buf *out, double n, int least, int most);

/* Append as JSON: on one line, or as docker indents it, by four spaces. */
void value_json(struct buf *out, const struct value *v, bool pretty);

#endif
