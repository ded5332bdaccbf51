/* SPDX-License-Identifier: ISC */
/* Terminals: raw and back, their size. */
#include "sys/tty.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>

int
tty_raw(int fd, struct termios *before)
{
	struct termios raw;

	if (tcgetattr(fd, before) < 0)
		return -1;
	raw = *before;
	cfmakeraw(&raw);
	raw.c_cc[VMIN] = 1;
	raw.c_cc[VTIME] = 0;
	return tcsetattr(fd, TCSANOW, &raw);
}

/* SIGTTOU would stop a process that has lost the foreground by now. */
int
tty_restore(int fd, const struct termios *before)
{
	sigset_t stop, old;
	int done;

	sigemptyset(&stop);
	sigaddset(&stop, SIGTTOU);
	sigprocmask(SIG_BLOCK, &stop, &old);
	done = tcsetattr(fd, TCSANOW, before);
	sigprocmask(SIG_SETMASK, &old, NULL);
	return done;
}

int
tty_size(int fd, unsigned short *rows, unsigned short *columns)
{
	struct winsize size;

	if (ioctl(fd, TIOCGWINSZ, &size) < 0)
		return -1;
	*rows = size.ws_row;
	*columns = size.ws_col;
	return 0;
}

int
tty_resize(int fd, unsigned short rows, unsigned short columns)
{
	struct winsize size = { .ws_row = rows, .ws_col = columns };

	return ioctl(fd, TIOCSWINSZ, &size);
}

int
tty_peer(int master)
{
	return ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
}
