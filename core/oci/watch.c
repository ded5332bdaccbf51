/* SPDX-License-Identifier: ISC */
/* In the foreground until a process ends: its terminal, its signals. */
#include "base/log.h"
#include "oci/box.h"
#include "sys/fd.h"
#include "sys/process.h"
#include "sys/signal.h"
#include "sys/tty.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define CHUNK 4096

/* Bytes on their way to the terminal, which may not take them at once. */
struct typed {
	char bytes[CHUNK];
	size_t at, n;
	bool ended;
};

void
auto_watch(struct watch *w)
{
	if (w->raw)
		tty_restore(STDIN_FILENO, &w->before);
	auto_close(&w->signals);
	auto_close(&w->notify);
}

int
watch_begin(struct watch *w, struct err *e)
{
	sigset_t set;

	signal_set_outside(&set);
	sigaddset(&set, SIGCHLD);
	signal(SIGCHLD, SIG_DFL);
	return signal_open(&set, &w->signals, e);
}

static void
copy_size(const struct runtime_child *child)
{
	unsigned short rows, columns;

	if (child->master < 0 ||
	    tty_size(STDIN_FILENO, &rows, &columns) < 0)
		return;
	if (tty_resize(child->master, rows, columns) < 0)
		log_debug("terminal size: %s", strerror(errno));
}

/* Returns 1 once the process has ended. */
static int
take_signals(const struct watch *w, const struct runtime_child *child,
             int *status, struct err *e)
{
	siginfo_t info = { 0 };
	int number;

	while ((number = signal_next(w->signals)) > 0) {
		if (number == SIGWINCH)
			copy_size(child);
		else if (number != SIGCHLD &&
		         process_signal(child->pidfd, child->pid, number,
		                        e) < 0)
			return -1;
	}
	waitid(P_PID, (id_t)child->pid, &info, WEXITED | WNOHANG | WNOWAIT);
	if (info.si_pid != child->pid)
		return 0;
	return process_wait(child->pid, status, e) < 0 ? -1 : 1;
}

/* What the terminal says; 0 at its end, which is EIO. */
static ssize_t
show(int master)
{
	char bytes[CHUNK];
	ssize_t n = read(master, bytes, sizeof(bytes));

	if (n <= 0)
		return n < 0 && (errno == EAGAIN || errno == EINTR) ? 1 : 0;
	if (fd_write(STDOUT_FILENO, bytes, (size_t)n) < 0)
		log_debug("stdout: %s", strerror(errno));
	return n;
}

static void
pass_on(int master, struct typed *t)
{
	ssize_t n = write(master, t->bytes + t->at, t->n - t->at);

	if (n < 0 && errno != EAGAIN && errno != EINTR)
		t->at = t->n;
	if (n > 0)
		t->at += (size_t)n;
}

static void
read_typed(struct typed *t)
{
	ssize_t n = read(STDIN_FILENO, t->bytes, sizeof(t->bytes));

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	t->ended = n <= 0;
	t->at = 0;
	t->n = n > 0 ? (size_t)n : 0;
}

static void
drain(int master)
{
	struct pollfd p = { .fd = master, .events = POLLIN };

	while (master >= 0 && poll(&p, 1, 0) > 0 && (p.revents & POLLIN) &&
	       show(master) > 0)
		continue;
}

static void
begin_terminal(struct watch *w, const struct runtime_child *child)
{
	if (child->master < 0)
		return;
	fcntl(child->master, F_SETFL, O_RDWR | O_NONBLOCK);
	copy_size(child);
	w->raw = isatty(STDIN_FILENO) &&
	         tty_raw(STDIN_FILENO, &w->before) == 0;
}

/* What is said to others is no reason to end. Once is enough: who is in there
 * could make us wait for others again and again. */
static void
pass_on_ready(struct watch *w, const struct runtime_child *child)
{
	struct err why;
	int done = notify_pass(w->notify, child->pid, &why);

	if (done < 0)
		log_warn("%s", why.text);
	if (done == 0)
		return;
	auto_close(&w->notify);
	w->notify = -1;
}

int
watch_run(struct watch *w, const struct runtime_child *child, struct err *e)
{
	struct typed t = { .n = 0 };
	int master = child->master, status, ended;

	begin_terminal(w, child);
	while ((ended = take_signals(w, child, &status, e)) == 0) {
		bool full = t.at < t.n, reads = master >= 0 && !t.ended;
		struct pollfd p[] = {
			{ .fd = w->signals, .events = POLLIN },
			{ .fd = master, .events = full ? POLLIN | POLLOUT
			                               : POLLIN },
			{ .fd = reads && !full ? STDIN_FILENO : -1,
			  .events = POLLIN },
			{ .fd = w->notify, .events = POLLIN },
		};

		if (poll(p, 4, -1) < 0 && errno != EINTR)
			return fail_sys(e, "poll");
		if (p[1].revents & POLLOUT)
			pass_on(master, &t);
		if (p[1].revents & (POLLIN | POLLHUP | POLLERR) &&
		    show(master) == 0)
			master = -1;
		if (p[2].revents)
			read_typed(&t);
		if (p[3].revents)
			pass_on_ready(w, child);
	}
	drain(master);
	return ended < 0 ? -1 : status;
}
