/* SPDX-License-Identifier: ISC */
/* Device nodes and the links of /dev. */
#include "init/root.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

/* config-linux.md, "Default Devices" */
static const struct node {
	const char *path;
	mode_t mode;
	unsigned int major, minor;
} usual[] = {
	{ "/dev/null",    S_IFCHR | 0666, 1, 3 },
	{ "/dev/zero",    S_IFCHR | 0666, 1, 5 },
	{ "/dev/full",    S_IFCHR | 0666, 1, 7 },
	{ "/dev/random",  S_IFCHR | 0666, 1, 8 },
	{ "/dev/urandom", S_IFCHR | 0666, 1, 9 },
	{ "/dev/tty",     S_IFCHR | 0666, 5, 0 },
};

/* The same place, "Default Symbolic Links" */
static const struct {
	const char *name, *to;
} links[] = {
	{ "fd", "/proc/self/fd" },
	{ "stdin", "/proc/self/fd/0" },
	{ "stdout", "/proc/self/fd/1" },
	{ "stderr", "/proc/self/fd/2" },
	{ "ptmx", "pts/ptmx" },
};

#define COUNT(table) (sizeof(table) / sizeof(*(table)))

/* The name in the directory, which is made where it is missing. */
static int
open_parent(const struct child *c, const char *path, const char **name)
{
	const char *slash = strrchr(path, '/');
	AUTO(free) char *dir = slash ? mem_text(path) : mem_text("/");

	if (slash)
		dir[slash == path ? 1 : slash - path] = '\0';
	*name = slash ? slash + 1 : path;
	return path_make_dir(c->root, dir);
}

/*
 * In a user namespace nobody may make nodes, so it is the host's own that
 * appears, after a look at what that is.
 */
static int
bind_node(const struct child *c, const struct node *n, struct err *e)
{
	AUTO(close) int source = open(n->path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	AUTO(close) int place = -1, made = -1;
	struct mount_bind b = { .source = source,
		                .change = MOUNT_CHANGE_NONE };
	struct mount_at at;
	struct stat st;

	if (source < 0 || fstat(source, &st) < 0)
		return fail_sys(e, "the host's %s", n->path);
	if ((st.st_mode & S_IFMT) != (n->mode & S_IFMT) ||
	    st.st_rdev != makedev(n->major, n->minor))
		return fail(e, ENODEV, "the host's %s is another device",
		            n->path);
	if (init_place(c, n->path, true, &at, e) < 0)
		return -1;
	place = at.fd;
	made = mounts_bind(&b, &at);
	return made < 0 ? fail_sys(e, "%s", n->path) : 0;
}

/* One that is there already must be what was asked for. */
static int
check_node(int parent, const char *name, const struct node *n, struct err *e)
{
	struct stat st;

	if (fstatat(parent, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return fail_sys(e, "%s", n->path);
	if ((st.st_mode & S_IFMT) != (n->mode & S_IFMT) ||
	    (!S_ISFIFO(n->mode) &&
	     st.st_rdev != makedev(n->major, n->minor)))
		return fail(e, EEXIST, "%s: the root has something else there",
		            n->path);
	return 0;
}

/* Returns 1 when the node is new, 0 when it was there. */
static int
make_node(const struct child *c, const struct node *n, struct err *e)
{
	const char *name;
	AUTO(close) int parent = open_parent(c, n->path, &name);

	if (parent < 0)
		return fail_sys(e, "%s", n->path);
	if (!init_has_new(c, NAMESPACE_USER) || S_ISFIFO(n->mode)) {
		if (mknodat(parent, name, n->mode,
		            makedev(n->major, n->minor)) == 0)
			return 1;
		if (errno == EEXIST)
			return check_node(parent, name, n, e);
		if (errno != EPERM)
			return fail_sys(e, "%s", n->path);
	}
	return bind_node(c, n, e);
}

static int
make_device(const struct child *c, const struct device *d, struct err *e)
{
	struct node n = {
		.path = d->path,
		.mode = d->file_mode.set ? (mode_t)d->file_mode.value & 07777
		                         : 0666,
		.major = (unsigned int)d->major.value,
		.minor = (unsigned int)d->minor.value,
	};
	const char *name;
	AUTO(close) int parent = -1;
	int made;

	n.mode |= d->type[0] == 'b' ? S_IFBLK : d->type[0] == 'p' ? S_IFIFO
	                                                          : S_IFCHR;
	made = make_node(c, &n, e);
	if (made != 1 || (!d->uid.set && !d->gid.set))
		return made;
	parent = open_parent(c, d->path, &name);
	if (parent < 0 ||
	    fchownat(parent, name, d->uid.set ? (uid_t)d->uid.value : (uid_t)-1,
	             d->gid.set ? (gid_t)d->gid.value : (gid_t)-1,
	             AT_SYMLINK_NOFOLLOW) < 0)
		return fail_sys(e, "owner of %s", d->path);
	return 0;
}

static bool
is_asked_for(const struct child *c, const char *path)
{
	const struct linux_part *l = c->spec.linux_part;

	for (size_t i = 0; l && i < l->n_devices; i++)
		if (path_is(l->devices[i].path, path))
			return true;
	return false;
}

/*
 * A /dev that somebody else made, bound here from the host or a volume, is
 * theirs: nothing is made in it. Neither is it in the host's own root.
 */
static bool
is_ours(const struct child *c)
{
	for (size_t i = c->spec.n_mounts; i-- > 0;) {
		const struct mount *m = &c->spec.mounts[i];

		if (path_is(m->destination, "/dev"))
			return !words_has(&m->options, "bind") &&
			       !words_has(&m->options, "rbind") &&
			       !(m->type && strcmp(m->type, "bind") == 0);
	}
	return init_overlay(c) || !path_is(c->spec.root->path, "/");
}

static int
make_usual(const struct child *c, struct err *e)
{
	AUTO(close) int dev = path_make_dir(c->root, "/dev");

	if (dev < 0)
		return fail_sys(e, "/dev in the root");
	for (size_t i = 0; i < COUNT(usual); i++)
		if (!is_asked_for(c, usual[i].path) &&
		    make_node(c, &usual[i], e) < 0)
			return -1;
	for (size_t i = 0; i < COUNT(links); i++)
		if (symlinkat(links[i].to, dev, links[i].name) < 0 &&
		    errno != EEXIST)
			return fail_sys(e, "/dev/%s", links[i].name);
	return 0;
}

/* For the masks: whatever it is called, it must be the device. */
static void
find_null(struct child *c)
{
	AUTO(close) int fd = path_open_in(c->root, "/dev/null",
	                                  O_PATH | O_NOFOLLOW);
	struct stat st;

	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISCHR(st.st_mode) &&
	    st.st_rdev == makedev(1, 3))
		c->null = take_fd(&fd);
}

/* Who asks for all of the host's devices, as podman does for --privileged, asks
 * for its ptmx, too; the container's own has that name, and is the device. */
static bool
is_own_ptmx(const struct child *c, const struct device *d)
{
	return is_ours(c) && d->path && path_is(d->path, "/dev/ptmx");
}

int
init_devices(struct child *c, struct err *e)
{
	const struct linux_part *l = c->spec.linux_part;

	if (is_ours(c) && make_usual(c, e) < 0)
		return -1;
	for (size_t i = 0; l && i < l->n_devices; i++)
		if (!is_own_ptmx(c, &l->devices[i]) &&
		    make_device(c, &l->devices[i], e) < 0)
			return -1;
	find_null(c);
	return 0;
}
