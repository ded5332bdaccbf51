/* SPDX-License-Identifier: ISC */
/* mountinfo: lines taken apart as the kernel wrote them. */
/* links: base sys */
#include "sys/mountinfo.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static int
parse(const char *text, char line[512], struct mount_row *row)
{
	strcpy(line, text);
	return mountinfo_parse(line, row);
}

static void
a_line_has_its_fields(void **state)
{
	char line[512];
	struct mount_row r;

	(void)state;
	assert_int_equal(parse("36 35 98:7 /mnt1 /mnt2 rw,noatime - ext3 "
	                       "/dev/root rw,errors=continue\n", line, &r), 0);
	assert_int_equal(r.id, 36);
	assert_int_equal(r.parent, 35);
	assert_int_equal(r.major, 98);
	assert_int_equal(r.minor, 7);
	assert_string_equal(r.root, "/mnt1");
	assert_string_equal(r.target, "/mnt2");
	assert_string_equal(r.options, "rw,noatime");
	assert_string_equal(r.type, "ext3");
	assert_string_equal(r.source, "/dev/root");
	assert_string_equal(r.super, "rw,errors=continue");
	assert_int_equal(r.shared, 0);
	assert_int_equal(r.master, 0);
}

static void
optional_fields_can_be_many(void **state)
{
	char line[512];
	struct mount_row r;

	(void)state;
	assert_int_equal(parse("1 2 0:3 / /m rw shared:12 master:7 "
	                       "propagate_from:3 new:x - tmpfs none rw", line,
	                       &r), 0);
	assert_int_equal(r.shared, 12);
	assert_int_equal(r.master, 7);
	assert_string_equal(r.type, "tmpfs");
}

static void
octal_escapes_are_undone(void **state)
{
	char line[512];
	struct mount_row r;

	(void)state;
	assert_int_equal(parse("1 2 0:3 /a\\040b /t\\011\\134\\012x rw - fuse "
	                       "\\134040 rw", line, &r), 0);
	assert_string_equal(r.root, "/a b");
	assert_string_equal(r.target, "/t\t\\\nx");
	/* What an escape gives is not looked at again. */
	assert_string_equal(r.source, "\\040");
}

static void
what_only_looks_like_an_escape_stays(void **state)
{
	char line[512];
	struct mount_row r;

	(void)state;
	assert_int_equal(parse("1 2 0:3 /a\\9 /b\\04 rw - t \\777 rw\\", line,
	                       &r), 0);
	assert_string_equal(r.root, "/a\\9");
	assert_string_equal(r.target, "/b\\04");
	assert_string_equal(r.source, "\\777");
	assert_string_equal(r.super, "rw\\");
}

static void
an_empty_source_is_kept(void **state)
{
	char line[512];
	struct mount_row r;

	(void)state;
	assert_int_equal(parse("1 2 0:3 / /m rw - tmpfs  rw", line, &r), 0);
	assert_string_equal(r.source, "");
	assert_string_equal(r.super, "rw");
}

static void
a_broken_line_is_refused(void **state)
{
	static const char *const lines[] = {
		"", "1", "1 2 0:3 / /m rw", "1 2 0:3 / /m rw shared:1",
		"x 2 0:3 / /m rw - t s rw", "1 2 03 / /m rw - t s rw",
		"1 2 0:3 / /m rw - t s",
	};
	char line[512];
	struct mount_row r;

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
		assert_int_equal(parse(lines[i], line, &r), -1);
}

static void
an_option_is_a_whole_word(void **state)
{
	(void)state;
	assert_true(mountinfo_has("rw,cpu,cpuacct", "cpu"));
	assert_true(mountinfo_has("cpu", "cpu"));
	assert_true(mountinfo_has("rw,cpuacct", "cpuacct"));
	assert_false(mountinfo_has("rw,cpuacct", "cpu"));
	assert_false(mountinfo_has("rw,xcpu", "cpu"));
	assert_false(mountinfo_has("", "cpu"));
}

struct seen {
	int n, stop;
	char last[64];
};

static int
see(const struct mount_row *row, void *with)
{
	struct seen *s = with;

	s->n++;
	snprintf(s->last, sizeof(s->last), "%s", row->target);
	return s->n == s->stop ? 7 : 0;
}

/* Longer than one read, a row longer than all room at the start included. */
static void
a_long_file_is_read_whole(void **state)
{
	char path[] = "/tmp/mountinfo-XXXXXX", text[9001];
	int fd = mkstemp(path);
	FILE *f = fdopen(fd, "w");
	struct seen s = { 0, 0, "" };
	struct err e;

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	for (int i = 1; i <= 300; i++)
		fprintf(f, "%d 1 0:1 / /m%d rw - overlay o rw,lowerdir=%s\n",
		        i, i, i % 100 ? "y" : text);
	fclose(f);
	assert_int_equal(mountinfo_each(path, see, &s, &e), 0);
	assert_int_equal(s.n, 300);
	assert_string_equal(s.last, "/m300");
	s = (struct seen){ 0, 150, "" };
	assert_int_equal(mountinfo_each(path, see, &s, &e), 7);
	assert_int_equal(s.n, 150);
	unlink(path);
	assert_int_equal(mountinfo_each(path, see, &s, &e), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_has_its_fields),
		cmocka_unit_test(optional_fields_can_be_many),
		cmocka_unit_test(octal_escapes_are_undone),
		cmocka_unit_test(what_only_looks_like_an_escape_stays),
		cmocka_unit_test(an_empty_source_is_kept),
		cmocka_unit_test(a_broken_line_is_refused),
		cmocka_unit_test(an_option_is_a_whole_word),
		cmocka_unit_test(a_long_file_is_read_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
