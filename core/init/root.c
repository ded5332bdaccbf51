/* SPDX-License-Identifier: ISC */
/* The container's root, mounted where nothing of it can reach the host. */
#include "init/root.h"
#include "init/mount_options.h"
#include "sys/missing.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

unsigned long
init_propagation(const struct child *c)
{
	const struct linux_part *l = c->spec.linux_part;
	struct mount_options o;
	struct arena none = { 0 };

	if (!l || !l->rootfs_propagation)
		return 0;
	mount_options_read(&o, &(struct words){ &(char *){
	                   l->rootfs_propagation }, 1 }, &none);
	auto_arena(&none);
	return o.change.propagation;
}

/*
 * In a chroot, "/" is no mount, and what it lies on cannot be named from
 * inside. We have the right to leave: with the root moved to a directory
 * below, ".." of where we stand is not stopped by it any more.
 */
static int
change_outside(unsigned long flags)
{
	static const char *const below[] = { "/proc", "/dev", "/etc", "/usr",
		                             "/bin", "/root", "/run",
		                             "/var", "/tmp" };
	AUTO(close) int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	struct stat here, above;
	int moved = -1;

	for (size_t i = 0; moved < 0 && i < sizeof(below) / sizeof(*below); i++)
		moved = chdir("/") < 0 ? -1 : chroot(below[i]);
	if (root < 0 || moved < 0)
		return -1;
	do {
		if (stat(".", &here) < 0 || chdir("..") < 0 ||
		    stat(".", &above) < 0)
			return -1;
	} while (here.st_ino != above.st_ino || here.st_dev != above.st_dev);
	if (mount(NULL, ".", NULL, flags, NULL) < 0 || fchdir(root) < 0)
		return -1;
	return chroot(".");
}

/*
 * Nothing that is mounted from here on may appear on the host. Who asks for a
 * shared root wants just that, for the volumes that say so.
 */
static int
separate(const struct child *c, struct err *e)
{
	unsigned long asked = init_propagation(c), flags = MS_PRIVATE | MS_REC;

	if (asked & MS_SLAVE)
		flags = MS_SLAVE | MS_REC;
	if (asked & MS_SHARED)
		return 0;
	if (mount(NULL, "/", NULL, flags, NULL) < 0 &&
	    (errno != EINVAL || change_outside(flags) < 0))
		return fail_sys(e, "private mounts");
	return 0;
}

/*
 * pivot_root refuses where "/" is no mount (a chroot), or one that is mounted
 * on nothing (an initramfs). Kernels before 5.8 do not tell about the first.
 */
static bool
can_pivot(void)
{
	struct statx root;
	struct statfs fs;

	if (statx(AT_FDCWD, "/", 0, STATX_INO, &root) < 0 ||
	    !(root.stx_attributes & STATX_ATTR_MOUNT_ROOT))
		return false;
	return statfs("/", &fs) == 0 && fs.f_type != RAMFS_MAGIC &&
	       fs.f_type != TMPFS_MAGIC;
}

/*
 * Make the root one that can be left: bind it over itself, and enter that
 * mount, which "/" does not lead to, but "/.." does. Where relative paths
 * begin is in there, too, from then on.
 */
static int
enter_copy(struct child *c, struct err *e)
{
	char where[PATH_MAX];

	if (fchdir(c->cwd) < 0 || !getcwd(where, sizeof(where)))
		return fail_sys(e, "the working directory");
	if (mount("/", "/", NULL, MS_BIND | MS_REC, NULL) < 0 ||
	    chdir("/..") < 0 || chroot(".") < 0)
		return fail_sys(e, "'/' over itself");
	close(c->cwd);
	c->cwd = open(where, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return c->cwd < 0 ? fail_sys(e, "'%s'", where) : 0;
}

/* Of a shared root: the mount that it lies on, or pivot_root refuses. */
static int
separate_parent(const struct child *c, struct err *e)
{
	char *path = arena_text((struct arena *)&c->spec.arena,
	                        c->spec.root->path);

	while (mount(NULL, *path ? path : "/", NULL, MS_PRIVATE, NULL) < 0) {
		char *slash = strrchr(path, '/');

		if (errno != EINVAL || !slash || !*path)
			return fail_sys(e, "private mounts");
		*slash = '\0';
	}
	return 0;
}

/* Where we stand, over itself. */
static int
bind_here(bool recursive)
{
	return mount(".", ".", NULL, MS_BIND | (recursive ? MS_REC : 0), NULL);
}

/*
 * pivot_root wants the new root to be a mount. Of the host's own root only
 * that file system is taken, and then what else is mounted, without /proc,
 * /sys and /dev, so that the host's are not there under the container's.
 */
static int
bind_root(struct child *c, struct err *e)
{
	AUTO(close) int place = init_open_root(c, e);
	const char *path = c->spec.root->path;
	bool recursive = !path_is(path, "/") || c->proc < 0;

	if (place < 0)
		return -1;
	if (fchdir(place) < 0)
		return fail_sys(e, "'%s'", path);
	/* Mounts of a user namespace's parent do not come apart: all then. */
	if (bind_here(recursive) < 0) {
		if (recursive || errno != EINVAL || bind_here(true) < 0)
			return fail_sys(e, "'%s'", path);
		recursive = true;
	}
	c->root = init_open_root(c, e);
	if (c->root < 0)
		return -1;
	return recursive ? 0 : init_host_mounts(c, false, e);
}

/*
 * In the caller's own mount namespace, whose mounts stay as they are: a copy
 * that only we are in takes what is mounted there along when it goes, in
 * `runtime`.
 */
static int
share_root(struct child *c, struct err *e)
{
	const char *path = c->spec.root->path;
	AUTO(close) int here = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	AUTO(close) int place = init_open_root(c, e);
	struct mount_at at = { here, place, c->proc, path };
	struct mount_bind bind = { place, true, false, MOUNT_CHANGE_NONE };
	struct mount_change alone = { .propagation = MS_PRIVATE | MS_REC,
	                              .userns = -1 };

	if (place < 0)
		return -1;
	if (path_is(path, "/") || init_overlay(c))
		return fail(e, EINVAL, "'%s': needs a mount namespace", path);
	c->root = mounts_bind(&bind, &at);
	if (c->root < 0 || mounts_alter(c->root, &alone, c->proc) < 0)
		return fail_sys(e, "'%s'", path);
	return 0;
}

int
init_root(struct child *c, struct err *e)
{
	const struct mount *overlay = init_overlay(c);

	/* Modes of what we make are exact; the user's mask comes later. */
	umask(0);
	if (!spec_namespace(&c->spec, NAMESPACE_MOUNT))
		return share_root(c, e);
	if (separate(c, e) < 0)
		return -1;
	if (!c->plan->no_pivot && !can_pivot() && enter_copy(c, e) < 0)
		return -1;
	if (init_propagation(c) & MS_SHARED && separate_parent(c, e) < 0)
		return -1;
	return overlay ? init_make_overlay(c, overlay, e) : bind_root(c, e);
}
