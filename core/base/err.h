/* SPDX-License-Identifier: ISC */
/* One error: what the kernel or we said, and the nouns above it. */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include "base/auto.h"

/*
 * Flat, so that it can be sent from one process to another as it is.
 *
 * code    an errno value; ours where no system call failed
 * status  the exit status that main() ends with: 125, 126 or 127
 */
struct err {
	int code;
	int status;
	char text[504];
};

/* The exit statuses of a program that runs programs, as docker and env(1). */
enum {
	STATUS_FAILED = 1, /* of the verbs that run nothing themselves */
	STATUS_OURS = 125,
	STATUS_NOT_EXECUTABLE = 126,
	STATUS_NOT_FOUND = 127,
	STATUS_SIGNAL = 128,
};

/* Fill in *e; each returns -1, so that a caller can return the call. */
int fail(struct err *e, int code, const char *format, ...)
        __attribute__((format(printf, 3, 4)));

/* The same, ending in ": " and the words for errno, which is also the code. */
int fail_sys(struct err *e, const char *format, ...)
        __attribute__((format(printf, 2, 3)));

/* Put a noun and ": " in front of what *e says already. */
int fail_in(struct err *e, const char *format, ...)
        __attribute__((format(printf, 2, 3)));

/* The same as fail_in for a failure that ends in another status than 125. */
int fail_status(struct err *e, int status);

#endif
