/* SPDX-License-Identifier: ISC */
/* Inside `template`: how one value is printed. */
#ifndef TEMPLATE_VERB_H
#define TEMPLATE_VERB_H

#include "template/template.h"

/* "%-8.3q": flags, width and precision, -1 where there is none. */
struct verb {
	bool minus, plus, sharp, space, zero;
	int width, precision;
	char letter;
};

/* "%v" */
#define VERB_PLAIN \
	((struct verb){ .width = -1, .precision = -1, .letter = 'v' })

/* Append text, filled up to the width; with `zero`, behind its sign, by "0". */
void print_pad(struct buf *out, const struct verb *v, const char *text,
               bool zero);

/* Append a value as the verb says; "%!d(string=hi)" where it cannot. */
void print_verb(struct buf *out, const struct verb *v,
                const struct value *from);

/* The character at `s` and how many bytes it has; 0 where it is not UTF-8. */
size_t quote_decode(const unsigned char *s, uint32_t *rune);

/* Append a character as it stands between quotes of that kind. */
void quote_rune(struct buf *out, uint32_t rune, char quote);

#endif
