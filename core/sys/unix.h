/* SPDX-License-Identifier: ISC */
/* Sockets with a name in the file system, and descriptors sent over them. */
#ifndef SYS_UNIX_H
#define SYS_UNIX_H

#include "base/err.h"

/* Connect to a stream socket, whatever the length of its path. */
int unix_connect(const char *path, struct err *e) MUST;

/* Send a descriptor, and a text along with it, which is not empty. */
int unix_send_fd(int socket, int fd, const char *text, struct err *e) MUST;

#endif
