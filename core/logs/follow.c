/* SPDX-License-Identifier: ISC */
/* Following a log: waiting for more of it, over turned files, to the end. */
#include "logs/read.h"
#include "sys/watch.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

/* Where nothing tells us of changes, we look so often. */
#define LOOK_MS 200
#define LOOK_FOR_END_MS 1000

enum { AT_CHANGES, AT_OUT, AT_LIFE, AT_ALL = AT_LIFE + 2 };

/* All that there is by now, in this file and those that follow it. */
static int
copy_rest(struct reader *r, int dir, int *fd, struct err *e)
{
	for (;;) {
		int next;

		if (*fd >= 0 && read_copy(r, *fd) < 0)
			return fail_sys(e, "log.json");
		next = files_next(dir, *fd);
		if (next < 0)
			return read_flush(r);
		/* it may have grown before it was turned */
		if (*fd >= 0 && read_copy(r, *fd) < 0) {
			close(next);
			return fail_sys(e, "log.json");
		}
		read_next(r);
		if (*fd >= 0)
			close(*fd);
		*fd = next;
	}
}

static int
shorter(int a, int b)
{
	return a < 0 || (b >= 0 && b < a) ? b : a;
}

/* Wait for a change: 0: of the log at most, 1: perhaps of the container,
 * -1: we are not listened to any more. */
static int
wait_change(struct reader *r, int changes, const int life[2], int most)
{
	struct pollfd p[] = {
		{ changes, POLLIN, 0 },
		{ r->q->to[LOGS_OUT], 0, 0 },
		{ life[0], POLLIN, 0 },
		{ life[1], POLLIN, 0 },
	};
	bool blind = changes < 0, deaf = life[0] < 0 && life[1] < 0;
	int ready;

	if (blind || deaf)
		most = shorter(most, blind ? LOOK_MS : LOOK_FOR_END_MS);
	ready = poll(p, AT_ALL, most);
	if (p[AT_OUT].revents & POLLERR) {
		r->code = EPIPE;
		return -1;
	}
	return (p[AT_CHANGES].revents && watch_others(changes, "log.json")) ||
	       p[AT_LIFE].revents || p[AT_LIFE + 1].revents ||
	       (ready <= 0 && (blind || deaf));
}

/*
 * Whether anything lives is asked before the last lines are read, so that none
 * comes behind them.
 */
int
follow_log(struct reader *r, int dir, int *fd, struct err *e)
{
	AUTO(close) int changes = watch_open(dir);
	int life[2] = { -1, -1 }, changed = 1, left;
	bool lives = true;

	for (;;) {
		if (changed) {
			auto_close(&life[0]);
			auto_close(&life[1]);
			life[0] = life[1] = -1;
			lives = r->q->lives(r->q->with, life);
		}
		left = watch_left(r->q->until);
		if (copy_rest(r, dir, fd, e) < 0)
			break;
		if (!lives || left == 0) {
			auto_close(&life[0]);
			auto_close(&life[1]);
			return 0;
		}
		changed = wait_change(r, changes, life, left);
		if (changed < 0)
			break;
	}
	auto_close(&life[0]);
	auto_close(&life[1]);
	return -1;
}
