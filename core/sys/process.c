/* SPDX-License-Identifier: ISC */
/* Processes: clone into a cgroup, pidfds, start times, sealed self. */
#include "sys/process.h"
#include "sys/fd.h"
#include "sys/missing.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

/*
 * The raw clone: with no stack and no CLONE_VM it is a fork. Its first
 * argument has 32 bits, so CLONE_INTO_CGROUP cannot be said, and the pidfd
 * comes where clone3's caller has it. The order of the arguments is that of
 * x86, arm, arm64 and riscv, as long as only the first three are used.
 */
static pid_t
clone_old(uint64_t flags, int *pidfd)
{
	return (pid_t)syscall(SYS_clone, (unsigned long)(flags | SIGCHLD),
	                      NULL, pidfd, NULL, NULL);
}

static pid_t
clone_new(uint64_t flags, int cgroup, int *pidfd)
{
	struct clone_args args = {
		.flags = flags,
		.pidfd = (uint64_t)(uintptr_t)pidfd,
		.exit_signal = SIGCHLD,
	};

	if (cgroup >= 0) {
		args.flags |= CLONE_INTO_CGROUP;
		args.cgroup = (uint64_t)cgroup;
	}
	return (pid_t)syscall(SYS_clone3, &args, sizeof(args));
}

/* Does this error say that the kernel is too old for the call? */
static bool
is_too_old(int code)
{
	return code == ENOSYS || code == E2BIG || code == EINVAL;
}

/*
 * musl's fork() would do more (locks, handlers), none of which a program
 * without threads needs.
 */
pid_t
process_clone(uint64_t flags, int cgroup, bool *born, int *pidfd,
              struct err *e)
{
	pid_t pid;

	*pidfd = -1;
	flags |= CLONE_PIDFD;
	pid = clone_new(flags, cgroup, pidfd);
	*born = cgroup >= 0;
	if (pid < 0 && cgroup >= 0 && errno != EAGAIN && errno != ENOMEM) {
		*born = false;
		pid = clone_new(flags, -1, pidfd);
	}
	if (pid < 0 && is_too_old(errno)) {
		*born = false;
		pid = clone_old(flags, pidfd);
	}
	if (pid < 0 && is_too_old(errno)) {
		*pidfd = -1;
		pid = clone_old(flags & ~(uint64_t)CLONE_PIDFD, NULL);
	}
	if (pid < 0)
		return fail_sys(e, "clone");
	return pid;
}

pid_t
process_sibling(void)
{
	return clone_old(PROCESS_SIBLING_FLAGS, NULL);
}

/* Nothing of this frame is used by both sides, as they share it. */
static __attribute__((noinline)) long
clone_sharing(struct clone_args *args, void (*child)(void *with), void *with)
{
	long pid = clone3_in_place(args, sizeof(*args));

	if (pid == 0)
		child(with);
	return pid;
}

pid_t
process_spawn(struct process_spawn *s, struct err *e)
{
	struct clone_args args = {
		.flags = s->flags | CLONE_PIDFD | CLONE_VM | CLONE_VFORK,
		.pidfd = (uint64_t)(uintptr_t)&s->pidfd,
		.exit_signal = SIGCHLD,
	};
	pid_t pid = -1;

	if (s->cgroup >= 0) {
		args.flags |= CLONE_INTO_CGROUP;
		args.cgroup = (uint64_t)s->cgroup;
	}
	s->born = s->cgroup >= 0;
	/* Another user would see our memory as his. */
	if (!(s->flags & CLONE_NEWUSER))
		pid = (pid_t)clone_sharing(&args, s->child, s->with);
	if (pid > 0)
		return pid;
	pid = process_clone(s->flags, s->cgroup, &s->born, &s->pidfd, e);
	if (pid == 0)
		s->child(s->with);
	return pid;
}

int
process_pidfd(pid_t pid)
{
	return (int)syscall(SYS_pidfd_open, pid, 0);
}

int
process_signal(int pidfd, pid_t pid, int signal, struct err *e)
{
	int done = pidfd >= 0 ? (int)syscall(SYS_pidfd_send_signal, pidfd,
	                                     signal, NULL, 0)
	                      : kill(pid, signal);

	if (done < 0 && errno != ESRCH)
		return fail_sys(e, "signal %d", signal);
	return 0;
}

int
process_wait(pid_t pid, int *status, struct err *e)
{
	int raw;

	while (waitpid(pid, &raw, 0) < 0)
		if (errno != EINTR)
			return fail_sys(e, "wait for %d", pid);
	*status = WIFSIGNALED(raw) ? STATUS_SIGNAL + WTERMSIG(raw)
	                           : WEXITSTATUS(raw);
	return 0;
}

/*
 * The second field is the command's name in parentheses and may hold any
 * byte, further parentheses included, so fields count from the last of them.
 */
const char *
process_field(const char *stat, int number)
{
	const char *at = strrchr(stat, ')');

	for (; at && number > 2; number--) {
		at = strchr(at, ' ');
		at = at ? at + 1 : NULL;
	}
	return at;
}

int64_t
process_start_time(pid_t pid)
{
	AUTO(buf) struct buf stat = { 0 };
	const char *state, *ticks;
	char path[32];

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	if (fd_read_at(AT_FDCWD, path, 4096, &stat) < 0)
		return -1;
	state = process_field(stat.data, 3);
	ticks = process_field(stat.data, 22);
	return !ticks || *state == 'Z' || *state == 'X'
	       ? -1 : strtoll(ticks, NULL, 10);
}

static int
read_boot_id(char id[37])
{
	AUTO(buf) struct buf text = { 0 };

	if (fd_read_at(AT_FDCWD, "/proc/sys/kernel/random/boot_id", 64,
	               &text) < 0)
		return -1;
	if (text.n < 36) {
		errno = EINVAL;
		return -1;
	}
	memcpy(id, text.data, 36);
	id[36] = '\0';
	return 0;
}

char *
process_boot(struct arena *a)
{
	char id[37];

	return read_boot_id(id) < 0 ? NULL : arena_text(a, id);
}

static bool
is_this_boot(const char *boot)
{
	char now[37];

	return !boot || read_boot_id(now) < 0 || strcmp(boot, now) == 0;
}

bool
process_is_same(pid_t pid, int64_t start, const char *boot)
{
	int64_t now;

	if (!is_this_boot(boot))
		return false;
	now = process_start_time(pid);
	if (now < 0)
		return process_start_time(getpid()) < 0 && kill(pid, 0) == 0;
	return now == start;
}

int
process_open(pid_t pid)
{
	char path[32];
	int fd = process_pidfd(pid);

	if (fd >= 0 || errno != ENOSYS)
		return fd;
	snprintf(path, sizeof(path), "/proc/%d", pid);
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT)
		errno = ESRCH;
	return fd;
}

/* Our own file: by /proc, or where none is mounted by the name we came by. */
static const char *
self_path(void)
{
	const char *proc = "/proc/self/exe";

	return access(proc, F_OK) == 0 ? proc
	                               : (const char *)getauxval(AT_EXECFN);
}

/*
 * A clone of the mount that our file lies on, at that file, which is attached
 * nowhere and read-only: /proc/PID/exe of a process started from it leads to
 * this mount, so that even root in the container cannot open it for writing
 * (CVE-2019-5736).
 */
static int
sealed_mount(void)
{
	struct mount_attr readonly = { .attr_set = MOUNT_ATTR_RDONLY };
	AUTO(close) int tree = (int)syscall(SYS_open_tree, AT_FDCWD,
	                                    self_path(),
	                                    OPEN_TREE_CLONE |
	                                            OPEN_TREE_CLOEXEC);

	if (tree < 0)
		return -1;
	if (syscall(SYS_mount_setattr, tree, "", AT_EMPTY_PATH, &readonly,
	            sizeof(readonly)) < 0)
		return -1;
	return take_fd(&tree);
}

static int
sealed_copy(struct err *e)
{
	AUTO(close) int self = open(self_path(), O_RDONLY | O_CLOEXEC);
	AUTO(close) int copy = -1;
	struct stat st;
	off_t left;

	if (self < 0 || fstat(self, &st) < 0)
		return fail_sys(e, "our own file, '%s'", self_path());
	copy = memfd_create("mydocker", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (copy < 0)
		return fail_sys(e, "memfd");
	for (left = st.st_size; left > 0;) {
		ssize_t sent = sendfile(copy, self, NULL, (size_t)left);

		if (sent <= 0)
			return fail_sys(e, "copy of our own file");
		left -= sent;
	}
	if (fcntl(copy, F_ADD_SEALS,
	          F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW |
	                  F_SEAL_WRITE) < 0)
		return fail_sys(e, "seals of the memfd");
	return take_fd(&copy);
}

int
process_sealed_self(struct err *e)
{
	int fd = sealed_mount();

	return fd >= 0 ? fd : sealed_copy(e);
}

char *
process_self(struct arena *a)
{
	char path[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);

	return n > 0 ? arena_bytes(a, path, (size_t)n)
	             : arena_text(a, "mydocker");
}
