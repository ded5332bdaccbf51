/* SPDX-License-Identifier: ISC */
/* Which descriptors a container gets as 0, 1 and 2. */
#include "monitor/stdio.h"
#include "monitor/console.h"
#include "sys/fd.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

/* A pipe for one of the three; the child's end is 0 for reading, else 1. */
static int
make_pipe(struct stdio *io, int i, struct err *e)
{
	int pair[2], theirs = i == 0 ? 0 : 1;

	if (fd_pipe(pair, e) < 0)
		return -1;
	io->child[i] = pair[theirs];
	io->made[i] = true;
	io->ours[i] = pair[!theirs];
	if (fcntl(io->ours[i], F_SETFL, O_NONBLOCK) < 0)
		return fail_sys(e, "pipe");
	return 0;
}

static bool
is_same_terminal(int a, int b)
{
	struct stat x, y;

	return isatty(a) && isatty(b) && fstat(a, &x) == 0 &&
	       fstat(b, &y) == 0 && x.st_rdev == y.st_rdev;
}

/* One pipe for both where both are shown in one place keeps their order. */
static int
pass_output(struct stdio *io, struct err *e)
{
	for (int i = 1; i <= 2; i++) {
		io->child[i] = i;
		if (isatty(i) && make_pipe(io, i, e) < 0)
			return -1;
		if (i == 1 && is_same_terminal(1, 2)) {
			io->child[2] = io->child[1];
			return 0;
		}
	}
	return 0;
}

static int
make_output(struct stdio *io, const struct attach *how, struct err *e)
{
	if (how->direct)
		return pass_output(io, e);
	return make_pipe(io, 1, e) < 0 ? -1 : make_pipe(io, 2, e);
}

static int
make_input(struct stdio *io, const struct attach *how, bool open,
           struct err *e)
{
	bool given = how->interactive && !how->detached;

	if (given && !isatty(STDIN_FILENO)) {
		io->child[0] = STDIN_FILENO;
		return 0;
	}
	return given || open ? make_pipe(io, 0, e) : 0;
}

/* With a pty the child's setting-up still has somewhere to complain to. */
int
stdio_make(struct stdio *io, const struct attach *how, bool open,
           struct err *e)
{
	io->tty = how->tty;
	if (how->tty) {
		io->child[2] = how->detached ? -1 : STDERR_FILENO;
		return 0;
	}
	return make_input(io, how, open, e) < 0 ? -1
	       : make_output(io, how, e);
}

void
stdio_plan(const struct stdio *io, struct runtime_plan *plan)
{
	struct frame_size size;

	for (int i = 0; i < 3; i++)
		plan->stdio[i] = io->child[i];
	if (!io->tty || console_size(&size) < 0)
		return;
	plan->rows = size.rows;
	plan->columns = size.columns;
}

void
stdio_close_child(struct stdio *io)
{
	for (int i = 0; i < 3; i++) {
		if (io->made[i])
			auto_close(&io->child[i]);
		io->made[i] = false;
		io->child[i] = -1;
	}
}

void
auto_stdio(struct stdio *io)
{
	stdio_close_child(io);
	for (int i = 0; i < 3; i++)
		auto_close(&io->ours[i]);
	*io = (struct stdio)STDIO_NONE;
}
