/* SPDX-License-Identifier: ISC */
/* Text that somebody else wrote, made fit for a terminal and for one line. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include "base/mem.h"

#include <stddef.h>

/*
 * Append text with everything in it visible: control bytes (newlines too) and
 * what is not UTF-8 become \x1b, C1 controls, line separators and characters
 * that turn the direction of writing \u{202e}. The rest is as it was.
 */
void text_escape(struct buf *out, const char *text);

/* How many characters: code points of UTF-8, a stray byte counts as one. */
size_t text_width(const char *text);

#endif
