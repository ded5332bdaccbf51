/* SPDX-License-Identifier: ISC */
/* What a compiled expression consists of, and how that is put together. */
#ifndef BASE_PATTERN_STEP_H
#define BASE_PATTERN_STEP_H

#include "base/byteset.h"
#include "base/pattern.h"

enum pattern_kind {
	STEP_BYTE, /* one byte that is in the set */
	STEP_BEGIN,
	STEP_END,
	STEP_EDGE, /* of a word */
	STEP_NO_EDGE,
	STEP_FORK, /* go on with the next and at `to` */
	STEP_JUMP, /* go on at `to` */
	STEP_FOUND,
};

struct pattern_step {
	enum pattern_kind kind;
	int to; /* from here, so that steps can be moved and copied */
	unsigned char set[BYTESET];
};

struct pattern_step *pattern_step_add(struct pattern *p, struct arena *a,
                                      enum pattern_kind kind);

/* What was added from `start` on comes `least` to `most` times; -1: as often
 * as there is. */
void pattern_step_repeat(struct pattern *p, struct arena *a, size_t start,
                         long least, long most);

/* What was added from `start` on is one of two; the other is added next. The
 * result is the step that is to jump behind that one. */
size_t pattern_step_either(struct pattern *p, struct arena *a, size_t start);

#endif
