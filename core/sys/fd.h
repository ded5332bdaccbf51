/* SPDX-License-Identifier: ISC */
/* Descriptors: whole reads and writes, passing them on, closing the rest. */
#ifndef SYS_FD_H
#define SYS_FD_H

#include "base/err.h"
#include "base/mem.h"

#include <stddef.h>
#include <sys/socket.h>
#include <sys/types.h>

/* All of it, through EINTR and short writes. errno is left as it was. */
int fd_write(int fd, const void *bytes, size_t n) MUST;

/* Everything up to end of file, at most `most` bytes (EFBIG beyond). */
int fd_read(int fd, size_t most, struct buf *out) MUST;

/* One small file below a directory: open, all of it, close. These return -1
 * with errno, so that the caller can name the file in its own words. */
int fd_write_at(int dir, const char *path, const char *text) MUST;
int fd_read_at(int dir, const char *path, size_t most,
               struct buf *out) MUST;

/*
 * One packet, as recvmsg(2), with close-on-exec; 0 at the end. A peer that went
 * without having read all that we sent is no error: what it said comes first.
 */
ssize_t fd_receive(int socket, struct msghdr *m) MUST;

/* What a descriptor stands for, as a path in procfs. */
struct fd_path {
	char text[32];
};

struct fd_path fd_path(int fd);

/* Give what a descriptor stands for another name, without CAP_DAC_READ_SEARCH
 * by way of procfs. -1 with errno. */
int fd_link(int fd, int dir, const char *name) MUST;

/* A pair of sockets (SOCK_SEQPACKET) or a pipe, all close-on-exec. */
int fd_socketpair(int pair[2], struct err *e) MUST;
int fd_pipe(int pair[2], struct err *e) MUST;

/*
 * Move descriptors so that wanted[i] ends at number base + i, without
 * close-on-exec; -1 leaves that number closed. Others may be overwritten, so
 * this is for a child that is about to exec.
 */
int fd_arrange(const int wanted[], size_t n, int base, struct err *e) MUST;

/* Mark everything from `first` up close-on-exec; close_range or /proc. */
int fd_cloexec_from(int first, struct err *e) MUST;

/* Make sure that 0, 1 and 2 are open, on /dev/null where they were not. */
int fd_secure_stdio(struct err *e) MUST;

#endif
