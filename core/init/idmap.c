/* SPDX-License-Identifier: ISC */
/* Mapped owners of a bind, by a user namespace made only for its maps. */
#include "init/mounts.h"
#include "sync/sync.h"
#include "sys/fd.h"
#include "sys/process.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

/*
 * The helper, alone in its user namespace: hands over its own directory of
 * procfs, whose number in the host's procfs we do not know, and waits.
 */
static void
help(const struct child *c, int pair[2])
{
	struct sync_message m;
	struct err unheard;
	int self = openat(c->proc, "self", O_PATH | O_DIRECTORY | O_CLOEXEC);

	close(pair[0]);
	if (self < 0 ||
	    sync_send(pair[1], SYNC_READY, NULL, self, &unheard) < 0 ||
	    sync_receive(pair[1], &m, NULL, &unheard) < 0)
		_exit(1);
	_exit(0);
}

static int
write_map(int self, const char *name, const struct id_map *maps, size_t n,
          struct err *e)
{
	AUTO(buf) struct buf text = { 0 };

	for (size_t i = 0; i < n; i++)
		buf_format(&text, "%" PRIu32 " %" PRIu32 " %" PRIu32 "\n",
		           maps[i].inside, maps[i].outside, maps[i].count);
	return fd_write_at(self, name, text.data) < 0 ? fail_sys(e, "%s", name)
	                                              : 0;
}

static int
write_maps(const struct child *c, const struct mount *m, int self,
           struct err *e)
{
	const struct linux_part *l = c->spec.linux_part;
	bool its_own = m->n_uid_maps > 0;

	if (!its_own && (!l || !l->n_uid_maps))
		return fail(e, EINVAL, "idmap: neither the mount nor the "
		            "container has id maps");
	if (write_map(self, "uid_map", its_own ? m->uid_maps : l->uid_maps,
	              its_own ? m->n_uid_maps : l->n_uid_maps, e) < 0)
		return -1;
	return write_map(self, "gid_map", its_own ? m->gid_maps : l->gid_maps,
	                 its_own ? m->n_gid_maps : l->n_gid_maps, e);
}

static int
take_namespace(const struct child *c, const struct mount *m, int socket,
               int *userns, struct err *e)
{
	AUTO(close) int self = -1;
	struct sync_message message;

	if (sync_receive(socket, &message, &self, e) < 0)
		return -1;
	if (self < 0)
		return fail(e, EPROTO, "idmap: the helper has ended");
	if (write_maps(c, m, self, e) < 0)
		return -1;
	*userns = openat(self, "ns/user", O_RDONLY | O_CLOEXEC);
	return *userns < 0 ? fail_sys(e, "idmap: user namespace") : 0;
}

/* One that is joined has its maps already; who asks has it open. */
static int
take_joined(const struct child *c, const struct mount *m, int *userns)
{
	int joined = c->plan->join_fd[NAMESPACE_USER];

	if (joined < 0 || m->n_uid_maps)
		return 0;
	*userns = fcntl(joined, F_DUPFD_CLOEXEC, 0);
	return *userns >= 0;
}

int
init_map_owners(struct child *c, const struct mount *m, int *userns,
                struct err *e)
{
	AUTO(close) int pidfd = -1;
	int pair[2], status, done;
	bool born;
	struct err ignored;
	pid_t pid;

	if (take_joined(c, m, userns))
		return 0;
	if (c->proc < 0)
		return fail(e, ENOTSUP, "idmap: needs /proc to be mounted");
	if (fd_socketpair(pair, e) < 0)
		return -1;
	pid = process_clone(CLONE_NEWUSER, -1, &born, &pidfd, e);
	if (pid == 0)
		help(c, pair);
	close(pair[1]);
	done = pid < 0 ? -1 : take_namespace(c, m, pair[0], userns, e);
	close(pair[0]);
	if (pid > 0 && process_wait(pid, &status, &ignored) < 0 && done == 0)
		*e = ignored;
	return done;
}

bool
init_must_ask(const struct child *c)
{
	return (c->socket >= 0 || c->by_hand) &&
	       (init_has_new(c, NAMESPACE_USER) ||
	        c->plan->join_fd[NAMESPACE_USER] >= 0);
}

int
init_ask_source(const struct child *c, const struct mount *m, int *tree,
                struct err *e)
{
	struct err number = { .code = (int)(m - c->spec.mounts) };
	struct sync_message answer;
	int got;

	if (c->by_hand)
		return fail(e, ENOTSUP, "idmap: not by hand inside of a user "
		            "namespace");
	if (sync_send(c->socket, SYNC_SOURCE, &number, -1, e) < 0)
		return -1;
	got = sync_receive(c->socket, &answer, tree, e);
	if (got >= 0 && *tree < 0)
		return fail(e, EPROTO, "the parent has given up");
	return got < 0 ? -1 : 0;
}
