/* SPDX-License-Identifier: ISC */
/* Mounts by descriptor, with the kernel's newer calls or without them. */
#include "sys/mounts.h"
#include "sys/missing.h"
#include "sys/path.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>

#define ATIMES (MS_NOATIME | MS_RELATIME | MS_STRICTATIME)

/* One fact in mount(2)'s words, mount_setattr(2)'s and statfs(2)'s. */
static const struct {
	unsigned long flag, stat;
	uint64_t attr;
} facts[] = {
	{ MS_RDONLY,      ST_RDONLY,     MOUNT_ATTR_RDONLY },
	{ MS_NOSUID,      ST_NOSUID,     MOUNT_ATTR_NOSUID },
	{ MS_NODEV,       ST_NODEV,      MOUNT_ATTR_NODEV },
	{ MS_NOEXEC,      ST_NOEXEC,     MOUNT_ATTR_NOEXEC },
	{ MS_NOATIME,     ST_NOATIME,    MOUNT_ATTR_NOATIME },
	{ MS_STRICTATIME, 0,             MOUNT_ATTR_STRICTATIME },
	{ MS_RELATIME,    ST_RELATIME,   0 },
	{ MS_NODIRATIME,  ST_NODIRATIME, MOUNT_ATTR_NODIRATIME },
	{ MS_NOSYMFOLLOW, ST_NOSYMFOLLOW, MOUNT_ATTR_NOSYMFOLLOW },
};

#define N_FACTS (sizeof(facts) / sizeof(*facts))

static uint64_t
attributes(unsigned long flags)
{
	uint64_t attr = 0;

	for (size_t i = 0; i < N_FACTS; i++)
		if (flags & facts[i].flag)
			attr |= facts[i].attr;
	return attr;
}

/* The flags that a mount has, for a remount that must not lose them. */
static unsigned long
flags_of(const struct statfs *fs)
{
	unsigned long flags = 0;

	for (size_t i = 0; i < N_FACTS; i++)
		if ((unsigned long)fs->f_flags & facts[i].stat)
			flags |= facts[i].flag;
	return flags;
}

static int
give_up(int code)
{
	errno = code;
	return -1;
}

static bool
is_lacking(void)
{
	return errno == ENOSYS;
}

/* ---- attributes */

static int
set_attributes(int mount, unsigned long set, unsigned long clear,
               const struct mount_change *c, bool all)
{
	struct mount_attr attr = {
		.attr_set = attributes(set),
		.attr_clr = attributes(clear),
	};
	unsigned int how = AT_EMPTY_PATH | (all ? AT_RECURSIVE : 0);

	/* The times of access are a number, not bits: all or nothing. */
	if ((set | clear) & ATIMES)
		attr.attr_clr |= MOUNT_ATTR__ATIME;
	if (c->userns >= 0 && c->userns_all == all) {
		attr.attr_set |= MOUNT_ATTR_IDMAP;
		attr.userns_fd = (uint64_t)c->userns;
	}
	if (c->propagation && !!(c->propagation & MS_REC) == all)
		attr.propagation = c->propagation & ~(unsigned long)MS_REC;
	if (!attr.attr_set && !attr.attr_clr && !attr.propagation)
		return 0;
	return (int)syscall(SYS_mount_setattr, mount, "", how, &attr,
	                    sizeof(attr));
}

static int
alter_new(int mount, const struct mount_change *c)
{
	if (set_attributes(mount, c->set_all, c->clear_all, c, true) < 0)
		return -1;
	return set_attributes(mount, c->set, 0, c, false);
}

/*
 * mount(2) wants a path. "." is one that nobody can bend, once we are there;
 * a file has only its name in procfs, or, without that, none.
 */
static const char *
name_of(int fd, int proc, char name[32])
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return NULL;
	if (S_ISDIR(st.st_mode))
		return fchdir(fd) < 0 ? NULL : ".";
	if (proc < 0) {
		errno = ENOSYS;
		return NULL;
	}
	snprintf(name, 32, "self/fd/%d", fd);
	return fchdir(proc) < 0 ? NULL : name;
}

static int
alter_old(int mount_fd, const struct mount_change *c, int proc)
{
	char name[32];
	const char *path;
	struct statfs fs;
	unsigned long flags;

	if (c->set_all || c->clear_all || c->userns >= 0)
		return give_up(ENOTSUP);
	path = name_of(mount_fd, proc, name);
	if (!path || fstatfs(mount_fd, &fs) < 0)
		return -1;
	flags = flags_of(&fs);
	if (c->set & ATIMES)
		flags &= ~(unsigned long)ATIMES;
	if (c->set && mount(NULL, path, NULL,
	                    MS_REMOUNT | MS_BIND | flags | c->set, NULL) < 0)
		return -1;
	if (c->propagation && mount(NULL, path, NULL, c->propagation, NULL) < 0)
		return -1;
	return 0;
}

int
mounts_alter(int mount, const struct mount_change *change, int proc)
{
	int done = alter_new(mount, change);

	return done < 0 && is_lacking() ? alter_old(mount, change, proc)
	                                : done;
}

/* ---- new file systems */

/*
 * A descriptor of a directory stays below what is mounted on it later, so the
 * path is walked again. If that does not lead to the root of a mount, somebody
 * has changed the path in between. Kernels before 5.8 cannot tell.
 */
int
mounts_over(const struct mount_at *at, int flags)
{
	AUTO(close) int fd = path_open_in(at->root, at->path, O_PATH | flags);
	struct statx now;

	if (fd < 0 || statx(fd, "", AT_EMPTY_PATH, STATX_INO, &now) < 0)
		return -1;
	if ((now.stx_attributes_mask & STATX_ATTR_MOUNT_ROOT) &&
	    !(now.stx_attributes & STATX_ATTR_MOUNT_ROOT))
		return give_up(ESTALE);
	return take_fd(&fd);
}

int
mounts_make(const struct mount_new *new, const struct mount_at *at)
{
	if (fchdir(at->fd) < 0)
		return -1;
	return mount(new->source, ".", new->type, new->flags, new->data);
}

int
mounts_attach(int mount, int at)
{
	return (int)syscall(SYS_move_mount, mount, "", at, "",
	                    MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH);
}

/* The kernel explains itself in lines such as "e overlay: no such layer". */
static int
explain(int fs, const char *type, const char *option, struct err *e)
{
	char line[256];
	int code = errno;
	ssize_t n = read(fs, line, sizeof(line) - 1);

	errno = code;
	if (n <= 2)
		return fail_sys(e, "%s: '%s'", type, option);
	line[n] = '\0';
	line[strcspn(line, "\n")] = '\0';
	fail(e, code, "%s: %s", type, line + 2);
	errno = code;
	return -1;
}

static int
configure(int fs, const char *option)
{
	const char *equals = strchr(option, '=');
	char key[64];
	size_t n = equals ? (size_t)(equals - option) : strlen(option);

	if (n >= sizeof(key))
		return give_up(EINVAL);
	memcpy(key, option, n);
	key[n] = '\0';
	return (int)syscall(SYS_fsconfig, fs,
	                    equals ? FSCONFIG_SET_STRING : FSCONFIG_SET_FLAG,
	                    key, equals ? equals + 1 : NULL, 0);
}

/* The rest, once the file system is open. */
static int
prepare(int fs, const char *type, char *const *options, unsigned long flags,
        struct err *e)
{
	int made;

	for (; *options; options++)
		if (configure(fs, *options) < 0)
			return explain(fs, type, *options, e);
	if (syscall(SYS_fsconfig, fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0)
		return explain(fs, type, "new file system", e);
	made = (int)syscall(SYS_fsmount, fs, FSMOUNT_CLOEXEC,
	                    (unsigned int)attributes(flags));
	return made < 0 ? fail_sys(e, "%s", type) : made;
}

int
mounts_prepare(const char *type, char *const *options, unsigned long flags,
              struct err *e)
{
	AUTO(close) int fs = (int)syscall(SYS_fsopen, type, FSOPEN_CLOEXEC);

	return fs < 0 ? fail_sys(e, "%s", type)
	              : prepare(fs, type, options, flags, e);
}

static int
open_proc_of(int pids)
{
	AUTO(close) int fs = (int)syscall(SYS_fsopen, "proc", FSOPEN_CLOEXEC);

	if (fs < 0 || syscall(SYS_fsconfig, fs, FSCONFIG_SET_FD, "pidns", NULL,
	                      pids) < 0)
		return -1;
	return take_fd(&fs);
}

int
mounts_proc_of(int pids, char *const *options, unsigned long flags,
               struct err *e)
{
	AUTO(close) int fs = open_proc_of(pids);

	return fs < 0 ? fail_sys(e, "proc of a pid namespace")
	              : prepare(fs, "proc", options, flags, e);
}

bool
mounts_has_proc_of(int pids)
{
	AUTO(close) int fs = open_proc_of(pids);

	return fs >= 0;
}

/* ---- binds */

int
mounts_detach(int source, bool recursive)
{
	unsigned int how = OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH;

	return (int)syscall(SYS_open_tree, source, "",
	                    how | (recursive ? AT_RECURSIVE : 0));
}

static int
bind_new(const struct mount_bind *b, int at)
{
	AUTO(close) int tree = -1;

	tree = b->detached ? fcntl(b->source, F_DUPFD_CLOEXEC, 0)
	                   : mounts_detach(b->source, b->recursive);
	if (tree < 0 || alter_new(tree, &b->change) < 0 ||
	    mounts_attach(tree, at) < 0)
		return -1;
	return take_fd(&tree);
}

/*
 * Two paths in one call, and only one of them can be ".": the source goes by
 * its name in procfs. Only a bind of a directory onto itself needs none.
 */
static int
attach_old(const struct mount_bind *b, const struct mount_at *at)
{
	unsigned long flags = MS_BIND | (b->recursive ? MS_REC : 0);
	char from[32], to[32];
	const char *path;

	if (b->source == at->fd) {
		path = name_of(at->fd, at->proc, to);
		return path ? mount(path, path, NULL, flags, NULL) : -1;
	}
	if (at->proc < 0)
		return give_up(ENOSYS);
	snprintf(from, sizeof(from), "self/fd/%d", b->source);
	snprintf(to, sizeof(to), "self/fd/%d", at->fd);
	return fchdir(at->proc) < 0 ? -1
	                            : mount(from, to, NULL, flags, NULL);
}

static int
bind_old(const struct mount_bind *b, const struct mount_at *at)
{
	AUTO(close) int fd = -1;

	if (b->change.set_all || b->change.clear_all || b->change.userns >= 0)
		return give_up(ENOTSUP);
	if (attach_old(b, at) < 0)
		return -1;
	fd = mounts_over(at, 0);
	if (fd < 0 || alter_old(fd, &b->change, at->proc) < 0)
		return -1;
	return take_fd(&fd);
}

int
mounts_bind(const struct mount_bind *bind, const struct mount_at *at)
{
	int fd = bind_new(bind, at->fd);

	return fd < 0 && is_lacking() && !bind->detached ? bind_old(bind, at)
	                                                 : fd;
}

uint64_t
mounts_number(int fd)
{
	struct statx st;
	uint64_t id = 0;

	if (statx(fd, "", AT_EMPTY_PATH, STATX_MNT_ID, &st) == 0 &&
	    st.stx_mask & STATX_MNT_ID)
		memcpy(&id, (const char *)&st + STATX_MNT_ID_AT, sizeof(id));
	return id;
}
