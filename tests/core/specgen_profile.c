/* SPDX-License-Identifier: ISC */
/* links: base spec specgen/profile.c */
/* The default seccomp profile: what it allows, argument by argument. */
#include "specgen/specgen.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <seccomp.h>
#include <string.h>

#define DEFAULT_CAPS 0x800405fb
#define DOCKERS_CAPS 0xa80425fb

static void
make(struct seccomp *s, uint64_t caps, struct arena *a)
{
	struct err e;

	if (specgen_seccomp(s, caps, "x86_64", a, &e) < 0)
		fail_msg("%s", e.text);
}

/*
 * The answer to one call: 0 is leave to run, else an errno. Every rule that
 * matches must agree: no rule may hide behind another.
 */
static int
answer(const struct seccomp *s, const char *call, uint64_t arg)
{
	int found = -1;

	for (size_t i = 0; i < s->n_rules; i++) {
		const struct seccomp_rule *r = &s->rules[i];
		int says = r->errno_ret.set ? (int)r->errno_ret.value : 0;
		bool matches = r->n_args == 0;

		if (!words_has(&r->names, call))
			continue;
		for (size_t k = 0; k < r->n_args; k++)
			matches |= (arg & r->args[k].value) ==
			           r->args[k].value_two;
		if (!matches)
			continue;
		if (found >= 0 && found != says)
			fail_msg("rules for %s disagree", call);
		found = says;
	}
	return found < 0 ? (int)s->default_errno_ret.value : found;
}

static const struct {
	const char *call;
	uint64_t arg;
	int answer;
} rows[] = {
	{ "read", 0, 0 },
	{ "no_such_call", 0, ENOSYS },
	{ "clone3", 0, ENOSYS },
	{ "mount", 0, EPERM },
	{ "unshare", 0, EPERM },
	{ "setns", 0, EPERM },
	{ "bpf", 0, EPERM },
	{ "keyctl", 0, EPERM },
	{ "add_key", 0, EPERM },
	{ "perf_event_open", 0, EPERM },
	{ "userfaultfd", 0, EPERM },
	{ "io_uring_setup", 0, EPERM },
	{ "kexec_load", 0, EPERM },
	{ "open_by_handle_at", 0, EPERM },
	{ "pidfd_getfd", 0, EPERM },
	{ "settimeofday", 0, EPERM },
	{ "pivot_root", 0, EPERM },
	{ "vmsplice", 0, EPERM },
	{ "chroot", 0, 0 },
	{ "ptrace", 0, 0 },
	{ "socket", 1, 0 },
	{ "socket", 2, 0 },
	{ "socket", 10, 0 },
	{ "socket", 16, 0 },
	{ "socket", 17, 0 },
	{ "socket", 38, EPERM },
	{ "socket", 40, EPERM },
	{ "socket", 0x100000002, 0 },
	{ "socket", 0x100000026, EPERM },
	{ "socket", 0x100000028, EPERM },
	{ "socketcall", 1, EPERM },
	{ "socketcall", 2, 0 },
	{ "socketcall", 20, 0 },
	{ "ioctl", 0x5401, 0 },
	{ "ioctl", 0x5412, EPERM },
	{ "ioctl", 0x541c, EPERM },
	{ "ioctl", 0x100005412, EPERM },
	{ "ioctl", 0x5413, 0 },
	{ "personality", 0, 0 },
	{ "personality", 8, 0 },
	{ "personality", 0x20008, 0 },
	{ "personality", 0xffffffff, 0 },
	{ "personality", 0x40000, EPERM },
	{ "clone", 0x11, 0 },
	{ "clone", 0x10000000, EPERM },
	{ "clone", 0x100000011, 0 },
};

static void
test_each_call_gets_its_answer(void **state)
{
	AUTO(arena) struct arena a = { 0 };
	struct seccomp s = { 0 };

	make(&s, DEFAULT_CAPS, &a);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (answer(&s, rows[i].call, rows[i].arg) != rows[i].answer)
			fail_msg("%s %#llx: %d", rows[i].call,
			         (unsigned long long)rows[i].arg,
			         answer(&s, rows[i].call, rows[i].arg));
}

/* All low values and each single bit: one rule, and the right one, for each. */
static void
test_what_is_denied_is_what_is_not_allowed(void **state)
{
	AUTO(arena) struct arena a = { 0 };
	struct seccomp s = { 0 };

	make(&s, DEFAULT_CAPS, &a);
	for (uint64_t i = 0; i < 0x6000 + 64; i++) {
		uint32_t v = (uint32_t)(i < 0x6000 ? i
		                        : UINT64_C(1) << (i - 0x6000) % 32);
		uint32_t w = i < 0x6000 ? v : ~v;

		assert_int_equal(answer(&s, "socket", v),
		                 v == 1 || v == 2 || v == 10 || v == 16 ||
		                 v == 17 ? 0 : EPERM);
		assert_int_equal(answer(&s, "ioctl", v),
		                 v == 0x5412 || v == 0x541c ? EPERM : 0);
		assert_int_equal(answer(&s, "personality", w),
		                 (w & ~UINT32_C(0x20008)) == 0 ? 0 : EPERM);
		assert_int_equal(answer(&s, "clone", v),
		                 v & 0x7e020000 ? EPERM : 0);
	}
}

static void
test_capabilities_open_their_calls(void **state)
{
	AUTO(arena) struct arena a = { 0 };
	struct seccomp s = { 0 }, none = { 0 };

	make(&s, UINT64_C(1) << 21, &a);
	assert_int_equal(answer(&s, "mount", 0), 0);
	assert_int_equal(answer(&s, "clone3", 0), 0);
	assert_int_equal(answer(&s, "clone", 0x10000000), 0);
	assert_int_equal(answer(&s, "bpf", 0), 0);
	assert_int_equal(answer(&s, "reboot", 0), EPERM);
	assert_int_equal(answer(&s, "chroot", 0), EPERM);
	make(&none, 0, &a);
	assert_int_equal(answer(&none, "chroot", 0), EPERM);
}

/* So one filter, compiled beforehand, does for all of these. */
static void
test_dockers_capabilities_give_the_same_profile(void **state)
{
	AUTO(arena) struct arena a = { 0 };
	struct seccomp ours = { 0 }, dockers = { 0 }, none = { 0 };

	make(&ours, DEFAULT_CAPS, &a);
	make(&dockers, DOCKERS_CAPS, &a);
	make(&none, 0, &a);
	assert_true(spec_seccomp_key(&ours) == spec_seccomp_key(&dockers));
	assert_true(spec_seccomp_key(&ours) != spec_seccomp_key(&none));
}

static void
test_each_machine_has_its_architectures(void **state)
{
	static const char *const machines[][3] = {
		{ "x86_64", "SCMP_ARCH_X86_64", "SCMP_ARCH_X86" },
		{ "aarch64", "SCMP_ARCH_AARCH64", "SCMP_ARCH_ARM" },
		{ "armv7l", "SCMP_ARCH_ARM", NULL },
		{ "arm", "SCMP_ARCH_ARM", NULL },
		{ "riscv64", "SCMP_ARCH_RISCV64", NULL },
	};

	for (size_t i = 0; i < sizeof(machines) / sizeof(machines[0]); i++) {
		AUTO(arena) struct arena a = { 0 };
		struct seccomp s = { 0 };
		struct err e;

		assert_int_equal(specgen_seccomp(&s, 0, machines[i][0], &a,
		                                 &e), 0);
		assert_string_equal(s.architectures.v[0], machines[i][1]);
		assert_int_equal(s.architectures.n, machines[i][2] ? 2 : 1);
	}
}

static void
test_unknown_machines_are_refused(void **state)
{
	AUTO(arena) struct arena a = { 0 };
	struct seccomp s = { 0 };
	struct err e;

	assert_int_equal(specgen_seccomp(&s, 0, "vax", &a, &e), -1);
	assert_int_equal(specgen_seccomp(&s, 0, NULL, &a, &e), -1);
}

/* A name with a slip of the pen would silently allow nothing. */
static void
test_libseccomp_knows_every_name(void **state)
{
	/* newer than the library that the tests may find */
	static const char *const young[] = {
		"getxattrat", "listmount", "listxattrat", "lsm_get_self_attr",
		"lsm_list_modules", "lsm_set_self_attr", "mseal",
		"removexattrat", "riscv_hwprobe", "setxattrat", "statmount",
		"uretprobe", "map_shadow_stack", "futex_wake", "futex_wait",
		"futex_requeue", "fchmodat2", "cachestat",
	};
	AUTO(arena) struct arena a = { 0 };
	struct seccomp s = { 0 };

	make(&s, DEFAULT_CAPS, &a);
	for (size_t i = 0; i < s.n_rules; i++)
		for (size_t k = 0; k < s.rules[i].names.n; k++) {
			const char *name = s.rules[i].names.v[k];
			bool known = seccomp_syscall_resolve_name(name) !=
			             __NR_SCMP_ERROR;

			for (size_t y = 0; y < sizeof(young) / sizeof(*young);
			     y++)
				known |= strcmp(young[y], name) == 0;
			if (!known)
				fail_msg("'%s'", name);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_call_gets_its_answer),
		cmocka_unit_test(test_what_is_denied_is_what_is_not_allowed),
		cmocka_unit_test(test_capabilities_open_their_calls),
		cmocka_unit_test(test_dockers_capabilities_give_the_same_profile),
		cmocka_unit_test(test_each_machine_has_its_architectures),
		cmocka_unit_test(test_unknown_machines_are_refused),
		cmocka_unit_test(test_libseccomp_knows_every_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
