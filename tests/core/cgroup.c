/* SPDX-License-Identifier: ISC */
/* cgroup: v1 numbers in the words of v2. */
/* links: base sys spec cgroup */
#include "cgroup/parts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void
the_ends_and_the_default_of_shares_meet(void **state)
{
	(void)state;
	assert_int_equal(cgroup_weight(0), 1);
	assert_int_equal(cgroup_weight(2), 1);
	assert_int_equal(cgroup_weight(1024), 100);
	assert_int_equal(cgroup_weight(262144), 10000);
	assert_int_equal(cgroup_weight(UINT64_MAX), 10000);
}

/* Of ceil(10 ^ ((l * l + 125 * l) / 612 - 7 / 34)), with l = log2(shares). */
static void
shares_follow_the_curve(void **state)
{
	static const struct {
		uint64_t shares, weight;
	} rows[] = {
		{ 3, 2 }, { 10, 4 }, { 100, 17 }, { 512, 59 }, { 1023, 100 },
		{ 1025, 101 }, { 2048, 174 }, { 10000, 627 },
		{ 100000, 4340 }, { 262143, 10000 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		assert_int_equal(cgroup_weight(rows[i].shares),
		                 rows[i].weight);
}

static void
more_shares_never_weigh_less(void **state)
{
	uint64_t last = 0;

	(void)state;
	for (uint64_t shares = 0; shares < 263000; shares += 7) {
		assert_true(cgroup_weight(shares) >= last);
		last = cgroup_weight(shares);
	}
}

static void
blkio_weights_are_stretched(void **state)
{
	(void)state;
	assert_int_equal(cgroup_io_weight(1), 1);
	assert_int_equal(cgroup_io_weight(10), 1);
	assert_int_equal(cgroup_io_weight(500), 4950);
	assert_int_equal(cgroup_io_weight(1000), 10000);
}

static void
swap_is_what_is_over_memory(void **state)
{
	int64_t swap = 5;
	struct err e;

	(void)state;
	assert_int_equal(cgroup_swap(100, 300, &swap, &e), 0);
	assert_int_equal(swap, 200);
	assert_int_equal(cgroup_swap(100, 100, &swap, &e), 0);
	assert_int_equal(swap, 0);
	assert_int_equal(cgroup_swap(0, -1, &swap, &e), 0);
	assert_int_equal(swap, -1);
	assert_int_equal(cgroup_swap(100, -1, &swap, &e), 0);
	assert_int_equal(swap, -1);
}

static void
swap_without_memory_is_refused(void **state)
{
	int64_t swap = 5;
	struct err e;

	(void)state;
	assert_int_equal(cgroup_swap(0, 300, &swap, &e), -1);
	assert_int_equal(cgroup_swap(-1, 300, &swap, &e), -1);
	assert_int_equal(cgroup_swap(300, 299, &swap, &e), -1);
	assert_int_equal(cgroup_swap(300, -2, &swap, &e), -1);
	assert_int_equal(swap, 5);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_ends_and_the_default_of_shares_meet),
		cmocka_unit_test(shares_follow_the_curve),
		cmocka_unit_test(more_shares_never_weigh_less),
		cmocka_unit_test(blkio_weights_are_stretched),
		cmocka_unit_test(swap_is_what_is_over_memory),
		cmocka_unit_test(swap_without_memory_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
