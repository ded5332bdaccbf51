/* SPDX-License-Identifier: ISC */
/* links: base spec */
/* Names and numbers: signals, capabilities, limits, sysctls, CPU lists. */
#include "spec/spec.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

static const struct {
	const char *name;
	int number;
} signals[] = {
	{ "SIGTERM", SIGTERM }, { "term", SIGTERM }, { "sigTerm", SIGTERM },
	{ "15", 15 },           { "9", SIGKILL },    { "64", 64 },
	{ "SIGCLD", SIGCHLD },  { "IOT", SIGABRT },  { "poll", SIGIO },
	{ "RTMIN", 34 },        { "SIGRTMIN+3", 37 }, { "RTMIN+30", 64 },
	{ "RTMAX", 64 },        { "rtmax-14", 50 },  { "RTMAX-30", 34 },
	{ "0", -1 },            { "65", -1 },        { "-1", -1 },
	{ "015x", -1 },         { "", -1 },          { "SIG", -1 },
	{ "SIGNOPE", -1 },      { "RTMIN+31", -1 },  { "RTMIN-1", -1 },
	{ "RTMAX+1", -1 },      { "RTMIN+", -1 },    { "RTMIN+ 1", -1 },
	{ "999", -1 },          { " 9", -1 },        { "TERM ", -1 },
};

static void
test_signals_have_names_and_numbers(void **state)
{
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		if (spec_signal_number(signals[i].name) != signals[i].number)
			fail_msg("%s is %d", signals[i].name,
			         spec_signal_number(signals[i].name));
}

static void
test_a_signals_name_leads_back_to_it(void **state)
{
	for (int i = 1; i <= 64; i++)
		if (i != 32 && i != 33)
			assert_int_equal(spec_signal_number(spec_signal_name(i)),
			                 i);
	assert_null(spec_signal_name(0));
	assert_null(spec_signal_name(33));
	assert_null(spec_signal_name(65));
}

static void
test_capabilities_are_found_in_any_spelling(void **state)
{
	assert_int_equal(spec_cap_number("CAP_CHOWN"), 0);
	assert_int_equal(spec_cap_number("net_raw"), 13);
	assert_int_equal(spec_cap_number("cap_sys_admin"), 21);
	assert_int_equal(spec_cap_number("CHECKPOINT_RESTORE"), 40);
	assert_int_equal(spec_cap_number("CAP_"), -1);
	assert_int_equal(spec_cap_number("BOGUS"), -1);
	assert_string_equal(spec_cap_name(40), "CAP_CHECKPOINT_RESTORE");
	assert_null(spec_cap_name(41));
	assert_null(spec_cap_name(-1));
}

static void
test_an_unknown_capability_is_no_mask(void **state)
{
	char *names[] = { "CAP_CHOWN", "CAP_KILL", "CAP_NOPE", NULL };
	struct words w = { names, 2 };
	uint64_t bits = 0;
	struct err e;

	assert_int_equal(spec_cap_bits(&w, &bits, &e), 0);
	assert_int_equal(bits, 0x21);
	w.n = 3;
	assert_int_equal(spec_cap_bits(&w, &bits, &e), -1);
	assert_int_equal(bits, 0x21);
}

static void
test_limits_have_the_kernels_numbers(void **state)
{
	assert_int_equal(spec_rlimit_number("RLIMIT_NOFILE"), RLIMIT_NOFILE);
	assert_int_equal(spec_rlimit_number("RLIMIT_RTTIME"), RLIMIT_RTTIME);
	assert_int_equal(spec_rlimit_number("nofile"), -1);
	assert_int_equal(spec_rlimit_number("RLIMIT_NOPE"), -1);
}

static const struct {
	const char *name;
	int kind;
} sysctls[] = {
	{ "kernel.msgmax", NAMESPACE_IPC },
	{ "fs.mqueue.msg_max", NAMESPACE_IPC },
	{ "net.ipv4.ip_forward", NAMESPACE_NETWORK },
	{ "net.ipv4.conf.eth0.rp_filter", NAMESPACE_NETWORK },
	{ "kernel.domainname", NAMESPACE_UTS },
	{ "kernel.core_pattern", -1 },
	{ "kernel.shm_rmid_forced+kernel.core_pattern", -1 },
	{ "kernel.msgmax.x", -1 },
	{ "kernel/msgmax", -1 },
	{ "net/ipv4/ip_forward", -1 },
	{ "net.ipv4/../../kernel/core_pattern", -1 },
	{ "net...kernel.core_pattern", -1 },
	{ "net.", -1 },
	{ "net", -1 },
	{ ".net.x", -1 },
	{ "net.x\ny", -1 },
	{ "vm.swappiness", -1 },
	{ "fs.file-max", -1 },
	{ "", -1 },
};

static void
test_only_sysctls_of_namespaces_are_known(void **state)
{
	for (size_t i = 0; i < sizeof(sysctls) / sizeof(sysctls[0]); i++)
		if (spec_sysctl_namespace(sysctls[i].name) != sysctls[i].kind)
			fail_msg("%s", sysctls[i].name);
}

static void
test_cpu_lists_are_bounded(void **state)
{
	static const char *const good[] = { "0", "0-3", "0,2-3,7", "8191" };
	static const char *const ill[] = { "", "-", "1-", ",", "1,", "3-1",
		                           "0-4294967295", "8192", "a", "0 1",
		                           "0--1", "0,,1", "+1", "00000001" };

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_true(spec_is_cpu_list(good[i]));
	for (size_t i = 0; i < sizeof(ill) / sizeof(ill[0]); i++)
		if (spec_is_cpu_list(ill[i]))
			fail_msg("%s", ill[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_signals_have_names_and_numbers),
		cmocka_unit_test(test_a_signals_name_leads_back_to_it),
		cmocka_unit_test(test_capabilities_are_found_in_any_spelling),
		cmocka_unit_test(test_an_unknown_capability_is_no_mask),
		cmocka_unit_test(test_limits_have_the_kernels_numbers),
		cmocka_unit_test(test_only_sysctls_of_namespaces_are_known),
		cmocka_unit_test(test_cpu_lists_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
