/* SPDX-License-Identifier: ISC */
/* The door of `sync`: the words that runtime, init and monitor exchange. */
#ifndef SYNC_SYNC_H
#define SYNC_SYNC_H

#include "base/err.h"

/*
 * What a child finds open, beside stdin, stdout and stderr. The command comes
 * down a pipe, answers go up a socket (SOCK_SEQPACKET), which is closed on
 * exec: end of file on it means that the command runs.
 */
enum {
	SYNC_CONFIG_FD = 3,
	SYNC_SOCKET_FD = 4,
	SYNC_EXTRA_FD = 5, /* the first of those that the plan names */
};

enum sync_word {
	SYNC_MOUNTED = 1, /* child: all mounts are made, hooks may run; with
	                   * the pty's master when there is a terminal */
	SYNC_GO,          /* parent: pivot and go on */
	SYNC_READY,       /* child: waiting on exec.fifo (create/start) */
	SYNC_WARNING,     /* child: err.text is worth a warning */
	SYNC_BORN,        /* child: err.code is the pid of who goes on in its
	                   * place, a child of the parent, waiting for GO */
	SYNC_LISTENER,    /* child: with the descriptor of its seccomp filter,
	                   * which is to go to the listener; then GO */
	SYNC_SOURCE,      /* child: of mount err.code it wants the source, with
	                   * mapped owners; GO comes with a detached copy */
	SYNC_FAILED,      /* child: err says why; it ends after this */
};

struct sync_message {
	enum sync_word word;
	struct err err;
};

/*
 * Send one word, with a descriptor if fd >= 0.
 *
 * errors   EPIPE  the other side is gone
 */
int sync_send(int socket, enum sync_word word, const struct err *said, int fd,
              struct err *e) MUST;

/*
 * Wait for one word. Returns 1, or 0 at end of file.
 *
 * fd       receives a descriptor that came along (close-on-exec), else -1;
 *          NULL if none is expected (one that comes is closed)
 */
int sync_receive(int socket, struct sync_message *m, int *fd,
                 struct err *e) MUST;

#endif
