/* SPDX-License-Identifier: ISC */
/* The first stage: what is to be done, read from fd 3. */
#include "base/log.h"
#include "init/child.h"
#include "sync/sync.h"
#include "sys/fd.h"
#include "sys/path.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/statfs.h>
#include <unistd.h>

/* Larger than any configuration that makes sense. */
#define MOST_BYTES (16 << 20)

/* By hand, fd 4 may be open by chance; ours is of a kind that no shell has. */
static bool
is_ours(int fd)
{
	int type;
	socklen_t n = sizeof(type);

	return getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &n) == 0 &&
	       type == SOCK_SEQPACKET;
}

/* A text file made with an editor is one word, without its last newline. */
static void
read_words(struct child *c, const struct buf *text)
{
	const char *at = text->data, *end = text->data + text->n;

	if (!memchr(at, '\0', text->n)) {
		size_t n = text->n - (end[-1] == '\n');

		words_add(&c->spec.arena, &c->command,
		          arena_bytes(&c->spec.arena, at, n));
		return;
	}
	while (at < end) {
		size_t n = strnlen(at, (size_t)(end - at));

		words_add(&c->spec.arena, &c->command,
		          arena_bytes(&c->spec.arena, at, n));
		at += n + 1;
	}
}

/* Rules for devices and a number of processes stand in every spec of ours:
 * they are passed over with a word, see init_config. */
static bool
has_limits(const struct resources *r)
{
	return r->memory || r->cpu || r->block_io || r->n_huge_pages ||
	       r->network || r->n_rdma || r->unified.n;
}

/* What is the parent's part must not pass in silence where there is none. */
static int
check_supported(const struct child *c, struct err *e)
{
	const struct hooks *h = c->spec.hooks;
	const struct linux_part *l = c->spec.linux_part;

	if (!c->by_hand)
		return 0;
	if (l && l->resources && has_limits(l->resources))
		return fail(e, ENOTSUP, "linux.resources: not by hand, as "
		            "nobody would remove the cgroup");
	if (l && l->intel_rdt)
		return fail(e, ENOTSUP, "linux.intelRdt: not by hand");
	if (init_has_listener(c))
		return fail(e, ENOTSUP, "linux.seccomp.listenerPath: not by "
		            "hand");
	if (h && (h->n_prestart || h->n_create_runtime ||
	                   h->n_poststart || h->n_poststop))
		return fail(e, ENOTSUP, "hooks: not by hand");
	return 0;
}

static int
read_spec(struct child *c, const struct buf *text, struct err *e)
{
	if (spec_read(&c->spec, text->data, text->n, e) < 0 ||
	    spec_check(&c->spec, e) < 0 || check_supported(c, e) < 0)
		return -1;
	c->command = c->spec.process->args;
	c->environment = c->spec.process->env;
	return 0;
}

static int
read_config(struct child *c, struct err *e)
{
	AUTO(buf) struct buf text = { 0 };

	buf_room(&text, 8000);
	if (fd_read(SYNC_CONFIG_FD, MOST_BYTES, &text) < 0)
		return errno == EBADF
		       ? fail(e, EBADF, "nothing to read on descriptor 3; "
		              "try 'mydocker init 3<config.json'")
		       : fail_sys(e, "descriptor 3");
	close(SYNC_CONFIG_FD);
	if (text.n == 0)
		return fail(e, EINVAL, "descriptor 3 is empty");
	c->bare = text.data[0] != '{';
	if (!c->bare)
		return read_spec(c, &text, e);
	read_words(c, &text);
	words_copy(&c->spec.arena, &c->environment, environ);
	if (!*c->command.v[0])
		return fail(e, EINVAL, "descriptor 3 holds no command");
	return 0;
}

static void
narrate(const struct words *command)
{
	AUTO(buf) struct buf text = { 0 };

	if (log_level() < LOG_INFO)
		return;
	for (size_t i = 0; i < command->n; i++)
		buf_format(&text, "%s%s", i ? " " : "", command->v[i]);
	log_info("command: %s", text.data);
}

static void
open_proc(struct child *c)
{
	struct statfs fs;

	c->proc = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (c->proc < 0)
		return;
	if (fstatfs(c->proc, &fs) < 0 || fs.f_type != PROC_SUPER_MAGIC) {
		close(c->proc);
		c->proc = -1;
	}
}

/*
 * From here on nobody in the namespaces that we are about to enter may look
 * into us through /proc (CVE-2016-9962). In a user namespace that was made
 * for us nobody else is, and there it would take our own files in /proc away
 * from us, as they would belong to the host's root.
 */
static int
hide(const struct child *c, struct err *e)
{
	if (c->bare || init_has_new(c, NAMESPACE_USER))
		return 0;
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
		return fail_sys(e, "PR_SET_DUMPABLE");
	return 0;
}

/*
 * A bundle may be its own root, and of "." what is mounted on it cannot be
 * seen; a mount namespace that is joined does not know where we stand.
 */
static void
name_root(struct child *c)
{
	char **path = &c->spec.root->path, here[PATH_MAX];

	if (**path != '/' && getcwd(here, sizeof(here)) &&
	    (path_is(*path, "/") || c->plan->join_fd[NAMESPACE_MOUNT] >= 0))
		*path = arena_format(&c->spec.arena, "%s/%s", here, *path);
}

int
init_config(struct child *c, struct err *e)
{
	if (is_ours(SYNC_SOCKET_FD))
		c->socket = SYNC_SOCKET_FD;
	c->by_hand = c->socket < 0;
	if (fd_secure_stdio(e) < 0 || read_config(c, e) < 0)
		return -1;
	narrate(&c->command);
	if (c->by_hand && c->spec.linux_part && c->spec.linux_part->resources)
		log_warn("linux.resources: by hand there is no cgroup, so "
		         "devices and processes are not limited");
	if (c->bare)
		return c->socket < 0 ||
		       fcntl(c->socket, F_SETFD, FD_CLOEXEC) == 0 ? 0
		       : fail_sys(e, "descriptor 4");
	if (fd_cloexec_from(SYNC_CONFIG_FD, e) < 0 || hide(c, e) < 0)
		return -1;
	open_proc(c);
	c->cwd = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (!c->plan->exec)
		name_root(c);
	return 0;
}
