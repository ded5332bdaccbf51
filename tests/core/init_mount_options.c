/* SPDX-License-Identifier: ISC */
/* The options of an OCI mount: which are flags, and which the file system's. */
/* links: base init/mount_options.c */
#include "init/mount_options.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Take "a b c" apart. */
static void
read_all(struct mount_options *o, struct arena *a, const char *text)
{
	struct words w = { 0 };
	char *copy = arena_text(a, text), *rest, *word;

	for (word = strtok_r(copy, " ", &rest); word;
	     word = strtok_r(NULL, " ", &rest))
		words_add(a, &w, word);
	mount_options_read(o, &w, a);
}

static void
flags_are_taken_out_of_the_data(void **state)
{
	AUTO(arena) struct arena a = { 0 };
	struct mount_options o;

	(void)state;
	read_all(&o, &a, "nosuid size=64k noexec mode=755 ro");
	assert_int_equal(o.flags, MS_NOSUID | MS_NOEXEC | MS_RDONLY);
	assert_string_equal(mount_options_data(&o, &a), "size=64k,mode=755");
}

static void
no_data_is_null(void **state)
{
	AUTO(arena) struct arena a = { 0 };
	struct mount_options o;

	(void)state;
	read_all(&o, &a, "defaults nodev");
	assert_null(mount_options_data(&o, &a));
}

static void
the_last_one_wins(void **state)
{
	AUTO(arena) struct arena a = { 0 };
	struct mount_options o;

	(void)state;
	read_all(&o, &a, "ro rw nodev dev noatime strictatime");
	assert_int_equal(o.flags, MS_STRICTATIME);
	read_all(&o, &a, "rw ro");
	assert_int_equal(o.flags, MS_RDONLY);
}

static void
a_bind_is_told_only_what_belongs_to_a_mount(void **state)
{
	AUTO(arena) struct arena a = { 0 };
	struct mount_options o;

	(void)state;
	read_all(&o, &a, "rbind ro sync rslave");
	assert_true(o.bind);
	assert_true(o.recursive);
	assert_int_equal(o.change.set, MS_RDONLY);
	assert_int_equal(o.change.propagation, MS_SLAVE | MS_REC);
	assert_int_equal(o.change.userns, -1);
}

static void
recursive_options_set_and_clear_below(void **state)
{
	AUTO(arena) struct arena a = { 0 };
	struct mount_options o;

	(void)state;
	read_all(&o, &a, "rro rnosuid rdev");
	assert_int_equal(o.change.set_all, MS_RDONLY | MS_NOSUID);
	assert_int_equal(o.change.clear_all, MS_NODEV);
	assert_int_equal(o.flags, 0);
	read_all(&o, &a, "rro rrw");
	assert_int_equal(o.change.set_all, 0);
	assert_int_equal(o.change.clear_all, MS_RDONLY);
}

static void
times_of_access_are_one_choice(void **state)
{
	AUTO(arena) struct arena a = { 0 };
	struct mount_options o;

	(void)state;
	read_all(&o, &a, "rnoatime rstrictatime");
	assert_int_equal(o.change.set_all, MS_STRICTATIME);
	assert_false(o.change.clear_all & MS_STRICTATIME);
}

static void
idmap_and_ridmap_differ_in_depth(void **state)
{
	AUTO(arena) struct arena a = { 0 };
	struct mount_options o;

	(void)state;
	read_all(&o, &a, "bind idmap");
	assert_true(o.idmap);
	assert_false(o.change.userns_all);
	read_all(&o, &a, "bind ridmap");
	assert_true(o.idmap);
	assert_true(o.change.userns_all);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(flags_are_taken_out_of_the_data),
		cmocka_unit_test(no_data_is_null),
		cmocka_unit_test(the_last_one_wins),
		cmocka_unit_test(a_bind_is_told_only_what_belongs_to_a_mount),
		cmocka_unit_test(recursive_options_set_and_clear_below),
		cmocka_unit_test(times_of_access_are_one_choice),
		cmocka_unit_test(idmap_and_ridmap_differ_in_depth),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
