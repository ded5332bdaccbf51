/* SPDX-License-Identifier: ISC */
/* Closing what a process that stays behind has no use for. */
#ifndef SYS_CLOSE_H
#define SYS_CLOSE_H

#include <stddef.h>

/* Close every descriptor from 3 up but these (-1 is none); sorts them. */
void fd_close_but(int keep[], size_t n);

#endif
