/* SPDX-License-Identifier: ISC */
/* JSON in and out of structs: one table says both ways what stands where. */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/err.h"
#include "base/mem.h"
#include "base/value.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A number that may be absent. */
struct number {
	bool set;
	int64_t value;
};

/* A map of text to text, in the order in which it was written. */
struct pair {
	char *key, *value;
};

struct pairs {
	struct pair *v;
	size_t n;
};

void pairs_set(struct arena *a, struct pairs *p, const char *key,
               const char *value);
const char *pairs_get(const struct pairs *p, const char *key);

/* What a field of a struct is; absent fields are not written. */
enum json_kind {
	JSON_END,
	JSON_FLAG,   /* bool; absent is false, and false is not written */
	JSON_FLAG_SHOWN, /* the same, but false is written too */
	JSON_U32,    /* uint32_t, always written */
	JSON_U64,    /* uint64_t, always written */
	JSON_NUMBER, /* struct number */
	JSON_TEXT,   /* char *; NULL is absent */
	JSON_WORDS,  /* struct words; an empty one is absent */
	JSON_PAIRS,  /* struct pairs; an empty one is absent */
	JSON_NUMBERS, /* int64_t *, with a count: [1, 2, 3] */
	JSON_HERE,   /* a struct inside this one; absent when all of it is */
	JSON_ONE,    /* a pointer to a struct; NULL is absent */
	JSON_MANY,   /* a pointer to structs, with a count: [{…}, {…}] */
	JSON_MAP,    /* the same as {"key": {…}}; the first field of the
	              * struct is a char * that holds the key */
};

/*
 * One field: a row of a table that ends with JSON_FIELD_END. Use the macros,
 * which check nothing but save typing:
 *
 *	static const struct json_field rlimit[] = {
 *		JSON(struct rlimit_row, JSON_TEXT, "type", type),
 *		JSON(struct rlimit_row, JSON_U64, "soft", soft),
 *		JSON_FIELD_END
 *	};
 */
struct json_field {
	const char *name;
	const struct json_field *fields;
	uint8_t kind; /* enum json_kind */
	bool required;
	uint16_t at, count_at, each; /* bytes */
};

#define JSON(type, kind, name, member) \
	{ name, NULL, kind, false, offsetof(type, member), 0, 0 }
#define JSON_NEED(type, kind, name, member) \
	{ name, NULL, kind, true, offsetof(type, member), 0, 0 }
/* HERE and ONE: `fields` describes the member's own struct. */
#define JSON_SUB(type, kind, name, member, fields) \
	{ name, fields, kind, false, offsetof(type, member), 0, \
	  sizeof(*((type *)0)->member) }
#define JSON_INSIDE(type, name, member, fields) \
	{ name, fields, JSON_HERE, false, offsetof(type, member), 0, \
	  sizeof(((type *)0)->member) }
/* MANY, MAP and NUMBERS (fields NULL). */
#define JSON_LIST(type, kind, name, member, count, fields) \
	{ name, fields, kind, false, offsetof(type, member), \
	  offsetof(type, count), sizeof(*((type *)0)->member) }
#define JSON_FIELD_END { NULL, NULL, JSON_END, false, 0, 0, 0 }

/*
 * Fill *into from JSON text; everything allocated lies in the arena. Keys that
 * the table does not have are passed over, as the OCI specifications ask.
 *
 * errors   EINVAL  not JSON, a wrong type, a number out of range, a NUL in a
 *                  string, a required key missing; the text names the place:
 *                  "linux.resources.memory.limit: not a whole number"
 */
int json_read(const struct buf *text, const struct json_field *fields,
              void *into, struct arena *a, struct err *e) MUST;

/*
 * Read any JSON into a tree of values; of two equal keys the last one counts.
 *
 * errors   EINVAL  as above; also for brackets that are nested too deeply
 */
int json_read_value(const struct buf *text, struct value **into,
                    struct arena *a, struct err *e) MUST;

/* Append JSON text to *out: on one line, or indented by a tab a level. */
void json_write(struct buf *out, const struct json_field *fields,
                const void *from, bool pretty);

/* Append one JSON string, in quotes; invalid UTF-8 becomes U+FFFD. */
void json_quote(struct buf *out, const char *text);

#endif
