/* SPDX-License-Identifier: ISC */
/* The default seccomp profile: docker's, with fewer ways around it. */
#include "specgen/specgen.h"
#include "specgen/inside.h"

#include <errno.h>
#include <string.h>

/*
 * What differs from docker 28's profile, and why:
 *
 * - an unknown call gives ENOSYS, so that a newer program falls back to an
 *   older call; only what we know and deny gives EPERM
 * - arguments that the kernel reads as int are compared in their low 32 bits;
 *   a comparison of 64 bits is walked around by setting a high one
 * - sockets only of the families that containers use; a pair can only be of
 *   AF_UNIX or AF_TIPC anyway
 * - no ioctl that types into a terminal (TIOCSTI, TIOCLINUX), no vmsplice
 * - no x32
 * - socketcall, the i386 way to a socket, cannot make one: its arguments lie
 *   in memory, where no filter sees the family. Programs that use socket(2)
 *   proper, as those of musl do, do not notice; glibc's for i386 do
 */

/* Allowed to all. */
static const char always[] =
        "_llseek _newselect accept accept4 access adjtimex alarm bind brk "
        "cachestat capget capset chdir chmod chown chown32 clock_adjtime "
        "clock_adjtime64 clock_getres clock_getres_time64 clock_gettime "
        "clock_gettime64 clock_nanosleep clock_nanosleep_time64 close "
        "close_range connect copy_file_range creat dup dup2 dup3 epoll_create "
        "epoll_create1 epoll_ctl epoll_ctl_old epoll_pwait epoll_pwait2 "
        "epoll_wait epoll_wait_old eventfd eventfd2 execve execveat exit "
        "exit_group faccessat faccessat2 fadvise64 fadvise64_64 fallocate "
        "fanotify_mark fchdir fchmod fchmodat fchmodat2 fchown fchown32 "
        "fchownat fcntl fcntl64 fdatasync fgetxattr flistxattr flock fork "
        "fremovexattr fsetxattr fstat fstat64 fstatat64 fstatfs fstatfs64 "
        "fsync ftruncate ftruncate64 futex futex_requeue futex_time64 "
        "futex_wait futex_waitv futex_wake futimesat get_robust_list "
        "get_thread_area getcpu getcwd getdents getdents64 getegid getegid32 "
        "geteuid geteuid32 getgid getgid32 getgroups getgroups32 getitimer "
        "getpeername getpgid getpgrp getpid getppid getpriority getrandom "
        "getresgid getresgid32 getresuid getresuid32 getrlimit getrusage "
        "getsid getsockname getsockopt gettid gettimeofday getuid getuid32 "
        "getxattr getxattrat inotify_add_watch inotify_init inotify_init1 "
        "inotify_rm_watch io_cancel io_destroy io_getevents io_pgetevents "
        "io_pgetevents_time64 io_setup io_submit ioprio_get ioprio_set ipc "
        "kill landlock_add_rule landlock_create_ruleset "
        "landlock_restrict_self lchown lchown32 lgetxattr link linkat listen "
        "listmount listxattr listxattrat llistxattr lremovexattr lseek "
        "lsetxattr lstat lstat64 madvise map_shadow_stack membarrier "
        "memfd_create memfd_secret mincore mkdir mkdirat mknod mknodat mlock "
        "mlock2 mlockall mmap mmap2 mprotect mq_getsetattr mq_notify mq_open "
        "mq_timedreceive mq_timedreceive_time64 mq_timedsend "
        "mq_timedsend_time64 mq_unlink mremap mseal msgctl msgget msgrcv "
        "msgsnd msync munlock munlockall munmap name_to_handle_at nanosleep "
        "newfstatat open openat openat2 pause pidfd_open pidfd_send_signal "
        "pipe pipe2 pkey_alloc pkey_free pkey_mprotect poll ppoll "
        "ppoll_time64 prctl pread64 preadv preadv2 prlimit64 process_mrelease "
        "process_vm_readv process_vm_writev pselect6 pselect6_time64 ptrace "
        "pwrite64 pwritev pwritev2 read readahead readlink readlinkat readv "
        "recv recvfrom recvmmsg recvmmsg_time64 recvmsg remap_file_pages "
        "removexattr removexattrat rename renameat renameat2 restart_syscall "
        "riscv_hwprobe rmdir rseq rt_sigaction rt_sigpending rt_sigprocmask "
        "rt_sigqueueinfo rt_sigreturn rt_sigsuspend rt_sigtimedwait "
        "rt_sigtimedwait_time64 rt_tgsigqueueinfo sched_get_priority_max "
        "sched_get_priority_min sched_getaffinity sched_getattr "
        "sched_getparam sched_getscheduler sched_rr_get_interval "
        "sched_rr_get_interval_time64 sched_setaffinity sched_setattr "
        "sched_setparam sched_setscheduler sched_yield seccomp select semctl "
        "semget semop semtimedop semtimedop_time64 send sendfile sendfile64 "
        "sendmmsg sendmsg sendto set_robust_list set_thread_area "
        "set_tid_address setfsgid setfsgid32 setfsuid setfsuid32 setgid "
        "setgid32 setgroups setgroups32 setitimer setpgid setpriority "
        "setregid setregid32 setresgid setresgid32 setresuid setresuid32 "
        "setreuid setreuid32 setrlimit setsid setsockopt setuid setuid32 "
        "setxattr setxattrat shmat shmctl shmdt shmget shutdown sigaltstack "
        "signalfd signalfd4 sigprocmask sigreturn socketpair splice stat "
        "stat64 statfs statfs64 statmount statx symlink symlinkat sync "
        "sync_file_range syncfs sysinfo tee tgkill time timer_create "
        "timer_delete timer_getoverrun timer_gettime timer_gettime64 "
        "timer_settime timer_settime64 timerfd_create timerfd_gettime "
        "timerfd_gettime64 timerfd_settime timerfd_settime64 times tkill "
        "truncate truncate64 ugetrlimit umask uname unlink unlinkat uretprobe "
        "utime utimensat utimensat_time64 utimes vfork wait4 waitid waitpid "
        "write writev";

/* Denied to all, but known: EPERM rather than ENOSYS. */
static const char never[] =
        "add_key bdflush create_module get_kernel_syms io_uring_enter "
        "io_uring_register io_uring_setup kexec_file_load kexec_load "
        "keyctl migrate_pages move_pages nfsservctl nice oldfstat oldlstat "
        "oldolduname oldstat olduname pivot_root query_module request_key "
        "sgetmask ssetmask swapoff swapon sysfs uselib userfaultfd ustat "
        "vm86 vm86old vmsplice _sysctl";

#define CAP(number) (UINT64_C(1) << (number))

/* By capabilities(7). */
enum {
	DAC_READ_SEARCH = 2,
	SYS_MODULE = 16,
	SYS_RAWIO = 17,
	SYS_CHROOT = 18,
	SYS_PTRACE = 19,
	SYS_PACCT = 20,
	SYS_ADMIN = 21,
	SYS_BOOT = 22,
	SYS_NICE = 23,
	SYS_TIME = 25,
	SYS_TTY_CONFIG = 26,
	SYSLOG = 34,
	PERFMON = 38,
	BPF = 39,
};

/* Allowed to who has one of the capabilities, else denied with EPERM. */
static const struct {
	uint64_t caps;
	const char *names;
} by_cap[] = {
	{ CAP(DAC_READ_SEARCH), "open_by_handle_at" },
	{ CAP(SYS_ADMIN),
	  "fanotify_init fsconfig fsmount fsopen fspick lookup_dcookie "
	  "lsm_get_self_attr lsm_list_modules lsm_set_self_attr mount "
	  "mount_setattr move_mount open_tree quotactl quotactl_fd "
	  "setdomainname sethostname setns umount umount2 unshare" },
	{ CAP(SYS_ADMIN) | CAP(BPF), "bpf" },
	{ CAP(SYS_ADMIN) | CAP(PERFMON), "perf_event_open" },
	{ CAP(SYS_ADMIN) | CAP(SYSLOG), "syslog" },
	{ CAP(SYS_BOOT), "reboot" },
	{ CAP(SYS_CHROOT), "chroot" },
	{ CAP(SYS_MODULE), "delete_module finit_module init_module" },
	{ CAP(SYS_PACCT), "acct" },
	{ CAP(SYS_PTRACE), "kcmp pidfd_getfd process_madvise" },
	{ CAP(SYS_RAWIO), "ioperm iopl" },
	{ CAP(SYS_TIME), "clock_settime clock_settime64 settimeofday stime" },
	{ CAP(SYS_TTY_CONFIG), "vhangup" },
	{ CAP(SYS_NICE),
	  "get_mempolicy mbind set_mempolicy set_mempolicy_home_node" },
};

/* What a machine runs, its own first, and calls that only it has. */
static const struct machine {
	const char *name, *docker_name;
	const char *architectures, *names;
} machines[] = {
	{ "x86_64", "amd64", "SCMP_ARCH_X86_64 SCMP_ARCH_X86",
	  "arch_prctl modify_ldt" },
	{ "i686", "x86", "SCMP_ARCH_X86", "modify_ldt" },
	{ "i386", "x86", "SCMP_ARCH_X86", "modify_ldt" },
	{ "aarch64", "arm64", "SCMP_ARCH_AARCH64 SCMP_ARCH_ARM",
	  "arm_fadvise64_64 arm_sync_file_range breakpoint cacheflush "
	  "set_tls sync_file_range2" },
	{ "riscv64", "riscv64", "SCMP_ARCH_RISCV64", "riscv_flush_icache" },
	/* arm, armv6l, armv7l, armv8l: all that begin so, hence the last */
	{ "arm", "arm", "SCMP_ARCH_ARM",
	  "arm_fadvise64_64 arm_sync_file_range breakpoint cacheflush "
	  "set_tls sync_file_range2" },
};

static const struct machine *
find_machine(const char *name)
{
	size_t i, last = sizeof(machines) / sizeof(machines[0]) - 1;

	for (i = 0; i < last; i++)
		if (strcmp(machines[i].name, name) == 0)
			return &machines[i];
	return strncmp(name, machines[last].name, 3) == 0 ? &machines[last]
	                                                  : NULL;
}

const char *
profile_docker_machine(const char *machine)
{
	const struct machine *m = find_machine(machine);

	return m ? m->docker_name : machine;
}

const char *
profile_machine(const char *machine, struct arena *a)
{
	const struct machine *m = find_machine(machine);

	return m ? arena_bytes(a, m->architectures,
	                       strcspn(m->architectures, " "))
	         : NULL;
}

/* A profile that is being made. */
struct profile {
	struct seccomp *out;
	struct arena *arena;
};

static void
split(struct arena *a, struct words *into, const char *names)
{
	while (*names) {
		size_t n = strcspn(names, " ");

		words_add(a, into, arena_bytes(a, names, n));
		names += n;
		names += *names == ' ';
	}
}

static struct seccomp_rule *
add_rule(struct profile *p, const char *names, int number)
{
	struct seccomp_rule *r = LIST_ADD(p->arena, p->out->rules,
	                                  p->out->n_rules);

	split(p->arena, &r->names, names);
	r->action = arena_text(p->arena, number ? "SCMP_ACT_ERRNO"
	                                        : "SCMP_ACT_ALLOW");
	if (number)
		r->errno_ret = (struct number){ true, number };
	return r;
}

/*
 * One more alternative of a rule: where the masked argument has this value. A
 * mask that is not set in the upper half never looks there.
 */
static void
or_masked(struct profile *p, struct seccomp_rule *r, uint32_t mask,
          uint32_t value)
{
	struct seccomp_arg *arg = LIST_ADD(p->arena, r->args, r->n_args);

	/* an ioctl's first is the descriptor */
	arg->index = strcmp(r->names.v[0], "ioctl") == 0;
	arg->value = mask;
	arg->value_two = value;
	arg->op = arena_text(p->arena, "SCMP_CMP_MASKED_EQ");
}

static void
or_is(struct profile *p, struct seccomp_rule *r, uint32_t value)
{
	or_masked(p, r, UINT32_MAX, value);
}

#define BIT(n) (UINT32_C(1) << (n))

/*
 * The rules for one call do not overlap, for not every runtime takes the first
 * that matches, as ours does: what is denied is described as exactly the
 * complement of what is allowed.
 *
 * Here: the five families that are allowed are below 32, so that a bit from 5
 * up denies, and nine patterns of the low five bits cover the other families.
 */
static void
socket_rules(struct profile *p)
{
	/* AF_UNIX, AF_INET, AF_INET6, AF_NETLINK, AF_PACKET */
	static const uint32_t families[] = { 1, 2, 10, 16, 17 };
	static const uint32_t others[][2] = {
		{ 0x1f, 0 },  { 0x1f, 3 },  { 0x1c, 4 },
		{ 0x1e, 8 },  { 0x1f, 11 }, { 0x1c, 12 },
		{ 0x1e, 18 }, { 0x1c, 20 }, { 0x18, 24 },
	};
	struct seccomp_rule *r = add_rule(p, "socket", 0);

	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++)
		or_is(p, r, families[i]);
	r = add_rule(p, "socket", EPERM);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		or_masked(p, r, others[i][0], others[i][1]);
	for (int bit = 5; bit < 32; bit++)
		or_masked(p, r, BIT(bit), BIT(bit));
	/* 1 is SYS_SOCKET of linux/net.h, SYS_SENDMMSG (20) the last */
	r = add_rule(p, "socketcall", EPERM);
	or_is(p, r, 1);
	r = add_rule(p, "socketcall", 0);
	for (uint32_t call = 2; call <= 20; call++)
		or_is(p, r, call);
}

/*
 * 0x5412 (TIOCSTI) and 0x541c (TIOCLINUX) agree in all bits but 1, 2 and 3.
 * What differs from them in one of the others is allowed, bit by bit; of the
 * eight numbers left, the six that are neither.
 *
 * source   ioctl_tty(2); CVE-2017-5226, CVE-2023-28100
 */
static void
ioctl_rules(struct profile *p)
{
	const uint32_t denied[] = { 0x5412, 0x541c };
	const uint32_t same = ~(denied[0] ^ denied[1]);
	struct seccomp_rule *r = add_rule(p, "ioctl", 0);

	for (int bit = 0; bit < 32; bit++)
		if (same & BIT(bit))
			or_masked(p, r, BIT(bit), ~denied[0] & BIT(bit));
	for (uint32_t low = 0; low < 16; low += 2) {
		uint32_t number = (denied[0] & ~UINT32_C(0xf)) | low;

		if (number != denied[0] && number != denied[1])
			or_is(p, r, number);
	}
	r = add_rule(p, "ioctl", EPERM);
	or_is(p, r, denied[0]);
	or_is(p, r, denied[1]);
}

/*
 * Allowed: 0, PER_LINUX32 (8), UNAME26 (0x20000), both, and the question
 * 0xffffffff. Going round in a circle through the 30 bits that are neither 3
 * nor 17, all of them are equal, or a set one stands before one that is not,
 * which denies. Of those with equal bits, the three that are left are all ones
 * but for bits 3 and 17.
 */
static void
personality_rules(struct profile *p)
{
	const uint32_t either = 0x20008;
	uint32_t before = BIT(31);
	struct seccomp_rule *r = add_rule(p, "personality", 0);

	or_masked(p, r, ~either, 0);
	or_is(p, r, UINT32_MAX);
	r = add_rule(p, "personality", EPERM);
	for (int bit = 0; bit < 32; bit++) {
		if (either & BIT(bit))
			continue;
		or_masked(p, r, before | BIT(bit), before);
		before = BIT(bit);
	}
	or_is(p, r, ~either);
	or_is(p, r, ~UINT32_C(8));
	or_is(p, r, ~UINT32_C(0x20000));
}

/* CLONE_NEW... need SYS_ADMIN; clone3 hides its flags in memory. */
static void
clone_rules(struct profile *p, uint64_t caps)
{
	const uint32_t namespaces = 0x7e020000;
	struct seccomp_rule *r;

	if (caps & CAP(SYS_ADMIN)) {
		add_rule(p, "clone clone3", 0);
		return;
	}
	add_rule(p, "clone3", ENOSYS);
	r = add_rule(p, "clone", 0);
	or_masked(p, r, namespaces, 0);
	r = add_rule(p, "clone", EPERM);
	for (int bit = 0; bit < 32; bit++)
		if (namespaces & BIT(bit))
			or_masked(p, r, BIT(bit), BIT(bit));
}

int
specgen_seccomp(struct seccomp *out, uint64_t caps, const char *machine,
                struct arena *a, struct err *e)
{
	const struct machine *m = machine ? find_machine(machine) : NULL;
	struct profile p = { .out = out, .arena = a };
	struct words allowed = { 0 }, denied = { 0 };

	if (!m)
		return fail(e, ENOTSUP, "no seccomp profile for the machine "
		            "'%s'; see --security-opt seccomp=",
		            machine ? machine : "");
	out->default_action = arena_text(a, "SCMP_ACT_ERRNO");
	out->default_errno_ret = (struct number){ true, ENOSYS };
	split(a, &out->architectures, m->architectures);
	split(a, &allowed, always);
	split(a, &allowed, m->names);
	split(a, &denied, never);
	for (size_t i = 0; i < sizeof(by_cap) / sizeof(by_cap[0]); i++)
		split(a, caps & by_cap[i].caps ? &allowed : &denied,
		      by_cap[i].names);
	add_rule(&p, "", 0)->names = allowed;
	add_rule(&p, "", EPERM)->names = denied;
	socket_rules(&p);
	ioctl_rules(&p);
	personality_rules(&p);
	clone_rules(&p, caps);
	return 0;
}
