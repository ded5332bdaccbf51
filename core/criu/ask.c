/* SPDX-License-Identifier: ISC */
/* One request, and all that criu says until it has ended. */
#include "criu/criu.h"
#include "base/log.h"
#include "criu/message.h"
#include "sys/fd.h"
#include "sys/process.h"
#include "sys/signal.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MOST_SAID 65536
#define MOST_LOG (64 << 20)

static int
send_message(const struct criu *c, const struct buf *text, struct err *e)
{
	while (send(c->socket, text->data, text->n, MSG_NOSIGNAL) < 0)
		if (errno != EINTR)
			return errno == EPIPE ? 0 : fail_sys(e, "criu");
	return 0;
}

static int
send_request(const struct criu *c, const struct criu_options *o,
             struct err *e)
{
	AUTO(buf) struct buf text = { 0 };

	criu_add_number(&text, 1, o->verb);
	criu_add_bytes(&text, 2, o->text.data, o->text.n);
	return send_message(c, &text, e);
}

static int
answer_notice(const struct criu *c, bool well, struct err *e)
{
	AUTO(buf) struct buf text = { 0 };

	criu_add_number(&text, 1, CRIU_NOTICE);
	criu_add_number(&text, 3, well);
	return send_message(c, &text, e);
}

/* criu may wait for what never comes. */
static int
wait_for_message(const struct criu *c, struct err *e)
{
	struct pollfd p[] = {
		{ .fd = c->socket, .events = POLLIN },
		{ .fd = c->stop, .events = POLLIN },
	};
	int number;

	while (!p[0].revents) {
		if (poll(p, 2, -1) < 0 && errno != EINTR)
			return fail_sys(e, "poll");
		while (c->stop >= 0 && (number = signal_next(c->stop)) > 0)
			if (number != SIGCHLD && number != SIGWINCH)
				return fail(e, EINTR, "criu: ended by signal"
				            " %d", number);
	}
	return 0;
}

/* The next message, and a descriptor that came along; 0: there is no more. */
static int
receive(const struct criu *c, struct criu_answer *answer, int *fd,
        struct arena *a, struct err *e)
{
	char bytes[MOST_SAID];
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control;
	struct iovec part = { bytes, sizeof(bytes) };
	struct msghdr m = {
		.msg_iov = &part, .msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes),
	};
	struct cmsghdr *head;
	ssize_t n;

	*fd = -1;
	if (wait_for_message(c, e) < 0)
		return -1;
	n = fd_receive(c->socket, &m);
	if (n <= 0)
		return n < 0 ? fail_sys(e, "criu") : 0;
	head = CMSG_FIRSTHDR(&m);
	if (head && head->cmsg_level == SOL_SOCKET &&
	    head->cmsg_type == SCM_RIGHTS)
		memcpy(fd, CMSG_DATA(head), sizeof(*fd));
	if (criu_read_answer(bytes, (size_t)n, answer, a))
		return 1;
	auto_close(fd);
	return fail(e, EPROTO, "criu: no message of its protocol");
}

/* Until the answer has come: 1; 0: criu has ended without one. */
static int
hear_out(const struct criu *c, struct criu_hearer *hearer,
         struct criu_answer *answer, struct arena *a, struct err *e)
{
	int got, fd;

	while ((got = receive(c, answer, &fd, a, e)) > 0 &&
	       answer->type == CRIU_NOTICE && answer->what) {
		struct err late;
		bool well = hearer->hear(hearer->with, answer->what,
		                         answer->pid, fd, e) == 0;

		hearer->failed = !well;
		if (answer_notice(c, well, well ? e : &late) < 0 || !well)
			return -1;
	}
	auto_close(&fd); /* of what is no notice */
	return got;
}

/* A hearer's error is criu's to clean up after; else it need not hear us. */
static int
bury(struct criu *c, bool now, struct err *e)
{
	struct err late;
	int status;

	if (now && process_signal(c->pidfd, c->pid, SIGKILL, &late) < 0)
		log_debug("%s", late.text);
	auto_close(&c->socket);
	c->socket = -1;
	if (process_wait(c->pid, &status, e) < 0)
		return -1;
	c->pid = -1;
	return status;
}

/* The last line of what it has said to nobody in particular. */
static void
say_why(const struct criu *c, int status, struct err *e)
{
	AUTO(buf) struct buf said = { 0 };
	char *line;

	fail(e, ECHILD, "criu: ended with status %d", status);
	if (lseek(c->said, 0, SEEK_SET) < 0 ||
	    fd_read(c->said, MOST_SAID, &said) < 0 || said.n == 0)
		return;
	while (said.n > 0 && said.data[said.n - 1] == '\n')
		said.data[--said.n] = '\0';
	line = strrchr(said.data, '\n');
	fail(e, ECHILD, "criu: %s", line ? line + 1 : said.data);
}

int
criu_ask(struct criu *c, const struct criu_options *o,
         struct criu_hearer *hearer, pid_t *pid, struct err *e)
{
	AUTO(arena) struct arena a = { 0 };
	struct criu_answer answer = { 0 };
	struct err late;
	int heard, status;

	if (send_request(c, o, e) < 0)
		return -1;
	heard = hear_out(c, hearer, &answer, &a, e);
	status = bury(c, heard < 0 && !hearer->failed, heard < 0 ? &late : e);
	if (heard < 0 || status < 0)
		return -1;
	if (heard == 0) {
		say_why(c, status, e);
		return -1;
	}
	if (!answer.done)
		return fail(e, ECHILD, "criu: %s", answer.message
		            ? answer.message : "it failed");
	*pid = answer.restored;
	return 0;
}

/* Errors that it goes on after: they say what this machine does without. */
static const char *const harmless[] = { "rlimit: ", "tun: " };

/* "(00.458610)      1: Error (criu/files-reg.c:1790): Can't …": what it means
 * begins behind the place. */
static char *
meaning(char *line)
{
	char *at = strstr(line, "Error ("), *place = at ? strstr(at, "): ")
	                                                : NULL;

	if (!place)
		return NULL;
	place += 3;
	for (size_t i = 0; i < sizeof(harmless) / sizeof(*harmless); i++)
		if (strncmp(place, harmless[i], strlen(harmless[i])) == 0)
			return NULL;
	return place;
}

char *
criu_reason(int dir, const char *log, struct arena *a)
{
	AUTO(buf) struct buf text = { 0 };
	char *line, *rest;

	if (fd_read_at(dir, log, MOST_LOG, &text) < 0 || text.n == 0)
		return NULL;
	for (line = strtok_r(text.data, "\n", &rest); line;
	     line = strtok_r(NULL, "\n", &rest)) {
		char *said = meaning(line);

		if (said)
			return arena_text(a, said);
	}
	return NULL;
}
