/* SPDX-License-Identifier: ISC */
/* The switch of roots, and the directory the command begins in. */
#include "init/root.h"
#include "sys/missing.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

/*
 * The mount that we stand in. What lies over it, such as the tmpfs of an
 * overlay of "/", is what "." means to umount2, and goes first.
 */
static int
take_off(void)
{
	int taken = 0;

	while (umount2(".", MNT_DETACH) == 0)
		taken++;
	/* So it says of a mount that is nowhere any more. */
	return taken > 0 && errno == EINVAL ? 0 : -1;
}

/*
 * The new root becomes "/", the old one lies on top of it and is taken off
 * with all that is mounted there, so that no path leads back.
 *
 * source   pivot_root(2), "pivot_root(".", ".")"
 */
static int
pivot(const struct child *c, struct err *e)
{
	AUTO(close) int old = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (old < 0 || fchdir(c->root) < 0)
		return fail_sys(e, "new root");
	if (syscall(SYS_pivot_root, ".", ".") < 0)
		return fail_sys(e, "pivot_root");
	if (fchdir(old) < 0)
		return fail_sys(e, "old root");
	/* Or taking it off a shared root would take it off the host. */
	if ((init_propagation(c) & MS_SHARED) &&
	    mount(NULL, ".", NULL, MS_SLAVE | MS_REC, NULL) < 0)
		return fail_sys(e, "old root");
	if (take_off() < 0)
		return fail_sys(e, "old root");
	return chdir("/") < 0 ? fail_sys(e, "/") : 0;
}

/* For roots that do not let go; chroot alone would not hold root inside. */
static int
move(const struct child *c, struct err *e)
{
	if (fchdir(c->root) < 0 || mount(".", "/", NULL, MS_MOVE, NULL) < 0 ||
	    chroot(".") < 0 || chdir("/") < 0)
		return fail_sys(e, "move of the root");
	return 0;
}

/* A container that shares the caller's mounts leaves their root alone. */
static int
change(const struct child *c, struct err *e)
{
	if (fchdir(c->root) < 0 || chroot(".") < 0 || chdir("/") < 0)
		return fail_sys(e, "chroot");
	return 0;
}

static int
switch_root(const struct child *c, struct err *e)
{
	if (!spec_namespace(&c->spec, NAMESPACE_MOUNT))
		return change(c, e);
	return c->plan->no_pivot ? move(c, e) : pivot(c, e);
}

/*
 * Who may make no devices needs none that the root brings along either, where
 * /dev is a file system of its own and nothing was asked for elsewhere.
 */
static bool
is_without_devices(const struct spec *s)
{
	const struct capabilities *caps = s->process->capabilities;
	const struct linux_part *l = s->linux_part;
	bool has_dev = false;

	if (!caps || words_has(&caps->bounding, "CAP_MKNOD"))
		return false;
	for (size_t i = 0; l && i < l->n_devices; i++)
		if (!path_is_below(l->devices[i].path, "/dev"))
			return false;
	for (size_t i = 0; i < s->n_mounts; i++)
		has_dev |= path_is(s->mounts[i].destination, "/dev");
	return has_dev;
}

int
init_pivot(struct child *c, struct err *e)
{
	unsigned long propagation = init_propagation(c);
	struct mount_change change = { .userns = -1 };

	if (switch_root(c, e) < 0)
		return -1;
	if (c->spec.root->readonly)
		change.set |= MS_RDONLY;
	if (is_without_devices(&c->spec))
		change.set |= MS_NODEV;
	/* Last, as everything that was made in it had to be written. */
	if (change.set && mounts_alter(c->root, &change, c->proc) < 0)
		return fail_sys(e, "options of the root");
	if (propagation && mount(NULL, "/", NULL, propagation, NULL) < 0)
		return fail_sys(e, "rootfsPropagation");
	return 0;
}

/*
 * Opened by root and entered by the user, in "identity". What root cannot see
 * (FUSE, NFS) the user may. Only a new container's is made; one that `exec`
 * names must be there.
 */
int
init_workdir(struct child *c, struct err *e)
{
	const char *path = c->spec.process->cwd;

	c->workdir = c->plan->exec
	             ? path_open_in(c->root, path, O_PATH | O_DIRECTORY)
	             : path_make_dir(c->root, path);
	if (c->workdir < 0 && errno != EACCES && errno != EPERM)
		return fail_sys(e, "working directory '%s'", path);
	return 0;
}
