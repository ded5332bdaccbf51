/* SPDX-License-Identifier: ISC */
/* links: base sys spec resctrl */
/* Groups of resctrl, in a directory that looks like it. */
#include "resctrl/resctrl.h"

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
#include <unistd.h>

#include "sys/fd.h"

static char path[64];

static int
make_root(void **state)
{
	static int root;

	strcpy(path, "/tmp/mydocker-resctrl-XXXXXX");
	if (!mkdtemp(path))
		return -1;
	root = open(path, O_RDONLY | O_DIRECTORY);
	*state = &root;
	return root < 0;
}

static int
drop_root(void **state)
{
	char command[80];

	snprintf(command, sizeof(command), "rm -r %s", path);
	return system(command) != 0 || close(*(int *)*state) < 0;
}

static void
file(int root, const char *name, const char *text)
{
	int fd = openat(root, name, O_CREAT | O_WRONLY | O_TRUNC, 0600);

	assert_true(fd >= 0 && fd_write(fd, text, strlen(text)) == 0);
	close(fd);
}

static void
assert_file(int root, const char *name, const char *text)
{
	AUTO(buf) struct buf is = { 0 };

	assert_int_equal(fd_read_at(root, name, 4096, &is), 0);
	assert_string_equal(is.data ? is.data : "", text);
}

static bool
is_there(int root, const char *name)
{
	return faccessat(root, name, F_OK, 0) == 0;
}

/* With what the kernel makes in each. */
static void
group(int root, const char *name, const char *schemata)
{
	char below[64];

	assert_int_equal(mkdirat(root, name, 0700), 0);
	snprintf(below, sizeof(below), "%s/mon_groups", name);
	assert_int_equal(mkdirat(root, below, 0700), 0);
	snprintf(below, sizeof(below), "%s/tasks", name);
	file(root, below, "");
	snprintf(below, sizeof(below), "%s/schemata", name);
	file(root, below, schemata);
}

#define TEXT(text) ((char *)(uintptr_t)(text))

static void
one_of_the_containers_name_is_made_and_removed(void **state)
{
	int root = *(int *)*state;
	struct intel_rdt rdt = { 0 };
	struct err e;

	assert_int_equal(resctrl_make(root, &rdt, "id", &e), 0);
	assert_true(is_there(root, "id"));
	file(root, "id/tasks", "");
	assert_int_equal(resctrl_enter(root, &rdt, "id", 4711, &e), 0);
	assert_file(root, "id/tasks", "4711");
	unlinkat(root, "id/tasks", 0);
	assert_int_equal(resctrl_remove(root, &rdt, "id", &e), 0);
	assert_false(is_there(root, "id"));
	assert_int_equal(resctrl_remove(root, &rdt, "id", &e), 0);
}

static void
one_that_is_somebodys_is_refused_and_stays(void **state)
{
	int root = *(int *)*state;
	struct intel_rdt rdt = { 0 };
	struct err e;

	group(root, "id", "");
	assert_int_equal(resctrl_make(root, &rdt, "id", &e), -1);
	assert_int_equal(e.code, EEXIST);
	assert_true(is_there(root, "id"));
}

static void
a_class_without_schemata_must_be_there_and_is_not_written(void **state)
{
	int root = *(int *)*state;
	struct intel_rdt rdt = { .clos_id = TEXT("gold") };
	struct err e;

	assert_int_equal(resctrl_make(root, &rdt, "id", &e), -1);
	assert_non_null(strstr(e.text, "linux.intelRdt.closID"));
	assert_false(is_there(root, "gold"));
	group(root, "gold", "L3:0=ff\n");
	assert_int_equal(resctrl_make(root, &rdt, "id", &e), 0);
	assert_int_equal(resctrl_enter(root, &rdt, "id", 7, &e), 0);
	assert_file(root, "gold/tasks", "7");
	assert_file(root, "gold/schemata", "L3:0=ff\n");
	assert_int_equal(resctrl_remove(root, &rdt, "id", &e), 0);
	assert_true(is_there(root, "gold"));
}

static void
schemata_of_a_class_that_is_there_must_be_its_own(void **state)
{
	static const struct {
		const char *l3, *bandwidth, *more;
		int done;
	} rows[] = {
		{ "L3:0=ff", NULL, NULL, 0 },
		{ "L3:0=0ff;1=F", "MB:0=50", NULL, 0 },
		{ "L3:1=f;0=ff", NULL, "L2:0=3", 0 },
		{ "L3:0=fe", NULL, NULL, -1 },
		{ "L3:2=ff", NULL, NULL, -1 },
		{ NULL, "MB:0=32", NULL, -1 }, /* 50 in hexadecimal */
		{ NULL, NULL, "L3CODE:0=ff", -1 },
		{ NULL, NULL, "L2", -1 },
		{ "L3:0=ff", "MB:0=50", "L2:0=1", -1 },
	};
	int root = *(int *)*state;
	struct err e;

	group(root, "gold", "    MB:0= 50;1=100\n    L3:0=ff;1=0f\nL2:0=3\n");
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char *more = TEXT(rows[i].more);
		struct intel_rdt rdt = {
			.clos_id = TEXT("gold"),
			.l3_cache_schema = TEXT(rows[i].l3),
			.mem_bw_schema = TEXT(rows[i].bandwidth),
			.schemata = { &more, more ? 1 : 0 },
		};

		assert_int_equal(resctrl_make(root, &rdt, "id", &e),
		                 rows[i].done);
		if (rows[i].done < 0)
			assert_non_null(strstr(e.text, "does not have"));
	}
	assert_true(is_there(root, "gold"));
}

/* The kernel would make the file, so here the write fails: what was made goes,
 * and its own words are told. */
static void
schemata_that_are_refused_leave_no_group(void **state)
{
	int root = *(int *)*state;
	struct intel_rdt rdt = { .l3_cache_schema = TEXT("L3:9=f") };
	struct err e;

	mkdirat(root, "info", 0700);
	file(root, "info/last_cmd_status", "Unknown domain\n");
	assert_int_equal(resctrl_make(root, &rdt, "id", &e), -1);
	assert_non_null(strstr(e.text, "linux.intelRdt: 'id': Unknown"));
	assert_false(is_there(root, "id"));
	rdt.clos_id = TEXT("silver");
	assert_int_equal(resctrl_make(root, &rdt, "id", &e), -1);
	assert_false(is_there(root, "silver"));
}

static void
schemata_are_written_in_their_order(void **state)
{
	int root = *(int *)*state;
	char *more[] = { TEXT("L2:0=1"), TEXT("L3:0=3") };
	struct intel_rdt rdt = { .l3_cache_schema = TEXT("L3:0=f"),
		                 .mem_bw_schema = TEXT("MB:0=20"),
		                 .schemata = { more, 2 } };
	struct err e;

	group(root, "id", "");
	assert_int_equal(resctrl_write(root, &rdt, "id", &e), 0);
	assert_file(root, "id/schemata", "L3:0=f\nMB:0=20\nL2:0=1\nL3:0=3\n");
}

static void
who_is_monitored_has_a_group_for_that_alone(void **state)
{
	int root = *(int *)*state;
	struct intel_rdt rdt = { .clos_id = TEXT("gold"),
		                 .enable_monitoring = true };
	struct err e;

	group(root, "gold", "");
	assert_int_equal(resctrl_make(root, &rdt, "id", &e), 0);
	file(root, "gold/mon_groups/id/tasks", "");
	assert_int_equal(resctrl_enter(root, &rdt, "id", 7, &e), 0);
	assert_file(root, "gold/tasks", "7");
	assert_file(root, "gold/mon_groups/id/tasks", "7");
	unlinkat(root, "gold/mon_groups/id/tasks", 0);
	assert_int_equal(resctrl_make(root, &rdt, "id", &e), -1);
	assert_int_equal(e.code, EEXIST);
	assert_int_equal(resctrl_remove(root, &rdt, "id", &e), 0);
	assert_false(is_there(root, "gold/mon_groups/id"));
	assert_true(is_there(root, "gold"));
}

static void
a_slash_is_the_class_of_all(void **state)
{
	int root = *(int *)*state;
	struct intel_rdt rdt = { .clos_id = TEXT("/") };
	struct err e;

	file(root, "tasks", "");
	assert_int_equal(resctrl_make(root, &rdt, "id", &e), 0);
	assert_int_equal(resctrl_enter(root, &rdt, "id", 7, &e), 0);
	assert_file(root, "tasks", "7");
	assert_int_equal(resctrl_remove(root, &rdt, "id", &e), 0);
	assert_true(is_there(root, "tasks"));
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, make_root, drop_root)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(one_of_the_containers_name_is_made_and_removed),
		TEST(one_that_is_somebodys_is_refused_and_stays),
		TEST(a_class_without_schemata_must_be_there_and_is_not_written),
		TEST(schemata_of_a_class_that_is_there_must_be_its_own),
		TEST(schemata_that_are_refused_leave_no_group),
		TEST(schemata_are_written_in_their_order),
		TEST(who_is_monitored_has_a_group_for_that_alone),
		TEST(a_slash_is_the_class_of_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
