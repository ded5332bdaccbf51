/* SPDX-License-Identifier: ISC */
/* The root of a container that does not run, for who wants to look into it. */
#include "init/mounts.h"
#include "init/root.h"

#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>

/* What only a running container has: its own /proc, /dev, memory. */
static bool
is_shown(const struct mount *m)
{
	static const char *const own[] = { "/proc", "/sys", "/dev" };

	if (!words_has(&m->options, "bind") && !words_has(&m->options, "rbind"))
		return false;
	for (size_t i = 0; i < sizeof(own) / sizeof(*own); i++)
		if (path_is(m->destination, own[i]) ||
		    path_is_below(m->destination, own[i]))
			return false;
	return true;
}

int
init_view(struct spec *spec, int *root, struct err *e)
{
	static const struct init_plan plan = INIT_PLAN_NONE;
	struct child c = { .plan = &plan, .spec = *spec, CHILD_NONE };
	const struct mount *overlay = init_overlay(&c);

	c.proc = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	c.cwd = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (unshare(CLONE_NEWNS) < 0 ||
	    mount(NULL, "/", NULL, MS_SLAVE | MS_REC, NULL) < 0)
		return fail_sys(e, "a mount namespace to look into it");
	if (overlay ? init_make_overlay(&c, overlay, e) < 0
	            : (c.root = init_open_root(&c, e)) < 0)
		return -1;
	for (size_t i = overlay ? 1 : 0; i < c.spec.n_mounts; i++)
		if (is_shown(&c.spec.mounts[i]) &&
		    init_mount(&c, &c.spec.mounts[i], e) < 0)
			return -1;
	spec->arena = c.spec.arena;
	*root = c.root;
	return 0;
}
