/* SPDX-License-Identifier: ISC */
/* Arenas, lists, words and buffers; errors that gain a noun on each floor. */
/* links: base */
#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* cmocka has a fail() of its own */
static int
say(struct err *e, int code, const char *text)
{
	return fail(e, code, "%s", text);
}

#include <cmocka.h>
#include <errno.h>
#include <string.h>

static void
an_arena_gives_zeroed_aligned_memory(void **state)
{
	AUTO(arena) struct arena a = { 0 };

	for (size_t n = 0; n < 20000; n = 2 * n + 1) {
		char *p = arena_new(&a, n);

		assert_int_equal((uintptr_t)p % _Alignof(max_align_t), 0);
		for (size_t i = 0; i < n; i++)
			assert_int_equal(p[i], 0);
		memset(p, 0xff, n);
	}
}

static void
text_in_an_arena_is_a_copy(void **state)
{
	AUTO(arena) struct arena a = { 0 };
	char text[] = "web";
	char *copy = arena_text(&a, text);

	text[0] = 'x';
	assert_string_equal(copy, "web");
	assert_null(arena_text(&a, NULL));
	assert_string_equal(arena_bytes(&a, "webserver", 3), "web");
	assert_string_equal(arena_format(&a, "%s-%d", "web", 7), "web-7");
}

static void
lists_keep_what_they_have_when_they_grow(void **state)
{
	AUTO(arena) struct arena a = { 0 };
	struct thing {
		int number;
		char *text;
	} *v = NULL;
	size_t n = 0;

	for (int i = 0; i < 1000; i++) {
		struct thing *t = LIST_ADD(&a, v, n);

		assert_int_equal(t->number, 0);
		assert_null(t->text);
		t->number = i;
	}
	assert_int_equal(n, 1000);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(v[i].number, i);
}

static void
words_end_with_null(void **state)
{
	AUTO(arena) struct arena a = { 0 };
	struct words w = { 0 }, copy = { 0 };

	assert_false(words_has(&w, "0"));
	for (int i = 0; i < 100; i++) {
		words_add(&a, &w, arena_format(&a, "%d", i));
		assert_int_equal(w.n, i + 1);
		assert_null(w.v[w.n]);
		assert_string_equal(w.v[i], arena_format(&a, "%d", i));
	}
	assert_string_equal(w.v[0], "0");
	assert_true(words_has(&w, "99"));
	assert_false(words_has(&w, "100"));
	words_copy(&a, &copy, w.v);
	words_copy(&a, &copy, NULL);
	assert_int_equal(copy.n, 100);
	assert_string_equal(copy.v[57], "57");
}

static void
buffers_grow_and_end_with_nul(void **state)
{
	AUTO(buf) struct buf b = { 0 };

	buf_text(&b, "");
	assert_string_equal(b.data, "");
	for (int i = 0; i < 1000; i++)
		buf_add(&b, "abc", 3);
	assert_int_equal(b.n, 3000);
	assert_int_equal(strlen(b.data), 3000);
	buf_format(&b, "%d", 7);
	assert_string_equal(b.data + 2998, "bc7");
	buf_add(&b, "\0x", 2);
	assert_int_equal(b.n, 3003);
	assert_int_equal(b.data[3002], 'x');
}

static void
errors_gain_a_noun_on_each_floor(void **state)
{
	struct err e;

	errno = EACCES;
	assert_int_equal(fail_sys(&e, "pids.max"), -1);
	assert_int_equal(e.code, EACCES);
	assert_int_equal(errno, EACCES);
	assert_int_equal(e.status, STATUS_OURS);
	assert_int_equal(fail_in(&e, "%s", "cgroup"), -1);
	assert_string_equal(e.text, "cgroup: pids.max: Permission denied");
	assert_int_equal(e.code, EACCES);
	assert_int_equal(fail_status(&e, STATUS_NOT_FOUND), -1);
	assert_int_equal(e.status, STATUS_NOT_FOUND);
	fail_in(&e, "run");
	assert_int_equal(e.status, STATUS_NOT_FOUND);
}

static void
an_error_that_is_too_long_is_cut(void **state)
{
	char text[2 * sizeof(((struct err *)0)->text)];
	struct err e;

	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	say(&e, EINVAL, text);
	assert_int_equal(strlen(e.text), sizeof(e.text) - 1);
	fail_in(&e, "noun");
	assert_int_equal(strlen(e.text), sizeof(e.text) - 1);
	assert_memory_equal(e.text, "noun: xxx", 9);
	fail_in(&e, "%s", text);
	assert_int_equal(strlen(e.text), sizeof(e.text) - 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_arena_gives_zeroed_aligned_memory),
		cmocka_unit_test(text_in_an_arena_is_a_copy),
		cmocka_unit_test(lists_keep_what_they_have_when_they_grow),
		cmocka_unit_test(words_end_with_null),
		cmocka_unit_test(buffers_grow_and_end_with_nul),
		cmocka_unit_test(errors_gain_a_noun_on_each_floor),
		cmocka_unit_test(an_error_that_is_too_long_is_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
