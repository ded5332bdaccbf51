/* SPDX-License-Identifier: ISC */
/* The root that criu restores into, in a mount namespace that goes with it. */
#include "criu/criu.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

void
auto_criu_root(struct criu_root *r)
{
	auto_close(&r->mounts);
	auto_close(&r->cwd);
}

/* It must be a mount, on a parent that is not covered. */
int
criu_root_enter(struct criu_root *r, const char *root, const char *at,
                struct err *e)
{
	r->mounts = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);
	r->cwd = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (r->mounts < 0 || r->cwd < 0 || unshare(CLONE_NEWNS) < 0)
		return fail_sys(e, "mount namespace");
	if (mount(NULL, "/", NULL, MS_SLAVE | MS_REC, NULL) < 0 ||
	    mount(root, at, NULL, MS_BIND | MS_REC, NULL) < 0)
		return fail_sys(e, "'%s'", root);
	return 0;
}

int
criu_root_leave(struct criu_root *r, struct err *e)
{
	int done = 0;

	if (r->mounts >= 0 && r->cwd >= 0 &&
	    (setns(r->mounts, CLONE_NEWNS) < 0 || fchdir(r->cwd) < 0))
		done = fail_sys(e, "mount namespace");
	auto_criu_root(r);
	*r = (struct criu_root)CRIU_ROOT_NONE;
	return done;
}
