/* SPDX-License-Identifier: ISC */
/* Device rules: reduced to a list for v1, compiled to BPF for v2; pure. */
#include "cgroup/parts.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#define ALL_ACCESS (CGROUP_MKNOD | CGROUP_READ | CGROUP_WRITE)

/* One rule in numbers; type 'a' is both. */
struct rule {
	bool allow;
	char type;
	int64_t major, minor; /* -1: all */
	int access;
};

int
cgroup_device_access(const char *text, int *access, struct err *e)
{
	*access = 0;
	for (const char *at = text ? text : ""; *at; at++) {
		if (*at == 'm')
			*access |= CGROUP_MKNOD;
		else if (*at == 'r')
			*access |= CGROUP_READ;
		else if (*at == 'w')
			*access |= CGROUP_WRITE;
		else
			return fail(e, EINVAL, "devices: access '%s' is not "
			            "made of r, w and m", text);
	}
	if (!*access)
		*access = ALL_ACCESS;
	return 0;
}

static int64_t
number_of(struct number n)
{
	return n.set && n.value >= 0 ? n.value : -1;
}

/* "u" is an unbuffered character device, as in mknod(1). */
static int
read_rule(const struct device_rule *from, struct rule *to, struct err *e)
{
	const char *type = from->type && *from->type ? from->type : "a";

	if (!strchr("abcu", type[0]) || type[1])
		return fail(e, EINVAL, "devices: type '%s' is not a, b or c",
		            type);
	to->allow = from->allow;
	to->type = *type == 'u' ? 'c' : *type;
	to->major = number_of(from->major);
	to->minor = number_of(from->minor);
	if (to->major > INT32_MAX || to->minor > INT32_MAX)
		return fail(e, EINVAL, "devices: no device has number "
		            "%" PRId64 ":%" PRId64, to->major, to->minor);
	return cgroup_device_access(from->access, &to->access, e);
}

static bool
is_total(const struct rule *r)
{
	return r->type == 'a' && r->major < 0 && r->minor < 0 &&
	       r->access == ALL_ACCESS;
}

static bool
covers(int64_t wide, int64_t narrow)
{
	return wide < 0 || wide == narrow;
}

static bool
meets(int64_t one, int64_t other)
{
	return one < 0 || other < 0 || one == other;
}

/* Add to the exceptions. */
static void
except(struct arena *a, struct cgroup_devices *d, char type,
       const struct rule *r)
{
	struct cgroup_device *new;

	for (size_t i = 0; i < d->n; i++) {
		struct cgroup_device *old = &d->v[i];

		if (old->type == type && old->major == r->major &&
		    old->minor == r->minor) {
			old->access |= r->access;
			return;
		}
	}
	new = LIST_ADD(a, d->v, d->n);
	*new = (struct cgroup_device){ type, r->major, r->minor, r->access };
}

/* Take out of the exceptions; a part of one cannot be. */
static int
include(struct cgroup_devices *d, char type, const struct rule *r,
        struct err *e)
{
	for (size_t i = d->n; i-- > 0;) {
		struct cgroup_device *old = &d->v[i];

		if (old->type != type || !(old->access & r->access) ||
		    !meets(old->major, r->major) ||
		    !meets(old->minor, r->minor))
			continue;
		if (!covers(r->major, old->major) ||
		    !covers(r->minor, old->minor))
			return fail(e, ENOTSUP, "devices: cgroup v1 cannot "
			            "except %c %" PRId64 ":%" PRId64 " from a "
			            "rule with wildcards", type, r->major,
			            r->minor);
		old->access &= ~r->access;
		if (!old->access)
			*old = d->v[--d->n];
	}
	return 0;
}

/* Where no rule says anything, a device is denied, as in runc and crun. */
int
cgroup_reduce_devices(const struct device_rule *rules, size_t n,
                      struct arena *a, struct cgroup_devices *out,
                      struct err *e)
{
	struct cgroup_devices d = { false, NULL, 0 };

	for (size_t i = 0; i < n; i++) {
		struct rule r;

		if (read_rule(&rules[i], &r, e) < 0)
			return -1;
		if (is_total(&r)) {
			d.allow = r.allow;
			d.n = 0;
			continue;
		}
		for (const char *type = "bc"; *type; type++) {
			if (r.type != 'a' && r.type != *type)
				continue;
			if (r.allow != d.allow)
				except(a, &d, *type, &r);
			else if (include(&d, *type, &r, e) < 0)
				return -1;
		}
	}
	*out = d;
	return 0;
}

/* The registers of the program. */
enum { ANSWER, CONTEXT, TYPE, WANTED, MAJOR, MINOR, PART };

#define INSN(code, to, from, jump, value) \
	(struct bpf_insn){ code, to, from, jump, value }
#define SET(to, value)   INSN(BPF_ALU64 | BPF_MOV | BPF_K, to, 0, 0, value)
#define COPY(to, from)   INSN(BPF_ALU64 | BPF_MOV | BPF_X, to, from, 0, 0)
#define AND(to, value)   INSN(BPF_ALU64 | BPF_AND | BPF_K, to, 0, 0, value)
#define SHIFT(to, value) INSN(BPF_ALU64 | BPF_RSH | BPF_K, to, 0, 0, value)
#define LOAD(to, at)     INSN(BPF_LDX | BPF_MEM | BPF_W, to, CONTEXT, at, 0)
#define SKIP_NE(what, value, n) \
	INSN(BPF_JMP | BPF_JNE | BPF_K, what, 0, n, value)
#define SKIP_EQ(what, value, n) \
	INSN(BPF_JMP | BPF_JEQ | BPF_K, what, 0, n, value)
#define EXIT             INSN(BPF_JMP | BPF_EXIT, 0, 0, 0, 0)

static void
emit(struct cgroup_program *p, struct bpf_insn insn)
{
	p->code[p->n++] = insn;
}

static void
answer(struct cgroup_program *p, bool allow)
{
	emit(p, SET(ANSWER, allow));
	emit(p, EXIT);
}

/* struct bpf_cgroup_dev_ctx: access_type (access << 16 | type), major, minor */
static void
prologue(struct cgroup_program *p)
{
	emit(p, LOAD(TYPE, 0));
	emit(p, COPY(WANTED, TYPE));
	emit(p, AND(TYPE, 0xffff));
	emit(p, SHIFT(WANTED, 16));
	emit(p, LOAD(MAJOR, 4));
	emit(p, LOAD(MINOR, 8));
}

/*
 * One rule: if it meets the device, a denial of any of what is still wanted
 * ends it; what it allows is wanted no longer, and when nothing is, that ends
 * it too.
 */
static void
compile(struct cgroup_program *p, const struct rule *r)
{
	int body = r->allow ? 4 : 5;
	int tests = (r->major >= 0) + (r->minor >= 0);

	if (r->type != 'a')
		emit(p, SKIP_NE(TYPE, r->type == 'b' ? BPF_DEVCG_DEV_BLOCK
		                                     : BPF_DEVCG_DEV_CHAR,
		                tests + body));
	if (r->major >= 0)
		emit(p, SKIP_NE(MAJOR, (int)r->major,
		                (r->minor >= 0) + body));
	if (r->minor >= 0)
		emit(p, SKIP_NE(MINOR, (int)r->minor, body));
	if (r->allow) {
		emit(p, AND(WANTED, ALL_ACCESS & ~r->access));
		emit(p, SKIP_NE(WANTED, 0, 2));
	} else {
		emit(p, COPY(PART, WANTED));
		emit(p, AND(PART, r->access));
		emit(p, SKIP_EQ(PART, 0, 2));
	}
	answer(p, r->allow);
}

/*
 * The last rule that meets a device wins, for each kind of access by itself:
 * so they are tried from the last. What stands before a rule for everything
 * can never be reached, and the kernel refuses code that cannot be.
 */
int
cgroup_device_program(const struct device_rule *rules, size_t n,
                      struct arena *a, struct cgroup_program *out,
                      struct err *e)
{
	struct cgroup_program p = {
		arena_new(a, (8 * n + 8) * sizeof(struct bpf_insn)), 0,
	};
	bool total = false, denies = false;
	struct rule r = { 0 };

	prologue(&p);
	for (size_t i = n; i-- > 0 && !total;) {
		if (read_rule(&rules[i], &r, e) < 0)
			return -1;
		total = is_total(&r);
		denies |= !r.allow;
		if (!total)
			compile(&p, &r);
	}
	if (total && !denies)
		p.n = 0; /* everything is allowed */
	answer(&p, total && r.allow);
	*out = p;
	return 0;
}
