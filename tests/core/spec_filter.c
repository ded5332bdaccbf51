/* SPDX-License-Identifier: ISC */
/* links: base spec */
/* Compiled filters decide as their profiles say: an interpreter of both. */
#include "spec/spec.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What the kernel does with a program. */
static uint32_t
run(const struct buf *program, const struct seccomp_data *data)
{
	return spec_seccomp_answer((const void *)program->data,
	                           program->n / sizeof(struct sock_filter),
	                           data);
}

/* Calls are called "c" and their number; on i386, one more than there. */
static int
number(const char *architecture, const char *call)
{
	if (call[0] != 'c' || !call[1])
		return SECCOMP_NOWHERE;
	if (strcmp(architecture, "SCMP_ARCH_X86") == 0)
		return atoi(call + 1) + 1;
	if (strcmp(architecture, "SCMP_ARCH_X32") == 0)
		return atoi(call + 1) | 0x40000000;
	return atoi(call + 1);
}

static uint32_t
action_of(const char *name, const struct number *errno_ret)
{
	if (strcmp(name, "SCMP_ACT_ALLOW") == 0)
		return SECCOMP_RET_ALLOW;
	if (strcmp(name, "SCMP_ACT_LOG") == 0)
		return SECCOMP_RET_LOG;
	return SECCOMP_RET_ERRNO |
	       (uint32_t)(errno_ret->set ? errno_ret->value : EPERM);
}

static bool
holds(const struct seccomp_arg *arg, uint64_t v)
{
	const char *op = arg->op + 9;

	if (strcmp(op, "MASKED_EQ") == 0)
		return (v & arg->value) == (arg->value_two & arg->value);
	return strcmp(op, "EQ") == 0 ? v == arg->value
	       : strcmp(op, "NE") == 0 ? v != arg->value
	       : strcmp(op, "GT") == 0 ? v > arg->value
	       : strcmp(op, "GE") == 0 ? v >= arg->value
	       : strcmp(op, "LT") == 0 ? v < arg->value
	                               : v <= arg->value;
}

static bool
matches(const struct seccomp_rule *r, const uint64_t *args)
{
	bool any = false, all = true, twice = false;

	for (size_t i = 0; i < r->n_args; i++) {
		bool yes = holds(&r->args[i], args[r->args[i].index]);

		for (size_t k = 0; k < i; k++)
			twice |= r->args[i].index == r->args[k].index;
		any |= yes;
		all &= yes;
	}
	return r->n_args == 0 || (twice ? any : all);
}

/* Rule by rule, as filter.h says. */
static uint32_t
evaluate(const struct seccomp *s, int call, const uint64_t *args)
{
	char name[16];

	snprintf(name, sizeof(name), "c%d", call);
	for (size_t i = 0; i < s->n_rules; i++)
		if (words_has(&s->rules[i].names, name) &&
		    matches(&s->rules[i], args))
			return action_of(s->rules[i].action,
			                 &s->rules[i].errno_ret);
	return action_of(s->default_action, &s->default_errno_ret);
}

/* Numbers that repeat, so that a failure can be found again. */
static uint64_t
next(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return *seed >> 33;
}

/* Values that differ in few places, where mistakes hide. */
static uint64_t
interesting(uint64_t *seed)
{
	static const uint64_t values[] = {
		0, 1, 2, 8, 0x80000000, 0xffffffff, 0x100000000, 0x100000001,
		0xffffffff00000000, UINT64_MAX, 0x5412, 0x20008,
	};
	uint64_t v = values[next(seed) % (sizeof(values) / sizeof(values[0]))];

	return next(seed) % 3 ? v : v ^ (UINT64_C(1) << next(seed) % 64);
}

static void
random_rule(struct seccomp *s, struct arena *a, uint64_t *seed)
{
	static const char *const ops[] = { "NE", "LT", "LE", "EQ", "GE", "GT",
		                           "MASKED_EQ" };
	static const char *const actions[] = { "ALLOW", "LOG", "ERRNO" };
	struct seccomp_rule *r = LIST_ADD(a, s->rules, s->n_rules);
	size_t n_names = 1 + next(seed) % 4, n_args = next(seed) % 4;

	r->action = arena_format(a, "SCMP_ACT_%s", actions[next(seed) % 3]);
	for (size_t i = 0; i < n_names; i++)
		words_add(a, &r->names,
		          arena_format(a, "c%d", (int)(next(seed) % 40)));
	for (size_t i = 0; i < n_args; i++) {
		struct seccomp_arg *arg = LIST_ADD(a, r->args, r->n_args);

		arg->index = (uint32_t)(next(seed) % 6);
		arg->value = interesting(seed);
		arg->value_two = interesting(seed);
		arg->op = arena_format(a, "SCMP_CMP_%s", ops[next(seed) % 7]);
	}
}

/* Many conditions on one argument: what one of them loads, the next may use. */
static void
alternatives(struct seccomp *s, struct arena *a, uint64_t *seed)
{
	struct seccomp_rule *r = LIST_ADD(a, s->rules, s->n_rules);
	uint32_t index = (uint32_t)(next(seed) % 6);
	size_t n = 2 + next(seed) % 8;

	r->action = arena_text(a, "SCMP_ACT_LOG");
	for (int i = 0; i < 40; i++)
		words_add(a, &r->names, arena_format(a, "c%d", i));
	for (size_t i = 0; i < n; i++) {
		struct seccomp_arg *arg = LIST_ADD(a, r->args, r->n_args);

		arg->index = index;
		arg->value = interesting(seed);
		arg->value_two = next(seed) % 2 ? arg->value & interesting(seed)
		                                : interesting(seed);
		arg->op = arena_text(a, next(seed) % 4 ? "SCMP_CMP_MASKED_EQ"
		                                       : "SCMP_CMP_EQ");
	}
}

static void
compare_one(const struct seccomp *s, const struct buf *program, uint64_t *seed)
{
	int call = (int)(next(seed) % 42);
	struct seccomp_data data = { .nr = call, .arch = AUDIT_ARCH_X86_64 };
	uint64_t args[6];
	uint32_t wanted;

	for (int i = 0; i < 6; i++)
		data.args[i] = args[i] = interesting(seed);
	wanted = evaluate(s, call, args);
	if (run(program, &data) != wanted)
		fail_msg("call %d: %#x instead of %#x", call,
		         run(program, &data), wanted);
	data.arch = AUDIT_ARCH_I386;
	data.nr = call + 1;
	if (run(program, &data) != wanted)
		fail_msg("call %d of i386 differs", call);
}

static void
test_programs_decide_as_their_rules_do(void **state)
{
	uint64_t seed = 42;

	for (int round = 0; round < 400; round++) {
		AUTO(arena) struct arena a = { 0 };
		AUTO(buf) struct buf program = { 0 };
		struct seccomp s = { .default_action = "SCMP_ACT_ERRNO" };
		size_t n = next(&seed) % 30;
		struct err e;

		s.default_errno_ret = (struct number){ true, ENOSYS };
		words_add(&a, &s.architectures, "SCMP_ARCH_X86_64");
		words_add(&a, &s.architectures, "SCMP_ARCH_X86");
		for (size_t i = 0; i < n; i++)
			random_rule(&s, &a, &seed);
		if (round % 2)
			alternatives(&s, &a, &seed);
		if (spec_seccomp_program(&s, number, &program, &e) < 0)
			fail_msg("%s", e.text);
		for (int i = 0; i < 200; i++)
			compare_one(&s, &program, &seed);
	}
}

/* One rule for many calls with gaps, so that jumps get longer than a byte. */
static void
test_thousands_of_instructions_are_jumped_over(void **state)
{
	AUTO(arena) struct arena a = { 0 };
	AUTO(buf) struct buf program = { 0 };
	struct seccomp s = { .default_action = "SCMP_ACT_ERRNO" };
	struct seccomp_data data = { .arch = AUDIT_ARCH_X86_64 };
	struct seccomp_rule *r;
	struct err e;

	words_add(&a, &s.architectures, "SCMP_ARCH_X86_64");
	r = LIST_ADD(&a, s.rules, s.n_rules);
	r->action = "SCMP_ACT_ALLOW";
	for (int i = 0; i < 900; i++)
		words_add(&a, &r->names, arena_format(&a, "c%d", 2 * i));
	if (spec_seccomp_program(&s, number, &program, &e) < 0)
		fail_msg("%s", e.text);
	for (data.nr = 0; data.nr < 2000; data.nr++)
		assert_int_equal(run(&program, &data),
		                 data.nr % 2 || data.nr >= 1800
		                 ? SECCOMP_RET_ERRNO | EPERM
		                 : SECCOMP_RET_ALLOW);
}

static void
test_x32_and_strange_machines_have_no_calls(void **state)
{
	AUTO(arena) struct arena a = { 0 };
	AUTO(buf) struct buf program = { 0 };
	AUTO(buf) struct buf with_x32 = { 0 };
	struct seccomp s = { .default_action = "SCMP_ACT_ALLOW" };
	struct seccomp_data data = { .arch = AUDIT_ARCH_X86_64, .nr = 1 };
	struct err e;

	words_add(&a, &s.architectures, "SCMP_ARCH_X86_64");
	assert_int_equal(spec_seccomp_program(&s, number, &program, &e), 0);
	words_add(&a, &s.architectures, "SCMP_ARCH_X32");
	assert_int_equal(spec_seccomp_program(&s, number, &with_x32, &e), 0);
	assert_int_equal(run(&program, &data), SECCOMP_RET_ALLOW);
	data.nr |= 0x40000000;
	assert_int_equal(run(&program, &data), SECCOMP_RET_ERRNO | ENOSYS);
	assert_int_equal(run(&with_x32, &data), SECCOMP_RET_ALLOW);
	data.arch = AUDIT_ARCH_AARCH64;
	assert_int_equal(run(&program, &data), SECCOMP_RET_ERRNO | ENOSYS);
}

static void
test_what_cannot_be_compiled_is_refused(void **state)
{
	AUTO(arena) struct arena a = { 0 };
	AUTO(buf) struct buf program = { 0 };
	struct seccomp s = { .default_action = "SCMP_ACT_ALLOW" };
	struct seccomp_arg arg = { .index = 6, .op = "SCMP_CMP_EQ" };
	struct seccomp_rule r = { .action = "SCMP_ACT_LOG" };
	struct err e;

	assert_int_equal(spec_seccomp_program(&s, number, &program, &e), -1);
	words_add(&a, &s.architectures, "SCMP_ARCH_VAX");
	assert_int_equal(spec_seccomp_program(&s, number, &program, &e), -1);
	s.architectures.v[0] = "SCMP_ARCH_X86";
	words_add(&a, &r.names, "c1");
	r.args = &arg;
	r.n_args = 1;
	s.rules = &r;
	s.n_rules = 1;
	assert_int_equal(spec_seccomp_program(&s, number, &program, &e), -1);
	arg = (struct seccomp_arg){ .op = "SCMP_CMP_X" };
	assert_int_equal(spec_seccomp_program(&s, number, &program, &e), -1);
	r.action = "SCMP_ACT_X";
	assert_int_equal(spec_seccomp_program(&s, number, &program, &e), -1);
	assert_int_equal(program.n, 0);
}

static void
test_what_is_not_a_program_answers_with_the_worst(void **state)
{
	struct sock_filter jump[] = { { BPF_JMP | BPF_JA, 0, 0, 7 },
		                      { BPF_RET | BPF_K, 0, 0, 1 } };
	struct sock_filter odd[] = { { BPF_MISC | BPF_TAX, 0, 0, 0 },
		                     { BPF_RET | BPF_K, 0, 0, 1 } };
	struct seccomp_data data = { .nr = 0 };

	assert_int_equal(spec_seccomp_answer(jump, 2, &data),
	                 SECCOMP_RET_KILL_PROCESS);
	assert_int_equal(spec_seccomp_answer(odd, 2, &data),
	                 SECCOMP_RET_KILL_PROCESS);
	assert_int_equal(spec_seccomp_answer(odd, 0, &data),
	                 SECCOMP_RET_KILL_PROCESS);
	assert_int_equal(spec_seccomp_answer(odd + 1, 1, &data), 1);
}

static void
test_a_key_is_that_of_what_was_written_and_read(void **state)
{
	static const char text[] =
	        "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"architectures\":"
	        "[\"SCMP_ARCH_X86\"],\"syscalls\":[{\"names\":[\"a\"],"
	        "\"action\":\"SCMP_ACT_ALLOW\"}]}";
	AUTO(arena) struct arena a = { 0 };
	struct seccomp s = { 0 }, again = { 0 };
	struct err e;
	uint64_t key;

	assert_int_equal(spec_read_seccomp(&s, text, strlen(text), &a, &e), 0);
	key = spec_seccomp_key(&s);
	assert_int_equal(spec_read_seccomp(&again, text, strlen(text), &a, &e),
	                 0);
	assert_true(key == spec_seccomp_key(&again));
	for (size_t i = 0; text[i + 1]; i++) {
		char other[sizeof(text)];

		if (!isalpha((unsigned char)text[i]))
			continue;
		strcpy(other, text);
		other[i] = other[i] == 'x' ? 'y' : 'x';
		again = (struct seccomp){ 0 };
		if (spec_read_seccomp(&again, other, strlen(other), &a, &e) == 0)
			assert_true(key != spec_seccomp_key(&again));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_programs_decide_as_their_rules_do),
		cmocka_unit_test(test_thousands_of_instructions_are_jumped_over),
		cmocka_unit_test(test_x32_and_strange_machines_have_no_calls),
		cmocka_unit_test(test_what_cannot_be_compiled_is_refused),
		cmocka_unit_test(test_what_is_not_a_program_answers_with_the_worst),
		cmocka_unit_test(test_a_key_is_that_of_what_was_written_and_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
