/* SPDX-License-Identifier: ISC */
/* Moments as docker users type them. */
/* links: base cli sys */
#include "cli/cli.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SECOND INT64_C(1000000000)

const struct applets cli_applets;

static int64_t
moment(const char *text)
{
	struct arena a = { 0 };
	struct number n = { 0 };
	struct err e;

	if (opt_time(&n, text, &a, &e) < 0)
		fail_msg("%s", e.text);
	assert_true(n.set);
	return n.value;
}

static void
dates(void **state)
{
	static const struct {
		const char *text;
		int64_t seconds, ns;
	} all[] = {
		{ "2026-01-02T03:04:05Z", 1767323045, 0 },
		{ "2026-01-02T03:04:05.5Z", 1767323045, 500000000 },
		{ "2026-01-02T03:04:05.123456789Z", 1767323045, 123456789 },
		{ "2026-01-02T03:04:05.1234567891Z", 1767323045, 123456789 },
		{ "2026-01-02T03:04:05+01:30", 1767317645, 0 },
		{ "2026-01-02T03:04:05-01:30", 1767328445, 0 },
		{ "2026-01-02T03:04Z", 1767323040, 0 },
		{ "2026-01-02T03Z", 1767322800, 0 },
		{ "2026-01-02Z", 1767312000, 0 },
		{ "2026-01-02+02:00", 1767304800, 0 },
		{ "2024-02-29Z", 1709164800, 0 },
		{ "1969-12-31T23:59:59Z", -1, 0 },
		{ "1767323045", 1767323045, 0 },
		{ "1767323045.25", 1767323045, 250000000 },
		{ "1767323045.000000001", 1767323045, 1 },
		{ "1", 1, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		assert_int_equal(moment(all[i].text),
		                 all[i].seconds * SECOND + all[i].ns);
}

static void
without_a_zone_it_is_ours(void **state)
{
	(void)state;
	setenv("TZ", "EST5EDT,M3.2.0,M11.1.0", 1);
	tzset();
	assert_int_equal(moment("2026-01-02T03:04:05"), 1767341045 * SECOND);
	assert_int_equal(moment("2026-01-02T03:04:05.5"),
	                 1767341045 * SECOND + SECOND / 2);
	assert_int_equal(moment("2026-07-02T03:04:05"), 1782975845 * SECOND);
	assert_int_equal(moment("2026-01-02"), 1767330000 * SECOND);
	unsetenv("TZ");
	tzset();
}

static void
durations_are_ago(void **state)
{
	static const struct {
		const char *text;
		int64_t ns;
	} all[] = {
		{ "10m", 600 * SECOND }, { "1h30m", 5400 * SECOND },
		{ "1.5h", 5400 * SECOND }, { ".5s", SECOND / 2 },
		{ "0", 0 }, { "-1m", -60 * SECOND }, { "+2s", 2 * SECOND },
		{ "100ms", SECOND / 10 }, { "5us", 5000 }, { "7ns", 7 },
		{ "3\u00b5s", 3000 }, { "1h1m1s1ms", 3661001 * INT64_C(1000000) },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		struct timespec now;
		int64_t found = moment(all[i].text), wanted;

		clock_gettime(CLOCK_REALTIME, &now);
		wanted = now.tv_sec * SECOND + now.tv_nsec - all[i].ns;
		assert_in_range(wanted - found, 0, 5 * SECOND);
	}
}

static void
others_are_refused(void **state)
{
	static const char *const wrong[] = {
		"", "x", "-", "1x", "1m2", "1 m", "m", ".", ".s", "1.s",
		"2026-13-01", "2026-02-30", "2026-1-1", "26-01-01",
		"2026-01-01T", "2026-01-01T24", "2026-01-01T1", "2026-01-01T10:60",
		"2026-01-01T10:10:60", "2026-01-01T10:10:10.", "2026-01-01 10:10",
		"2026-01-01T10:10:10z", "2026-01-01T10:10:10ZZ",
		"2026-01-01T10:10:10+1", "2026-01-01T10:10:10+25:00",
		"99999999999", "-5", "1e9", "99999999999h", "9999-01-01",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		struct arena a = { 0 };
		struct number n = { 0 };
		struct err e = { 0 };

		if (opt_time(&n, wrong[i], &a, &e) == 0)
			fail_msg("'%s' is taken", wrong[i]);
		assert_int_equal(e.code, EINVAL);
		assert_non_null(strstr(e.text, wrong[i]));
		assert_false(n.set);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dates),
		cmocka_unit_test(without_a_zone_it_is_ours),
		cmocka_unit_test(durations_are_ago),
		cmocka_unit_test(others_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
