/* SPDX-License-Identifier: ISC */
/* Signals as descriptors, and a clean slate for a child. */
#include "sys/signal.h"
#include "sys/fd.h"

#include <errno.h>
#include <stdbool.h>
#include <sys/signalfd.h>
#include <time.h>

void
signal_set_outside(sigset_t *set)
{
	static const int ours[] = {
		SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS,
		SIGTSTP, SIGTTIN, SIGTTOU, SIGCHLD, SIGPIPE, SIGURG,
	};

	sigfillset(set);
	for (size_t i = 0; i < sizeof(ours) / sizeof(*ours); i++)
		sigdelset(set, ours[i]);
}

int
signal_open(const sigset_t *set, int *fd, struct err *e)
{
	int opened;

	if (sigprocmask(SIG_BLOCK, set, NULL) < 0)
		return fail_sys(e, "sigprocmask");
	opened = signalfd(-1, set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (opened < 0)
		return fail_sys(e, "signalfd");
	*fd = opened;
	return 0;
}

int
signal_next(int fd)
{
	struct signalfd_siginfo info;

	for (;;) {
		ssize_t got = read(fd, &info, sizeof(info));

		if (got == sizeof(info))
			return (int)info.ssi_signo;
		if (got >= 0 || errno != EINTR)
			return 0;
	}
}

/*
 * An exec keeps what is ignored, so whoever started us with nohup would start
 * the container so. Those that cannot be changed refuse, which is fine.
 */
void
signal_reset(void)
{
	struct sigaction normal = { .sa_handler = SIG_DFL };
	sigset_t none;

	for (int number = 1; number <= SIGRTMAX; number++)
		sigaction(number, &normal, NULL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static void
hold_pipe(sigset_t *pipe, sigset_t *before)
{
	sigemptyset(pipe);
	sigaddset(pipe, SIGPIPE);
	sigprocmask(SIG_BLOCK, pipe, before);
}

/* If SIGPIPE came of our own writing it is taken back before it is unblocked;
 * errno stays. */
static void
let_pipe(const sigset_t *pipe, const sigset_t *before, bool failed)
{
	static const struct timespec now;
	int code = errno;

	if (failed && code == EPIPE && !sigismember(before, SIGPIPE))
		sigtimedwait(pipe, NULL, &now);
	sigprocmask(SIG_SETMASK, before, NULL);
	errno = code;
}

int
signal_write(int fd, const void *bytes, size_t n)
{
	sigset_t pipe, before;
	int done;

	hold_pipe(&pipe, &before);
	done = fd_write(fd, bytes, n);
	let_pipe(&pipe, &before, done < 0);
	return done;
}

void
signal_die(int number)
{
	struct sigaction normal = { .sa_handler = SIG_DFL };
	sigset_t this;

	sigaction(number, &normal, NULL);
	sigemptyset(&this);
	sigaddset(&this, number);
	raise(number);
	sigprocmask(SIG_UNBLOCK, &this, NULL);
}
