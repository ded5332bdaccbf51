/* SPDX-License-Identifier: ISC */
/* The plan goes to `init` as words and comes back the same. */
/* links: base sys spec init/plan.c */
#include "init/init.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"

/* The first two are the program and the applet. */
static char **
words_of(const struct init_plan *plan, struct arena *a)
{
	char **words = init_plan_words(plan, a);

	assert_string_equal(words[0], "mydocker");
	assert_string_equal(words[1], "init");
	return words + 2;
}

static void
the_usual_plan_has_no_words(void **state)
{
	AUTO(arena) struct arena a = { 0 };
	struct init_plan plan = INIT_PLAN_NONE;

	(void)state;
	assert_null(*words_of(&plan, &a));
}

static void
every_field_comes_back(void **state)
{
	AUTO(arena) struct arena a = { 0 };
	struct init_plan out = INIT_PLAN_NONE, in;
	struct err e;

	(void)state;
	for (int i = 0; i < INIT_MAX_JOIN; i++)
		out.join_fd[i] = 10 + i;
	out.join_pidfd = 5;
	out.join_flags = UINT64_C(0x7e020080);
	out.fifo = 0;
	out.preserve = 3;
	out.exec = out.reaper = out.no_pivot = true;
	out.no_new_keyring = out.new_cgroup_namespace = true;
	out.id = "web";
	out.bundle = "/b=c";
	out.log_level = 3;
	out.log_json = true;
	memset(&in, 0, sizeof(in));
	assert_int_equal(init_plan_read(&in, words_of(&out, &a), &e), 0);
	assert_memory_equal(in.join_fd, out.join_fd, sizeof(in.join_fd));
	assert_int_equal(in.join_pidfd, out.join_pidfd);
	assert_string_equal(in.id, "web");
	assert_string_equal(in.bundle, "/b=c");
	assert_int_equal(in.join_flags, out.join_flags);
	assert_int_equal(in.fifo, out.fifo);
	assert_int_equal(in.preserve, out.preserve);
	assert_int_equal(in.log_level, out.log_level);
	assert_true(in.exec && in.reaper && in.no_pivot && in.log_json);
	assert_true(in.no_new_keyring && in.new_cgroup_namespace);
}

static void
other_words_are_refused(void **state)
{
	char *wrong[] = { "--exe", "exec", "--fifo=", "--fifo=-1", "--fifo=1x",
		          "--fifo=99999999999", "--join=nets:5", "--join=net:",
		          "--join-flags=0x10", "" };
	struct init_plan plan;
	struct err e;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		assert_int_equal(init_plan_read(&plan, (char *[]){ wrong[i],
		                                NULL }, &e), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_usual_plan_has_no_words),
		cmocka_unit_test(every_field_comes_back),
		cmocka_unit_test(other_words_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
