/* SPDX-License-Identifier: ISC */
/* Inside `monitor`: the keys that detach, found in what is typed. */
#ifndef MONITOR_KEYS_H
#define MONITOR_KEYS_H

#include <stdbool.h>
#include <stddef.h>

/*
 * sequence  the bytes to look for; none: nothing detaches
 * matched   how many of them have been typed, and are held back
 */
struct keys {
	const char *sequence;
	size_t n, matched;
};

/*
 * Pass typed bytes on, except a sequence that is or may yet become the one
 * that detaches; that may have come in several reads.
 *
 * out      room for n bytes and those held back
 * returns  whether it is complete; what was typed after it is dropped
 */
bool keys_filter(struct keys *k, const char *in, size_t n, char *out,
                 size_t *n_out);

#endif
