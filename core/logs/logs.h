/* SPDX-License-Identifier: ISC */
/* The door of `logs`: what a container has written, kept or passed on. */
#ifndef LOGS_LOGS_H
#define LOGS_LOGS_H

#include "base/err.h"
#include "base/json.h"
#include "base/mem.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

enum logs_stream { LOGS_OUT, LOGS_ERR };

/*
 * What is asked for, and of which container; nothing of it is kept.
 *
 * driver   --log-driver: "json-file", "journald", "syslog", "none" or
 *          "passthrough" (the streams go elsewhere); NULL is json-file
 * options  --log-opt
 * labels, env  that options may pick; NULL: none
 * kept     not --rm: 3 files of 10 MB. Else it lies in memory: 3 of 1 MB
 */
struct logs_how {
	const char *driver;
	const struct pairs *options, *labels;
	const struct words *env;
	const char *id, *name, *image;
	bool kept;
};

/*
 * For the command line: can this be had?
 *
 * options  NULL: none
 * errors   EINVAL  no such driver or option, or not a value for it
 */
int logs_check(const char *driver, const struct pairs *options,
               struct err *e) MUST;

/* Does `logs` find something to read? */
bool logs_is_readable(const char *driver);

/* A line that is longer is cut; so much of one is held while its end is
 * awaited. */
#define LOGS_LINE 16384
/* In front of what is to be written there is room for another line. */
#define LOGS_HEAD 256
/* Records are collected up to this; the last one may go beyond it. */
#define LOGS_FULL 32768
#define LOGS_ROOM (LOGS_HEAD + LOGS_FULL + 6 * LOGS_LINE + 8192)

/* A connection, and how it is made again. */
struct logs_socket {
	int fd, type;
	struct sockaddr_storage address;
	socklen_t n_address;
	int64_t again; /* not before this time, in milliseconds since boot */
	bool patient, stuck;
};

/*
 * The log of one container, being written. It never grows; the buffers stand
 * last, so that pages which nobody uses stay away.
 *
 * size     of the file now, `most` that it may have, in bytes; 0: any
 * torn     the file does not end with a whole line
 * lost     lines that could not be written, and why
 * fixed    what all lines have in common: the driver's own text
 * held     of each stream: bytes of a line that has not ended
 * cut      a part of that line has been written already
 */
struct logs {
	const struct logs_driver *driver;
	struct arena arena;
	int dir, fd, lost_code;
	unsigned files;
	bool torn;
	uint64_t size, most, lost;
	struct logs_socket socket;
	const char *fixed, *tag, *host;
	size_t n_fixed;
	int facility, format;
	int64_t second;
	char stamp[31]; /* 2026-01-02T03:04:05.123456789Z */
	size_t n, n_held[2];
	bool cut[2];
	char held[2][LOGS_LINE];
	char room[LOGS_ROOM];
};

/*
 * Open the log of a container that is about to run.
 *
 * dir      the container's directory, which stays the caller's
 * errors   EINVAL as logs_check; ENOENT, ECONNREFUSED and the like: nobody
 *          takes the lines. A full disk is none: the lines are lost
 */
int logs_open(struct logs *l, int dir, const struct logs_how *how,
              struct err *e) MUST;

/* Bytes as they came from a pipe. What cannot be written is lost, and where it
 * goes on a line says how many were. */
void logs_write(struct logs *l, enum logs_stream s, const char *bytes,
                size_t n);

/* The container has ended: the lines without an end are written, too. */
void logs_flush(struct logs *l);

void auto_logs(struct logs *l);

/* How many bytes the files of a log have, those that were turned, too. */
int64_t logs_bytes(int dir);

/*
 * What `logs` asks for.
 *
 * since, until  nanoseconds since 1970
 * tail     as many lines of the end, before the times are looked at; -1: all
 * lives    to follow: does anything still write? It opens descriptors, up to
 *          two, that become readable when the answer may be another; -1: none
 * to       where stdout's lines go, and stderr's
 */
struct logs_query {
	int64_t since, until, tail;
	bool times, details;
	bool (*lives)(void *with, int fds[2]);
	void *with;
	int to[2];
};

/*
 * Copy the lines of json-file. Torn ones are passed over.
 *
 * dir      the container's directory
 * errors   EPIPE, without words: the reader of `to` has gone; EIO and friends
 */
int logs_read(int dir, const struct logs_query *q, struct err *e) MUST;

#endif
