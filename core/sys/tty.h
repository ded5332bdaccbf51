/* SPDX-License-Identifier: ISC */
/* Terminals: raw and back, their size. All return -1 with errno. */
#ifndef SYS_TTY_H
#define SYS_TTY_H

#include "base/err.h"

#include <termios.h>

/* Every byte to us at once and none interpreted; *before takes it back. */
int tty_raw(int fd, struct termios *before) MUST;
int tty_restore(int fd, const struct termios *before);

int tty_size(int fd, unsigned short *rows, unsigned short *columns) MUST;
int tty_resize(int fd, unsigned short rows, unsigned short columns) MUST;

/*
 * Another descriptor of the slave side, through the master and no path
 * (TIOCGPTPEER); it does not become anybody's controlling terminal.
 */
int tty_peer(int master) MUST;

#endif
