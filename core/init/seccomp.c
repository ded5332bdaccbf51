/* SPDX-License-Identifier: ISC */
/* The filter of system calls: compiled from its profile, and loaded. */
#include "init/seccomp.h"
#include "base/log.h"
#include "init/child.h"
#include "seccomp_baked.h"
#include "sys/fd.h"

#include <ctype.h>
#include <errno.h>
#include <linux/capability.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#define COUNT(table) (sizeof(table) / sizeof(*(table)))

/* An action, and whether an errno or a tracer's number comes with it. */
static const struct {
	const char *name;
	uint32_t value;
	bool numbered;
} actions[] = {
	{ "SCMP_ACT_KILL",         SCMP_ACT_KILL_THREAD,  false },
	{ "SCMP_ACT_KILL_THREAD",  SCMP_ACT_KILL_THREAD,  false },
	{ "SCMP_ACT_KILL_PROCESS", SCMP_ACT_KILL_PROCESS, false },
	{ "SCMP_ACT_TRAP",         SCMP_ACT_TRAP,         false },
	{ "SCMP_ACT_ERRNO",        SCMP_ACT_ERRNO(0),     true },
	{ "SCMP_ACT_TRACE",        SCMP_ACT_TRACE(0),     true },
	{ "SCMP_ACT_ALLOW",        SCMP_ACT_ALLOW,        false },
	{ "SCMP_ACT_LOG",          SCMP_ACT_LOG,          false },
};

static const struct {
	const char *name;
	enum scmp_compare value;
} operators[] = {
	{ "SCMP_CMP_NE", SCMP_CMP_NE }, { "SCMP_CMP_LT", SCMP_CMP_LT },
	{ "SCMP_CMP_LE", SCMP_CMP_LE }, { "SCMP_CMP_EQ", SCMP_CMP_EQ },
	{ "SCMP_CMP_GE", SCMP_CMP_GE }, { "SCMP_CMP_GT", SCMP_CMP_GT },
	{ "SCMP_CMP_MASKED_EQ", SCMP_CMP_MASKED_EQ },
};

/* seccomp(2). TSYNC is for other threads, of which there are none. */
static const struct {
	const char *name;
	unsigned int value;
} flags[] = {
	{ "SECCOMP_FILTER_FLAG_TSYNC", 0 },
	{ "SECCOMP_FILTER_FLAG_LOG", SECCOMP_FILTER_FLAG_LOG },
	{ "SECCOMP_FILTER_FLAG_SPEC_ALLOW", SECCOMP_FILTER_FLAG_SPEC_ALLOW },
};

static void
auto_filter(scmp_filter_ctx *filter)
{
	if (*filter)
		seccomp_release(*filter);
}

/* libseccomp returns negated errnos. */
static int
fail_seccomp(struct err *e, int code, const char *what)
{
	errno = -code;
	return fail_sys(e, "%s", what);
}

static int
find_action(const char *name, const struct number *number, uint32_t *action,
            struct err *e)
{
	for (size_t i = 0; name && i < COUNT(actions); i++) {
		if (strcmp(name, actions[i].name) != 0)
			continue;
		*action = actions[i].value;
		if (actions[i].numbered)
			*action |= number->set ? number->value & 0xffff
			                       : EPERM;
		return 0;
	}
	if (name && strcmp(name, "SCMP_ACT_NOTIFY") == 0)
		return fail(e, ENOTSUP, "SCMP_ACT_NOTIFY: listeners are not "
		            "supported");
	return fail(e, EINVAL, "'%s': no such action", name ? name : "");
}

static int
find_operator(const struct seccomp_arg *arg, struct scmp_arg_cmp *compare,
              struct err *e)
{
	for (size_t i = 0; arg->op && i < COUNT(operators); i++) {
		if (strcmp(arg->op, operators[i].name) != 0)
			continue;
		*compare = (struct scmp_arg_cmp){
			arg->index, operators[i].value, arg->value,
			arg->value_two,
		};
		return 0;
	}
	return fail(e, EINVAL, "'%s': no such operator",
	            arg->op ? arg->op : "");
}

/* Conditions on one argument twice mean either, on several all of them. */
static bool
is_alternative(const struct seccomp_rule *r)
{
	for (size_t i = 0; i < r->n_args; i++)
		for (size_t k = 0; k < i; k++)
			if (r->args[i].index == r->args[k].index)
				return true;
	return false;
}

static int
add_one(scmp_filter_ctx filter, uint32_t action, int number,
        const struct seccomp_rule *r, struct err *e)
{
	struct scmp_arg_cmp compare[6];
	bool apart = is_alternative(r);
	int done = 0;

	if (r->n_args > COUNT(compare) && !apart)
		return fail(e, EINVAL, "more than six arguments");
	for (size_t i = 0; i < r->n_args; i++) {
		struct scmp_arg_cmp *one = &compare[apart ? 0 : i];

		if (find_operator(&r->args[i], one, e) < 0)
			return -1;
		if (apart)
			done = seccomp_rule_add_array(filter, action, number,
			                              1, one);
		if (done < 0 && done != -EEXIST)
			return fail_seccomp(e, done, "rule");
	}
	if (!apart)
		done = seccomp_rule_add_array(filter, action, number,
		                              (unsigned int)r->n_args, compare);
	return done < 0 && done != -EEXIST ? fail_seccomp(e, done, "rule") : 0;
}

static int
add_rule(scmp_filter_ctx filter, const struct seccomp *s,
         const struct seccomp_rule *r, struct err *e)
{
	uint32_t action, usual;

	if (find_action(r->action, &r->errno_ret, &action, e) < 0 ||
	    find_action(s->default_action, &s->default_errno_ret, &usual,
	                e) < 0)
		return -1;
	if (action == usual)
		return 0; /* libseccomp takes it for a mistake */
	for (size_t i = 0; i < r->names.n; i++) {
		int number = seccomp_syscall_resolve_name(r->names.v[i]);

		if (number == __NR_SCMP_ERROR) {
			log_debug("seccomp: '%s' is unknown", r->names.v[i]);
			continue;
		}
		if (add_one(filter, action, number, r, e) < 0)
			return fail_in(e, "%s", r->names.v[i]);
	}
	return 0;
}

/* "SCMP_ARCH_X86_64" is libseccomp's "x86_64". */
static int
find_arch(const char *name, uint32_t *arch, struct err *e)
{
	static const char prefix[] = "SCMP_ARCH_";
	size_t skip = sizeof(prefix) - 1;
	char lower[32] = "";

	if (strncmp(name, prefix, skip) == 0)
		for (size_t i = 0; name[skip + i] && i + 1 < sizeof(lower); i++)
			lower[i] = (char)tolower((unsigned char)name[skip + i]);
	*arch = seccomp_arch_resolve_name(lower);
	return *arch ? 0 : fail(e, EINVAL, "'%s': no such architecture", name);
}

static int
set_archs(scmp_filter_ctx filter, const struct words *archs, struct err *e)
{
	uint32_t native = seccomp_arch_native(), arch;
	bool has_native = archs->n == 0;
	int done;

	for (size_t i = 0; i < archs->n; i++) {
		if (find_arch(archs->v[i], &arch, e) < 0)
			return -1;
		has_native |= arch == native;
		done = seccomp_arch_add(filter, arch);
		if (done < 0 && done != -EEXIST)
			return fail_seccomp(e, done, archs->v[i]);
	}
	done = has_native ? 0 : seccomp_arch_remove(filter, native);
	return done < 0 ? fail_seccomp(e, done, "architectures") : 0;
}

/* The default action applies to what is not listed; another architecture has
 * no list at all, so nothing of it is there. */
static int
set_attributes(scmp_filter_ctx filter, struct err *e)
{
	static const struct {
		enum scmp_filter_attr name;
		uint32_t value;
	} attributes[] = {
		{ SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_ERRNO(ENOSYS) },
		{ SCMP_FLTATR_CTL_NNP, 0 },
		{ SCMP_FLTATR_CTL_OPTIMIZE, 2 }, /* a tree, not a list */
	};

	for (size_t i = 0; i < COUNT(attributes); i++) {
		int done = seccomp_attr_set(filter, attributes[i].name,
		                            attributes[i].value);

		if (done < 0)
			return fail_seccomp(e, done, "attribute");
	}
	return 0;
}

static int
take_program(scmp_filter_ctx filter, struct buf *program, struct err *e)
{
	AUTO(close) int fd = memfd_create("seccomp", MFD_CLOEXEC);
	int done;

	if (fd < 0)
		return fail_sys(e, "memfd");
	done = seccomp_export_bpf(filter, fd);
	if (done < 0)
		return fail_seccomp(e, done, "program");
	if (lseek(fd, 0, SEEK_SET) < 0 ||
	    fd_read(fd, BPF_MAXINSNS * sizeof(struct sock_filter) * 4,
	            program) < 0)
		return fail_sys(e, "program");
	return 0;
}

int
init_seccomp_compile(const struct seccomp *s, struct buf *program,
                     struct err *e)
{
	AUTO(filter) scmp_filter_ctx filter = NULL;
	uint32_t action;

	if (s->listener_path)
		return fail(e, ENOTSUP, "listenerPath: listeners are not "
		            "supported");
	if (find_action(s->default_action, &s->default_errno_ret, &action,
	                e) < 0)
		return fail_in(e, "defaultAction");
	filter = seccomp_init(action);
	if (!filter)
		return fail(e, EINVAL, "defaultAction");
	if (set_attributes(filter, e) < 0 ||
	    set_archs(filter, &s->architectures, e) < 0)
		return -1;
	for (size_t i = 0; i < s->n_rules; i++)
		if (add_rule(filter, s, &s->rules[i], e) < 0)
			return -1;
	return take_program(filter, program, e);
}

static int
find_flags(const struct seccomp *s, unsigned int *bits, struct err *e)
{
	for (size_t i = 0; i < s->flags.n; i++) {
		bool found = false;

		for (size_t k = 0; k < COUNT(flags); k++) {
			if (strcmp(s->flags.v[i], flags[k].name) != 0)
				continue;
			*bits |= flags[k].value;
			found = true;
		}
		if (!found)
			return fail(e, ENOTSUP, "flag '%s': not supported",
			            s->flags.v[i]);
	}
	return 0;
}

static int
load(const void *program, size_t count, unsigned int how, struct err *e)
{
	struct sock_fprog filter = {
		.len = (unsigned short)count,
		.filter = (struct sock_filter *)(uintptr_t)program,
	};

	if (count > BPF_MAXINSNS)
		return fail(e, E2BIG, "%zu instructions; the kernel takes %d",
		            count, BPF_MAXINSNS);
	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, how, &filter) < 0)
		return errno == EACCES
		       ? fail(e, EACCES, "loading a filter needs CAP_SYS_ADMIN "
		              "or noNewPrivileges")
		       : fail_sys(e, "filter");
	return 0;
}

/* Our own system calls are this machine's: a profile that leaves it out would
 * let nothing run. */
static int
add_native(struct child *c, struct seccomp *s, struct err *e)
{
	static const char *const ours[] = {
		"SCMP_ARCH_X86_64", "SCMP_ARCH_AARCH64", "SCMP_ARCH_ARM",
		"SCMP_ARCH_RISCV64", "SCMP_ARCH_X86",
	};
	uint32_t arch;

	for (size_t i = 0; i < s->architectures.n; i++) {
		if (find_arch(s->architectures.v[i], &arch, e) < 0)
			return -1;
		if (arch == seccomp_arch_native())
			return 0;
	}
	if (s->architectures.n == 0)
		return 0;
	log_debug("seccomp: this machine's architecture is added");
	for (size_t i = 0; i < COUNT(ours); i++)
		if (find_arch(ours[i], &arch, e) == 0 &&
		    arch == seccomp_arch_native())
			words_add(&c->spec.arena, &s->architectures, ours[i]);
	return 0;
}

/* It took the capability into "permitted" only; it acts from "effective". */
static int
raise_admin(const struct child *c, struct err *e)
{
	struct caps now = c->caps;

	if (c->spec.process->no_new_privileges)
		return 0;
	now.permitted |= UINT64_C(1) << CAP_SYS_ADMIN;
	now.effective |= UINT64_C(1) << CAP_SYS_ADMIN;
	return caps_set(&now) < 0 ? fail_sys(e, "capabilities") : 0;
}

int
init_seccomp(struct child *c, struct err *e)
{
	struct linux_part *l = c->spec.linux_part;
	AUTO(buf) struct buf program = { 0 };
	unsigned int how = 0;
	uint64_t key;

	if (!l || !l->seccomp)
		return 0;
	if (raise_admin(c, e) < 0 || find_flags(l->seccomp, &how, e) < 0)
		return -1;
	key = spec_seccomp_key(l->seccomp);
	for (const struct seccomp_baked *b = seccomp_baked; b->program; b++)
		if (b->key == key)
			return load(b->program, b->count, b->flags | how, e);
	log_debug("seccomp: not one that was compiled with us");
	if (add_native(c, l->seccomp, e) < 0 ||
	    init_seccomp_compile(l->seccomp, &program, e) < 0)
		return -1;
	return load(program.data, program.n / sizeof(struct sock_filter), how,
	            e);
}
