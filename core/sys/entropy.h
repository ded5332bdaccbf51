/* SPDX-License-Identifier: ISC */
/* Random numbers, for names that nobody has had yet. */
#ifndef SYS_ENTROPY_H
#define SYS_ENTROPY_H

#include <stddef.h>
#include <stdint.h>

/* The kernel's, at most 256 bytes. Early in a boot it may not vouch for them
 * yet, which is not waited for where there is a /dev/urandom. */
void entropy_bytes(void *to, size_t n);
uint32_t entropy_number(void);
uint32_t entropy_below(uint32_t bound);

#endif
