/* SPDX-License-Identifier: ISC */
/* Sets of bytes, as [a-z] and \w write them. */
#ifndef BASE_BYTESET_H
#define BASE_BYTESET_H

#include <stdbool.h>
#include <stddef.h>

/* A set is that many bytes; empty where they are 0. */
#define BYTESET 32

bool byteset_has(const unsigned char *set, unsigned char c);

/* Add all bytes from `first` to `last`; with `fold`, a letter is both large
 * and small. */
void byteset_add(unsigned char *set, int first, int last, bool fold);

/* What is in it is not, and the contrary. No set has the NUL, behind which
 * there is nothing. */
void byteset_turn(unsigned char *set);

/* Add what [[:name:]] means; false if there is no such class. */
bool byteset_add_class(unsigned char *set, const char *name, size_t length,
                       bool fold);

/* Add what \d and its like mean, or the contrary \D; false if the letter
 * means none. */
bool byteset_add_short(unsigned char *set, char letter, bool fold);

#endif
