/* SPDX-License-Identifier: ISC */
/* Inside `monitor`: one poll over a process, its descriptors, its watcher. */
#ifndef MONITOR_LOOP_H
#define MONITOR_LOOP_H

#include "logs/logs.h"
#include "monitor/console.h"
#include "monitor/frame.h"
#include "monitor/probe.h"
#include "monitor/stdio.h"
#include "runtime/runtime.h"

/* What the process writes; of it `n` bytes have still to be passed on to some
 * of who watch. */
struct stream {
	int fd;
	enum frame_kind kind;
	size_t n;
	char *bytes; /* FRAME_BYTES */
};

enum { LOOP_CLIENTS = 16 };

/*
 * Who watches. The one that has started the process may take his time to read;
 * one that came later is sent away when he holds up the others for long.
 *
 * fd     his socket, -1: the place is free
 * owes   a bit for each stream whose bytes have not yet been sent to him
 * since  since when, in milliseconds of CLOCK_BOOTTIME
 */
struct client {
	int fd;
	bool late;
	unsigned owes;
	int64_t since;
};

/*
 * listen    socket for those who come later, -1: nobody can; not ours to close
 * logs      where output is kept, NULL: nowhere
 * probe     asks how it is, NULL: nobody does
 * console   or: the caller's own terminal, with no socket between
 * signals   signalfd, not ours to close; SIGCHLD is among them, so that no
 *           pidfd is needed
 * in        where input goes: a pipe or the terminal's master
 * peer      the slave side of the terminal: while we hold it, the master gives
 *           no EIO that would have to be asked for again and again
 * keep_in   input does not end with a client's
 * typist    whose input is in `typed`
 * typed     input that the process has not taken yet, from `done` up to `n`
 * down      we were told to end (SIGTERM), and with us the process, which is
 *           killed stop_seconds later, at kill_at; below 0: never
 * thaw      lets c's processes go on, if they are paused; NULL: exec's are not
 * room      for bytes; last, so that pages which nobody uses stay away
 */
struct loop {
	const struct runtime_child *child;
	int listen, signals, in, peer;
	struct client clients[LOOP_CLIENTS];
	struct logs *logs;
	struct probe *probe;
	struct console *console;
	struct stream out[2];
	char *typed;
	size_t done, n;
	int typist, stop_signal;
	int64_t stop_seconds, kill_at; /* of CLOCK_BOOTTIME, in milliseconds */
	bool ended, detached, keep_in, down;
	void (*thaw)(const struct container *c);
	const struct container *c;
	int status;
	char room[3][FRAME_BYTES];
};

/* Takes over our ends of the pipes. */
void loop_begin(struct loop *l, const struct runtime_child *child,
                struct stdio *io);
void auto_loop(struct loop *l);

/* loop_process.c: a signal to the process, 0: none; its end, if it has come. */
void loop_kill(struct loop *l, int number);
void loop_reap(struct loop *l);
/* Who tells a monitor to end means the container: it is asked to, and later
 * killed. How many milliseconds until then; -1: never. */
void loop_go_down(struct loop *l);
int loop_kill_wait(struct loop *l);

/* Let somebody watch; closes the socket if there is no place left. */
void loop_add_client(struct loop *l, int fd, bool late);

/* A frame to all who watch. If they have gone, nobody need be told. */
void loop_tell(struct loop *l, enum frame_kind kind, const void *bytes,
               size_t n);

/* Until the process has ended, or the console is detached. */
int loop_run(struct loop *l, struct err *e) MUST;

/*
 * Pass on what it has written before it ended: all of it, unless somebody else
 * still holds the other side, or who watches does not read for a second.
 */
void loop_drain(struct loop *l);

/* The rest for the one who may take his time, with no limit. */
void loop_finish(struct loop *l);

/* Read what nobody watches until all who write are gone; for a process that
 * is not our child. */
void loop_discard(struct loop *l);

#endif
