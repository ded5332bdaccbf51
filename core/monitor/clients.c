/* SPDX-License-Identifier: ISC */
/* Who watches a process, and what they are still owed. */
#include "monitor/clients.h"
#include "base/log.h"
#include "sys/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* How long one that came later may hold up the process and the others. */
enum { PATIENCE_MS = 1000 };

void
clients_begin(struct loop *l)
{
	for (int i = 0; i < LOOP_CLIENTS; i++)
		l->clients[i] = (struct client){ .fd = -1 };
	l->typist = -1;
}

void
clients_end(struct loop *l)
{
	for (int i = 0; i < LOOP_CLIENTS; i++)
		auto_close(&l->clients[i].fd);
	clients_begin(l);
}

static void
forget_owed(struct loop *l)
{
	for (int i = 0; i < 2; i++)
		if (!clients_owe(l, i))
			l->out[i].n = 0;
}

/* A terminal's input stays open: others may come. */
void
clients_lose(struct loop *l, struct client *c)
{
	auto_close(&c->fd);
	c->fd = -1;
	c->owes = 0;
	forget_owed(l);
	if (l->typist == c - l->clients) {
		l->typist = -1;
		l->n = l->done = 0;
	}
	if (!c->late && !l->keep_in) {
		auto_close(&l->in);
		l->in = -1;
	}
}

void
loop_add_client(struct loop *l, int fd, bool late)
{
	for (int i = 0; i < LOOP_CLIENTS; i++) {
		if (l->clients[i].fd >= 0)
			continue;
		fcntl(fd, F_SETFL, O_RDWR | O_NONBLOCK);
		l->clients[i] = (struct client){ .fd = fd, .late = late };
		return;
	}
	close(fd);
}

static bool
has_place(const struct loop *l)
{
	for (int i = 0; i < LOOP_CLIENTS; i++)
		if (l->clients[i].fd < 0)
			return true;
	return false;
}

/* He that has gone meanwhile need not hear it. */
static void
send_away(int fd)
{
	struct err e = { 0 }; /* all of it is sent */

	fail(&e, EUSERS, "%d are attached already; no more can be",
	     LOOP_CLIENTS);
	fail_status(&e, STATUS_FAILED);
	if (frame_send(fd, FRAME_FAILED, &e, sizeof(e)) < 0)
		log_debug("watcher: %s", strerror(errno));
	close(fd);
}

void
clients_accept(struct loop *l)
{
	int fd = accept4(l->listen, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (fd < 0) {
		/* With no descriptors left it would be asked for ever. */
		if (errno == EMFILE || errno == ENFILE)
			l->listen = -1;
		return;
	}
	if (!has_place(l))
		send_away(fd);
	else if (frame_send(fd, FRAME_STARTED, NULL, 0) < 0)
		close(fd);
	else
		loop_add_client(l, fd, true);
}

void
loop_tell(struct loop *l, enum frame_kind kind, const void *bytes, size_t n)
{
	for (int i = 0; i < LOOP_CLIENTS; i++)
		if (l->clients[i].fd >= 0 &&
		    frame_send(l->clients[i].fd, kind, bytes, n) < 0)
			log_debug("watcher: %s", strerror(errno));
}

static void
pass(struct loop *l, struct client *c, int i)
{
	struct stream *s = &l->out[i];

	if (frame_send(c->fd, s->kind, s->bytes, s->n) == 0) {
		c->owes &= ~(1u << i);
	} else if (errno != EAGAIN && errno != ENOBUFS) {
		clients_lose(l, c);
	} else {
		if (!c->owes)
			c->since = clock_ms();
		c->owes |= 1u << i;
	}
}

void
clients_pass(struct loop *l, int i)
{
	for (int j = 0; j < LOOP_CLIENTS; j++)
		if (l->clients[j].fd >= 0)
			pass(l, &l->clients[j], i);
	forget_owed(l);
}

void
clients_pass_to(struct loop *l, struct client *c)
{
	for (int i = 0; i < 2; i++)
		if (c->fd >= 0 && c->owes & 1u << i)
			pass(l, c, i);
	forget_owed(l);
}

bool
clients_owe(const struct loop *l, int i)
{
	for (int j = 0; j < LOOP_CLIENTS; j++)
		if (l->clients[j].owes & 1u << i)
			return true;
	return false;
}

int
clients_hurry(struct loop *l)
{
	int64_t now = 0, next = -1;

	for (int i = 0; i < LOOP_CLIENTS; i++) {
		struct client *c = &l->clients[i];
		int64_t left;

		if (!c->late || !c->owes)
			continue;
		now = now ? now : clock_ms();
		left = c->since + PATIENCE_MS - now;
		if (left <= 0)
			clients_lose(l, c);
		else if (next < 0 || left < next)
			next = left;
	}
	return (int)next;
}
