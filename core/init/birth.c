/* SPDX-License-Identifier: ISC */
/* Who executes the command is born in another's pid namespace, at the end. */
#include "init/child.h"
#include "sync/sync.h"
#include "sys/process.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/*
 * Where there is somebody already, he may be allowed to look at processes, and
 * to trace them (CVE-2016-9962). So all is done by us, who stay outside; who is
 * born has what the command will have, and nothing else that could be taken.
 */

#define COUNT(table) (sizeof(table) / sizeof(*(table)))

/* The system calls from here to the exec, and what matters of their arguments:
 * the filter is in force by then. */
struct call {
	int number;
	uint64_t args[6];
};

static const struct call calls[] = {
	{ SYS_clone, { PROCESS_SIBLING_FLAGS | SIGCHLD } },
	{ SYS_sendmsg, { SYNC_SOCKET_FD, 0, MSG_NOSIGNAL } },
	{ SYS_recvmsg, { SYNC_SOCKET_FD, 0, MSG_CMSG_CLOEXEC } },
	{ SYS_exit_group, { 0 } },
	{ SYS_setsid, { 0 } },
	{ SYS_ioctl, { 0, TIOCSCTTY } },
};

/* Whoever answers for calls hears of the filter when somebody is born. */
static const struct call listener_calls[] = {
	{ SYS_capset, { 0 } },
	{ SYS_close, { SYNC_CONFIG_FD } },
};

/* A start closes what is its own, and waits on exec.fifo: the lowest number is
 * free by then. */
static const struct call start_calls[] = {
	{ SYS_openat, { SYNC_CONFIG_FD, 0,
	                O_WRONLY | O_CLOEXEC | O_LARGEFILE } },
	{ SYS_write, { SYNC_CONFIG_FD, 0, 1 } },
	{ SYS_dup3, { SYNC_CONFIG_FD, SYNC_SOCKET_FD, O_CLOEXEC } },
	{ SYS_close, { SYNC_CONFIG_FD } },
	{ SYS_close_range, { SYNC_CONFIG_FD, SYNC_CONFIG_FD, 0 } },
	{ SYS_close_range, { SYNC_EXTRA_FD, UINT_MAX, 0 } },
};

static const struct call kept_calls[] = {
	{ SYS_fcntl, { SYNC_SOCKET_FD, F_DUPFD_CLOEXEC, SYNC_EXTRA_FD } },
	{ SYS_dup3, { SYNC_EXTRA_FD, SYNC_CONFIG_FD, 0 } },
};

static const struct call hook_calls[] = {
	{ SYS_pipe2, { 0, O_CLOEXEC } },
	{ SYS_clone, { SIGCHLD } },
	{ SYS_dup3, { SYNC_CONFIG_FD, STDIN_FILENO, 0 } },
	{ SYS_execve, { 0 } },
	{ SYS_ppoll, { 0, 1 } },
	{ SYS_waitid, { P_PID, 0, 0, WEXITED | WNOHANG | WNOWAIT } },
	{ SYS_wait4, { 0 } },
};

bool
init_is_to_be_born(const struct child *c)
{
	const struct init_plan *p = c->plan;

	return !c->born && (p->join_flags & CLONE_NEWPID ||
	                    p->join_fd[NAMESPACE_PID] >= 0);
}

/* The parent believes nobody who is not his child, so it is his. */
static int
send_birth(const struct child *c, pid_t pid, struct err *e)
{
	struct err born = { .code = pid };

	return sync_send(c->socket, SYNC_BORN, &born, -1, e);
}

/* As the leader of its session, and of its terminal. */
static int
begin(struct child *c, struct err *e)
{
	struct sync_message m;
	int got = 1;

	c->born = true;
	if (!c->by_hand)
		got = sync_receive(c->socket, &m, NULL, e);
	if (got < 0)
		return -1;
	if (!c->by_hand && (got == 0 || m.word != SYNC_GO))
		return fail(e, EPROTO, "the parent has given up");
	if (setsid() < 0)
		return fail_sys(e, "session");
	if (c->spec.process->terminal && !c->by_hand &&
	    ioctl(STDIN_FILENO, TIOCSCTTY, 0) < 0)
		return fail_sys(e, "controlling terminal");
	return 0;
}

/* The limit of processes is the container's, and we are two for a moment. */
static int
refuse(struct err *e)
{
	return errno == EAGAIN
	       ? fail(e, EAGAIN, "no further process: its limit is reached")
	       : fail_sys(e, "clone");
}

/* What we still had, being outside: of the host, and namespaces. */
static void
close_outside(struct child *c)
{
	int *ours[] = { &c->proc, &c->cwd, &c->root, &c->workdir, &c->null,
		        &c->shroud };

	for (size_t i = 0; i < COUNT(ours); i++) {
		auto_close(ours[i]);
		*ours[i] = -1;
	}
	for (int kind = 0; kind < NAMESPACE_KINDS; kind++)
		if (c->plan->join_fd[kind] >= 0)
			close(c->plan->join_fd[kind]);
	if (c->plan->fifo < 0) {
		auto_close(&c->proc_inside);
		c->proc_inside = -1;
	}
	c->proc = c->proc_inside;
}

static int
give_birth(struct child *c, struct err *e)
{
	pid_t pid;

	if (!c->plan->exec)
		close_outside(c);
	pid = c->by_hand ? fork() : process_sibling();

	if (pid < 0)
		return refuse(e);
	if (pid == 0)
		return begin(c, e);
	if (c->by_hand)
		init_wait_for(pid);
	if (send_birth(c, pid, e) < 0)
		kill(pid, SIGKILL);
	_exit(0);
}

int
init_birth(struct child *c, struct err *e)
{
	return init_is_to_be_born(c) ? give_birth(c, e) : 0;
}

/*
 * A start that joins a pid namespace: from now on children are born in there.
 * Nothing but hooks is, which are to be in it, until we are.
 */
int
init_birthplace(struct child *c, struct err *e)
{
	char *options[] = { (char *)(uintptr_t)"subset=pid", NULL };
	int space = c->plan->join_fd[NAMESPACE_PID];

	if (c->plan->exec || space < 0)
		return 0;
	/* To find a descriptor by its name; it shows nothing but processes. */
	c->proc_inside = mounts_proc_of(space, options, MS_RDONLY, e);
	if (c->proc_inside < 0)
		return -1;
	if (setns(space, CLONE_NEWPID) < 0)
		return fail_sys(e, "pid namespace");
	return 0;
}

static bool
allows(struct child *c, const struct call *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!init_filter_allows(c, list[i].number, list[i].args))
			return false;
	return true;
}

/* Does the filter forbid what follows a birth? */
static bool
is_early(struct child *c)
{
	const struct hooks *h = c->spec.hooks;

	if (!allows(c, calls, COUNT(calls)) ||
	    (init_has_listener(c) &&
	     !allows(c, listener_calls, COUNT(listener_calls))))
		return true;
	if (c->plan->exec)
		return false;
	return !allows(c, start_calls, COUNT(start_calls)) ||
	       (c->plan->preserve > 0 &&
	        !allows(c, kept_calls, COUNT(kept_calls))) ||
	       (h && h->n_start_container &&
	        !allows(c, hook_calls, COUNT(hook_calls)));
}

/* Nothing of the host's is open in who is born. What is left to do is to find
 * the command and to load the filter, under which nobody can be born. */
int
init_birth_early(struct child *c, struct err *e)
{
	if (!init_is_to_be_born(c))
		return 0;
	if (init_filter_compile(c, e) < 0)
		return fail_in(e, "seccomp");
	if (!is_early(c))
		return 0;
	if (c->plan->exec) {
		close(c->proc);
		close(c->cwd);
		c->proc = c->cwd = -1;
	}
	return give_birth(c, e);
}
