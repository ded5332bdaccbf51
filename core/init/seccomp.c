/* SPDX-License-Identifier: ISC */
/* The filter of system calls: compiled from its profile, and loaded. */
#include "init/seccomp.h"
#include "base/log.h"
#include "init/child.h"
#include "seccomp_baked.h"
#include "sync/sync.h"

#include <ctype.h>
#include <errno.h>
#include <linux/capability.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define COUNT(table) (sizeof(table) / sizeof(*(table)))

/* seccomp(2). TSYNC is for other threads, of which there are none. */
static const struct {
	const char *name;
	unsigned int value;
} flags[] = {
	{ "SECCOMP_FILTER_FLAG_TSYNC", 0 },
	{ "SECCOMP_FILTER_FLAG_LOG", SECCOMP_FILTER_FLAG_LOG },
	{ "SECCOMP_FILTER_FLAG_SPEC_ALLOW", SECCOMP_FILTER_FLAG_SPEC_ALLOW },
	{ "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV",
	  SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV },
};

/* "SCMP_ARCH_X86_64" is libseccomp's "x86_64"; 0 for a machine that it does
 * not know, and whose calls cannot come here. */
static uint32_t
find_arch(const char *name)
{
	static const char prefix[] = "SCMP_ARCH_";
	size_t skip = sizeof(prefix) - 1;
	char lower[32] = "";

	if (strncmp(name, prefix, skip) == 0)
		for (size_t i = 0; name[skip + i] && i + 1 < sizeof(lower); i++)
			lower[i] = (char)tolower((unsigned char)name[skip + i]);
	return seccomp_arch_resolve_name(lower);
}

static int
number_of(const char *architecture, const char *call)
{
	uint32_t arch = find_arch(architecture);
	int number;

	if (!arch)
		return SECCOMP_NOT_HERE;
	number = seccomp_syscall_resolve_name_arch(arch, call);
	if (number == __NR_SCMP_ERROR)
		return SECCOMP_NOWHERE;
	return number < 0 ? SECCOMP_NOT_HERE : number;
}

/* libseccomp has the names and numbers; the compiler is spec's, since the one
 * of libseccomp lets any socket through i386's socketcall. */
int
init_seccomp_compile(const struct seccomp *s, struct buf *program,
                     struct err *e)
{
	return spec_seccomp_program(s, number_of, program, e);
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

/* Loads it; a descriptor where its flags ask for a listener. */
static int
load(const struct filter *f, struct err *e)
{
	struct sock_fprog filter = {
		.len = (unsigned short)f->n,
		.filter = (struct sock_filter *)(uintptr_t)f->program,
	};
	int got;

	if (f->n > BPF_MAXINSNS)
		return fail(e, E2BIG, "%zu instructions; the kernel takes %d",
		            f->n, BPF_MAXINSNS);
	got = (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, f->flags,
	                   &filter);
	if (got < 0)
		return errno == EACCES
		       ? fail(e, EACCES, "loading a filter needs CAP_SYS_ADMIN "
		              "or noNewPrivileges")
		       : fail_sys(e, "filter");
	return got;
}

/* Our own system calls are this machine's: a profile that leaves it out would
 * let nothing run. */
static void
add_native(struct child *c, struct seccomp *s)
{
	static const char *const ours[] = {
		"SCMP_ARCH_X86_64", "SCMP_ARCH_AARCH64", "SCMP_ARCH_ARM",
		"SCMP_ARCH_RISCV64", "SCMP_ARCH_X86",
	};

	for (size_t i = 0; i < s->architectures.n; i++)
		if (find_arch(s->architectures.v[i]) == seccomp_arch_native())
			return;
	log_debug("seccomp: this machine's architecture is added");
	for (size_t i = 0; i < COUNT(ours); i++)
		if (find_arch(ours[i]) == seccomp_arch_native())
			words_add(&c->spec.arena, &s->architectures, ours[i]);
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
init_filter(const struct seccomp *s)
{
	uint64_t key = spec_seccomp_key(s);

	for (int i = 0; seccomp_baked[i].program; i++)
		if (seccomp_baked[i].key == key)
			return i;
	return -1;
}

bool
init_has_filter(const struct child *c)
{
	const struct linux_part *l = c->spec.linux_part;

	return c->plan->filter >= 0 || (l && l->seccomp);
}

/* The plan's number came from our own init_filter, but a word is a word. */
static int
find_baked(struct child *c, int number, struct err *e)
{
	for (int i = 0; seccomp_baked[i].program; i++) {
		if (i != number)
			continue;
		c->filter = (struct filter){ seccomp_baked[i].program,
			                     seccomp_baked[i].count,
			                     seccomp_baked[i].flags };
		return 0;
	}
	return fail(e, EINVAL, "there is no filter %d", number);
}

bool
init_has_listener(const struct child *c)
{
	const struct linux_part *l = c->spec.linux_part;
	const struct seccomp *s = l ? l->seccomp : NULL;

	for (size_t i = 0; s && i < s->n_rules; i++)
		if (strcmp(s->rules[i].action, "SCMP_ACT_NOTIFY") == 0)
			return true;
	return false;
}

/* What we ask for before anybody could answer. */
static int
check_notified(const struct seccomp *s, struct err *e)
{
	for (size_t i = 0; i < s->n_rules; i++) {
		const struct seccomp_rule *r = &s->rules[i];

		if (strcmp(r->action, "SCMP_ACT_NOTIFY") == 0 &&
		    (words_has(&r->names, "sendmsg") ||
		     words_has(&r->names, "recvmsg")))
			return fail(e, ENOTSUP, "SCMP_ACT_NOTIFY for sendmsg "
			            "or recvmsg: the listener itself is "
			            "passed on by them");
	}
	return 0;
}

/* The parent knows the pid that the listener is to hear, and has the path. */
static int
pass_listener(const struct child *c, int listener, struct err *e)
{
	struct sync_message m;
	int got;

	if (sync_send(c->socket, SYNC_LISTENER, NULL, listener, e) < 0)
		return -1;
	close(listener);
	got = sync_receive(c->socket, &m, NULL, e);
	if (got < 0)
		return -1;
	return got == 0 || m.word != SYNC_GO
	       ? fail(e, EPROTO, "the parent has given up") : 0;
}

static int
compile(struct child *c, struct seccomp *s, struct err *e)
{
	struct arena *a = &c->spec.arena;
	AUTO(buf) struct buf program = { 0 };
	unsigned int how = 0;
	int number = init_filter(s);

	if (number >= 0)
		return find_baked(c, number, e);
	log_debug("seccomp: not one that was compiled with us");
	add_native(c, s);
	if (find_flags(s, &how, e) < 0 ||
	    init_seccomp_compile(s, &program, e) < 0)
		return -1;
	if (!init_has_listener(c))
		how &= ~(unsigned int)SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV;
	else if (check_notified(s, e) < 0)
		return -1;
	else
		how |= SECCOMP_FILTER_FLAG_NEW_LISTENER;
	c->filter = (struct filter){
		memcpy(arena_new(a, program.n), program.data, program.n),
		program.n / sizeof(struct sock_filter), how
	};
	return 0;
}

int
init_filter_compile(struct child *c, struct err *e)
{
	if (c->filter.program || !init_has_filter(c))
		return 0;
	return c->plan->filter >= 0
	       ? find_baked(c, c->plan->filter, e)
	       : compile(c, c->spec.linux_part->seccomp, e);
}

bool
init_filter_allows(struct child *c, int call, const uint64_t args[6])
{
	struct seccomp_data data = {
		.nr = call, .arch = seccomp_arch_native(),
	};
	uint32_t answer;

	if (!c->filter.program)
		return true;
	memcpy(data.args, args, sizeof(data.args));
	answer = spec_seccomp_answer(c->filter.program, c->filter.n, &data);
	return answer == SECCOMP_RET_ALLOW || answer == SECCOMP_RET_LOG;
}

int
init_seccomp(struct child *c, struct err *e)
{
	int got;

	if (c->filtered || !init_has_filter(c))
		return 0;
	c->filtered = true;
	if (init_filter_compile(c, e) < 0 || raise_admin(c, e) < 0)
		return -1;
	got = load(&c->filter, e);
	return got < 0 || !(c->filter.flags & SECCOMP_FILTER_FLAG_NEW_LISTENER)
	       ? got : pass_listener(c, got, e);
}
