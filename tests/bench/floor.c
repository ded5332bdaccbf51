/* SPDX-License-Identifier: ISC */
/* floor ROOTFS COMMAND…: the least that a container of this kind can cost. */
#define _GNU_SOURCE
#include <err.h>
#include <fcntl.h>
#include <glob.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#define SAFE (MS_NOSUID | MS_NODEV | MS_NOEXEC)
#define MEMORY "67108864"

static const struct {
	const char *at, *type, *data;
	unsigned long flags;
} mounts[] = {
	{ "proc", "proc", NULL, SAFE },
	{ "dev", "tmpfs", "mode=755,size=65536k", MS_NOSUID | MS_STRICTATIME },
	{ "dev/pts", "devpts", "newinstance,ptmxmode=0666,mode=0620,gid=5",
	  MS_NOSUID | MS_NOEXEC },
	{ "dev/shm", "tmpfs", "mode=1777,size=65536k", SAFE },
	{ "dev/mqueue", "mqueue", NULL, SAFE },
	{ "sys", "sysfs", NULL, SAFE | MS_RDONLY },
};

static const struct {
	const char *at;
	int major, minor;
} devices[] = {
	{ "dev/null", 1, 3 }, { "dev/zero", 1, 5 }, { "dev/full", 1, 7 },
	{ "dev/random", 1, 8 }, { "dev/urandom", 1, 9 }, { "dev/tty", 5, 0 },
};

/* What is hidden below /proc and /sys: a file by /dev/null, a directory by an
 * empty one, and what is only made read-only by itself. */
static const char *const files[] = { "interrupts", "keys", "timer_list" };
static const char *const fixed[] = { "bus", "fs", "irq", "sys" };
static const char *const hidden[] = { "proc/acpi", "sys/firmware",
	"sys/fs/bpf" };

static char groups[16][128];
static int n_groups;

static void
put(const char *dir, const char *file, const char *text)
{
	char path[192];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", dir, file);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		err(125, "%s", path);
	close(fd);
}

/* One in every hierarchy of v1, or the one of v2. */
static void
make_groups(void)
{
	glob_t found = { 0 };

	glob("/sys/fs/cgroup/*/tasks", 0, NULL, &found);
	if (!found.gl_pathc)
		glob("/sys/fs/cgroup/cgroup.procs", 0, NULL, &found);
	for (size_t i = 0; i < found.gl_pathc && n_groups < 16; i++) {
		char *group = groups[n_groups++];

		*strrchr(found.gl_pathv[i], '/') = '\0';
		snprintf(group, sizeof(*groups), "%s/floor-%d",
		         found.gl_pathv[i], getpid());
		if (mkdir(group, 0755) < 0)
			err(125, "%s", group);
		if (strstr(group, "/memory/"))
			put(group, "memory.limit_in_bytes", MEMORY);
		else if (strstr(group, "cgroup/floor"))
			put(group, "memory.max", MEMORY);
		if (strstr(group, "/cpuset/")) {
			put(group, "cpuset.cpus", "0");
			put(group, "cpuset.mems", "0");
		}
	}
	globfree(&found);
}

/* The hierarchies in the container, each its own group at its root. */
static void
mount_groups(void)
{
	char at[64];

	if (n_groups < 2) {
		mount("cgroup2", "sys/fs/cgroup", "cgroup2", SAFE | MS_RDONLY,
		      NULL);
		return;
	}
	mount("tmpfs", "sys/fs/cgroup", "tmpfs", SAFE, "mode=755");
	for (int i = 0; i < n_groups; i++) {
		char *name = groups[i] + strlen("/sys/fs/cgroup/");
		size_t n = strcspn(name, "/");

		snprintf(at, sizeof(at), "sys/fs/cgroup/%.*s", (int)n, name);
		mkdir(at, 0755);
		snprintf(at + 40, 24, "%s%.*s",
		         strncmp(name, "systemd", n) ? "" : "name=",
		         (int)n, name);
		if (mount("cgroup", at, "cgroup", SAFE | MS_RDONLY, at + 40))
			err(125, "%s", at);
	}
}

static void
cover(void)
{
	char at[64];

	for (size_t i = 0; i < sizeof(fixed) / sizeof(*fixed); i++) {
		snprintf(at, sizeof(at), "proc/%s", fixed[i]);
		mount(at, at, NULL, MS_BIND | MS_REC, NULL);
		mount(NULL, at, NULL, MS_BIND | MS_REMOUNT | SAFE | MS_RDONLY,
		      NULL);
	}
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		snprintf(at, sizeof(at), "proc/%s", files[i]);
		mount("dev/null", at, NULL, MS_BIND, NULL);
	}
	for (size_t i = 0; i < sizeof(hidden) / sizeof(*hidden); i++)
		mount("tmpfs", hidden[i], "tmpfs", SAFE | MS_RDONLY,
		      "nr_blocks=1,nr_inodes=1");
}

static void
become(char **argv)
{
	struct ifreq lo = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	for (int i = 0; i < n_groups; i++)
		put(groups[i], strstr(groups[i], "cgroup/floor")
		    ? "cgroup.procs" : "tasks", "0");
	unshare(CLONE_NEWCGROUP);
	if (ioctl(fd, SIOCSIFFLAGS, &lo) < 0 ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
	    mount(argv[1], argv[1], NULL, MS_BIND | MS_REC, NULL) < 0 ||
	    chdir(argv[1]) < 0)
		err(125, "%s", argv[1]);
	for (size_t i = 0; i < sizeof(mounts) / sizeof(*mounts); i++) {
		(void)mkdir(mounts[i].at, 0755);
		if (mount(mounts[i].type, mounts[i].at, mounts[i].type,
		          mounts[i].flags, mounts[i].data) < 0)
			err(125, "%s", mounts[i].at);
	}
	for (size_t i = 0; i < sizeof(devices) / sizeof(*devices); i++)
		if (mknod(devices[i].at, S_IFCHR | 0666,
		          makedev(devices[i].major, devices[i].minor)) < 0)
			err(125, "%s", devices[i].at);
	mount_groups();
	cover();
	if (syscall(SYS_pivot_root, ".", ".") < 0 ||
	    umount2(".", MNT_DETACH) < 0 || chdir("/") < 0 ||
	    sethostname("floor", 5) < 0)
		err(125, "pivot_root");
	execv(argv[2], argv + 2);
	err(127, "%s", argv[2]);
}

int
main(int argc, char **argv)
{
	int status = 0;
	pid_t pid;

	if (argc < 3)
		errx(125, "usage: floor ROOTFS COMMAND...");
	make_groups();
	/* clone(flags, stack, parent_tid, child_tid, tls): a fork with more */
	pid = (pid_t)syscall(SYS_clone, CLONE_NEWNS | CLONE_NEWPID |
	        CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWNET | SIGCHLD,
	        NULL, NULL, NULL, NULL);
	if (pid == 0)
		become(argv);
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		err(125, "clone");
	for (int i = 0; i < n_groups; i++)
		if (rmdir(groups[i]) < 0)
			warn("%s", groups[i]);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
