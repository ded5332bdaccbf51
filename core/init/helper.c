/* SPDX-License-Identifier: ISC */
/* Work for a process of its own, as there is no way back from where it goes. */
#include "init/mounts.h"
#include "sync/sync.h"
#include "sys/fd.h"
#include "sys/process.h"

#include <errno.h>
#include <unistd.h>

static void
work(const struct helper *h, int socket)
{
	struct err said, unheard;
	int fd = -1, done = h->work(h->with, &fd, &said);

	_exit(sync_send(socket, done < 0 ? SYNC_FAILED : SYNC_READY,
	                done < 0 ? &said : NULL, fd, &unheard) < 0);
}

static int
hear(int socket, int *fd, struct err *e)
{
	struct sync_message m;
	int got = sync_receive(socket, &m, fd, e);

	if (got < 0)
		return -1;
	if (got > 0 && m.word == SYNC_FAILED) {
		*e = m.err;
		return -1;
	}
	return got == 0 ? fail(e, EPROTO, "the helper has ended") : 0;
}

int
init_help(const struct helper *h, int *fd, struct err *e)
{
	AUTO(close) int pidfd = -1;
	struct err ignored;
	int pair[2], status, done;
	bool born;
	pid_t pid;

	if (fd_socketpair(pair, e) < 0)
		return -1;
	pid = process_clone(0, -1, &born, &pidfd, e);
	if (pid == 0)
		work(h, pair[1]);
	close(pair[1]);
	done = pid < 0 ? -1 : hear(pair[0], fd, e);
	close(pair[0]);
	if (pid > 0 && process_wait(pid, &status, &ignored) < 0 && done == 0) {
		*e = ignored;
		return -1;
	}
	return done;
}
