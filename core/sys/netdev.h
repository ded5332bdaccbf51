/* SPDX-License-Identifier: ISC */
/* Network interfaces, by ioctl and by rtnetlink. */
#ifndef SYS_NETDEV_H
#define SYS_NETDEV_H

#include "base/auto.h"
#include "base/err.h"

/* "lo" of the network namespace that we are in; -1 with errno. */
int netdev_raise_loopback(void) MUST;

/*
 * Move an interface of ours into another network namespace, with its permanent
 * addresses of global scope, and switch it on there.
 *
 * space  a descriptor of the namespace
 * name   what it is called there; "eth%d" is the first that is free
 *
 * errors   ENODEV  we have no such interface
 *          EEXIST  there is one of that name there
 * source   config-linux.md, "Network Devices"
 */
int netdev_move(const char *from, const char *name, int space,
                struct err *e) MUST;

#endif
