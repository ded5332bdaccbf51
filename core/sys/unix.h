/* SPDX-License-Identifier: ISC */
/* Sockets with a name in the file system, and descriptors sent over them. */
#ifndef SYS_UNIX_H
#define SYS_UNIX_H

#include "base/err.h"

/* Connect to a stream socket, whatever the length of its path. */
int unix_connect(const char *path, struct err *e) MUST;

/*
 * A socket of packets (SOCK_SEQPACKET) with a name in a directory, which only
 * we may connect to: the listening one, which takes the place of what has the
 * name and does not block; and a connection to it. Both are close-on-exec, and
 * change the working directory for a moment.
 *
 * errors   ECONNREFUSED, ENOENT  nobody listens
 */
int unix_listen_at(int dir, const char *name, struct err *e) MUST;
int unix_connect_at(int dir, const char *name, struct err *e) MUST;

/* Send a descriptor, and a text along with it, which is not empty. */
int unix_send_fd(int socket, int fd, const char *text, struct err *e) MUST;

#endif
