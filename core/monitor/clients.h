/* SPDX-License-Identifier: ISC */
/* Inside `monitor`: who watches a process, and what they are still owed. */
#ifndef MONITOR_CLIENTS_H
#define MONITOR_CLIENTS_H

#include "monitor/loop.h"

void clients_begin(struct loop *l);
void clients_end(struct loop *l); /* closes their sockets */

/* One of them has gone. */
void clients_lose(struct loop *l, struct client *c);

/* Take in who has connected. */
void clients_accept(struct loop *l);

/* Pass the bytes of stream `i` on, to all or to one who can be written to
 * again; who cannot take them now owes. */
void clients_pass(struct loop *l, int i);
void clients_pass_to(struct loop *l, struct client *c);

/* Does anybody owe stream i? */
bool clients_owe(const struct loop *l, int i);

/* Send away who came later and has not read for a while. Returns the time
 * until the next one is due, in milliseconds, or -1. */
int clients_hurry(struct loop *l);

#endif
