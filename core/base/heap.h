/* SPDX-License-Identifier: ISC */
/* What malloc does not offer. */
#ifndef BASE_HEAP_H
#define BASE_HEAP_H

/*
 * Give the pages of freed blocks back to the kernel, and those of the stack
 * that deeper calls have left: for a process that has made something large and
 * is now going to wait for long. NULL where malloc is not ours (under a
 * sanitizer).
 */
void heap_trim(void) __attribute__((weak));

#endif
