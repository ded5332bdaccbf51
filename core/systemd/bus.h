/* SPDX-License-Identifier: ISC */
/* Inside `systemd`: a connection to a bus. */
#ifndef SYSTEMD_BUS_H
#define SYSTEMD_BUS_H

#include "systemd/wire.h"

#include <sys/types.h>

struct bus {
	int fd;
	uint32_t serial;
	bool direct; /* systemd itself, with no bus between */
	struct buf in; /* the message that was read last */
};

#define BUS_NONE { .fd = -1 }

void auto_bus(struct bus *b);

/*
 * To the system's bus, or where there is none to systemd itself; to a user's
 * bus where `user` is not 0. ENOTSUP: neither answers.
 */
int bus_open(struct bus *b, uid_t user, struct err *e) MUST;

/* Send a call; its number is b->serial. */
int bus_send(struct bus *b, const struct wire_call *call, struct err *e) MUST;

/* The next message; it is there until the next call. */
int bus_receive(struct bus *b, struct wire_head *h, struct err *e) MUST;

/* Call and wait for the answer. An answer that is an error fills in *e, EIO,
 * and *h. */
int bus_call(struct bus *b, const struct wire_call *call, struct wire_head *h,
             struct err *e) MUST;

/* What an answer that is an error says. */
int bus_refused(struct wire_head *h, struct err *e) MUST;

#endif
