/* SPDX-License-Identifier: ISC */
/* For the files of this room: keys and values of objects that may be empty. */
#ifndef OCI_OBJECT_H
#define OCI_OBJECT_H

#include "base/json.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct object {
	struct buf *out;
	bool is_not_first;
};

/* runc leaves out what is 0 or empty: _more, _text, _numbers. */
void object_key(struct object *o, const char *name);
void object_begin(struct object *o, const char *name);
void object_end(struct object *o);
void object_number(struct object *o, const char *name, uint64_t value);
void object_signed(struct object *o, const char *name, int64_t value);
void object_more(struct object *o, const char *name, uint64_t value);
void object_text(struct object *o, const char *name, const char *text);
void object_words(struct object *o, const char *name, const struct words *w);
void object_numbers(struct object *o, const char *name, const uint64_t *v,
                    size_t n);

/* rdt.c: the value of "intel_rdt". */
struct oci;
void rdt_stats(struct object *o, const struct oci *c);

#endif
