/* SPDX-License-Identifier: ISC */
/* Inside `monitor`: one poll over a process, its descriptors, its watcher. */
#ifndef MONITOR_LOOP_H
#define MONITOR_LOOP_H

#include "monitor/console.h"
#include "monitor/frame.h"
#include "monitor/stdio.h"
#include "runtime/runtime.h"

/* What the process writes; `n` bytes are still to be passed on. */
struct stream {
	int fd;
	enum frame_kind kind;
	size_t n;
	char *bytes; /* FRAME_BYTES */
};

/*
 * client    socket of who watches, -1: nobody, output is dropped
 * console   or: the caller's own terminal, with no socket between
 * signals   signalfd; SIGCHLD is among them, so that no pidfd is needed
 * in        where input goes: a pipe or the terminal's master
 * peer      the slave side of the terminal: while we hold it, the master gives
 *           no EIO that would have to be asked for again and again
 * typed     input that the process has not taken yet, from `done` up to `n`
 * room      for bytes; last, so that pages which nobody uses stay away
 */
struct loop {
	const struct runtime_child *child;
	int client, signals, in, peer;
	struct console *console;
	struct stream out[2];
	char *typed;
	size_t done, n;
	bool ended, detached;
	int status;
	char room[3][FRAME_BYTES];
};

/* Takes over our ends of the pipes. */
void loop_begin(struct loop *l, const struct runtime_child *child,
                struct stdio *io);
void auto_loop(struct loop *l);

/* Until the process has ended, or the console is detached. */
int loop_run(struct loop *l, struct err *e) MUST;

/*
 * Pass on what it has written before it ended: all of it, unless somebody else
 * still holds the other side, or who watches does not read for a second.
 */
void loop_drain(struct loop *l);

/* The rest for a watcher who takes his time, with no limit. */
void loop_finish(struct loop *l);

/* Read what nobody watches until all who write are gone; for a process that
 * is not our child. */
void loop_discard(struct loop *l);

#endif
