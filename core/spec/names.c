/* SPDX-License-Identifier: ISC */
/* Names that the specification and people use, and the kernel's numbers. */
#include "spec/spec.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/resource.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* CLONE_NEWTIME has stood in the kernel since 5.6, not in every libc. */
#define NEW_TIME UINT64_C(0x80)

const struct namespace_fact spec_namespaces[NAMESPACE_KINDS] = {
	[NAMESPACE_USER] = { "user", "user", CLONE_NEWUSER },
	[NAMESPACE_PID] = { "pid", "pid", CLONE_NEWPID },
	[NAMESPACE_NETWORK] = { "network", "net", CLONE_NEWNET },
	[NAMESPACE_IPC] = { "ipc", "ipc", CLONE_NEWIPC },
	[NAMESPACE_UTS] = { "uts", "uts", CLONE_NEWUTS },
	[NAMESPACE_TIME] = { "time", "time", NEW_TIME },
	[NAMESPACE_CGROUP] = { "cgroup", "cgroup", CLONE_NEWCGROUP },
	[NAMESPACE_MOUNT] = { "mount", "mnt", CLONE_NEWNS },
};

struct namespace_row *
spec_namespace(const struct spec *s, enum namespace_kind kind)
{
	const struct linux_part *l = s->linux_part;
	const char *name = spec_namespaces[kind].name;

	for (size_t i = 0; l && i < l->n_namespaces; i++)
		if (strcmp(l->namespaces[i].type, name) == 0)
			return &l->namespaces[i];
	return NULL;
}

/* By number: capabilities(7), include/uapi/linux/capability.h. */
static const char *const caps[] = {
	"CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH", "CAP_FOWNER",
	"CAP_FSETID", "CAP_KILL", "CAP_SETGID", "CAP_SETUID", "CAP_SETPCAP",
	"CAP_LINUX_IMMUTABLE", "CAP_NET_BIND_SERVICE", "CAP_NET_BROADCAST",
	"CAP_NET_ADMIN", "CAP_NET_RAW", "CAP_IPC_LOCK", "CAP_IPC_OWNER",
	"CAP_SYS_MODULE", "CAP_SYS_RAWIO", "CAP_SYS_CHROOT", "CAP_SYS_PTRACE",
	"CAP_SYS_PACCT", "CAP_SYS_ADMIN", "CAP_SYS_BOOT", "CAP_SYS_NICE",
	"CAP_SYS_RESOURCE", "CAP_SYS_TIME", "CAP_SYS_TTY_CONFIG", "CAP_MKNOD",
	"CAP_LEASE", "CAP_AUDIT_WRITE", "CAP_AUDIT_CONTROL", "CAP_SETFCAP",
	"CAP_MAC_OVERRIDE", "CAP_MAC_ADMIN", "CAP_SYSLOG", "CAP_WAKE_ALARM",
	"CAP_BLOCK_SUSPEND", "CAP_AUDIT_READ", "CAP_PERFMON", "CAP_BPF",
	"CAP_CHECKPOINT_RESTORE",
};

int
spec_cap_number(const char *name)
{
	if (strncasecmp(name, "CAP_", 4) == 0)
		name += 4;
	for (size_t i = 0; i < COUNT(caps); i++)
		if (strcasecmp(caps[i] + 4, name) == 0)
			return (int)i;
	return -1;
}

const char *
spec_cap_name(int number)
{
	return number >= 0 && number < (int)COUNT(caps) ? caps[number] : NULL;
}

int
spec_cap_bits(const struct words *names, uint64_t *bits, struct err *e)
{
	uint64_t all = 0;

	for (size_t i = 0; i < names->n; i++) {
		int number = spec_cap_number(names->v[i]);

		if (number < 0)
			return fail(e, EINVAL, "no capability is called '%s'",
			            names->v[i]);
		all |= UINT64_C(1) << number;
	}
	*bits = all;
	return 0;
}

static const struct {
	const char *name;
	int number;
} rlimits[] = {
	{ "RLIMIT_AS", RLIMIT_AS },
	{ "RLIMIT_CORE", RLIMIT_CORE },
	{ "RLIMIT_CPU", RLIMIT_CPU },
	{ "RLIMIT_DATA", RLIMIT_DATA },
	{ "RLIMIT_FSIZE", RLIMIT_FSIZE },
	{ "RLIMIT_LOCKS", RLIMIT_LOCKS },
	{ "RLIMIT_MEMLOCK", RLIMIT_MEMLOCK },
	{ "RLIMIT_MSGQUEUE", RLIMIT_MSGQUEUE },
	{ "RLIMIT_NICE", RLIMIT_NICE },
	{ "RLIMIT_NOFILE", RLIMIT_NOFILE },
	{ "RLIMIT_NPROC", RLIMIT_NPROC },
	{ "RLIMIT_RSS", RLIMIT_RSS },
	{ "RLIMIT_RTPRIO", RLIMIT_RTPRIO },
	{ "RLIMIT_RTTIME", RLIMIT_RTTIME },
	{ "RLIMIT_SIGPENDING", RLIMIT_SIGPENDING },
	{ "RLIMIT_STACK", RLIMIT_STACK },
};

int
spec_rlimit_number(const char *name)
{
	for (size_t i = 0; i < COUNT(rlimits); i++)
		if (strcmp(rlimits[i].name, name) == 0)
			return rlimits[i].number;
	return -1;
}

/* The first name of a number is the one that is printed. */
static const struct {
	const char *name;
	int number;
} signals[] = {
	{ "SIGHUP", SIGHUP },       { "SIGINT", SIGINT },
	{ "SIGQUIT", SIGQUIT },     { "SIGILL", SIGILL },
	{ "SIGTRAP", SIGTRAP },     { "SIGABRT", SIGABRT },
	{ "SIGIOT", SIGABRT },      { "SIGBUS", SIGBUS },
	{ "SIGFPE", SIGFPE },       { "SIGKILL", SIGKILL },
	{ "SIGUSR1", SIGUSR1 },     { "SIGSEGV", SIGSEGV },
	{ "SIGUSR2", SIGUSR2 },     { "SIGPIPE", SIGPIPE },
	{ "SIGALRM", SIGALRM },     { "SIGTERM", SIGTERM },
	{ "SIGSTKFLT", SIGSTKFLT }, { "SIGCHLD", SIGCHLD },
	{ "SIGCLD", SIGCHLD },      { "SIGCONT", SIGCONT },
	{ "SIGSTOP", SIGSTOP },     { "SIGTSTP", SIGTSTP },
	{ "SIGTTIN", SIGTTIN },     { "SIGTTOU", SIGTTOU },
	{ "SIGURG", SIGURG },       { "SIGXCPU", SIGXCPU },
	{ "SIGXFSZ", SIGXFSZ },     { "SIGVTALRM", SIGVTALRM },
	{ "SIGPROF", SIGPROF },     { "SIGWINCH", SIGWINCH },
	{ "SIGIO", SIGIO },         { "SIGPOLL", SIGIO },
	{ "SIGPWR", SIGPWR },       { "SIGSYS", SIGSYS },
};

/*
 * Real-time signals by the numbers that docker's and most programs' libc has:
 * glibc, which keeps 32 and 33 for itself. Another libc may keep more, but what
 * is to be sent is decided by the program inside, not by ours.
 */
#define FIRST_REALTIME 34
#define LAST_REALTIME  64

static const char *const realtime[] = {
	"SIGRTMIN", "SIGRTMIN+1", "SIGRTMIN+2", "SIGRTMIN+3", "SIGRTMIN+4",
	"SIGRTMIN+5", "SIGRTMIN+6", "SIGRTMIN+7", "SIGRTMIN+8", "SIGRTMIN+9",
	"SIGRTMIN+10", "SIGRTMIN+11", "SIGRTMIN+12", "SIGRTMIN+13",
	"SIGRTMIN+14", "SIGRTMIN+15", "SIGRTMAX-14", "SIGRTMAX-13",
	"SIGRTMAX-12", "SIGRTMAX-11", "SIGRTMAX-10", "SIGRTMAX-9", "SIGRTMAX-8",
	"SIGRTMAX-7", "SIGRTMAX-6", "SIGRTMAX-5", "SIGRTMAX-4", "SIGRTMAX-3",
	"SIGRTMAX-2", "SIGRTMAX-1", "SIGRTMAX",
};

/* One or two digits and nothing else, else -1. */
static int
small_number(const char *text)
{
	size_t digits = strspn(text, "0123456789");

	if (digits < 1 || digits > 2 || text[digits])
		return -1;
	return atoi(text);
}

static int
realtime_number(const char *name)
{
	int base, step;

	if (strncasecmp(name, "RTMIN", 5) == 0) {
		base = FIRST_REALTIME;
		step = 1;
	} else if (strncasecmp(name, "RTMAX", 5) == 0) {
		base = LAST_REALTIME;
		step = -1;
	} else {
		return -1;
	}
	name += 5;
	if (!*name)
		return base;
	if (*name != (step > 0 ? '+' : '-') || small_number(name + 1) < 0 ||
	    small_number(name + 1) > LAST_REALTIME - FIRST_REALTIME)
		return -1;
	return base + step * small_number(name + 1);
}

int
spec_signal_number(const char *name)
{
	int number = small_number(name);

	if (number >= 0)
		return number > 0 && number <= LAST_REALTIME ? number : -1;
	if (strncasecmp(name, "SIG", 3) == 0)
		name += 3;
	for (size_t i = 0; i < COUNT(signals); i++)
		if (strcasecmp(signals[i].name + 3, name) == 0)
			return signals[i].number;
	return realtime_number(name);
}

const char *
spec_signal_name(int number)
{
	for (size_t i = 0; i < COUNT(signals); i++)
		if (signals[i].number == number)
			return signals[i].name;
	if (number >= FIRST_REALTIME && number <= LAST_REALTIME)
		return realtime[number - FIRST_REALTIME];
	return NULL;
}

/* set_mempolicy(2); linux/mempolicy.h */
const struct spec_word spec_memory_modes[] = {
	{ "MPOL_DEFAULT", 0 }, { "MPOL_PREFERRED", 1 }, { "MPOL_BIND", 2 },
	{ "MPOL_INTERLEAVE", 3 }, { "MPOL_LOCAL", 4 },
	{ "MPOL_PREFERRED_MANY", 5 }, { "MPOL_WEIGHTED_INTERLEAVE", 6 },
	{ NULL, 0 },
};

const struct spec_word spec_memory_flags[] = {
	{ "MPOL_F_STATIC_NODES", 1 << 15 },
	{ "MPOL_F_RELATIVE_NODES", 1 << 14 },
	{ "MPOL_F_NUMA_BALANCING", 1 << 13 },
	{ NULL, 0 },
};

int
spec_word_value(const struct spec_word *words, const char *name)
{
	for (; words->name; words++)
		if (strcmp(words->name, name) == 0)
			return words->value;
	return -1;
}
