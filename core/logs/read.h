/* SPDX-License-Identifier: ISC */
/* Inside `logs`: reading what json-file has written. */
#ifndef LOGS_READ_H
#define LOGS_READ_H

#include "logs/logs.h"

#include <sys/types.h>

/*
 * A record of json-file, found in a line without its end.
 *
 * text     what was written, still escaped
 * attributes  an object in JSON, its braces included; n 0: none
 * ends     the text ends with a newline
 */
struct scan {
	enum logs_stream stream;
	const char *text, *attributes, *time; /* of 30 bytes */
	size_t n_text, n_attributes;
	bool ends;
};

bool scan_record(const char *line, size_t n, struct scan *s);
/* Append the text as it was. */
void scan_text(const struct scan *s, struct buf *out);

/* Files of a log, the newest first. */
struct files {
	int *fd;
	size_t n;
};

int files_open(struct files *f, int dir, struct err *e) MUST;
void auto_files(struct files *f);
/* The file that follows one that was read (-1: the oldest); -1: none yet. */
int files_next(int dir, int fd);

/*
 * Where the last `lines` lines of them begin: a position in the file *index.
 */
int tail_find(const struct files *f, int64_t lines, size_t *index,
              off_t *at, struct err *e) MUST;

/*
 * Copying lines.
 *
 * in       bytes of a line that has not ended; `skip`: it is too long for one
 * out      what is to be written to the one or other stream
 * since, until  as the records have them
 * inside   of each stream: its last record was a part of a line
 * code     why writing failed
 */
struct reader {
	const struct logs_query *q;
	char *in;
	size_t n;
	bool skip, inside[2];
	struct buf out, attributes, details;
	enum logs_stream stream;
	char since[40], until[40];
	int code;
};

void read_begin(struct reader *r, const struct logs_query *q);
void auto_reader(struct reader *r);

/* Copy what there is up to the end of a file; -1 with errno. */
int read_copy(struct reader *r, int fd) MUST;
int read_flush(struct reader *r) MUST;
/* Another file comes: what had not ended never will. */
void read_next(struct reader *r);

/* Go on with the last file, *fd, and those that follow it. */
int follow_log(struct reader *r, int dir, int *fd, struct err *e) MUST;

#endif
