/* SPDX-License-Identifier: ISC */
/* Inside `monitor`: the caller's side of the socket. */
#ifndef MONITOR_ATTACH_H
#define MONITOR_ATTACH_H

#include "monitor/monitor.h"

/*
 * Watch until the end. Returns the exit status or ATTACH_DETACHED.
 *
 * socket   to the monitor, whose frames begin with STARTED or FAILED
 * signals  of console_signals
 * copied   stdin is not the container's own
 * errors   what the monitor said when the start failed
 */
int attach_serve(int socket, int signals, const struct attach *how,
                 bool copied, struct err *e) MUST;

/* What a frame FAILED says, as an error of ours; returns -1. */
struct frame;
int attach_failed(const struct frame *f, struct err *e) MUST;

#endif
