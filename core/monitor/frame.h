/* SPDX-License-Identifier: ISC */
/* Inside `monitor`: the words between a monitor and who watches. */
#ifndef MONITOR_FRAME_H
#define MONITOR_FRAME_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

/*
 * One frame is one packet of a SOCK_SEQPACKET socket: this header, then bytes.
 * It is the same whether the socket was inherited or connected to, so that
 * whoever attaches later speaks no other language.
 *
 * STDIN is answered by TAKEN before the next may be sent: a container that
 * does not read its input must not hold up RESIZE and SIGNAL behind it.
 */
enum frame_kind {
	/* from the monitor */
	FRAME_STARTED = 1, /* no bytes: the command runs */
	FRAME_FAILED,      /* struct err: it does not, and the monitor ends */
	FRAME_OUT,         /* bytes of stdout, or of the terminal */
	FRAME_ERR,         /* bytes of stderr */
	FRAME_TAKEN,       /* the last STDIN has been written, or dropped */
	FRAME_WARNING,     /* text */
	FRAME_EXITED,      /* int32_t: the status; the last frame of all */
	/* to the monitor */
	FRAME_STDIN,       /* bytes; none of them is end of file */
	FRAME_RESIZE,      /* struct frame_size */
	FRAME_SIGNAL,      /* int32_t: for the container's first process */
	FRAME_KINDS
};

#define FRAME_BYTES 16384

struct frame_size {
	uint16_t rows, columns;
};

struct frame {
	uint32_t kind;
	size_t n;
	union {
		char bytes[FRAME_BYTES];
		struct err err;
		struct frame_size size;
		int32_t number;
	};
};

/* Returns -1 with errno: EAGAIN if the socket does not block and is full. */
int frame_send(int socket, enum frame_kind kind, const void *bytes,
               size_t n) MUST;

/*
 * Returns 1, 0 when the other side is gone, or -1 with errno (EAGAIN as above;
 * EBADMSG for a packet that is no frame). Frames of fixed size have it.
 */
int frame_receive(int socket, struct frame *f) MUST;

#endif
