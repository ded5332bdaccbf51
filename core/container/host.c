/* SPDX-License-Identifier: ISC */
/* What specgen asks about the machine; it asks nobody itself. */
#include "container/container.h"
#include "sys/fd.h"
#include "sys/path.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/utsname.h>

#define FILE_MOST (16 << 20)
/* /dev/disk/by-id and the like are two levels; more is somebody's mount. */
#define DEPTH_MOST 4

static int
host_user(const char *rootfs, struct user_lookup *l, struct arena *a,
          struct err *e)
{
	AUTO(close) int root = open(rootfs, O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (root < 0)
		return fail_sys(e, "'%s'", rootfs);
	return container_user(root, l, a, e);
}

static int
ns_path(const char *container, enum namespace_kind kind, char **path,
        struct arena *a, struct err *e)
{
	AUTO(container) struct container c = { 0 };
	AUTO(close) int pidfd = -1;

	if (container_open(&c, container, e) < 0 ||
	    container_pidfd(&c, &pidfd, e) < 0)
		return -1;
	*path = arena_format(a, "/proc/%d/ns/%s", (int)c.record.pid.value,
	                     spec_namespaces[kind].file);
	return 0;
}

static int
points(const char *name, struct mount_point **v, size_t *n, struct arena *a,
       struct err *e)
{
	AUTO(container) struct container c = { 0 };

	if (container_open(&c, name, e) < 0)
		return -1;
	for (size_t i = 0; i < c.record.n_mounts; i++)
		spec_point_add(a, v, n, &c.record.mounts[i]);
	return 0;
}

static bool
is_device(const struct stat *st)
{
	return S_ISCHR(st->st_mode) || S_ISBLK(st->st_mode);
}

/* The type is a word of ours, and nobody writes to a spec's words. */
static void
describe(const struct stat *st, struct device *d)
{
	d->type = (char *)(S_ISBLK(st->st_mode) ? "b" : "c");
	d->major = (struct number){ true, major(st->st_rdev) };
	d->minor = (struct number){ true, minor(st->st_rdev) };
	d->file_mode = (struct number){ true, st->st_mode & 07777 };
	d->uid = (struct number){ true, st->st_uid };
	d->gid = (struct number){ true, st->st_gid };
}

static int
device(const char *path, struct device *found, struct err *e)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return fail_sys(e, "device '%s'", path);
	if (!is_device(&st))
		return fail(e, EINVAL, "'%s' is not a device", path);
	describe(&st, found);
	return 0;
}

struct devices {
	struct device *v;
	size_t n;
	struct arena *arena;
};

/* What every container has of its own. */
static bool
is_own(const char *name)
{
	static const char *const own[] = { "pts", "shm", "fd", "mqueue",
	        "console", "ptmx", ".", ".." };

	for (size_t i = 0; i < sizeof(own) / sizeof(*own); i++)
		if (strcmp(name, own[i]) == 0)
			return true;
	return false;
}

static void
add_device(struct devices *all, const char *path, const struct stat *st)
{
	struct device *d = LIST_ADD(all->arena, all->v, all->n);

	d->path = arena_text(all->arena, path);
	describe(st, d);
}

static DIR *
open_dir(int at, const char *name)
{
	int fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW |
	                O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);

	if (!dir && fd >= 0)
		close(fd);
	return dir;
}

/* What cannot be read there, the container does not get. */
static void
walk(struct devices *all, DIR *dir, const char *path, int depth)
{
	struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		AUTO(free) char *whole = mem_format("%s/%s", path,
		                                    entry->d_name);
		struct stat st;

		if (is_own(entry->d_name) ||
		    fstatat(dirfd(dir), entry->d_name, &st,
		            AT_SYMLINK_NOFOLLOW) < 0)
			continue;
		if (is_device(&st))
			add_device(all, whole, &st);
		if (S_ISDIR(st.st_mode) && depth < DEPTH_MOST)
			walk(all, open_dir(dirfd(dir), entry->d_name), whole,
			     depth + 1);
	}
	if (dir)
		closedir(dir);
}

static int
all_devices(struct device **v, size_t *n, struct arena *a, struct err *e)
{
	struct devices all = { .arena = a };

	if (access("/dev", F_OK) < 0)
		return fail_sys(e, "/dev");
	walk(&all, open_dir(AT_FDCWD, "/dev"), "/dev", 0);
	*v = all.v;
	*n = all.n;
	return 0;
}

static int
read_file(const char *path, struct buf *out, struct err *e)
{
	AUTO(close) int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || fd_read(fd, FILE_MOST, out) < 0)
		return fail_sys(e, "'%s'", path);
	return 0;
}

static int
find_cwd(const char **cwd, struct arena *a, struct err *e)
{
	char path[PATH_MAX];

	if (!getcwd(path, sizeof(path)))
		return fail_sys(e, "working directory");
	/* So the kernel names a directory outside of our root. */
	if (*path != '/')
		return fail(e, ENOENT, "the working directory cannot be"
		            " reached from '/'");
	*cwd = arena_text(a, path);
	return 0;
}

/* By halves, and without /proc, which a bare root may not have. */
static int
last_cap(void)
{
	int good = 0, bad = 64;

	while (bad - good > 1) {
		int middle = (good + bad) / 2;

		if (prctl(PR_CAPBSET_READ, middle, 0, 0, 0) >= 0)
			good = middle;
		else
			bad = middle;
	}
	return good;
}

static const char *
environment(const char *name)
{
	return getenv(name);
}

int
container_host(struct host *host, struct arena *a, struct err *e)
{
	struct rlimit files = { 1024, 1024 };
	struct utsname names;

	*host = (struct host){
		.uid = geteuid(),
		.gid = getegid(),
		.last_cap = last_cap(),
		.cpus = (int)sysconf(_SC_NPROCESSORS_ONLN),
		.selinux = access("/sys/fs/selinux/enforce", F_OK) == 0,
		.ns_path = ns_path,
		.device = device,
		.all_devices = all_devices,
		.read_file = read_file,
		.user = host_user,
		.points = points,
		.environment = environment,
	};
	if (uname(&names) < 0)
		return fail_sys(e, "uname");
	host->machine = arena_text(a, names.machine);
	host->kernel = arena_text(a, names.release);
	if (getrlimit(RLIMIT_NOFILE, &files) < 0)
		return fail_sys(e, "getrlimit");
	host->nofile = files.rlim_max;
	return find_cwd(&host->cwd, a, e);
}

int
container_id_file(const char *path, const char *id, struct err *e)
{
	AUTO(close) int fd = open(path, O_WRONLY | O_CREAT | O_EXCL |
	                          O_NOFOLLOW | O_CLOEXEC, 0644);

	if (fd < 0 && errno == EEXIST)
		return fail(e, EEXIST, "--cidfile: '%s' is there already;"
		            " remove it if its container is gone", path);
	if (fd < 0 || fd_write(fd, id, strlen(id)) < 0) {
		fail_sys(e, "--cidfile: '%s'", path);
		if (fd >= 0)
			unlink(path);
		return -1;
	}
	return 0;
}

void
container_id_file_drop(const char *path)
{
	unlink(path);
}

int
container_make_sources(const struct words *paths, struct err *e)
{
	AUTO(close) int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);

	for (size_t i = 0; i < paths->n; i++) {
		AUTO(close) int made = -1;

		if (access(paths->v[i], F_OK) == 0 || errno != ENOENT)
			continue; /* what else is wrong, its mount will tell */
		made = path_make_dir(root, paths->v[i]);
		if (made < 0)
			return fail_sys(e, "--volume: '%s'", paths->v[i]);
	}
	return 0;
}
