/* SPDX-License-Identifier: ISC */
/* One poll over a process, its descriptors and who watches it. */
#include "monitor/loop.h"
#include "monitor/clients.h"
#include "sys/clock.h"
#include "sys/fd.h"
#include "sys/signal.h"
#include "sys/tty.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

/* The places in the array for poll(). */
enum { AT_SIGNALS, AT_LISTEN, AT_CONSOLE, AT_OUT, AT_ERR, AT_IN, AT_PROBE,
       AT_CLIENTS,
       AT_ALL = AT_CLIENTS + LOOP_CLIENTS };

/* After the end: how long all may take, and how long silence is the end. */
enum { DRAIN_MS = 1000, QUIET_MS = 100 };

static void
drop(int *fd)
{
	auto_close(fd);
	*fd = -1;
}

void
loop_begin(struct loop *l, const struct runtime_child *child,
           struct stdio *io)
{
	memset(l, 0, offsetof(struct loop, room));
	l->child = child;
	l->listen = l->signals = l->peer = -1;
	clients_begin(l);
	l->in = take_fd(&io->ours[0]);
	l->typed = l->room[2];
	for (int i = 0; i < 2; i++)
		l->out[i] = (struct stream){ take_fd(&io->ours[i + 1]),
		                             i ? FRAME_ERR : FRAME_OUT, 0,
		                             l->room[i] };
	if (child->master < 0)
		return;
	l->peer = tty_peer(child->master);
	l->out[0].fd = fcntl(child->master, F_DUPFD_CLOEXEC, 3);
	l->in = fcntl(child->master, F_DUPFD_CLOEXEC, 3);
	l->keep_in = true;
	fcntl(child->master, F_SETFL, O_RDWR | O_NONBLOCK);
}

void
auto_loop(struct loop *l)
{
	drop(&l->in);
	drop(&l->peer);
	clients_end(l);
	drop(&l->out[0].fd);
	drop(&l->out[1].fd);
}

/* ---- output ---- */

/* With no socket between: our own stdout, whose reader may have gone. */
static void
show(struct stream *s)
{
	int to = s->kind == FRAME_OUT ? STDOUT_FILENO : STDERR_FILENO;

	if (fd_write(to, s->bytes, s->n) < 0 && errno != EPIPE)
		drop(&s->fd);
	s->n = 0;
}

static void
pass_on(struct loop *l, struct stream *s)
{
	if (l->logs)
		logs_write(l->logs, s->kind == FRAME_OUT ? LOGS_OUT : LOGS_ERR,
		           s->bytes, s->n);
	if (l->console)
		show(s);
	else
		clients_pass(l, (int)(s - l->out));
}

static void
take_output(struct loop *l, struct stream *s)
{
	ssize_t got = read(s->fd, s->bytes, FRAME_BYTES);

	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (got <= 0) {
		drop(&s->fd); /* EIO: all slaves of the pty are closed */
		return;
	}
	s->n = (size_t)got;
	pass_on(l, s);
}

/* ---- input ---- */

static void
tell_taken(struct loop *l)
{
	struct client *c = l->typist >= 0 ? &l->clients[l->typist] : NULL;

	l->n = l->done = 0;
	l->typist = -1;
	if (c && c->fd >= 0 && frame_send(c->fd, FRAME_TAKEN, NULL, 0) < 0)
		clients_lose(l, c);
}

static void
give_input(struct loop *l)
{
	ssize_t sent = -1;

	if (l->in >= 0) {
		sent = write(l->in, l->typed + l->done, l->n - l->done);
		if (sent < 0 && (errno == EAGAIN || errno == EINTR))
			return;
	}
	if (sent < 0)
		drop(&l->in); /* it reads no more, so the rest is dropped */
	else
		l->done += (size_t)sent;
	if (sent < 0 || l->done == l->n)
		tell_taken(l);
}

static void
resize(struct loop *l, const struct frame_size *size)
{
	if (l->child->master >= 0 &&
	    tty_resize(l->child->master, size->rows, size->columns) < 0)
		return; /* the terminal has gone, and soon so has he */
}

static void
end_input(struct loop *l)
{
	if (!l->keep_in)
		drop(&l->in);
	tell_taken(l);
}

static void
take_input(struct loop *l, int i, const struct frame *f)
{
	l->typist = i;
	if (f->n == 0) {
		end_input(l);
		return;
	}
	memcpy(l->typed, f->bytes, f->n);
	l->n = f->n;
	give_input(l);
}

static void
hear_client(struct loop *l, int i)
{
	struct frame f;
	int got = frame_receive(l->clients[i].fd, &f);

	if (got < 0 && errno == EAGAIN)
		return;
	if (got <= 0)
		clients_lose(l, &l->clients[i]);
	else if (f.kind == FRAME_RESIZE)
		resize(l, &f.size);
	else if (f.kind == FRAME_SIGNAL)
		loop_kill(l, f.number);
	else if (f.kind == FRAME_STDIN && l->n == 0)
		take_input(l, i, &f);
}

static void
hear_console(struct loop *l)
{
	int got = console_read(l->console, l->typed, &l->n);

	if (l->n)
		give_input(l);
	if (got == 0)
		end_input(l);
	if (got == ATTACH_DETACHED)
		l->detached = true;
}

/* ---- signals, and who is due ---- */

static void
hear_signals(struct loop *l)
{
	int number;

	while ((number = signal_next(l->signals)) != 0) {
		if (number == SIGCHLD && l->probe)
			probe_reap(l->probe);
		if (number == SIGCHLD)
			loop_reap(l);
		else if (l->console)
			loop_kill(l, console_signal(l->console, number));
		else if (number == SIGTERM)
			loop_go_down(l);
	}
}

static void
show_size(struct loop *l)
{
	struct frame_size size;

	if (!l->console || !l->console->resized)
		return;
	l->console->resized = false;
	if (console_size(&size) == 0)
		resize(l, &size);
}

/* Who has typed something waits until it is taken; others, too, if they have
 * something to say, as it could be input. */
static void
fill_clients(const struct loop *l, struct pollfd *p)
{
	for (int i = 0; i < LOOP_CLIENTS; i++) {
		const struct client *c = &l->clients[i];

		p[i] = (struct pollfd){ c->fd, 0, 0 };
		if (l->n == 0 || l->typist == i)
			p[i].events |= POLLIN;
		if (c->owes)
			p[i].events |= POLLOUT;
	}
}

/* Descriptors of -1 are passed over by poll(). */
static void
fill(const struct loop *l, struct pollfd p[AT_ALL])
{
	bool types = l->console && l->console->typing && l->n == 0;

	p[AT_SIGNALS] = (struct pollfd){ l->signals, POLLIN, 0 };
	p[AT_LISTEN] = (struct pollfd){ l->listen, POLLIN, 0 };
	p[AT_CONSOLE] = (struct pollfd){ types ? STDIN_FILENO : -1, POLLIN, 0 };
	for (int i = 0; i < 2; i++)
		p[AT_OUT + i] = (struct pollfd){
			l->out[i].n ? -1 : l->out[i].fd, POLLIN, 0
		};
	p[AT_IN] = (struct pollfd){ l->n ? l->in : -1, POLLOUT, 0 };
	p[AT_PROBE] = (struct pollfd){ l->probe ? l->probe->out : -1, POLLIN,
	                               0 };
	fill_clients(l, p + AT_CLIENTS);
}

static void
serve_clients(struct loop *l, const struct pollfd *p)
{
	for (int i = 0; i < LOOP_CLIENTS; i++) {
		struct client *c = &l->clients[i];

		if (p[i].revents & POLLOUT && c->owes)
			clients_pass_to(l, c);
		/* He may have something to say that cannot be taken now. */
		if (l->n && l->typist != i &&
		    !(p[i].revents & (POLLHUP | POLLERR)))
			continue;
		if (p[i].revents & ~POLLOUT && c->fd == p[i].fd && c->fd >= 0)
			hear_client(l, i);
	}
}

static void
serve(struct loop *l, const struct pollfd p[AT_ALL])
{
	if (p[AT_SIGNALS].revents)
		hear_signals(l);
	for (int i = 0; i < 2; i++)
		if (p[AT_OUT + i].revents)
			take_output(l, &l->out[i]);
	if (p[AT_IN].revents && l->n)
		give_input(l);
	if (p[AT_PROBE].revents)
		probe_hear(l->probe);
	if (p[AT_CONSOLE].revents)
		hear_console(l);
	serve_clients(l, p + AT_CLIENTS);
	if (p[AT_LISTEN].revents)
		clients_accept(l);
}

/* The sooner of two times to wait, of which -1 is never. */
static int
sooner(int a, int b)
{
	return a < 0 || (b >= 0 && b < a) ? b : a;
}

static int
turn(struct loop *l, int timeout)
{
	struct pollfd p[AT_ALL];
	int ready;

	show_size(l);
	timeout = sooner(timeout, clients_hurry(l));
	fill(l, p);
	ready = poll(p, AT_ALL, timeout);
	if (ready > 0)
		serve(l, p);
	return ready < 0 && errno == EINTR ? 1 : ready;
}

int
loop_run(struct loop *l, struct err *e)
{
	while (!l->ended && !l->detached) {
		int timeout = l->probe ? probe_wait(l->probe) : -1;

		if (turn(l, sooner(timeout, loop_kill_wait(l))) < 0)
			return fail_sys(e, "poll");
		if (l->probe && !l->ended)
			probe_turn(l->probe);
	}
	return 0;
}

/* ---- the end ---- */

static bool
is_full(const struct loop *l)
{
	return l->out[0].n || l->out[1].n;
}

static bool
is_drained(const struct loop *l)
{
	return l->out[0].fd < 0 && l->out[1].fd < 0 && !is_full(l);
}

void
loop_drain(struct loop *l)
{
	int64_t end = is_drained(l) ? 0 : clock_ms() + DRAIN_MS;

	drop(&l->peer);
	drop(&l->in);
	l->n = 0;
	while (!is_drained(l)) {
		int64_t left = end - clock_ms();

		if (left > QUIET_MS && !is_full(l))
			left = QUIET_MS;
		if (left <= 0 || turn(l, (int)left) <= 0)
			return;
	}
}

/* Only the one who has started the process is worth waiting for. */
static struct client *
patient_client(struct loop *l)
{
	for (int i = 0; i < LOOP_CLIENTS; i++)
		if (l->clients[i].fd >= 0 && !l->clients[i].late)
			return &l->clients[i];
	return NULL;
}

/*
 * What a pipe and a pty may still hold is little, and whoever still writes
 * after the end of the container is no longer listened to.
 */
void
loop_finish(struct loop *l)
{
	struct client *c = patient_client(l);
	int flags = c ? fcntl(c->fd, F_GETFL) : -1;

	for (int i = 0; i < LOOP_CLIENTS; i++)
		if (l->clients[i].late)
			l->clients[i].owes = 0;
	if (flags < 0 || !is_full(l))
		return;
	fcntl(c->fd, F_SETFL, flags & ~O_NONBLOCK);
	clients_pass_to(l, c);
	for (int i = 0; i < 2; i++)
		for (int left = 8; left > 0 && l->out[i].fd >= 0; left--)
			take_output(l, &l->out[i]);
}

void
loop_discard(struct loop *l)
{
	drop(&l->peer);
	l->signals = -1;
	l->n = 0;
	while (l->out[0].fd >= 0 && turn(l, -1) >= 0)
		continue;
}
