/* SPDX-License-Identifier: ISC */
/* A process that waits for the command: passes signals on, reaps, ends. */
#include "init/child.h"
#include "sync/sync.h"
#include "sys/process.h"

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

/* All that have ended, adopted ones included; the command's status is ours. */
static void
reap(pid_t command)
{
	int raw;
	pid_t pid;

	while ((pid = waitpid(-1, &raw, WNOHANG)) > 0)
		if (pid == command)
			_exit(WIFSIGNALED(raw) ? STATUS_SIGNAL + WTERMSIG(raw)
			                       : WEXITSTATUS(raw));
	if (pid < 0 && errno == ECHILD)
		_exit(STATUS_OURS);
}

/* Signals are blocked, so that none is lost between the fork and here; pid 1
 * gets none at all for which it has neither a handler nor a block. */
void
init_wait_for(pid_t pid)
{
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	for (;;) {
		int number;

		reap(pid);
		number = sigwaitinfo(&all, NULL);
		if (number > 0 && number != SIGCHLD)
			kill(pid, number);
	}
}

/* The command leads a process group of its own, in the foreground, so that
 * what the terminal sends goes to it and not to us. */
static void
lead(const struct child *c, const sigset_t *before)
{
	setpgid(0, 0);
	if (c->spec.process && c->spec.process->terminal)
		tcsetpgrp(STDIN_FILENO, getpid());
	sigprocmask(SIG_SETMASK, before, NULL);
}

/*
 * Returns in the child, which goes on to exec. Whoever waits for an end of
 * file on what the command writes must not wait for us, too.
 */
int
init_reaper(struct child *c, struct err *e)
{
	sigset_t all, before;
	bool born;
	int pidfd;
	pid_t pid;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &before);
	pid = process_clone(0, -1, &born, &pidfd, e);
	if (pid < 0)
		return -1;
	if (pid == 0) {
		lead(c, &before);
		return 0;
	}
	if (c->socket >= 0)
		close(c->socket);
	if (pidfd >= 0)
		close(pidfd);
	for (int fd = 0; fd < SYNC_CONFIG_FD + c->plan->preserve; fd++)
		close(fd);
	init_wait_for(pid);
}
