/* SPDX-License-Identifier: ISC */
/* Checks of what decides on security: seccomp profiles and sysctls. */
#include "spec/check.h"

#include <errno.h>
#include <string.h>

const char *const spec_seccomp_actions[] = {
	"SCMP_ACT_KILL", "SCMP_ACT_KILL_PROCESS", "SCMP_ACT_KILL_THREAD",
	"SCMP_ACT_TRAP", "SCMP_ACT_ERRNO", "SCMP_ACT_TRACE", "SCMP_ACT_ALLOW",
	"SCMP_ACT_LOG", "SCMP_ACT_NOTIFY", NULL
};

const char *const spec_seccomp_operators[] = {
	"SCMP_CMP_NE", "SCMP_CMP_LT", "SCMP_CMP_LE", "SCMP_CMP_EQ",
	"SCMP_CMP_GE", "SCMP_CMP_GT", "SCMP_CMP_MASKED_EQ", NULL
};

const char *const spec_seccomp_flags[] = {
	"SECCOMP_FILTER_FLAG_TSYNC", "SECCOMP_FILTER_FLAG_LOG",
	"SECCOMP_FILTER_FLAG_SPEC_ALLOW",
	"SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV", NULL
};

static const char *const architectures[] = {
	"SCMP_ARCH_NATIVE", "SCMP_ARCH_X86", "SCMP_ARCH_X86_64",
	"SCMP_ARCH_X32", "SCMP_ARCH_ARM", "SCMP_ARCH_AARCH64",
	"SCMP_ARCH_MIPS", "SCMP_ARCH_MIPS64", "SCMP_ARCH_MIPS64N32",
	"SCMP_ARCH_MIPSEL", "SCMP_ARCH_MIPSEL64", "SCMP_ARCH_MIPSEL64N32",
	"SCMP_ARCH_PPC", "SCMP_ARCH_PPC64", "SCMP_ARCH_PPC64LE",
	"SCMP_ARCH_S390", "SCMP_ARCH_S390X", "SCMP_ARCH_PARISC",
	"SCMP_ARCH_PARISC64", "SCMP_ARCH_RISCV64", "SCMP_ARCH_LOONGARCH64",
	"SCMP_ARCH_M68K", "SCMP_ARCH_SH", "SCMP_ARCH_SHEB", NULL
};

/* An errno fits ERRNO and TRACE only; MAX_ERRNO of the kernel is 4095. */
static int
check_action(const char *place, const char *action, const struct number *number,
             struct err *e)
{
	bool takes;

	if (!check_is_among(action, spec_seccomp_actions))
		return fail(e, EINVAL, "%s: no action is called '%s'", place,
		            action);
	takes = strcmp(action, "SCMP_ACT_ERRNO") == 0 ||
	        strcmp(action, "SCMP_ACT_TRACE") == 0;
	if (number->set && !takes)
		return fail(e, EINVAL, "%s: %s takes no errno", place, action);
	if (!check_is_within(number, 0, 4095))
		return fail(e, EINVAL, "%s: the errno is out of range", place);
	return 0;
}

static int
check_rule(const struct seccomp *s, const struct seccomp_rule *r,
           struct err *e)
{
	if (r->names.n == 0)
		return fail(e, EINVAL, "linux.seccomp.syscalls: a rule "
		            "without names");
	if (check_action("linux.seccomp.syscalls", r->action, &r->errno_ret,
	                 e) < 0)
		return -1;
	if (strcmp(r->action, "SCMP_ACT_NOTIFY") == 0 && !s->listener_path)
		return fail(e, EINVAL, "linux.seccomp.syscalls: "
		            "SCMP_ACT_NOTIFY needs listenerPath");
	for (size_t i = 0; i < r->n_args; i++) {
		if (r->args[i].index > 5)
			return fail(e, EINVAL, "linux.seccomp.syscalls: '%s' "
			            "has no argument %u", r->names.v[0],
			            r->args[i].index);
		if (!check_is_among(r->args[i].op, spec_seccomp_operators))
			return fail(e, EINVAL, "linux.seccomp.syscalls: no "
			            "operator is called '%s'", r->args[i].op);
	}
	return 0;
}

int
check_seccomp(const struct seccomp *s, struct err *e)
{
	if (check_action("linux.seccomp.defaultAction", s->default_action,
	                 &s->default_errno_ret, e) < 0)
		return -1;
	/* it would ask for leave to answer the question */
	if (strcmp(s->default_action, "SCMP_ACT_NOTIFY") == 0)
		return fail(e, EINVAL, "linux.seccomp.defaultAction: not "
		            "SCMP_ACT_NOTIFY");
	if (s->listener_metadata && !s->listener_path)
		return fail(e, EINVAL, "linux.seccomp.listenerMetadata: "
		            "needs listenerPath");
	for (size_t i = 0; i < s->architectures.n; i++)
		if (!check_is_among(s->architectures.v[i], architectures))
			return fail(e, EINVAL, "linux.seccomp.architectures: "
			            "none is called '%s'",
			            s->architectures.v[i]);
	for (size_t i = 0; i < s->flags.n; i++)
		if (!check_is_among(s->flags.v[i], spec_seccomp_flags))
			return fail(e, EINVAL, "linux.seccomp.flags: no flag "
			            "is called '%s'", s->flags.v[i]);
	for (size_t i = 0; i < s->n_rules; i++)
		if (check_rule(s, &s->rules[i], e) < 0)
			return -1;
	return 0;
}

/* A row that ends with '.' stands for all names that begin so. */
static const struct {
	const char *name;
	enum namespace_kind kind;
} sysctls[] = {
	{ "kernel.msgmax", NAMESPACE_IPC },
	{ "kernel.msgmnb", NAMESPACE_IPC },
	{ "kernel.msgmni", NAMESPACE_IPC },
	{ "kernel.msg_next_id", NAMESPACE_IPC },
	{ "kernel.sem", NAMESPACE_IPC },
	{ "kernel.sem_next_id", NAMESPACE_IPC },
	{ "kernel.shmall", NAMESPACE_IPC },
	{ "kernel.shmmax", NAMESPACE_IPC },
	{ "kernel.shmmni", NAMESPACE_IPC },
	{ "kernel.shm_next_id", NAMESPACE_IPC },
	{ "kernel.shm_rmid_forced", NAMESPACE_IPC },
	{ "fs.mqueue.", NAMESPACE_IPC },
	{ "kernel.hostname", NAMESPACE_UTS },
	{ "kernel.domainname", NAMESPACE_UTS },
	{ "net.", NAMESPACE_NETWORK },
};

/* A name becomes a path, so nothing in it may climb: no '/', no "..". */
static bool
is_sysctl_name(const char *name)
{
	static const char allowed[] =
	        "0123456789._-"
	        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
	size_t n = strlen(name);

	return n > 0 && strspn(name, allowed) == n && name[0] != '.' &&
	       name[n - 1] != '.' && !strstr(name, "..");
}

int
spec_sysctl_namespace(const char *name)
{
	if (!is_sysctl_name(name))
		return -1;
	for (size_t i = 0; i < sizeof(sysctls) / sizeof(sysctls[0]); i++) {
		size_t n = strlen(sysctls[i].name);
		bool prefix = sysctls[i].name[n - 1] == '.';

		if (prefix ? strncmp(name, sysctls[i].name, n) == 0
		           : strcmp(name, sysctls[i].name) == 0)
			return (int)sysctls[i].kind;
	}
	return -1;
}

int
check_sysctls(const struct spec *s, struct err *e)
{
	const struct pairs *all = &s->linux_part->sysctl;

	for (size_t i = 0; i < all->n; i++) {
		const char *name = all->v[i].key;
		int kind = spec_sysctl_namespace(name);

		if (kind < 0)
			return fail(e, EINVAL, "linux.sysctl: '%s' does not "
			            "belong to a namespace", name);
		if (!spec_namespace(s, (enum namespace_kind)kind))
			return fail(e, EINVAL, "linux.sysctl: '%s' needs an "
			            "own %s namespace", name,
			            spec_namespaces[kind].name);
		if (strpbrk(all->v[i].value, "\n\r"))
			return fail(e, EINVAL, "linux.sysctl: a newline in "
			            "the value of '%s'", name);
		if (s->hostname && strcmp(name, "kernel.hostname") == 0)
			return fail(e, EINVAL, "linux.sysctl: '%s' and "
			            "hostname say the same", name);
	}
	return 0;
}
