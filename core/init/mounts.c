/* SPDX-License-Identifier: ISC */
/* Every mount of the specification, by descriptor, below the new root. */
#include "init/mounts.h"
#include "base/log.h"
#include "init/root.h"
#include "sys/path.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

static bool
is_type(const struct mount *m, const char *type)
{
	return m->type && strcmp(m->type, type) == 0;
}

static int
bind(struct child *c, const struct mount *m, const struct mount_options *o,
     struct err *e)
{
	struct mount_bind b;
	int done = init_bind_source(c, m, o, &b, e);

	if (done == 0)
		done = init_bind_on(c, m, &b, e);
	auto_close(&b.source);
	auto_close(&b.change.userns);
	return done;
}

/* What the host has of a file system that we may not make ourselves: sysfs of
 * the host's network, mqueue of its IPC, from a user namespace. */
static int
bind_instead(struct child *c, const struct mount *m, const char *path,
             struct err *e)
{
	AUTO(close) int source = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct mount_bind b = { .source = source, .recursive = true,
		                .change = MOUNT_CHANGE_NONE };

	if (source < 0)
		return fail_sys(e, "%s", path);
	log_debug("mounts: %s is the host's", path);
	if (is_type(m, "sysfs"))
		b.change.set_all = MS_RDONLY | MS_NOSUID | MS_NODEV |
		                   MS_NOEXEC;
	return init_bind_on(c, m, &b, e);
}

/* A tmpfs that does not say its mode looks as what it covers. */
static int
keep_mode(const struct mount_options *o, int under, int made, struct err *e)
{
	struct stat st;

	if (under < 0)
		return 0;
	for (size_t i = 0; i < o->data.n; i++)
		if (strncmp(o->data.v[i], "mode=", 5) == 0)
			return 0;
	/* fchmod takes no O_PATH descriptor; "." is what it stands for. */
	if (fstat(under, &st) < 0 || fchdir(made) < 0 ||
	    chmod(".", st.st_mode & 07777) < 0)
		return fail_sys(e, "its mode");
	return 0;
}

/* The group that owns terminals may not be mapped in a user namespace. */
static char *
without_gid(struct child *c, const struct mount_options *o)
{
	struct mount_options rest = { 0 };

	for (size_t i = 0; i < o->data.n; i++)
		if (strncmp(o->data.v[i], "gid=", 4) != 0)
			words_add(&c->spec.arena, &rest.data, o->data.v[i]);
	return mount_options_data(&rest, &c->spec.arena);
}

static int
make(struct child *c, const struct mount *m, const struct mount_options *o,
     const struct mount_at *at)
{
	struct mount_new new = {
		.type = m->type,
		.source = m->source ? m->source : m->type,
		.flags = o->flags,
		.data = mount_options_data(o, &c->spec.arena),
	};
	int done;

	/* A tmpfs is filled and given its mode before it is read-only. */
	if (is_type(m, "tmpfs"))
		new.flags &= ~(unsigned long)MS_RDONLY;
	done = mounts_make(&new, at);
	if (done < 0 && errno == EINVAL && is_type(m, "devpts")) {
		new.data = without_gid(c, o);
		done = mounts_make(&new, at);
	}
	return done;
}

/* Where a new file system goes; `under` is what was there, -1: nothing. */
struct target {
	struct mount_at at;
	int under;
};

/* What mount(2) could not do; most mounts need nothing of it. */
static int
finish(struct child *c, const struct mount *m, const struct mount_options *o,
       const struct target *t, struct err *e)
{
	bool tmpfs = is_type(m, "tmpfs");
	struct mount_change change = o->change;
	AUTO(close) int made = -1;

	if (!tmpfs)
		change.set = 0;
	if (!tmpfs && !change.set_all && !change.clear_all &&
	    !change.propagation && (c->proc >= 0 || !is_type(m, "proc")))
		return 0;
	made = mounts_over(&t->at, O_DIRECTORY);
	if (made < 0)
		return fail_sys(e, "its root");
	if (tmpfs && keep_mode(o, t->under, made, e) < 0)
		return -1;
	if (o->copy_up && t->under >= 0 && init_copy_up(t->under, made) < 0)
		return fail_sys(e, "copy of what it covers");
	if (mounts_alter(made, &change, c->proc) < 0)
		return fail_sys(e, "options");
	if (is_type(m, "proc") && c->proc < 0)
		c->proc = take_fd(&made);
	return 0;
}

/* We are not in the pid namespace that is joined, and it is what is shown. */
static int
mount_proc_of(struct child *c, const struct mount *m,
              const struct mount_options *o, int place, struct err *e)
{
	struct arena *a = &c->spec.arena;
	AUTO(close) int made = -1;
	struct words options = { 0 };

	words_add(a, &options, arena_format(a, "source=%s",
	                                    m->source ? m->source : "proc"));
	words_copy(a, &options, o->data.v);
	made = mounts_proc_of(c->plan->join_fd[NAMESPACE_PID], options.v,
	                      o->flags, e);
	if (made < 0)
		return -1;
	if (mounts_attach(made, place) < 0)
		return fail_sys(e, "proc");
	return mounts_alter(made, &o->change, c->proc) < 0
	       ? fail_sys(e, "options") : 0;
}

static const char *
instead_of(const struct mount *m)
{
	return is_type(m, "sysfs")    ? "/sys"
	       : is_type(m, "mqueue") ? "/dev/mqueue" : NULL;
}

static int
mount_new(struct child *c, const struct mount *m,
          const struct mount_options *o, struct err *e)
{
	bool plain = is_type(m, "proc") || is_type(m, "sysfs");
	AUTO(close) int under = -1, place = -1;
	struct target t = { .at = { .root = c->root, .path = m->destination,
		                    .proc = c->proc } };

	/* Only what was there before has a mode that was meant. */
	if (is_type(m, "tmpfs"))
		under = path_open_in(c->root, m->destination,
		                     O_PATH | O_DIRECTORY);
	/* A link at /proc or /sys is an image's trick (CVE-2023-27561). */
	place = plain ? path_make_dir_plain(c->root, m->destination)
	              : path_make_dir(c->root, m->destination);
	if (place < 0)
		return plain && errno == ELOOP
		       ? fail(e, ELOOP, "is a symbolic link in the root")
		       : fail_sys(e, "in the root");
	if (!is_type(m, "proc") && init_check_proc(m, -1, place, e) < 0)
		return -1;
	t.at.fd = place;
	t.under = under;
	if (is_type(m, "proc") && c->plan->join_fd[NAMESPACE_PID] >= 0)
		return mount_proc_of(c, m, o, place, e);
	if (make(c, m, o, &t.at) == 0)
		return finish(c, m, o, &t, e);
	if ((errno == EPERM || errno == EBUSY) && instead_of(m))
		return bind_instead(c, m, instead_of(m), e);
	return fail_sys(e, "%s", m->type);
}

static int
mount_one(struct child *c, const struct mount *m, struct err *e)
{
	struct mount_options o;

	mount_options_read(&o, &m->options, &c->spec.arena);
	if (o.bind || is_type(m, "bind"))
		return bind(c, m, &o, e);
	if (!m->type)
		return fail(e, EINVAL, "a mount without a type");
	if (o.copy_up && !is_type(m, "tmpfs"))
		return fail(e, EINVAL, "tmpcopyup is for tmpfs");
	if (o.idmap || m->n_uid_maps)
		return fail(e, EINVAL, "mapped owners are for binds");
	if (init_mount_label(c, &o, e) < 0)
		return -1;
	if (is_type(m, "cgroup") || is_type(m, "cgroup2"))
		return init_mount_cgroups(c, m, &o, e);
	return mount_new(c, m, &o, e);
}

int
init_mount(struct child *c, const struct mount *m, struct err *e)
{
	return mount_one(c, m, e) < 0 ? fail_in(e, "'%s'", m->destination) : 0;
}

int
init_mounts(struct child *c, struct err *e)
{
	for (size_t i = init_overlay(c) ? 1 : 0; i < c->spec.n_mounts; i++)
		if (init_mount(c, &c->spec.mounts[i], e) < 0)
			return -1;
	return 0;
}
