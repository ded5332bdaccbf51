/* SPDX-License-Identifier: ISC */
/* links: base sys container/user.c */
/* -u USER[:GROUP] by a root's own files: what is an id, and what is refused. */
#include "container/host.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* The line of '007' is there to be not found: digits are no name. */
static const char passwd[] =
	"root:x:0:0:root:/root:/bin/sh\n"
	"web:x:1000:1001:web:/home/web:/bin/sh\n"
	"web:x:0:0:again:/root:/bin/sh\n"
	"007:x:0:0:digits:/:/bin/sh\n"
	"1000:x:0:0:digits:/:/bin/sh\n"
	"big:x:4294967296:0::/:/bin/sh\n"
	"last:x:4294967294:4294967294::/:\n"
	"none:x:4294967295:0::/:\n"
	"minus:x:-1:0::/:\n"
	"empty:x::0::/:\n"
	"space:x: 0:0::/:\n"
	"short:x:0\n"
	":x:0:0::/:\n"
	"\n"
	"relative:x:1005:1005::tmp:/bin/sh\n"
	"cr:x:1006:1006::/home/cr\r\n"
	"end:x:1007:1007::/home/end:/bin/sh";

static const char group[] =
	"root:x:0:\n"
	"audio:x:29:web,other\n"
	"video:x:44:other\n"
	"disk:x:6:web\n"
	"1001:x:0:web\n"
	"bad:x:junk:web\n"
	"staff:x:50:\n";

/* groups: all that the process is in, the primary one first. */
static const struct row {
	const char *text;
	long long uid, gid; /* -1: refused */
	const char *groups, *home;
} rows[] = {
	{ "", 0, 0, "0", "/root" },
	{ "0", 0, 0, "0", "/root" },
	{ "root", 0, 0, "0", "/root" },
	{ "web", 1000, 1001, "1001 29 6 0", "/home/web" },
	{ "1000", 1000, 1001, "1001 29 6 0", "/home/web" },
	{ "1000:", 1000, 1001, "1001 29 6 0", "/home/web" },
	{ "web:", 1000, 1001, "1001 29 6 0", "/home/web" },
	{ "web:50", 1000, 50, "50", "/home/web" },
	{ "web:staff", 1000, 50, "50", "/home/web" },
	{ "1000:1000", 1000, 1000, "1000", "/home/web" },
	{ "1000:1001", 1000, 1001, "1001", "/home/web" },
	{ "5", 5, 0, "0", "/" },
	{ "5:6", 5, 6, "6", "/" },
	{ ":1", 0, 1, "1", "/root" },
	{ ":staff", 0, 50, "50", "/root" },
	{ ":", 0, 0, "0", "/root" },
	{ "007", 7, 0, "0", "/" },
	{ "00000000000000000000000012", 12, 0, "0", "/" },
	{ "4294967294", 4294967294, 4294967294, "4294967294", "/" },
	{ "last", 4294967294, 4294967294, "4294967294", "/" },
	{ "relative", 1005, 1005, "1005", "/" },
	{ "end", 1007, 1007, "1007", "/home/end" },
	{ "4294967295", -1 },
	{ "4294967296", -1 },
	{ "18446744073709551616", -1 },
	{ "99999999999999999999999999", -1 },
	{ "-1", -1 },
	{ "+1", -1 },
	{ "-0", -1 },
	{ "1x", -1 },
	{ "1 ", -1 },
	{ " 1", -1 },
	{ "0x0", -1 },
	{ "1.0", -1 },
	{ "1e3", -1 },
	{ "nobody", -1 },
	{ "Web", -1 },
	{ "web ", -1 },
	{ "web:nobody", -1 },
	{ "web:-1", -1 },
	{ "web:4294967295", -1 },
	{ "web:1x", -1 },
	{ "1:2:3", -1 },
	{ "big", -1 },
	{ "none", -1 },
	{ "minus", -1 },
	{ "empty", -1 },
	{ "space", -1 },
	{ "short", -1 },
	{ "web:bad", -1 },
	{ "web\n", -1 },
	{ "x", -1 },
};

struct fixture {
	char top[64];
	int dir;
	struct err e;
	struct arena a;
	struct user_lookup l;
};

static void
put(struct fixture *f, const char *path, const void *bytes, size_t n)
{
	int fd = openat(f->dir, path, O_WRONLY | O_CREAT | O_TRUNC, 0644);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, n), n);
	close(fd);
}

static int
setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	strcpy(f->top, "/tmp/user-test.XXXXXX");
	assert_non_null(mkdtemp(f->top));
	f->dir = open(f->top, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_int_equal(mkdirat(f->dir, "etc", 0755), 0);
	put(f, "etc/passwd", passwd, sizeof(passwd) - 1);
	put(f, "etc/group", group, sizeof(group) - 1);
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;
	char command[128];

	auto_arena(&f->a);
	close(f->dir);
	snprintf(command, sizeof(command), "rm -rf '%s'", f->top);
	assert_int_equal(system(command), 0);
	free(f);
	return 0;
}

static int
look_up(struct fixture *f, const char *text, const struct words *groups)
{
	f->l = (struct user_lookup){ .text = text, .groups = groups };
	return container_user(f->dir, &f->l, &f->a, &f->e);
}

static char *
groups_text(struct fixture *f)
{
	AUTO(buf) struct buf text = { 0 };

	for (size_t i = 0; i < f->l.user.n_groups; i++)
		buf_format(&text, "%s%lld", i ? " " : "",
		           (long long)f->l.user.groups[i]);
	return arena_text(&f->a, text.data ? text.data : "");
}

static bool
is_as_expected(struct fixture *f, const struct row *r)
{
	if (look_up(f, r->text, NULL) < 0)
		return r->uid < 0 && !f->l.home && !f->l.user.n_groups;
	return f->l.user.uid == r->uid && f->l.user.gid == r->gid &&
	       strcmp(groups_text(f), r->groups) == 0 &&
	       strcmp(f->l.home, r->home) == 0;
}

static void
the_table_holds(void **state)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (!is_as_expected(*state, &rows[i]))
			fail_msg("-u '%s'", rows[i].text);
}

static void
added_groups_come_last_and_once(void **state)
{
	struct fixture *f = *state;
	struct words add = { 0 };

	words_add(&f->a, &add, "video");
	words_add(&f->a, &add, "29");
	words_add(&f->a, &add, "7");
	words_add(&f->a, &add, "7");
	assert_int_equal(look_up(f, "web", &add), 0);
	assert_string_equal(groups_text(f), "1001 29 6 0 44 7");
}

static void
an_unknown_added_group_is_refused(void **state)
{
	static const char *const bad[] = { "wheel", "-1", "4294967295", "1x" };
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct words add = { 0 };

		words_add(&f->a, &add, bad[i]);
		assert_int_equal(look_up(f, "web", &add), -1);
	}
}

static void
numbers_need_no_files(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(unlinkat(f->dir, "etc/passwd", 0), 0);
	assert_int_equal(unlinkat(f->dir, "etc/group", 0), 0);
	assert_int_equal(look_up(f, "12:34", NULL), 0);
	assert_int_equal(f->l.user.uid, 12);
	assert_int_equal(f->l.user.gid, 34);
	assert_int_equal(look_up(f, "web", NULL), -1);
	assert_string_equal(f->e.text, "unable to find user web: no"
	                    " matching entries in passwd file");
	assert_int_equal(look_up(f, "0:audio", NULL), -1);
	assert_string_equal(f->e.text, "unable to find group audio: no"
	                    " matching entries in group file");
}

static void
a_fifo_is_refused_at_once(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(unlinkat(f->dir, "etc/passwd", 0), 0);
	assert_int_equal(mkfifoat(f->dir, "etc/passwd", 0644), 0);
	alarm(5);
	assert_int_equal(look_up(f, "web", NULL), -1);
	assert_int_equal(look_up(f, "0", NULL), -1);
	alarm(0);
}

static void
a_device_is_refused(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(unlinkat(f->dir, "etc/passwd", 0), 0);
	if (mknodat(f->dir, "etc/passwd", S_IFCHR | 0644,
	            (dev_t)(1 << 8 | 5)) < 0)
		skip();
	assert_int_equal(look_up(f, "web", NULL), -1);
}

static void
a_link_stays_in_the_root(void **state)
{
	struct fixture *f = *state;

	/* The machine's own passwd has a user called root, ours has none. */
	put(f, "etc/passwd", "web:x:7:7::/:\n", 14);
	assert_int_equal(renameat(f->dir, "etc/passwd", f->dir, "etc/x"), 0);
	assert_int_equal(symlinkat("/../../etc/x", f->dir, "etc/passwd"), 0);
	assert_int_equal(look_up(f, "web", NULL), 0);
	assert_int_equal(f->l.user.uid, 7);
	assert_int_equal(unlinkat(f->dir, "etc/passwd", 0), 0);
	assert_int_equal(symlinkat("../../../../../../etc/passwd-", f->dir,
	                           "etc/passwd"), 0);
	assert_int_equal(look_up(f, "root", NULL), -1);
}

static void
a_huge_file_is_refused(void **state)
{
	struct fixture *f = *state;
	int fd = openat(f->dir, "etc/passwd", O_WRONLY);

	assert_int_equal(ftruncate(fd, (10 << 20) + 1), 0);
	close(fd);
	assert_int_equal(look_up(f, "web", NULL), -1);
	assert_int_equal(f->e.code, EFBIG);
}

static void
lines_with_nul_are_passed_over(void **state)
{
	struct fixture *f = *state;
	static const char text[] = "web:x:0:0::/\0:\nweb:x:8:8::/:\n";

	put(f, "etc/passwd", text, sizeof(text) - 1);
	assert_int_equal(look_up(f, "web", NULL), 0);
	assert_int_equal(f->l.user.uid, 8);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(the_table_holds),
		TEST(added_groups_come_last_and_once),
		TEST(an_unknown_added_group_is_refused),
		TEST(numbers_need_no_files),
		TEST(a_fifo_is_refused_at_once),
		TEST(a_device_is_refused),
		TEST(a_link_stays_in_the_root),
		TEST(a_huge_file_is_refused),
		TEST(lines_with_nul_are_passed_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
