/* SPDX-License-Identifier: ISC */
/* Inside `systemd`: D-Bus messages as bytes, and back. */
#ifndef SYSTEMD_WIRE_H
#define SYSTEMD_WIRE_H

#include "base/err.h"
#include "base/mem.h"

#include <stdbool.h>
#include <stdint.h>

enum wire_type { WIRE_CALL = 1, WIRE_RETURN, WIRE_ERROR, WIRE_SIGNAL };

/* The first bytes of a message tell how long it is; more than a reply to our
 * questions has is refused. */
enum { WIRE_HEAD = 16, WIRE_MOST = 1 << 20 };

/*
 * Writing: values are aligned by the start of the buffer, which is that of a
 * message's body. A variant is a signature and then a value of that type; an
 * array begins with wire_array and ends with wire_end, which takes what the
 * former gave. `align` is that of its items.
 */
void wire_align(struct buf *b, size_t to);
void wire_u32(struct buf *b, uint32_t value);
void wire_u64(struct buf *b, uint64_t value);
void wire_text(struct buf *b, const char *text);      /* s and o */
void wire_signature(struct buf *b, const char *text); /* g */
size_t wire_array(struct buf *b, size_t align);
void wire_end(struct buf *b, size_t array, size_t align);

/*
 * A method call. body_type is the signature of the body.
 */
struct wire_call {
	const char *to, *path, *interface, *member, *body_type;
	struct buf *body; /* NULL: empty */
};

void wire_message(struct buf *out, uint32_t serial,
                  const struct wire_call *call);

/*
 * Reading. What is not there reads as 0 or "", and `bad` is set.
 */
struct wire {
	const char *data;
	size_t n, at;
	bool bad;
};

uint32_t wire_read_u32(struct wire *w);
const char *wire_read_text(struct wire *w);

struct wire_head {
	enum wire_type type;
	uint32_t answers; /* the serial of the call, 0: none */
	const char *member, *error, *body_type;
	struct wire body;
};

/* How many bytes a message has that begins with these WIRE_HEAD. EBADMSG. */
int wire_length(const char head[WIRE_HEAD], size_t *n, struct err *e) MUST;
/* Take one apart; its texts are those of the message. */
int wire_read(const char *data, size_t n, struct wire_head *h,
              struct err *e) MUST;

#endif
