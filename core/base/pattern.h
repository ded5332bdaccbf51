/* SPDX-License-Identifier: ISC */
/* Regular expressions, as Go's, that are only asked whether they are found. */
#ifndef BASE_PATTERN_H
#define BASE_PATTERN_H

#include "base/err.h"
#include "base/mem.h"

#include <stdbool.h>
#include <stddef.h>

/* A compiled expression; the steps live in the arena. */
struct pattern {
	struct pattern_step *steps;
	size_t n;
};

/*
 * Compile an expression: literals . ^ $ [a-z] [^a] [[:alpha:]] (a|b) (?:a)
 * (?i) * + ? {2,5}, the lazy forms of these, and \d \w \s \D \W \S \b \B \A \z
 * \t \n \r \f \v \a \x41. Bytes are what it works on: of characters beyond
 * ASCII only literals are known, and for `.` one is several.
 *
 * errors   EINVAL  not an expression, and why
 *          E2BIG   one of more than some thousand steps
 * source   https://github.com/google/re2/wiki/Syntax
 */
int pattern_compile(struct pattern *p, const char *text, struct arena *a,
                    struct err *e) MUST;

/* Is it found anywhere in the text? Takes time in proportion to the product
 * of both lengths, whatever the expression. */
bool pattern_finds(const struct pattern *p, const char *text);

#endif
