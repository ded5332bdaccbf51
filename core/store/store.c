/* SPDX-License-Identifier: ISC */
/* Where everything lies, and whether that place can be trusted. */
#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>

/* Directories are found without following links, unless a user named them. */
#define DIRECTORY (O_RDONLY | O_DIRECTORY | O_CLOEXEC)

static int
make_dir(int dir, const char *name, mode_t mode)
{
	mode_t mask = umask(0);
	int done = mkdirat(dir, name, mode);
	int code = errno;

	umask(mask);
	errno = code;
	return done;
}

int
store_dir(int dir, const char *name, int *made, struct err *e)
{
	int fd = openat(dir, name, DIRECTORY | O_NOFOLLOW);

	if (fd < 0 && errno == ENOENT) {
		if (make_dir(dir, name, 0700) < 0 && errno != EEXIST)
			return fail_sys(e, "make '%s'", name);
		fd = openat(dir, name, DIRECTORY | O_NOFOLLOW);
	}
	if (fd < 0)
		return fail_sys(e, "open '%s'", name);
	*made = fd;
	return 0;
}

/*
 * What a stranger can write to, he can fill with names and links of his own
 * before we come.
 */
static int
check_owner(int fd, const char *path, struct err *e)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return fail_sys(e, "'%s'", path);
	if (st.st_uid != geteuid())
		return fail(e, EPERM, "'%s' belongs to user %u; choose another"
		            " with --root", path, st.st_uid);
	if (st.st_mode & S_IWOTH)
		return fail(e, EPERM, "everybody may write to '%s'; choose"
		            " another with --root", path);
	return 0;
}

/* A link in our way must be our own or root's. */
static int
check_link(const char *path, struct err *e)
{
	struct stat st;

	if (lstat(path, &st) < 0 || !S_ISLNK(st.st_mode))
		return 0;
	if (st.st_uid != 0 && st.st_uid != geteuid())
		return fail(e, EPERM, "'%s' is a link of user %u", path,
		            st.st_uid);
	return 0;
}

/* Make the directories above the last, as `mkdir -p` would. */
static int
make_parents(const char *path, struct err *e)
{
	AUTO(free) char *part = mem_text(path);

	for (char *at = part + 1; (at = strchr(at, '/')); at++) {
		*at = '\0';
		if (make_dir(AT_FDCWD, part, 0755) < 0 && errno != EEXIST &&
		    access(part, F_OK) < 0) {
			errno = errno == ENOENT ? EROFS : errno;
			return fail_sys(e, "make '%s'", part);
		}
		*at = '/';
	}
	return 0;
}

/* Open a root, or make it if `make`; *fd is -1 if it is not there. */
static int
open_root(const char *path, bool make, int *fd, struct err *e)
{
	AUTO(close) int dir = open(path, DIRECTORY);

	if (dir < 0 && errno == ENOENT && make) {
		if (make_parents(path, e) < 0)
			return -1;
		if (make_dir(AT_FDCWD, path, 0700) < 0 && errno != EEXIST)
			return fail_sys(e, "make '%s'", path);
		dir = open(path, DIRECTORY);
	}
	if (dir < 0 && (make || errno != ENOENT))
		return fail_sys(e, "open '%s'", path);
	if (dir >= 0 && (check_link(path, e) < 0 ||
	                 check_owner(dir, path, e) < 0))
		return -1;
	*fd = take_fd(&dir);
	return 0;
}

static int
set_path(char path[512], const char *dir, const char *below, struct err *e)
{
	char cwd[512] = "";

	if (*dir != '/' && !getcwd(cwd, sizeof(cwd)))
		return fail_sys(e, "working directory");
	if (snprintf(path, 512, "%s%s%s%s", cwd, *cwd ? "/" : "", dir,
	             below) >= 512)
		return fail(e, ENAMETOOLONG, "'%s' is too long for a root",
		            dir);
	return 0;
}

/* For others than root: $XDG_…, or what stands for it. */
static int
user_paths(struct store *s, struct err *e)
{
	const char *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
	const char *run = getenv("XDG_RUNTIME_DIR");
	struct stat st;

	if (!run || *run != '/' || (!data && !home))
		return fail(e, ENOENT, "no XDG_RUNTIME_DIR or HOME; say with"
		            " --root where to keep things");
	if (lstat(run, &st) < 0)
		return fail_sys(e, "XDG_RUNTIME_DIR '%s'", run);
	if (!S_ISDIR(st.st_mode) || st.st_uid != geteuid() ||
	    (st.st_mode & (S_IWGRP | S_IWOTH)))
		return fail(e, EPERM, "XDG_RUNTIME_DIR '%s' is not a directory"
		            " that is yours alone", run);
	if (set_path(s->run_path, run, "/mydocker", e) < 0)
		return -1;
	if (data && *data == '/')
		return set_path(s->data_path, data, "/mydocker", e);
	return set_path(s->data_path, home ? home : "/",
	                "/.local/share/mydocker", e);
}

static int
find_paths(struct store *s, struct err *e)
{
	const char *root = getenv("MYDOCKER_ROOT");

	if (root && *root) {
		if (set_path(s->data_path, root, "", e) < 0)
			return -1;
		return set_path(s->run_path, root, "/run", e);
	}
	if (geteuid() != 0)
		return user_paths(s, e);
	strcpy(s->data_path, "/var/lib/mydocker");
	strcpy(s->run_path, "/run/mydocker");
	return 0;
}

int
store_open(struct store *s, struct err *e)
{
	s->data = s->run = -1;
	if (find_paths(s, e) < 0)
		return -1;
	if (getenv("MYDOCKER_ROOT") && *getenv("MYDOCKER_ROOT") &&
	    open_root(s->data_path, true, &s->data, e) < 0)
		return -1;
	if (open_root(s->run_path, true, &s->run, e) < 0) {
		auto_store(s);
		return e->code == EPERM ? -1
		       : fail_in(e, "no place for run state; name one with"
		                 " --root");
	}
	return 0;
}

int
store_open_data(struct store *s, struct err *e)
{
	if (s->data >= 0)
		return 0;
	if (open_root(s->data_path, true, &s->data, e) == 0)
		return 0;
	return e->code == EPERM ? -1
	       : fail_in(e, "no place to keep a container; name one with"
	                 " --root, or use --rm");
}

int
store_find_data(struct store *s, struct err *e)
{
	return s->data >= 0 ? 0 : open_root(s->data_path, false, &s->data, e);
}

/* 0, 1 and 2 are never ours, so that a store of zeros is an empty one. */
void
auto_store(struct store *s)
{
	if (s->data > 2)
		close(s->data);
	if (s->run > 2)
		close(s->run);
	s->data = s->run = -1;
}

/* The process that holds a lock; 0 if /proc/locks cannot say: its lines are
 * "1: FLOCK  ADVISORY  WRITE 708 00:13:12340 0 EOF". */
static int
holder(int dir)
{
	AUTO(fclose) FILE *locks = fopen("/proc/locks", "re");
	char line[256];
	struct stat st;

	if (!locks || fstat(dir, &st) < 0)
		return 0;
	while (fgets(line, sizeof(line), locks)) {
		const char *pid = strstr(line, " WRITE ");
		const char *inode = strrchr(line, ':');

		if (pid && strstr(line, " FLOCK ") &&
		    strtoull(inode + 1, NULL, 10) == st.st_ino)
			return (int)strtol(pid + 7, NULL, 10);
	}
	return 0;
}

bool
store_try_lock(int dir)
{
	int done;

	do
		done = flock(dir, LOCK_EX | LOCK_NB);
	while (done < 0 && errno == EINTR);
	return done == 0;
}

/* Locks are held for microseconds, so who waits, waits for something broken:
 * a stopped process, say. */
int
store_lock(int dir, const char *what, struct err *e)
{
	struct timespec nap = { 0, 1000000 };

	for (int64_t waited = 0; waited < 30000000000; ) {
		if (store_try_lock(dir))
			return 0;
		if (errno != EWOULDBLOCK)
			return fail_sys(e, "lock of %s", what);
		nanosleep(&nap, NULL);
		waited += nap.tv_nsec;
		if (nap.tv_nsec < 50000000)
			nap.tv_nsec *= 2;
	}
	return fail(e, EAGAIN, "%s is locked by process %d, which does not"
	            " let go", what, holder(dir));
}

void
store_unlock(int dir)
{
	flock(dir, LOCK_UN);
}

/* Has the directory that name? */
static bool
is_named(int dir, const char *name, int fd)
{
	struct stat ours, named;

	return fstat(fd, &ours) == 0 &&
	       fstatat(dir, name, &named, AT_SYMLINK_NOFOLLOW) == 0 &&
	       ours.st_ino == named.st_ino && ours.st_dev == named.st_dev;
}

int
store_begin(int dir, const char *name, int *made, struct err *e)
{
	for (int tries = 0; tries < 100; tries++) {
		AUTO(close) int fd = -1;

		if (store_dir(dir, name, &fd, e) < 0) {
			if (e->code == ENOENT)
				continue;
			return -1;
		}
		if (store_lock(fd, "what is being made", e) < 0)
			return -1;
		if (is_named(dir, name, fd)) {
			*made = take_fd(&fd);
			return 0;
		}
	}
	return fail(e, EAGAIN, "'%s' is taken away again and again", name);
}
