/* SPDX-License-Identifier: ISC */
/* Inside `criu`: protobuf, as much of it as criu's messages need. */
#ifndef CRIU_MESSAGE_H
#define CRIU_MESSAGE_H

#include "base/mem.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

void criu_add_number(struct buf *out, unsigned int field, uint64_t n);
void criu_add_bytes(struct buf *out, unsigned int field, const void *bytes,
                size_t n);

/* What criu answers, criu_resp; the texts are ended by NUL and in the arena. */
struct criu_answer {
	uint64_t type, done;
	pid_t restored, pid; /* of the answer, and of the notification */
	char *what, *message;
};

enum { CRIU_NOTICE = 6 };

/* false: that is no message. What is not known in it is passed over. */
bool criu_read_answer(const void *bytes, size_t n, struct criu_answer *answer,
               struct arena *a);

#endif
