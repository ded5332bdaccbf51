/* SPDX-License-Identifier: ISC */
/* links: base sys spec cgroup sync init systemd resctrl runtime */
/* Hooks get the state, time and nothing else; steps are undone in reverse. */
#include "runtime/start.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sys/fd.h"

/* ---- hooks ---- */

static int place = -1; /* a directory that goes with the last who holds it */

/* Run a script as a hook; `out` is what it wrote to the file "out". */
static int
hook(const char *script, int64_t timeout, struct buf *out, struct err *e)
{
	char *args[] = { "sh", "-c", (char *)script, NULL };
	char *env[] = { "ONLY=this", NULL };
	struct hook h = {
		.path = "/bin/sh",
		.args = { args, 3 }, .env = { env, 1 },
		.timeout = { timeout > 0, timeout },
	};
	struct pair note = { "a", "\"b\"" };
	struct spec spec = {
		.oci_version = "1.2.0", .annotations = { &note, 1 },
	};
		struct hook_call call = { &spec, "web", "/b", "creating", 42 };
	int done = init_hooks(&call, &h, 1, e);

	if (out && fd_read_at(place, "out", 4096, out) < 0)
		print_error("out: %s\n", strerror(errno));
	unlinkat(place, "out", 0);
	return done;
}

static int
make_place(void **state)
{
	char path[] = "/tmp/test-hooks-XXXXXX";

	(void)state;
	if (!mkdtemp(path) || chdir(path) < 0)
		return -1;
	place = open(".", O_DIRECTORY | O_CLOEXEC);
	return place < 0;
}

static int
drop_place(void **state)
{
	char path[64] = "";

	(void)state;
	close(place);
	return !getcwd(path, sizeof(path)) || chdir("/") < 0 ||
	       rmdir(path) < 0;
}

static void
the_state_is_on_stdin(void **state)
{
	AUTO(buf) struct buf out = { 0 };
	struct err e;

	(void)state;
	assert_int_equal(hook("cat >out", 0, &out, &e), 0);
	assert_string_equal(out.data,
	                    "{\"ociVersion\":\"1.2.0\",\"id\":\"web\","
	                    "\"status\":\"creating\",\"pid\":42,"
	                    "\"bundle\":\"/b\","
	                    "\"annotations\":{\"a\":\"\\\"b\\\"\"}}");
}

static void
nothing_of_our_environment_is_seen(void **state)
{
	AUTO(buf) struct buf out = { 0 };
	struct err e;

	(void)state;
	assert_int_equal(hook("tr '\\0' '\\n' </proc/$$/environ >out", 0,
	                      &out, &e), 0);
	assert_string_equal(out.data, "ONLY=this\n");
}

static void
nothing_that_we_have_open_is_seen(void **state)
{
	int leak = open("/", O_RDONLY); /* on purpose not close-on-exec */
	AUTO(buf) struct buf out = { 0 };
	char script[64];
	struct err e;

	(void)state;
	snprintf(script, sizeof(script), "test ! -e /proc/$$/fd/%d", leak);
	assert_int_equal(hook(script, 0, NULL, &e), 0);
	close(leak);
}

static void
a_failure_is_named(void **state)
{
	struct err e;

	(void)state;
	assert_int_equal(hook("exit 3", 0, NULL, &e), -1);
	assert_string_equal(e.text, "hook '/bin/sh': exit status 3");
}

static void
a_hook_that_reads_nothing_is_no_failure(void **state)
{
	struct err e;

	(void)state;
	assert_int_equal(hook("exec <&-", 0, NULL, &e), 0);
}

static void
a_hook_has_its_time_and_no_more(void **state)
{
	struct err e;

	(void)state;
	assert_int_equal(hook("sleep 0.2", 5, NULL, &e), 0);
	assert_int_equal(hook("exec sleep 20", 1, NULL, &e), -1);
	assert_int_equal(e.code, ETIMEDOUT);
}

/* ---- steps ---- */

static char trace[64];

static void
note(const char *text)
{
	strncat(trace, text, sizeof(trace) - strlen(trace) - 1);
}

static int
make_a(struct start *s, struct err *e)
{
	(void)s;
	(void)e;
	note("+a");
	return 0;
}

static int
make_b(struct start *s, struct err *e)
{
	(void)s;
	note("+b");
	return (fail)(e, EBUSY, "no");
}

static void
drop_a(struct start *s)
{
	(void)s;
	note("-a");
}

static void
drop_b(struct start *s)
{
	(void)s;
	note("-b");
}

static const struct step failing[] = {
	{ "one", make_a, drop_a },
	{ "two", make_b, drop_b },
	{ "three", make_a, drop_a },
	{ NULL, NULL, NULL },
};

static void
a_step_that_fails_is_named_and_undone_with_those_before(void **state)
{
	struct start s = { .said = false };
	struct err e;

	(void)state;
	trace[0] = '\0';
	assert_int_equal(start_steps(&s, failing, &e), -1);
	assert_string_equal(trace, "+a+b-b-a");
	assert_string_equal(e.text, "two: no");
}

static void
what_the_child_said_is_not_renamed(void **state)
{
	struct start s = { .said = true };
	struct err e;

	(void)state;
	assert_int_equal(start_steps(&s, failing, &e), -1);
	assert_string_equal(e.text, "no");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_state_is_on_stdin),
		cmocka_unit_test(nothing_of_our_environment_is_seen),
		cmocka_unit_test(nothing_that_we_have_open_is_seen),
		cmocka_unit_test(a_failure_is_named),
		cmocka_unit_test(a_hook_that_reads_nothing_is_no_failure),
		cmocka_unit_test(a_hook_has_its_time_and_no_more),
		cmocka_unit_test(
		        a_step_that_fails_is_named_and_undone_with_those_before),
		cmocka_unit_test(what_the_child_said_is_not_renamed),
	};

	return cmocka_run_group_tests(tests, make_place, drop_place);
}
