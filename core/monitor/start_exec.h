/* SPDX-License-Identifier: ISC */
/* Inside `monitor`: one more process in a container that runs. */
#ifndef MONITOR_START_EXEC_H
#define MONITOR_START_EXEC_H

#include "container/container.h"
#include "monitor/stdio.h"
#include "runtime/runtime.h"

/* fds  its 0, 1 and 2; -1 is /dev/null */
int start_exec_plain(struct container *c, const struct spec *spec,
                     const int fds[3], struct runtime_child *child,
                     struct err *e) MUST;

/* The same with what a caller of ours has on his side, and his terminal. */
int start_exec_stdio(struct container *c, const struct spec *spec,
                     const struct stdio *io, struct runtime_child *child,
                     struct err *e) MUST;

#endif
