/* SPDX-License-Identifier: ISC */
/* A compiler from seccomp profiles to the kernel's filter programs. */
#include "spec/filter.h"
#include "base/log.h"
#include "spec/condition.h"

#include <errno.h>
#include <linux/audit.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* x32 calls say x86-64 and have bit 30 in their numbers. */
#define X32_BIT 0x40000000u

/* An architecture that is not listed has no calls. */
#define NOT_LISTED (SECCOMP_RET_ERRNO | ENOSYS)

static const struct {
	const char *name;
	uint32_t audit;
} machines[] = {
	{ "SCMP_ARCH_X86_64", AUDIT_ARCH_X86_64 },
	{ "SCMP_ARCH_X32", AUDIT_ARCH_X86_64 },
	{ "SCMP_ARCH_X86", AUDIT_ARCH_I386 },
	{ "SCMP_ARCH_AARCH64", AUDIT_ARCH_AARCH64 },
	{ "SCMP_ARCH_ARM", AUDIT_ARCH_ARM },
	{ "SCMP_ARCH_RISCV64", AUDIT_ARCH_RISCV64 },
	{ "SCMP_ARCH_LOONGARCH64", AUDIT_ARCH_LOONGARCH64 },
	{ "SCMP_ARCH_PPC64LE", AUDIT_ARCH_PPC64LE },
	{ "SCMP_ARCH_PPC64", AUDIT_ARCH_PPC64 },
	{ "SCMP_ARCH_PPC", AUDIT_ARCH_PPC },
	{ "SCMP_ARCH_S390X", AUDIT_ARCH_S390X },
	{ "SCMP_ARCH_S390", AUDIT_ARCH_S390 },
	{ "SCMP_ARCH_MIPS", AUDIT_ARCH_MIPS },
	{ "SCMP_ARCH_MIPS64", AUDIT_ARCH_MIPS64 },
	{ "SCMP_ARCH_MIPS64N32", AUDIT_ARCH_MIPS64N32 },
	{ "SCMP_ARCH_MIPSEL", AUDIT_ARCH_MIPSEL },
	{ "SCMP_ARCH_MIPSEL64", AUDIT_ARCH_MIPSEL64 },
	{ "SCMP_ARCH_MIPSEL64N32", AUDIT_ARCH_MIPSEL64N32 },
};

const char *
spec_seccomp_arch(size_t i)
{
	return i < sizeof(machines) / sizeof(*machines) ? machines[i].name
	                                                : NULL;
}

static const struct {
	const char *name;
	uint32_t value;
	bool number; /* takes an errno in its low bits */
} actions[] = {
	{ "SCMP_ACT_KILL", SECCOMP_RET_KILL_THREAD, false },
	{ "SCMP_ACT_KILL_THREAD", SECCOMP_RET_KILL_THREAD, false },
	{ "SCMP_ACT_KILL_PROCESS", SECCOMP_RET_KILL_PROCESS, false },
	{ "SCMP_ACT_TRAP", SECCOMP_RET_TRAP, false },
	{ "SCMP_ACT_ERRNO", SECCOMP_RET_ERRNO, true },
	{ "SCMP_ACT_NOTIFY", SECCOMP_RET_USER_NOTIF, false },
	{ "SCMP_ACT_TRACE", SECCOMP_RET_TRACE, true },
	{ "SCMP_ACT_LOG", SECCOMP_RET_LOG, false },
	{ "SCMP_ACT_ALLOW", SECCOMP_RET_ALLOW, false },
};

/*
 * Calls that i386 got beside socketcall and ipc, in Linux 4.3 and 5.1; some
 * libraries know only the old way for these names.
 *
 * source   arch/x86/entry/syscalls/syscall_32.tbl
 */
static const struct {
	const char *name;
	int number;
} direct[] = {
	{ "socket", 359 },      { "socketpair", 360 },
	{ "bind", 361 },        { "connect", 362 },
	{ "listen", 363 },      { "accept4", 364 },
	{ "getsockopt", 365 },  { "setsockopt", 366 },
	{ "getsockname", 367 }, { "getpeername", 368 },
	{ "sendto", 369 },      { "sendmsg", 370 },
	{ "recvfrom", 371 },    { "recvmsg", 372 },
	{ "shutdown", 373 },    { "semget", 393 },
	{ "semctl", 394 },      { "shmget", 395 },
	{ "shmctl", 396 },      { "shmat", 397 },
	{ "shmdt", 398 },       { "msgget", 399 },
	{ "msgsnd", 400 },      { "msgrcv", 401 },
	{ "msgctl", 402 },
};

/* One rule of one call. */
struct call {
	uint32_t number;
	size_t rule;
};

/* Numbers from `first` on to the next span's: an action, or rules to test. */
struct span {
	uint32_t first, action;
	const struct call *calls;
	size_t n;
};

struct compiler {
	const struct seccomp *s;
	spec_seccomp_number *number;
	uint32_t *actions, other; /* of each rule, and of no rule */
	struct arena arena;
};

static void
auto_compiler(struct compiler *c)
{
	auto_arena(&c->arena);
}

/* The specification leaves a missing errno to us: EPERM, as everybody. */
static int
find_action(const char *name, const struct number *number, uint32_t *action,
            struct err *e)
{
	for (size_t i = 0; i < COUNT(actions); i++) {
		if (strcmp(actions[i].name, name) != 0)
			continue;
		*action = actions[i].value;
		if (actions[i].number)
			*action |= SECCOMP_RET_DATA &
			           (uint32_t)(number->set ? number->value
			                                  : EPERM);
		return 0;
	}
	return fail(e, EINVAL, "seccomp: no action is called '%s'", name);
}

static int
find_machine(const char *name, uint32_t *audit, struct err *e)
{
	for (size_t i = 0; i < COUNT(machines); i++)
		if (strcmp(machines[i].name, name) == 0) {
			*audit = machines[i].audit;
			return 0;
		}
	return fail(e, EINVAL, "seccomp: no architecture is called '%s'",
	            name);
}

static int
by_number(const void *a, const void *b)
{
	const struct call *x = a, *y = b;

	if (x->number != y->number)
		return x->number < y->number ? -1 : 1;
	return x->rule < y->rule ? -1 : x->rule > y->rule;
}

static int
number_of(struct compiler *c, const char *architecture, const char *call)
{
	int number = c->number(architecture, call);

	/* once is enough for a name that nobody knows */
	if (number == SECCOMP_NOWHERE &&
	    architecture == c->s->architectures.v[0])
		log_warn("seccomp: nobody knows a system call '%s'", call);
	if (strcmp(architecture, "SCMP_ARCH_X86") != 0)
		return number;
	for (size_t i = 0; i < COUNT(direct); i++)
		if (strcmp(direct[i].name, call) == 0)
			return direct[i].number;
	return number;
}

/* All calls that rules name on this architecture. */
static void
add_calls(struct compiler *c, const char *architecture, struct call **calls,
          size_t *n)
{
	for (size_t rule = 0; rule < c->s->n_rules; rule++) {
		const struct words *names = &c->s->rules[rule].names;

		for (size_t i = 0; i < names->n; i++) {
			int number = number_of(c, architecture, names->v[i]);
			struct call *call;

			if (number < 0)
				continue;
			call = LIST_ADD(&c->arena, *calls, *n);
			call->number = (uint32_t)number;
			call->rule = rule;
		}
	}
}

/* Append a span; what does the same as the one before grows that. */
static void
add_span(struct compiler *c, struct span **spans, size_t *n,
         const struct span *add)
{
	const struct span *last = *n ? &(*spans)[*n - 1] : NULL;

	if (last && !last->n && !add->n && last->action == add->action)
		return;
	*(struct span *)LIST_ADD(&c->arena, *spans, *n) = *add;
}

/* Spans that cover all numbers, from the sorted calls. */
static void
make_spans(struct compiler *c, const struct call *calls, size_t n_calls,
           struct span **spans, size_t *n)
{
	const struct span nothing = { 0, c->other, NULL, 0 };

	add_span(c, spans, n, &nothing);
	for (size_t i = 0, same; i < n_calls; i += same) {
		struct span here = { calls[i].number, 0, &calls[i], 0 };
		struct span behind = { calls[i].number + 1, c->other, NULL, 0 };

		for (same = 1; i + same < n_calls; same++)
			if (calls[i + same].number != here.first)
				break;
		if (c->s->rules[calls[i].rule].n_args)
			here.n = same;
		else
			here.action = c->actions[calls[i].rule];
		add_span(c, spans, n, &here);
		if (i + same == n_calls ||
		    calls[i + same].number != behind.first)
			add_span(c, spans, n, &behind);
	}
}

/* Is x32 to be kept out of the numbers of x86-64, where it would get what
 * nobody thought of? */
static bool
has_no_x32(const struct compiler *c, uint32_t audit)
{
	return audit == AUDIT_ARCH_X86_64 &&
	       !words_has(&c->s->architectures, "SCMP_ARCH_X32");
}

static void
emit(struct buf *out, uint32_t code, uint8_t yes, uint8_t no, uint32_t k)
{
	struct sock_filter f = { (uint16_t)code, yes, no, k };

	buf_add(out, &f, sizeof(f));
}

/* The rules of one call, in their order. */
static int
emit_rules(struct compiler *c, const struct span *span, struct buf *out,
           struct err *e)
{
	for (size_t i = 0; i < span->n; i++) {
		const struct seccomp_rule *r =
		        &c->s->rules[span->calls[i].rule];
		uint32_t action = c->actions[span->calls[i].rule];

		if (!r->n_args) {
			emit(out, BPF_RET | BPF_K, 0, 0, action);
			return 0;
		}
		if (condition_emit(r, action, out, e) < 0)
			return -1;
	}
	emit(out, BPF_RET | BPF_K, 0, 0, c->other);
	return 0;
}

/* Find the span of the number in A by halving. */
static int
emit_search(struct compiler *c, const struct span *spans, size_t n,
            struct buf *out, struct err *e)
{
	AUTO(buf) struct buf low = { 0 };
	size_t half = n / 2, length;

	if (n == 1 && spans->n)
		return emit_rules(c, spans, out, e);
	if (n == 1) {
		emit(out, BPF_RET | BPF_K, 0, 0, spans->action);
		return 0;
	}
	if (emit_search(c, spans, half, &low, e) < 0)
		return -1;
	length = low.n / sizeof(struct sock_filter);
	if (length <= UINT8_MAX) {
		emit(out, BPF_JMP | BPF_JGE | BPF_K, (uint8_t)length, 0,
		     spans[half].first);
	} else {
		/* too far for a conditional jump */
		emit(out, BPF_JMP | BPF_JGE | BPF_K, 0, 1, spans[half].first);
		emit(out, BPF_JMP | BPF_JA, 0, 0, (uint32_t)length);
	}
	buf_add(out, low.data, low.n);
	return emit_search(c, spans + half, n - half, out, e);
}

/* All that is listed for one value of the architecture in A. */
static int
emit_machine(struct compiler *c, uint32_t audit, struct buf *out,
             struct err *e)
{
	AUTO(buf) struct buf body = { 0 };
	const struct words *all = &c->s->architectures;
	const struct span x32 = { X32_BIT, NOT_LISTED, NULL, 0 };
	struct call *calls = NULL;
	struct span *spans = NULL;
	size_t n_calls = 0, n_spans = 0;
	uint32_t other;

	for (size_t i = 0; i < all->n; i++) {
		if (find_machine(all->v[i], &other, e) < 0)
			return -1;
		if (other == audit)
			add_calls(c, all->v[i], &calls, &n_calls);
	}
	if (n_calls)
		qsort(calls, n_calls, sizeof(*calls), by_number);
	make_spans(c, calls, n_calls, &spans, &n_spans);
	if (has_no_x32(c, audit))
		add_span(c, &spans, &n_spans, &x32);
	emit(&body, BPF_LD | BPF_W | BPF_ABS, 0, 0,
	     offsetof(struct seccomp_data, nr));
	if (emit_search(c, spans, n_spans, &body, e) < 0)
		return -1;
	emit(out, BPF_JMP | BPF_JEQ | BPF_K, 1, 0, audit);
	emit(out, BPF_JMP | BPF_JA, 0, 0,
	     (uint32_t)(body.n / sizeof(struct sock_filter)));
	buf_add(out, body.data, body.n);
	return 0;
}

/* Has an architecture before this one the same value? */
static bool
is_done(const struct words *all, size_t i, uint32_t audit)
{
	struct err e;
	uint32_t before;

	while (i-- > 0)
		if (find_machine(all->v[i], &before, &e) == 0 &&
		    before == audit)
			return true;
	return false;
}

int
spec_seccomp_program(const struct seccomp *s, spec_seccomp_number *number,
                     struct buf *program, struct err *e)
{
	AUTO(compiler) struct compiler c = { .s = s, .number = number };
	AUTO(buf) struct buf out = { 0 };
	uint32_t audit;

	if (!s->architectures.n)
		return fail(e, EINVAL, "seccomp: no architecture");
	c.actions = arena_new(&c.arena, (s->n_rules + 1) * sizeof(uint32_t));
	if (find_action(s->default_action, &s->default_errno_ret, &c.other,
	                e) < 0)
		return -1;
	for (size_t i = 0; i < s->n_rules; i++)
		if (find_action(s->rules[i].action, &s->rules[i].errno_ret,
		                &c.actions[i], e) < 0)
			return -1;
	emit(&out, BPF_LD | BPF_W | BPF_ABS, 0, 0,
	     offsetof(struct seccomp_data, arch));
	for (size_t i = 0; i < s->architectures.n; i++) {
		if (find_machine(s->architectures.v[i], &audit, e) < 0)
			return -1;
		if (!is_done(&s->architectures, i, audit) &&
		    emit_machine(&c, audit, &out, e) < 0)
			return -1;
	}
	emit(&out, BPF_RET | BPF_K, 0, 0, NOT_LISTED);
	if (out.n / sizeof(struct sock_filter) > BPF_MAXINSNS)
		return fail(e, E2BIG, "seccomp: a profile of more than %d "
		            "instructions", BPF_MAXINSNS);
	buf_add(program, out.data, out.n);
	return 0;
}

/* One instruction: *a is the accumulator, the result how many to pass over. */
static uint32_t
step(const struct sock_filter *f, const struct seccomp_data *data, uint32_t *a)
{
	uint32_t k = f->k;

	switch (f->code) {
	case BPF_LD | BPF_W | BPF_ABS:
		if (k % 4 == 0 && k < sizeof(*data))
			memcpy(a, (const char *)data + k, sizeof(*a));
		return 0;
	case BPF_ALU | BPF_AND | BPF_K:
		*a &= k;
		return 0;
	case BPF_JMP | BPF_JA:
		return k;
	case BPF_JMP | BPF_JEQ | BPF_K:
		return *a == k ? f->jt : f->jf;
	case BPF_JMP | BPF_JGT | BPF_K:
		return *a > k ? f->jt : f->jf;
	case BPF_JMP | BPF_JGE | BPF_K:
		return *a >= k ? f->jt : f->jf;
	case BPF_JMP | BPF_JSET | BPF_K:
		return *a & k ? f->jt : f->jf;
	default:
		return UINT32_MAX;
	}
}

uint32_t
spec_seccomp_answer(const struct sock_filter *program, size_t n,
                    const struct seccomp_data *data)
{
	uint32_t a = 0;

	for (size_t pc = 0; pc < n; pc++) {
		uint32_t skip;

		if (program[pc].code == (BPF_RET | BPF_K))
			return program[pc].k;
		skip = step(&program[pc], data, &a);
		if (skip >= n - pc)
			break;
		pc += skip;
	}
	return SECCOMP_RET_KILL_PROCESS;
}
