/* SPDX-License-Identifier: ISC */
/* links: base events sys store */
/* Events: what is written, how much of it, and that all of it is read. */
#include "events/events.h"

#include "events/file.h"

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
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static struct store store;
static struct arena arena;

static int
begin(void **state)
{
	char path[] = "/tmp/events.XXXXXX";

	(void)state;
	assert_non_null(mkdtemp(path));
	strcpy(store.run_path, path);
	store.run = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	store.data = -1;
	return 0;
}

static int
end(void **state)
{
	(void)state;
	unlinkat(store.run, EVENTS_FILE, 0);
	unlinkat(store.run, EVENTS_OLD, 0);
	auto_store(&store);
	auto_arena(&arena);
	return rmdir(store.run_path);
}

static struct event
make(const char *action, const char *image, const char *name)
{
	struct event event = { "container", action, "0123abcd", { 0 } };

	if (image)
		pairs_set(&arena, &event.attributes, "image", image);
	if (name)
		pairs_set(&arena, &event.attributes, "name", name);
	return event;
}

/* What events_read gave: actions, with spaces between them. */
struct seen {
	struct buf actions, lines;
	size_t n;
	int64_t last;
	void (*next)(void);
};

static int
see(void *with, const struct value *event, const char *line, struct err *e)
{
	struct seen *seen = with;

	(void)e;
	seen->n++;
	if (seen->n < 100)
		buf_format(&seen->actions, "%s ",
		           value_get(event, "Action")->text);
	if (seen->n < 100)
		buf_format(&seen->lines, "%s\n", line);
	seen->last = value_get(event, "timeNano")->integer;
	return 0;
}

static int
idle(void *with, struct err *e)
{
	struct seen *seen = with;
	void (*next)(void) = seen->next;

	(void)e;
	seen->next = NULL;
	if (next)
		next();
	return 0;
}

static int64_t
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return t.tv_sec * INT64_C(1000000000) + t.tv_nsec;
}

static void
read_all(struct seen *seen, int64_t since, int64_t until)
{
	const struct events_query q = { .since = since, .until = until,
		                        .event = see, .idle = idle,
		                        .with = seen, .out = -1 };
	struct err e;

	buf_text(&seen->actions, "");
	buf_text(&seen->lines, "");
	if (events_read(&store, &q, &e) < 0)
		fail_msg("%s", e.text);
}

static void
forget(struct seen *seen)
{
	auto_buf(&seen->actions);
	auto_buf(&seen->lines);
	*seen = (struct seen){ 0 };
}

static void
an_event_has_dockers_keys(void **state)
{
	struct event event = make("start", "/r", "web");
	struct seen seen = { 0 };
	struct stat st;
	char wanted[512];

	(void)state;
	pairs_set(&arena, &event.attributes, "a.label", "\"1\"\n");
	events_add(&store, &event, 1);
	read_all(&seen, 0, now());
	snprintf(wanted, sizeof(wanted), "{\"status\":\"start\","
	         "\"id\":\"0123abcd\",\"from\":\"/r\",\"Type\":\"container\","
	         "\"Action\":\"start\",\"Actor\":{\"ID\":\"0123abcd\","
	         "\"Attributes\":{\"a.label\":\"\\\"1\\\"\\n\",\"image\":\"/r\""
	         ",\"name\":\"web\"}},\"scope\":\"local\",\"time\":%lld,"
	         "\"timeNano\":%lld}\n", (long long)(seen.last / 1000000000),
	         (long long)seen.last);
	assert_string_equal(seen.lines.data, wanted);
	assert_in_range(now() - seen.last, 0, 5000000000);
	assert_int_equal(fstatat(store.run, EVENTS_FILE, &st, 0), 0);
	assert_int_equal(st.st_mode, S_IFREG | 0600);
	forget(&seen);
}

static void
a_volume_has_no_status(void **state)
{
	struct event event = { "volume", "create", "v", { 0 } };
	struct seen seen = { 0 };

	(void)state;
	events_add(&store, &event, 1);
	read_all(&seen, 0, now());
	assert_memory_equal(seen.lines.data, "{\"Type\":\"volume\"", 16);
	forget(&seen);
}

static void
several_are_one_write(void **state)
{
	struct event events[] = { make("die", "/r", "x"),
	                          make("destroy", "/r", "x") };
	struct seen seen = { 0 };

	(void)state;
	events_add(&store, events, 2);
	events_add(&store, events, 0);
	read_all(&seen, 0, now());
	assert_string_equal(seen.actions.data, "die destroy ");
	forget(&seen);
}

static void
a_line_is_bounded(void **state)
{
	struct event event = make("start", "/r", "web");
	struct seen seen = { 0 };
	static char text[5000], action[5000];

	(void)state;
	memset(text, '\1', sizeof(text) - 1);
	memset(action, 'x', sizeof(action) - 1);
	event.action = action;
	pairs_set(&arena, &event.attributes, "long", text);
	for (int i = 0; i < 500; i++)
		pairs_set(&arena, &event.attributes,
		          arena_format(&arena, "label%d", i), "value");
	events_add(&store, &event, 1);
	read_all(&seen, 0, now());
	assert_int_equal(seen.n, 1);
	assert_in_range(seen.lines.n, 2000, EVENTS_LINE);
	assert_non_null(strstr(seen.lines.data, "\"name\":\"web\""));
	assert_non_null(strstr(seen.lines.data, "\"label1\""));
	assert_null(strstr(seen.lines.data, "\"label499\""));
	forget(&seen);
}

static void
the_file_is_bounded(void **state)
{
	struct event event = make("start", "/r", "web");
	struct seen seen = { 0 };
	struct stat st;

	(void)state;
	for (int i = 0; i < 15000; i++)
		events_add(&store, &event, 1);
	assert_int_equal(fstatat(store.run, EVENTS_FILE, &st, 0), 0);
	assert_in_range(st.st_size, 1, EVENTS_MOST + EVENTS_LINE);
	assert_int_equal(fstatat(store.run, EVENTS_OLD, &st, 0), 0);
	assert_in_range(st.st_size, EVENTS_MOST, EVENTS_MOST + EVENTS_LINE);
	read_all(&seen, 0, now());
	assert_in_range(seen.n, EVENTS_MOST / 300, 14999);
	forget(&seen);
}

static void
times_are_limits(void **state)
{
	struct event event = make("start", "/r", "web");
	struct seen seen = { 0 };
	int64_t between;

	(void)state;
	events_add(&store, &event, 1);
	usleep(1000);
	between = now();
	usleep(1000);
	event.action = "die";
	events_add(&store, &event, 1);
	read_all(&seen, between, now());
	assert_string_equal(seen.actions.data, "die ");
	forget(&seen);
	read_all(&seen, 0, between);
	assert_string_equal(seen.actions.data, "start ");
	forget(&seen);
	read_all(&seen, INT64_MAX, now());
	assert_string_equal(seen.actions.data, "");
	forget(&seen);
}

static void
happen(void)
{
	struct event event = make("pause", "/r", "web");

	events_add(&store, &event, 1);
}

static void
what_is_to_come_is_waited_for(void **state)
{
	struct event event = make("start", "/r", "web");
	struct seen seen = { .next = happen };

	(void)state;
	read_all(&seen, INT64_MAX, now() + 300000000);
	assert_string_equal(seen.actions.data, "pause ");
	forget(&seen);
	events_add(&store, &event, 1);
	seen.next = happen;
	read_all(&seen, INT64_MAX, now() + 300000000);
	assert_string_equal(seen.actions.data, "pause ");
	forget(&seen);
}

static void
happen_a_lot(void)
{
	struct event event = make("start", "/r", "web");

	for (int i = 0; i < 5000; i++)
		events_add(&store, &event, 1);
}

static void
waiting_goes_over_turned_files(void **state)
{
	struct seen seen = { .next = happen_a_lot };

	(void)state;
	read_all(&seen, INT64_MAX, now() + 1500000000);
	assert_int_equal(seen.n, 5000);
	forget(&seen);
}

/* Four processes at once, and the files turn below them. */
static void
writers_do_not_mix(void **state)
{
	struct seen seen = { 0 };
	static char text[1200];

	(void)state;
	memset(text, 'v', sizeof(text) - 1);
	for (int i = 0; i < 4; i++) {
		if (fork() == 0) {
			struct event event = make("start", "/r", text);

			for (int k = 0; k < 240; k++)
				events_add(&store, &event, 1);
			_exit(0);
		}
	}
	for (int i = 0; i < 4; i++)
		assert_true(wait(NULL) > 0);
	read_all(&seen, 0, now());
	assert_int_equal(seen.n, 960);
	forget(&seen);
}

static void
torn_lines_are_passed_over(void **state)
{
	struct event event = make("start", "/r", "web");
	struct seen seen = { 0 };
	int fd;

	(void)state;
	events_add(&store, &event, 1);
	fd = openat(store.run, EVENTS_FILE, O_WRONLY | O_APPEND);
	dprintf(fd, "{\"Type\":\"cont\n[]\n{}\n{\"timeNano\":\"x\"}\n\xff\n");
	for (int i = 0; i < 10000; i++)
		dprintf(fd, "0123456789");
	dprintf(fd, "\n");
	close(fd);
	event.action = "die";
	events_add(&store, &event, 1);
	read_all(&seen, 0, now());
	assert_string_equal(seen.actions.data, "start die ");
	forget(&seen);
}

static void
what_cannot_be_written_fails_nothing(void **state)
{
	struct event event = make("start", "/r", "web");
	struct seen seen = { 0 };

	(void)state;
	assert_int_equal(symlinkat("/tmp/no/such", store.run, EVENTS_FILE), 0);
	errno = 7;
	events_add(&store, &event, 1);
	assert_int_equal(errno, 7);
	read_all(&seen, 0, now());
	assert_int_equal(seen.n, 0);
	forget(&seen);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)
	const struct CMUnitTest tests[] = {
		TEST(an_event_has_dockers_keys),
		TEST(a_volume_has_no_status),
		TEST(several_are_one_write),
		TEST(a_line_is_bounded),
		TEST(the_file_is_bounded),
		TEST(times_are_limits),
		TEST(what_is_to_come_is_waited_for),
		TEST(waiting_goes_over_turned_files),
		TEST(writers_do_not_mix),
		TEST(torn_lines_are_passed_over),
		TEST(what_cannot_be_written_fails_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
