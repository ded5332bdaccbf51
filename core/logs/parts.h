/* SPDX-License-Identifier: ISC */
/* Inside `logs`: what a driver is, and what drivers share. */
#ifndef LOGS_PARTS_H
#define LOGS_PARTS_H

#include "logs/logs.h"

/* A line, or a part of one: `ends` is its end, `begins` its beginning. */
struct logs_line {
	enum logs_stream stream;
	const char *text;
	size_t n;
	bool begins, ends;
};

/* An option of a driver; `check` fails with the reason. */
struct logs_option {
	const char *name;
	int (*check)(const char *value, struct err *e);
};

/*
 * line    takes one; it may be in l->room then, and `flush` writes what is
 *         in there
 * send    or: a line is passed on at once, with l->room to print it into;
 *         -1 with errno where it is lost
 */
struct logs_driver {
	const char *name;
	const struct logs_option *options;
	bool readable;
	int (*open)(struct logs *l, const struct logs_how *how,
	            struct err *e);
	void (*line)(struct logs *l, const struct logs_line *line);
	void (*flush)(struct logs *l);
	int (*send)(struct logs *l, const struct logs_line *line);
};

extern const struct logs_option options_of_file[];
extern const struct logs_driver file_driver, journald_driver, syslog_driver;

/* The driver of that name, or NULL. */
const struct logs_driver *options_driver(const char *name);
/* The value of an option, or NULL. */
const char *options_get(const struct logs_how *how, const char *name);

int options_any(const char *value, struct err *e) MUST;
int options_flag(const char *value, struct err *e) MUST;
int options_mode(const char *value, struct err *e) MUST;
int options_size(const char *value, struct err *e) MUST;
int options_pattern(const char *value, struct err *e) MUST;
/* "10m", as docker counts here: 10,000,000. */
int options_bytes(const char *text, uint64_t *bytes, struct err *e) MUST;

/* The rows that all drivers have. */
#define OPTIONS_OF_ALL \
	{ "mode", options_mode }, { "max-buffer-size", options_size }, \
	{ "labels", options_any }, { "labels-regex", options_pattern }, \
	{ "env", options_any }, { "env-regex", options_pattern }, \
	{ "tag", tag_check }

/*
 * A tag: text in which {{.ID}} and the like stand for the container's.
 *
 * errors   EINVAL  something else in braces, or a control character
 */
int tag_check(const char *value, struct err *e) MUST;
char *tag_make(struct arena *a, const char *tag, const struct logs_how *how);
/* The labels and variables that options pick, sorted by name. */
void tag_attributes(struct arena *a, const struct logs_how *how,
                    struct pairs *into);

/* "/dev/log" and the like; type SOCK_DGRAM or SOCK_STREAM. */
int socket_unix(struct logs_socket *s, const char *path, int type,
                struct err *e) MUST;
/* udp://ADDRESS[:PORT] and the like; port 514 where there is none. */
int socket_parse(struct logs_socket *s, const char *url, struct err *e) MUST;
int socket_open(struct logs_socket *s, const struct logs_how *how,
                struct err *e) MUST;
/* Send all of it as one message, now or never; -1 with errno. */
int socket_send(struct logs_socket *s, const void *bytes, size_t n) MUST;

/* "3 lines are missing here: …", for a driver that goes on. */
struct logs_line write_lost(const struct logs *l, char text[128]);

void file_name(char name[32], unsigned number);

/* Where records are collected. */
static inline char *
logs_end(struct logs *l)
{
	return l->room + LOGS_HEAD + l->n;
}

#endif
