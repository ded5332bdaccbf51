/* SPDX-License-Identifier: ISC */
/* Inside `monitor`: what the monitor itself does, from fork to end. */
#ifndef MONITOR_LIFE_H
#define MONITOR_LIFE_H

#include "monitor/monitor.h"
#include "monitor/stdio.h"

/* The name of the socket in the directory of what lives. */
#define LIFE_SOCKET "attach"

/*
 * The whole life of a monitor, in the process forked for it: it starts the
 * container, again if that is what its record says, and returns at the end.
 *
 * how     how that one watches
 * client  socket of who has started us
 */
void life_of_monitor(struct container *c, const struct attach *how,
                     struct stdio *io, int client);

#endif
