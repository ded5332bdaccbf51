/* SPDX-License-Identifier: ISC */
/* links: base monitor */
/* The keys that detach: their names, and finding them in what is typed. */
#include "monitor/keys.h"

#include "monitor/monitor.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <string.h>


/* Type text in pieces divided by '|'; what comes through must be `passed`. */
static bool
type(const char *sequence, const char *pieces, const char *passed)
{
	struct keys k = { .sequence = sequence, .n = strlen(sequence) };
	char copy[64], *rest = copy, *piece, out[64], all[64] = "";
	bool found = false;
	size_t n;

	strcpy(copy, pieces);
	while (!found && (piece = strsep(&rest, "|")) != NULL) {
		found = keys_filter(&k, piece, strlen(piece), out, &n);
		strncat(all, out, n);
	}
	assert_string_equal(all, passed);
	return found;
}

static void
names_become_bytes(void **state)
{
	char keys[MONITOR_KEYS];
	struct err e;

	(void)state;
	assert_int_equal(monitor_keys("ctrl-p,ctrl-Q,x,ctrl-[", keys, &e), 0);
	assert_string_equal(keys, "\x10\x11x\x1b");
	assert_int_equal(monitor_keys("", keys, &e), 0);
	assert_string_equal(keys, "");
}

static void
other_names_are_refused(void **state)
{
	static const char *const wrong[] = {
		"ctrl-", "ctrl-1", "ctrl-@", "ctrl-pp", "pq", ",", "a,", "\n",
		"a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p",
	};
	char keys[MONITOR_KEYS] = "old";
	struct err e;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		assert_int_equal(monitor_keys(wrong[i], keys, &e), -1);
		assert_int_equal(e.code, EINVAL);
	}
	assert_string_equal(keys, "old");
}

static void
a_sequence_is_found_in_one_read_or_in_many(void **state)
{
	(void)state;
	assert_true(type("pq", "lspq", "ls"));
	assert_true(type("pq", "ls|p|q", "ls"));
	assert_true(type("pq", "p|||q", ""));
}

static void
what_follows_a_sequence_is_dropped(void **state)
{
	(void)state;
	assert_true(type("pq", "pqrs", ""));
}

static void
a_beginning_that_comes_to_nothing_is_passed_on(void **state)
{
	(void)state;
	assert_false(type("pq", "p|x", "px"));
	assert_false(type("pq", "pp|x", "ppx"));
	assert_false(type("pq", "p", ""));
}

static void
a_sequence_may_begin_inside_a_beginning(void **state)
{
	(void)state;
	assert_true(type("pq", "ppq", "p"));
	assert_true(type("aab", "aa|ab", "a"));
	assert_true(type("abab", "ab|aab|ab", "aba"));
	assert_true(type("ababc", "abab|abc", "ab"));
}

static void
without_a_sequence_everything_passes(void **state)
{
	(void)state;
	assert_false(type("", "p|q", "pq"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_become_bytes),
		cmocka_unit_test(other_names_are_refused),
		cmocka_unit_test(a_sequence_is_found_in_one_read_or_in_many),
		cmocka_unit_test(what_follows_a_sequence_is_dropped),
		cmocka_unit_test(
		        a_beginning_that_comes_to_nothing_is_passed_on),
		cmocka_unit_test(a_sequence_may_begin_inside_a_beginning),
		cmocka_unit_test(without_a_sequence_everything_passes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
