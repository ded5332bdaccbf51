/* SPDX-License-Identifier: ISC */
/* cgroup: device rules as a list and as a program say what the rules say. */
/* links: base sys spec cgroup */
#include "cgroup/parts.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct wish {
	char type; /* 'b', 'c' */
	int64_t major, minor;
	int access;
};

static bool
is_met(const struct device_rule *r, const struct wish *w)
{
	return (!r->type || *r->type == 'a' || *r->type == w->type) &&
	       (!r->major.set || r->major.value < 0 ||
	        r->major.value == w->major) &&
	       (!r->minor.set || r->minor.value < 0 ||
	        r->minor.value == w->minor);
}

/* Naively: for each kind of access, the last rule that speaks of it. */
static bool
is_allowed(const struct device_rule *rules, size_t n, const struct wish *w)
{
	static const char letters[] = "mrw";

	for (int bit = 0; bit < 3; bit++) {
		bool allow = false;

		if (!(w->access & 1 << bit))
			continue;
		for (size_t i = 0; i < n; i++)
			if (is_met(&rules[i], w) &&
			    (!rules[i].access ||
			     strchr(rules[i].access, letters[bit])))
				allow = rules[i].allow;
		if (!allow)
			return false;
	}
	return true;
}

/* As the kernel does it in v1: one entry of the list has to cover it all. */
static bool
is_listed(const struct cgroup_devices *d, const struct wish *w)
{
	for (size_t i = 0; i < d->n; i++) {
		const struct cgroup_device *x = &d->v[i];
		bool met = x->type == w->type &&
		           (x->major < 0 || x->major == w->major) &&
		           (x->minor < 0 || x->minor == w->minor);

		if (met && d->allow && (x->access & w->access))
			return false;
		if (met && !d->allow && (w->access & ~x->access) == 0)
			return true;
	}
	return d->allow;
}

/* As much of BPF as the programs use; what the verifier refuses fails. */
static bool
run(const struct bpf_insn *code, size_t n, const struct wish *w)
{
	uint32_t context[3] = {
		(uint32_t)w->access << 16 | (w->type == 'b' ? 1 : 2),
		(uint32_t)w->major, (uint32_t)w->minor,
	};
	uint64_t r[11] = { 0 };
	bool known[11] = { [1] = true };

	for (size_t pc = 0; pc < n; pc++) {
		const struct bpf_insn *i = &code[pc];
		uint64_t imm = (uint64_t)(int64_t)i->imm;
		bool equal = r[i->dst_reg] == imm;

		switch (i->code) {
		case BPF_LDX | BPF_MEM | BPF_W:
			assert_int_equal(i->src_reg, 1);
			r[i->dst_reg] = context[i->off / 4];
			break;
		case BPF_ALU64 | BPF_MOV | BPF_K:
			r[i->dst_reg] = imm;
			break;
		case BPF_ALU64 | BPF_MOV | BPF_X:
			assert_true(known[i->src_reg]);
			r[i->dst_reg] = r[i->src_reg];
			break;
		case BPF_ALU64 | BPF_AND | BPF_K:
			assert_true(known[i->dst_reg]);
			r[i->dst_reg] &= imm;
			break;
		case BPF_ALU64 | BPF_RSH | BPF_K:
			assert_true(known[i->dst_reg]);
			r[i->dst_reg] >>= imm;
			break;
		case BPF_JMP | BPF_JNE | BPF_K:
		case BPF_JMP | BPF_JEQ | BPF_K:
			assert_true(known[i->dst_reg]);
			assert_true(i->off > 0);
			if (equal == (BPF_OP(i->code) == BPF_JEQ))
				pc += (size_t)i->off;
			continue;
		case BPF_JMP | BPF_EXIT:
			assert_true(known[0]);
			return r[0] != 0;
		default:
			fail_msg("code %#x", i->code);
		}
		known[i->dst_reg] = true;
	}
	fail_msg("the program has no end");
	return false;
}

/* The kernel refuses a program with code that no path leads to. */
static void
check_reachable(const struct bpf_insn *code, size_t n)
{
	bool reached[256] = { true };

	assert_in_range(n, 2, 256);
	for (size_t pc = 0; pc < n; pc++) {
		assert_true(reached[pc]);
		if (code[pc].code == (BPF_JMP | BPF_EXIT))
			continue;
		assert_true(pc + 1 < n);
		reached[pc + 1] = true;
		if (BPF_CLASS(code[pc].code) == BPF_JMP) {
			size_t to = pc + 1 + (size_t)code[pc].off;

			assert_true(to < n);
			reached[to] = true;
		}
	}
}

static struct number
some_number(void)
{
	int n = rand() % 4;

	return (struct number){ n != 3, n == 0 ? -1 : n };
}

static struct device_rule
some_rule(void)
{
	static char *const types[] = { NULL, "a", "b", "c" };
	static char *const accesses[] = {
		NULL, "r", "w", "m", "rw", "rm", "wm", "rwm", "rwm", "rwm",
	};

	return (struct device_rule){
		rand() % 2, types[rand() % 4], some_number(), some_number(),
		accesses[rand() % 10],
	};
}

static void
check_all_wishes(const struct device_rule *rules, size_t n)
{
	AUTO(arena) struct arena a = { 0 };
	struct cgroup_devices list;
	struct cgroup_program p;
	struct err e;
	int listed = cgroup_reduce_devices(rules, n, &a, &list, &e);

	assert_int_equal(cgroup_device_program(rules, n, &a, &p, &e), 0);
	check_reachable(p.code, p.n);
	if (listed < 0)
		assert_int_equal(e.code, ENOTSUP);
	for (int i = 0; i < 2 * 4 * 4 * 7; i++) {
		struct wish w = {
			i % 2 ? 'b' : 'c', i / 2 % 4, i / 8 % 4, i / 32 + 1,
		};
		bool allowed = is_allowed(rules, n, &w);

		assert_int_equal(run(p.code, p.n, &w), allowed);
		/* One entry of v1 need not cover what two allow. */
		if (listed == 0 && (w.access & (w.access - 1)) == 0)
			assert_int_equal(is_listed(&list, &w), allowed);
		else if (listed == 0 && is_listed(&list, &w))
			assert_true(allowed);
	}
}

static void
any_rules_mean_the_same_everywhere(void **state)
{
	(void)state;
	srand(1);
	for (int turn = 0; turn < 20000; turn++) {
		struct device_rule rules[8];
		size_t n = 1 + (size_t)rand() % 8;

		for (size_t i = 0; i < n; i++)
			rules[i] = some_rule();
		check_all_wishes(rules, n);
	}
}

#define NUMBER(n) { true, n }

static void
all_allowed_needs_no_program(void **state)
{
	AUTO(arena) struct arena a = { 0 };
	struct device_rule rules[] = {
		{ false, "c", NUMBER(1), NUMBER(3), "rwm" },
		{ true, "a", { 0 }, { 0 }, "rwm" },
		{ true, "c", NUMBER(1), NUMBER(3), "r" },
	};
	struct cgroup_program p;
	struct err e;

	(void)state;
	assert_int_equal(cgroup_device_program(rules, 3, &a, &p, &e), 0);
	assert_int_equal(p.n, 2);
	assert_int_equal(p.code->imm, 1);
}

static void
rules_of_one_device_are_one_entry(void **state)
{
	AUTO(arena) struct arena a = { 0 };
	struct device_rule rules[] = {
		{ false, NULL, { 0 }, { 0 }, NULL },
		{ true, "c", NUMBER(1), NUMBER(3), "r" },
		{ true, "c", NUMBER(1), NUMBER(5), "rwm" },
		{ true, "c", NUMBER(1), NUMBER(3), "w" },
		{ false, "c", NUMBER(1), NUMBER(5), "rwm" },
	};
	struct cgroup_devices list;
	struct err e;

	(void)state;
	assert_int_equal(cgroup_reduce_devices(rules, 5, &a, &list, &e), 0);
	assert_false(list.allow);
	assert_int_equal(list.n, 1);
	assert_int_equal(list.v[0].access, CGROUP_READ | CGROUP_WRITE);
}

static void
v1_cannot_take_a_part_of_a_wildcard(void **state)
{
	AUTO(arena) struct arena a = { 0 };
	struct device_rule rules[] = {
		{ true, "c", NUMBER(10), NUMBER(-1), "rwm" },
		{ false, "c", NUMBER(10), NUMBER(229), "rwm" },
	};
	struct cgroup_devices list;
	struct err e;

	(void)state;
	assert_int_equal(cgroup_reduce_devices(rules, 2, &a, &list, &e), -1);
	assert_int_equal(e.code, ENOTSUP);
	assert_non_null(strstr(e.text, "c 10:229"));
}

static void
nonsense_is_refused(void **state)
{
	AUTO(arena) struct arena a = { 0 };
	struct device_rule rules[] = {
		{ true, "x", { 0 }, { 0 }, NULL },
		{ true, "cc", { 0 }, { 0 }, NULL },
		{ true, "c", { 0 }, { 0 }, "rx" },
		{ true, "c", NUMBER(1LL << 40), { 0 }, NULL },
	};
	struct cgroup_devices list;
	struct cgroup_program p;
	struct err e;

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(cgroup_reduce_devices(&rules[i], 1, &a, &list,
		                                       &e), -1);
		assert_int_equal(e.code, EINVAL);
		assert_int_equal(cgroup_device_program(&rules[i], 1, &a, &p,
		                                       &e), -1);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_rules_mean_the_same_everywhere),
		cmocka_unit_test(all_allowed_needs_no_program),
		cmocka_unit_test(rules_of_one_device_are_one_entry),
		cmocka_unit_test(v1_cannot_take_a_part_of_a_wildcard),
		cmocka_unit_test(nonsense_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
