/* SPDX-License-Identifier: ISC */
/* For a child that may not: the source of a bind whose owners are mapped. */
#include "init/mounts.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/statfs.h>
#include <unistd.h>

int
init_open_host(struct child *c, struct err *e)
{
	struct statfs fs;

	c->proc = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (c->proc < 0 || fstatfs(c->proc, &fs) < 0)
		return fail_sys(e, "/proc");
	if (fs.f_type != PROC_SUPER_MAGIC)
		return fail(e, ENOTSUP, "/proc: not procfs");
	c->cwd = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	return c->cwd < 0 ? fail_sys(e, "the working directory") : 0;
}

/*
 * What the host mounts below it must reach the container as it would reach a
 * copy made in there, and nothing the other way; all else that the mount says
 * is the child's to set.
 */
static int
map_tree(int tree, const struct mount_bind *b, struct err *e)
{
	struct mount_change change = {
		.userns = b->change.userns,
		.userns_all = b->change.userns_all,
		.propagation = MS_SLAVE | MS_REC,
	};

	if (tree < 0 || mounts_alter(tree, &change, -1) < 0)
		return errno == ENOSYS || errno == ENOTSUP
		       ? fail(e, ENOTSUP, "mapped owners need Linux 5.12")
		       : fail_sys(e, "mapped owners");
	return 0;
}

static int
make_mapped(struct child *c, const struct mount *m, struct err *e)
{
	AUTO(close) int tree = -1;
	struct mount_options o;
	struct mount_bind b;
	int done;

	mount_options_read(&o, &m->options, &c->spec.arena);
	if (!o.idmap && !m->n_uid_maps)
		return fail(e, EPROTO, "its owners are not to be mapped");
	done = init_bind_source(c, m, &o, &b, e);
	if (done == 0) {
		tree = b.detached ? take_fd(&b.source)
		                  : mounts_detach(b.source, b.recursive);
		done = map_tree(tree, &b, e);
	}
	auto_close(&b.source);
	auto_close(&b.change.userns);
	return done < 0 ? -1 : take_fd(&tree);
}

int
init_mapped_source(const struct init_plan *plan, const struct spec *spec,
                   int number, struct err *e)
{
	struct child c = { .plan = plan, .spec = *spec, CHILD_NONE };
	int tree = -1;

	if (number < 0 || (size_t)number >= spec->n_mounts)
		return fail(e, EPROTO, "mount %d: there is none", number);
	c.spec.arena = (struct arena){ 0 };
	if (init_open_host(&c, e) == 0) {
		tree = make_mapped(&c, &spec->mounts[number], e);
		if (tree < 0)
			fail_in(e, "'%s'", spec->mounts[number].destination);
	}
	auto_close(&c.proc);
	auto_close(&c.cwd);
	auto_arena(&c.spec.arena);
	return tree;
}
