/* SPDX-License-Identifier: ISC */
/* The terminal, made in the container's own devpts; and the parent's word. */
#include "init/child.h"
#include "sync/sync.h"
#include "sys/path.h"
#include "sys/tty.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysmacros.h>
#include <unistd.h>

/* Majors of the slave side, Documentation/admin-guide/devices.txt. */
#define SLAVE_FIRST 136
#define SLAVE_LAST  143

static bool
is_on_devpts(int fd, struct stat *st)
{
	struct statfs fs;

	return fstatfs(fd, &fs) == 0 && fs.f_type == DEVPTS_SUPER_MAGIC &&
	       fstat(fd, st) == 0 && S_ISCHR(st->st_mode);
}

/* Whatever a volume put at /dev/pts, only the kernel's own file will do. */
static int
open_master(struct child *c, struct err *e)
{
	int unlocked = 0;
	struct stat st;

	c->master = path_open_in(c->root, "/dev/pts/ptmx",
	                         O_RDWR | O_NOCTTY | O_NOFOLLOW);
	if (c->master < 0)
		return fail_sys(e, "/dev/pts/ptmx");
	if (!is_on_devpts(c->master, &st) || st.st_rdev != makedev(5, 2))
		return fail(e, ENODEV, "/dev/pts/ptmx: not of devpts");
	if (ioctl(c->master, TIOCSPTLCK, &unlocked) < 0)
		return fail_sys(e, "unlock of the terminal");
	return 0;
}

static int
open_slave(struct child *c, struct err *e)
{
	char path[32];
	unsigned int number;
	struct stat st;

	c->slave = tty_peer(c->master);
	if (c->slave < 0) {
		if (ioctl(c->master, TIOCGPTN, &number) < 0)
			return fail_sys(e, "number of the terminal");
		snprintf(path, sizeof(path), "/dev/pts/%u", number);
		c->slave = path_open_in(c->root, path,
		                        O_RDWR | O_NOCTTY | O_NOFOLLOW);
	}
	if (c->slave < 0 || !is_on_devpts(c->slave, &st))
		return fail_sys(e, "terminal");
	if (major(st.st_rdev) < SLAVE_FIRST || major(st.st_rdev) > SLAVE_LAST)
		return fail(e, ENODEV, "terminal: not a pty");
	return 0;
}

/*
 * /dev/console is the terminal, too. Only a plain file that we may have made
 * is covered: a link would lead the mount elsewhere (CVE-2025-52565).
 */
static int
make_console(const struct child *c, struct err *e)
{
	AUTO(close) int dev = path_make_dir(c->root, "/dev");
	AUTO(close) int place = -1, made = -1;
	struct mount_bind b = { .source = c->slave,
		                .change = MOUNT_CHANGE_NONE };
	struct mount_at at = { .root = c->root, .path = "/dev/console",
		               .proc = c->proc };
	struct stat st;

	if (dev < 0 || (mknodat(dev, "console", S_IFREG | 0600, 0) < 0 &&
	                errno != EEXIST))
		return fail_sys(e, "/dev/console");
	place = openat(dev, "console", O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (place < 0 || fstat(place, &st) < 0)
		return fail_sys(e, "/dev/console");
	if (!S_ISREG(st.st_mode) && !S_ISCHR(st.st_mode))
		return fail(e, EEXIST, "/dev/console: the root has something "
		            "else there");
	at.fd = place;
	made = mounts_bind(&b, &at);
	return made < 0 ? fail_sys(e, "/dev/console") : 0;
}

static int
use_terminal(const struct child *c, struct err *e)
{
	const struct console_size *size = c->spec.process->console_size;

	if (size && (size->height || size->width) &&
	    tty_resize(c->slave, (unsigned short)size->height,
	               (unsigned short)size->width) < 0)
		return fail_sys(e, "size of the terminal");
	/* The user must be able to open it again, as /dev/pts/0. */
	if (fchown(c->slave, c->spec.process->user.uid, (gid_t)-1) < 0 &&
	    errno != EINVAL && errno != EPERM)
		return fail_sys(e, "owner of the terminal");
	if (!init_is_to_be_born(c) && ioctl(c->slave, TIOCSCTTY, 0) < 0)
		return fail_sys(e, "controlling terminal");
	for (int fd = 0; fd <= 2; fd++)
		if (dup2(c->slave, fd) < 0)
			return fail_sys(e, "terminal");
	return 0;
}

/* By hand there is nobody to carry the bytes: whoever types is on a terminal
 * already, and gets that one. */
int
init_terminal(struct child *c, struct err *e)
{
	if (!c->spec.process->terminal || c->by_hand)
		return 0;
	if (open_master(c, e) < 0 || open_slave(c, e) < 0)
		return -1;
	if (!c->plan->exec && make_console(c, e) < 0)
		return -1;
	return use_terminal(c, e);
}

/* Hand over the master, and wait until the hooks have run. */
int
init_parent(struct child *c, struct err *e)
{
	struct sync_message m;
	int got;

	if (c->by_hand)
		return 0;
	if (sync_send(c->socket, SYNC_MOUNTED, NULL, c->master, e) < 0)
		return -1;
	if (c->master >= 0) {
		close(c->master);
		c->master = -1;
	}
	got = sync_receive(c->socket, &m, NULL, e);
	if (got < 0)
		return -1;
	if (got == 0 || m.word != SYNC_GO)
		return fail(e, EPROTO, "it has given up");
	return 0;
}
