/* SPDX-License-Identifier: ISC */
/* A scope of systemd's, which exists only as long as a process is in it. */
#include "base/log.h"
#include "runtime/start.h"
#include "sys/process.h"

#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

/*
 * The group is to be there, with its limits, before the child is. So there is
 * somebody else in it at first, who does nothing, and ends with us.
 */
static int
hold(struct start *s, struct err *e)
{
	pid_t parent = getpid();

	s->holder = fork();
	if (s->holder < 0)
		return fail_sys(e, "fork");
	if (s->holder > 0)
		return 0;
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	while (getppid() == parent)
		pause();
	_exit(0);
}

int
start_scope(struct start *s, struct err *e)
{
	const struct runtime_scope *scope = &s->plan->scope;

	if (hold(s, e) < 0)
		return -1;
	return scope->start(scope->unit, s->holder, s->spec, e);
}

void
start_release_scope(struct start *s)
{
	struct err ignored;
	int status;

	if (s->holder > 0 && kill(s->holder, SIGKILL) == 0 &&
	    process_wait(s->holder, &status, &ignored) < 0)
		log_debug("%s", ignored.text);
	s->holder = -1;
}

void
start_drop_scope(struct start *s)
{
	const struct runtime_scope *scope = &s->plan->scope;
	struct err late;

	start_release_scope(s);
	if (scope->stop(scope->unit, &late) < 0)
		log_debug("%s", late.text);
}
