/* SPDX-License-Identifier: ISC */
/* Mounts of a container that runs: added from outside, and taken away. */
#include "base/log.h"
#include "init/mounts.h"
#include "sys/path.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

/* The child of `init` that it would have been, and the sources of its binds,
 * one for each mount; -1: it is none. */
struct live {
	struct child child;
	struct mount_bind *binds;
	bool remove;
};

/* Of these a new one would be that of our namespaces, and not of theirs. */
static int
check_type(const struct mount *m, struct err *e)
{
	static const char *const types[] = { "proc", "cgroup", "cgroup2" };

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (m->type && strcmp(m->type, types[i]) == 0)
			return fail(e, ENOTSUP, "%s: only when a container is "
			            "made", types[i]);
	return 0;
}

/*
 * A copy of what the source shows, with the mount's options, attached nowhere.
 * What the host mounts below it later stays with the host, unless it was said.
 */
static int
detach(struct child *c, struct mount_bind *b, struct err *e)
{
	struct mount_change change = b->change;
	AUTO(close) int tree = b->detached
	        ? take_fd(&b->source) : mounts_detach(b->source, b->recursive);

	if (tree < 0)
		return errno == ENOSYS ? fail(e, ENOTSUP, "needs Linux 5.2")
		                       : fail_sys(e, "copy");
	if (!change.propagation)
		change.propagation = MS_PRIVATE | MS_REC;
	if (mounts_alter(tree, &change, c->proc) < 0)
		return errno == ENOSYS || errno == ENOTSUP
		       ? fail(e, ENOTSUP, "options need Linux 5.12")
		       : fail_sys(e, "options");
	auto_close(&b->source);
	*b = (struct mount_bind){ take_fd(&tree), b->recursive, true,
		                  MOUNT_CHANGE_NONE };
	return 0;
}

static int
find_source(struct child *c, const struct mount *m, struct mount_bind *b,
            struct err *e)
{
	struct mount_options o;
	int done;

	*b = (struct mount_bind){ .source = -1 };
	mount_options_read(&o, &m->options, &c->spec.arena);
	if (!o.bind && !(m->type && strcmp(m->type, "bind") == 0))
		return check_type(m, e);
	done = init_bind_source(c, m, &o, b, e);
	if (done == 0)
		done = detach(c, b, e);
	auto_close(&b->change.userns);
	return done;
}

static int
find_sources(struct live *l, struct err *e)
{
	struct child *c = &l->child;

	l->binds = arena_new(&c->spec.arena,
	                     c->spec.n_mounts * sizeof(*l->binds));
	for (size_t i = 0; i < c->spec.n_mounts; i++) {
		const struct mount *m = &c->spec.mounts[i];

		if (find_source(c, m, &l->binds[i], e) < 0)
			return fail_in(e, "'%s'", m->destination);
	}
	return 0;
}

/* All but that of pids, in which we would be seen. */
static int
enter(struct child *c, struct err *e)
{
	const struct init_plan *p = c->plan;
	uint64_t flags = p->join_flags & ~(uint64_t)CLONE_NEWPID;

	if (flags && setns(p->join_pidfd, (int)flags) < 0)
		return fail_sys(e, "namespaces of the container");
	for (int kind = 0; kind < NAMESPACE_KINDS; kind++)
		if (p->join_fd[kind] >= 0 && kind != NAMESPACE_PID &&
		    setns(p->join_fd[kind],
		          (int)spec_namespaces[kind].clone_flag) < 0)
			return fail_sys(e, "%s namespace",
			                spec_namespaces[kind].name);
	if ((flags & CLONE_NEWUSER || p->join_fd[NAMESPACE_USER] >= 0) &&
	    init_become_root(e) < 0)
		return -1;
	c->root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	return c->root < 0 ? fail_sys(e, "/") : 0;
}

/* By the name of its descriptor, which nobody in there can bend. */
static int
unmount(const struct child *c, const char *path, struct err *e)
{
	AUTO(close) int fd = path_is(path, "/")
	        ? -1 : path_open_in(c->root, path, O_PATH);
	char name[32];

	if (path_is(path, "/"))
		return fail(e, EINVAL, "'%s': the root stays", path);
	if (fd < 0)
		return fail_sys(e, "'%s'", path);
	snprintf(name, sizeof(name), "self/fd/%d", fd);
	if (fchdir(c->proc) < 0)
		return fail_sys(e, "/proc");
	if (umount2(name, MNT_DETACH) < 0)
		return errno == EINVAL
		       ? fail(e, EINVAL, "'%s': nothing is mounted there, or "
		              "it cannot be taken away alone", path)
		       : fail_sys(e, "'%s'", path);
	return 0;
}

static void
undo(const struct child *c, const char *path)
{
	struct err ignored;

	if (unmount(c, path, &ignored) < 0)
		log_debug("%s", ignored.text);
}

/* The number of the mount that it is on; 0: nothing is there. */
static uint64_t
number_at(const struct child *c, const char *path)
{
	AUTO(close) int fd = path_open_in(c->root, path, O_PATH);

	return fd < 0 ? 0 : mounts_number(fd);
}

/* One that fails may have got as far as to be mounted. */
static int
mount_one(struct child *c, const struct mount *m, struct mount_bind *b,
          struct err *e)
{
	uint64_t before = number_at(c, m->destination);

	if (b->source < 0 && init_mount(c, m, e) == 0)
		return 0;
	if (b->source >= 0) {
		if (init_bind_on(c, m, b, e) == 0)
			return 0;
		fail_in(e, "'%s'", m->destination);
	}
	if (number_at(c, m->destination) != before)
		undo(c, m->destination);
	return -1;
}

/* All or nothing. */
static int
mount_all(struct live *l, struct err *e)
{
	struct child *c = &l->child;
	const struct mount *m = c->spec.mounts;

	for (size_t i = 0; i < c->spec.n_mounts; i++)
		if (mount_one(c, &m[i], &l->binds[i], e) < 0) {
			while (i-- > 0)
				undo(c, m[i].destination);
			return -1;
		}
	return 0;
}

static int
unmount_all(const struct child *c, struct err *e)
{
	for (size_t i = 0; i < c->spec.n_mounts; i++)
		if (unmount(c, c->spec.mounts[i].destination, e) < 0)
			return -1;
	return 0;
}

/* Its end closes everything. */
static int
work(void *with, int *fd, struct err *e)
{
	struct live *l = with;
	struct child *c = &l->child;

	(void)fd;
	umask(0);
	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
		return fail_sys(e, "PR_SET_DUMPABLE");
	if (init_open_host(c, e) < 0 ||
	    (!l->remove && find_sources(l, e) < 0) || enter(c, e) < 0)
		return -1;
	return l->remove ? unmount_all(c, e) : mount_all(l, e);
}

int
init_mounts_live(const struct init_plan *plan, const struct spec *spec,
                 bool remove, struct err *e)
{
	struct live l = {
		.child = { .plan = plan, .spec = *spec, CHILD_NONE },
		.remove = remove,
	};
	int none = -1;

	l.child.spec.arena = (struct arena){ 0 };
	return init_help(&(struct helper){ work, &l }, &none, e);
}
