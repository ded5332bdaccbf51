/* SPDX-License-Identifier: ISC */
/* The process that a loop is about: signals to it, and its end. */
#include "monitor/loop.h"
#include "sys/clock.h"
#include "sys/process.h"

#include <limits.h>
#include <signal.h>
#include <sys/wait.h>

void
loop_kill(struct loop *l, int number)
{
	struct err ignored;

	if (!l->ended && number > 0 &&
	    process_signal(l->child->pidfd, l->child->pid, number,
	                   &ignored) < 0)
		return; /* not a signal; nothing that he could mend */
}

void
loop_reap(struct loop *l)
{
	int raw;

	if (l->ended || waitpid(l->child->pid, &raw, WNOHANG) <= 0)
		return;
	l->ended = true;
	l->status = WIFSIGNALED(raw) ? STATUS_SIGNAL + WTERMSIG(raw)
	                             : WEXITSTATUS(raw);
}

/* Who tells a monitor to end means the container. */
void
loop_go_down(struct loop *l)
{
	if (!l->down && l->stop_seconds >= 0 && l->stop_seconds <= INT32_MAX)
		l->kill_at = clock_ms() + l->stop_seconds * 1000;
	l->down = true;
	loop_kill(l, l->stop_signal);
	if (l->thaw)
		l->thaw(l->c);
}

/* Who does not end by himself is killed. How long until then; -1: never. */
int
loop_kill_wait(struct loop *l)
{
	int64_t left = l->kill_at - clock_ms();

	if (!l->kill_at)
		return -1;
	if (left > 0)
		return left > INT_MAX ? INT_MAX : (int)left;
	l->kill_at = 0;
	loop_kill(l, SIGKILL);
	return -1;
}
