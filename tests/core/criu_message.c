/* SPDX-License-Identifier: ISC */
/* links: base criu/message.c criu/options.c */
/* criu's messages: written as protobuf has them, and read whatever comes. */
#include "criu/criu.h"
#include "criu/message.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

static void
options_are_protobuf(void **state)
{
	static const char text[] = "\x18\x01"          /* 3: true */
	                           "\x10\xac\x02"      /* 2: 300 */
	                           "\x6a\x01/"         /* 13: "/" */
	                           "\xba\x01\x05\x0a\x01k\x12\x00" /* 23 */
	                           "\xda\x01\x05\x0a\x01p\x10\x04" /* 27 */;
	AUTO(criu_options) struct criu_options o = { .verb = CRIU_DUMP };

	(void)state;
	criu_flag(&o, CRIU_LEAVE_RUNNING, true);
	criu_flag(&o, CRIU_LAZY_PAGES, false);
	criu_number(&o, CRIU_PID, 300);
	criu_text(&o, CRIU_ROOT, "/");
	criu_text(&o, CRIU_PARENT, NULL);
	criu_text(&o, CRIU_PARENT, "");
	criu_pair(&o, CRIU_MOUNT, "k", "");
	criu_inherit(&o, "p", 4);
	assert_int_equal(o.text.n, sizeof(text) - 1);
	assert_memory_equal(o.text.data, text, sizeof(text) - 1);
}

static const char notice[] = "\x08\x06\x10\x01" /* NOTIFY, done */
                             "\x2a\x09\x0a\x04what\x10\xe9\x07" /* 1001 */
                             "\x4a\x02no"
                             "\x61" "12345678" /* 12, of eight bytes */
                             "\x6d" "1234"     /* 13, of four */;

static void
an_answer_is_read_and_what_is_not_known_passed_over(void **state)
{
	AUTO(arena) struct arena a = { 0 };
	struct criu_answer answer;

	(void)state;
	assert_true(criu_read_answer(notice, sizeof(notice) - 1, &answer, &a));
	assert_int_equal(answer.type, CRIU_NOTICE);
	assert_int_equal(answer.done, 1);
	assert_string_equal(answer.what, "what");
	assert_int_equal(answer.pid, 1001);
	assert_string_equal(answer.message, "no");
	assert_true(criu_read_answer("\x22\x02\x08\x07", 4, &answer, &a));
	assert_int_equal(answer.restored, 7);
}

/* Each part of it is in memory of its own, for the sanitizer to look at. */
static void
what_is_cut_or_no_message_is_told(void **state)
{
	static const char *const bad[] = {
		"\x08", "\x0a\x05" "abc", "\x0b", "\x22\x01\x08",
		"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
		"\x0a\xff\xff\xff\xff\xff\xff\xff\xff\x7f",
	};
	AUTO(arena) struct arena a = { 0 };
	struct criu_answer answer;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_false(criu_read_answer(bad[i], strlen(bad[i]), &answer,
		                              &a));
	for (size_t n = 0; n < sizeof(notice); n++) {
		AUTO(free) char *part = mem_new(n + 1);
		AUTO(free) char *exact = NULL;

		memcpy(part, notice, n);
		exact = mem_grow(NULL, n ? n : 1, 1);
		memcpy(exact, part, n);
		(void)!criu_read_answer(exact, n, &answer, &a);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(options_are_protobuf),
		cmocka_unit_test(
		        an_answer_is_read_and_what_is_not_known_passed_over),
		cmocka_unit_test(what_is_cut_or_no_message_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
