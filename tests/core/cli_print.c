/* SPDX-License-Identifier: ISC */
/* What people read: tables, spans of time, help, names and suggestions. */
/* links: base cli sys */
#include "cli/cli.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/rows.h"

static int
nothing(char **operands, struct err *e)
{
	return 0;
}

static struct args {
	bool all;
	char *format;
} args;

static const struct opt options[] = {
	{ 'f', "format|fmt", "text|json", TEXT(format), "how it looks; the "
	  "explanation is longer than the line that it stands on and so it "
	  "has to be broken" },
	{ 'a', "all", NULL, FLAG(all), "all of them" },
	{ 0, "secret", NULL, FLAG(all), NULL },
	OPT_END
};

static const struct applet applets[] = {
	{ .group = "container", .verb = "ls", .alias = "ps",
	  .what = "list containers", .options = options, .into = &args,
	  .run = nothing },
	{ .group = "container", .verb = "prune", .what = "remove what is old",
	  .run = nothing },
	{ .group = "container", .verb = "run", .alias = "run",
	  .args = "COMMAND [ARG...]", .what = "run a command",
	  .stops = true, .run = nothing },
	{ .group = "image", .verb = "ls", .alias = "images",
	  .what = "list images", .run = nothing },
	{ .group = "image", .verb = "prune", .what = "remove images",
	  .run = nothing },
	{ .group = "oci", .verb = "state", .args = "ID",
	  .what = "print a state", .run = nothing },
	{ .group = "self", .verb = "init", .alias = "init",
	  .args = "[WORD...]", .what = "be first", .raw = true,
	  .run = nothing },
};
static const struct applet *const table[] = {
	&applets[0], &applets[1], &applets[2], &applets[3],
	&applets[4], &applets[5], &applets[6],
};
static const struct applets all = { table, 7 };

/* From catch() to caught(), stdout is memory. */
static struct {
	FILE *real;
	char *text;
	size_t n;
} taken;

static void
catch(void)
{
	taken.real = stdout;
	stdout = open_memstream(&taken.text, &taken.n);
}

static char *
caught(void)
{
	fclose(stdout);
	stdout = taken.real;
	return taken.text;
}

static void
tables_are_laid_out_as_dockers(void **state)
{
	char *heading[] = { "ID", "A LONG HEADING", "NAMES", NULL };
	AUTO(table) struct table t;
	AUTO(free) char *got = NULL;

	table_begin(&t, heading);
	table_cell(&t, "%d", 7);
	table_cell(&t, "short");
	table_cell(&t, "a");
	table_cell(&t, "%s", "0123456789abc");
	table_cell(&t, "%s", "");
	table_cell(&t, "%s", "b\033[31m\n");
	table_cell(&t, "%s", "größe");
	table_cell(&t, "x");
	table_cell(&t, "c");
	catch();
	table_print(&t);
	got = caught();
	assert_string_equal(got,
	        "ID              A LONG HEADING   NAMES\n"
	        "7               short            a\n"
	        "0123456789abc                    b\\x1b[31m\\x0a\n"
	        "größe           x                c\n");
}

static void
narrow_columns_have_ten_places(void **state)
{
	char *heading[] = { "ID", "N", NULL };
	AUTO(table) struct table t;
	AUTO(free) char *got = NULL;

	table_begin(&t, heading);
	catch();
	table_print(&t);
	got = caught();
	assert_string_equal(got, "ID        N\n");
}

static void
spans_of_time_have_dockers_words(void **state)
{
	enum { MINUTE = 60, HOUR = 3600, DAY = 86400 };
	static const struct {
		int64_t seconds;
		const char *words;
	} rows[] = {
		{ -5, "Less than a second" },
		{ 0, "Less than a second" },
		{ 1, "1 second" },
		{ 2, "2 seconds" },
		{ 59, "59 seconds" },
		{ 60, "About a minute" },
		{ 119, "About a minute" },
		{ 120, "2 minutes" },
		{ HOUR - 1, "59 minutes" },
		{ HOUR, "About an hour" },
		{ HOUR + 29 * MINUTE, "About an hour" },
		{ HOUR + 30 * MINUTE, "2 hours" },
		{ 47 * HOUR, "47 hours" },
		{ 48 * HOUR, "2 days" },
		{ 13 * DAY, "13 days" },
		{ 14 * DAY, "2 weeks" },
		{ 59 * DAY, "8 weeks" },
		{ 60 * DAY, "2 months" },
		{ 729 * DAY, "24 months" },
		{ 730 * DAY, "2 years" },
		{ INT64_C(3650) * DAY, "10 years" },
	};
	AUTO(arena) struct arena a = { 0 };

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		assert_string_equal(cli_ago(&a, rows[i].seconds),
		                    rows[i].words);
	assert_non_null(cli_ago(&a, INT64_MAX));
}

static void
names_find_applets(void **state)
{
	static const struct {
		const char *words[4];
		int at;
		size_t used;
	} rows[] = {
		{ { "run" }, 2, 1 },
		{ { "ps", "x" }, 0, 1 },
		{ { "images" }, 3, 1 },
		{ { "state" }, 5, 1 },           /* in one group only */
		{ { "prune" }, -1, 1 },          /* in two */
		{ { "container", "run" }, 2, 2 },
		{ { "container", "ps" }, 0, 2 },
		{ { "container", "list" }, 0, 2 },
		{ { "image", "list" }, 3, 2 },
		{ { "image", "remove" }, -1, 2 }, /* it has no rm */
		{ { "list" }, -1, 1 },           /* in groups only */
		{ { "image", "run" }, -1, 2 },
		{ { "container" }, -1, 2 },
		{ { "" }, -1, 1 },
		{ { NULL }, -1, 1 },
	};
	size_t used;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct applet *want;

		want = rows[i].at < 0 ? NULL : &applets[rows[i].at];
		assert_ptr_equal(cli_find(&all, (char **)rows[i].words, &used),
		                 want);
		assert_int_equal(used, rows[i].used);
	}
}

static void
mistyped_names_are_recognised(void **state)
{
	static const struct {
		const char *group, *typed, *meant;
	} rows[] = {
		{ NULL, "rnu", "run" },
		{ NULL, "ru", "run" },
		{ NULL, "image", "image" },
		{ NULL, "imges", "images" },
		{ NULL, "contaner", "container" },
		{ NULL, "state", NULL },
		{ NULL, "xyzzy", NULL },
		{ "container", "prnue", "prune" },
		{ "container", "images", NULL },
	};
	AUTO(arena) struct arena a = { 0 };

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char *got = cli_nearest(&all, rows[i].group, rows[i].typed, &a);

		if (rows[i].meant)
			assert_string_equal(got, rows[i].meant);
		else
			assert_null(got);
	}
}

static void
words_apart_counts_typing_errors(void **state)
{
	assert_int_equal(names_apart("", ""), 0);
	assert_int_equal(names_apart("name", "name"), 0);
	assert_int_equal(names_apart("", "abc"), 3);
	assert_int_equal(names_apart("nam", "name"), 1);
	assert_int_equal(names_apart("naame", "name"), 1);
	assert_int_equal(names_apart("nome", "name"), 1);
	assert_int_equal(names_apart("naem", "name"), 1);
	assert_int_equal(names_apart("abcdef", "badcfe"), 3);
}

/* argv, and what main() would do. */
static char *
called(struct arena *a, const char *const *words)
{
	struct call call;
	struct err e;
	AUTO(free) char *printed = NULL;
	int done;

	catch();
	done = cli_call(&all, (char **)words, a, &call, &e);
	printed = caught();
	if (done < 0)
		return arena_format(a, "%s: %s", cli_title(a, call.applet),
		                    e.text);
	if (done == 1)
		return arena_bytes(a, printed, strcspn(printed, "\n"));
	return arena_format(a, "%s.%s %s", call.applet->group,
	                    call.applet->verb,
	                    *call.operands ? *call.operands : "");
}

static void
argv_names_the_applet(void **state)
{
	static const struct {
		const char *argv[6], *meant;
	} rows[] = {
		{ { "mydocker", "run", "sh" }, "container.run sh" },
		{ { "/usr/bin/mydocker", "run", "sh" }, "container.run sh" },
		{ { "mydocker", "container", "run", "sh" },
		  "container.run sh" },
		{ { "mydocker", "--log-level", "warn", "ps" },
		  "container.ls " },
		{ { "mydocker", "container", "--log-level=warn", "ls" },
		  "container.ls " },
		{ { "/bin/run", "sh" }, "container.run sh" },
		{ { "-run", "sh" }, "container.run sh" },
		{ { "ps", NULL }, "container.ls " },
		{ { "/init", "run" }, "self.init run" },
		{ { "state", "x" }, "oci.state x" },
		{ { "mydocker-image", "ls" }, "image.ls " },
		{ { "mydocker-oci", "state", "x" }, "oci.state x" },
		{ { "/sbin/runc", "state", "x" }, "oci.state x" },
		{ { "crun", "--log-level", "warn", "state", "x" },
		  "oci.state x" },
		{ { "mydocker-what", "run", "sh" }, "container.run sh" },
		{ { "anything", "run", "sh" }, "container.run sh" },
		{ { "container", "run", "sh" }, "container.run sh" },
		{ { "", "run", "sh" }, "container.run sh" },
		{ { NULL }, "Usage:  mydocker [OPTIONS] COMMAND [ARG...]" },
		{ { "mydocker" },
		  "Usage:  mydocker [OPTIONS] COMMAND [ARG...]" },
		{ { "mydocker", "--help", "run" },
		  "Usage:  mydocker [OPTIONS] COMMAND [ARG...]" },
		{ { "mydocker", "image" },
		  "Usage:  mydocker image COMMAND [ARG...]" },
		{ { "runc", "--help" },
		  "Usage:  mydocker oci COMMAND [ARG...]" },
		{ { "mydocker", "run", "--help" },
		  "Usage:  mydocker run [OPTIONS] COMMAND [ARG...]" },
		{ { "mydocker", "rnu", "x" },
		  "mydocker: unknown command 'rnu'; did you mean 'run'?" },
		{ { "mydocker", "xyzzy" },
		  "mydocker: unknown command 'xyzzy'; see 'mydocker --help'" },
		{ { "mydocker", "image", "sl" }, "mydocker image: unknown "
		  "command 'sl'; did you mean 'ls'?" },
		{ { "mydocker", "image", "x" }, "mydocker image: unknown "
		  "command 'x'; see 'mydocker image --help'" },
		{ { "mydocker", "--bogus" },
		  "mydocker: unknown option '--bogus'" },
		{ { "mydocker", "-s" }, "mydocker: -s goes with --install" },
		{ { "mydocker", "--install" },
		  "mydocker: --install takes one directory" },
		{ { "mydocker", "--list" }, "images" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		AUTO(arena) struct arena a = { 0 };

		assert_string_equal(called(&a, rows[i].argv), rows[i].meant);
	}
}

static void
help_is_made_of_the_rows(void **state)
{
	AUTO(free) char *got = NULL;
	const char *globals;

	setenv("COLUMNS", "60", 1);
	catch();
	cli_usage(&applets[0]);
	got = caught();
	globals = strstr(got, "\nGlobal options:\n");
	assert_non_null(globals);
	got[globals - got] = '\0';
	assert_string_equal(got,
	        "Usage:  mydocker ps [OPTIONS]\n\n"
	        "list containers\n\n"
	        "Aliases:\n  mydocker container ls, mydocker container list, "
	        "mydocker ps\n\n"
	        "Options:\n"
	        "  -a, --all                all of them\n"
	        "  -f, --format text|json   how it looks; the explanation is\n"
	        "                           longer than the line that it\n"
	        "                           stands on and so it has to be\n"
	        "                           broken\n");
	unsetenv("COLUMNS");
}

/* Whether stdout arrives when it is `fd`. */
static int
flushed_into(int fd, size_t n, struct err *e)
{
	int kept = dup(STDOUT_FILENO), done;

	fflush(stdout);
	dup2(fd, STDOUT_FILENO);
	for (; n; n--)
		cli_print("x");
	done = cli_flush(e);
	dup2(kept, STDOUT_FILENO);
	close(kept);
	close(fd);
	return done;
}

static void
a_full_disk_is_noticed(void **state)
{
	struct err e = { 0 };

	assert_int_equal(flushed_into(open("/dev/null", O_WRONLY), 9, &e), 0);
	assert_int_equal(flushed_into(open("/dev/full", O_WRONLY), 9, &e), -1);
	assert_string_equal(e.text,
	                    "standard output: No space left on device");
	assert_int_equal(e.status, STATUS_OURS);
	/* also if it was noticed long before */
	assert_int_equal(
	        flushed_into(open("/dev/full", O_WRONLY), 99999, &e), -1);
	assert_int_equal(e.status, STATUS_OURS);
}

static void
a_closed_pipe_has_no_words(void **state)
{
	struct err e = { 0 };
	int ends[2];

	signal(SIGPIPE, SIG_IGN);
	for (size_t n = 1; n < 100000; n += 99998) {
		assert_int_equal(pipe(ends), 0);
		close(ends[0]);
		assert_int_equal(flushed_into(ends[1], n, &e), -1);
		assert_int_equal(e.code, EPIPE);
		assert_int_equal(e.status, 128 + SIGPIPE);
		assert_string_equal(e.text, "");
	}
}

static void
a_letter_is_shown_for_what_it_does(void **state)
{
	static const struct opt own[] = {
		{ 'h', "home", "DIR", TEXT(format), "a home" },
		{ 0, "home-less", NULL, FLAG(all), "no home" },
		{ 0, "all|everything", NULL, FLAG(all), "sorted" },
		OPT_END
	};
	struct applet applet = applets[0];
	AUTO(free) char *got = NULL, *manual = NULL;

	applet.options = own;
	catch();
	cli_usage(&applet);
	got = caught();
	assert_non_null(strstr(got, "\n      --help "));
	assert_null(strstr(got, "-h, --help"));
	assert_non_null(strstr(got, "\nOptions:\n"
	                       "      --all         sorted\n"
	                       "  -h, --home DIR    a home\n"
	                       "      --home-less   no home\n"));
	catch();
	cli_manual(&applet);
	manual = caught();
	assert_null(strstr(manual, "\\fB\\-h\\fR, \\fB\\-\\-help"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tables_are_laid_out_as_dockers),
		cmocka_unit_test(narrow_columns_have_ten_places),
		cmocka_unit_test(spans_of_time_have_dockers_words),
		cmocka_unit_test(names_find_applets),
		cmocka_unit_test(mistyped_names_are_recognised),
		cmocka_unit_test(words_apart_counts_typing_errors),
		cmocka_unit_test(argv_names_the_applet),
		cmocka_unit_test(help_is_made_of_the_rows),
		cmocka_unit_test(a_letter_is_shown_for_what_it_does),
		cmocka_unit_test(a_full_disk_is_noticed),
		cmocka_unit_test(a_closed_pipe_has_no_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
