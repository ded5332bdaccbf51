/* SPDX-License-Identifier: ISC */
/* links: base sys spec store volume events container */
/* Records: round trips, damage, names, and finding containers by them. */
#include "container/record.h"
#include "cgroup/cgroup.h"
#include "runtime/runtime.h"
#include "sys/clock.h"

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

/* What mending asks of the rooms that this program does without. */
int
runtime_remove(const struct spec *spec, const struct runtime_plan *plan,
               struct err *e)
{
	(void)spec;
	(void)plan;
	(void)e;
	return 0;
}

int
cgroup_open(struct cgroup *g, const char *path, struct err *e)
{
	(void)path;
	(void)e;
	g->n_trees = 0;
	return 0;
}

int64_t
cgroup_oom_kills_at(const char *path)
{
	(void)path;
	return 0;
}

void
auto_cgroup(struct cgroup *g)
{
	(void)g;
}

int
cgroup_kill(const struct cgroup *g, int signal, struct err *e)
{
	(void)g;
	(void)signal;
	(void)e;
	return 0;
}

int
cgroup_freeze(const struct cgroup *g, bool frozen, struct err *e)
{
	(void)g;
	(void)frozen;
	(void)e;
	return 0;
}

struct fixture {
	char top[64];
	struct err e;
	struct container c, other;
	struct arena a;
};

static int
setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	strcpy(f->top, "/tmp/record-test.XXXXXX");
	assert_non_null(mkdtemp(f->top));
	setenv("MYDOCKER_ROOT", f->top, 1);
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;
	char command[128];

	auto_container(&f->c);
	auto_container(&f->other);
	auto_arena(&f->a);
	snprintf(command, sizeof(command), "rm -rf '%s'", f->top);
	assert_int_equal(system(command), 0);
	free(f);
	return 0;
}

static void
new_spec(struct spec *s, bool uts)
{
	static const char *const types[] = { "uts" };

	*s = (struct spec){ 0 };
	s->oci_version = arena_text(&s->arena, "1.2.0");
	s->process = arena_new(&s->arena, sizeof(*s->process));
	words_add(&s->arena, &s->process->args, "true");
	s->linux_part = arena_new(&s->arena, sizeof(*s->linux_part));
	if (uts)
		LIST_ADD(&s->arena, s->linux_part->namespaces,
		         s->linux_part->n_namespaces)->type =
			arena_text(&s->arena, types[0]);
}

static int
create_as(struct fixture *f, struct container *c, const char *name, bool rm)
{
	struct record wanted = { .name = (char *)name, .remove = rm };
	struct spec spec;
	int done;

	new_spec(&spec, true);
	done = container_create(c, &wanted, &spec, &f->e);
	auto_spec(&spec);
	return done;
}

static void
a_record_comes_back_as_it_was(void **state)
{
	struct fixture *f = *state;
	AUTO(buf) struct buf one = { 0 };
	AUTO(buf) struct buf two = { 0 };
	struct record *r = &f->c.record;

	*r = (struct record){
		.version = RECORD_VERSION, .id = "x", .name = "web",
		.image = "/r\n\"", .created = "2024-01-02T03:04:05.000000006Z",
		.started = "s", .finished = "f", .state = "exited",
		.pid = { true, 12 }, .start_time = { true, 1LL << 40 },
		.monitor = { true, 13 }, .monitor_start = { true, 0 },
		.boot_id = "b", .exit_status = { true, 0 },
		.oom_killed = true, .remove = true, .reaper = true,
		.tty = true, .interactive = true, .cgroup = "/mydocker/x",
		.stop_signal = "SIGINT", .stop_timeout = { true, -1 },
		.error = "e",
	};
	words_add(&f->c.arena, &r->command, "a b");
	words_add(&f->c.arena, &r->command, "");
	pairs_set(&f->c.arena, &r->labels, "k", "v");
	record_print(r, &one);
	assert_int_equal(record_parse(&f->c, "x", one.data, one.n, &f->e), 0);
	record_print(&f->c.record, &two);
	assert_string_equal(one.data, two.data);
	assert_string_equal(f->c.record.command.v[0], "a b");
	assert_int_equal(f->c.record.start_time.value, 1LL << 40);
	assert_true(f->c.record.exit_status.set);
}

static void
a_damaged_record_is_refused(void **state)
{
	static const char *const bad[] = {
		"", "{", "[]", "null", "{\"version\":1}",
		"{\"version\":1,\"id\":\"y\",\"state\":\"exited\"}",
		"{\"version\":1,\"id\":\"x\",\"state\":\"flying\"}",
		"{\"version\":1,\"id\":\"x\",\"state\":\"dead\"}",
		"{\"version\":2,\"id\":\"x\",\"state\":\"exited\"}",
		"{\"version\":1,\"id\":\"x\",\"state\":\"running\",\"pid\":1}",
		"{\"version\":1,\"id\":\"x\",\"state\":\"running\",\"pid\":0}",
		"{\"version\":1,\"id\":\"x\",\"state\":\"running\",\"pid\":-1}",
		"{\"version\":1,\"id\":\"x\",\"state\":\"running\","
		"\"pid\":4294967298}",
		"{\"version\":1,\"id\":\"x\",\"state\":\"running\","
		"\"monitor\":0}",
		"{\"version\":1,\"id\":\"x\",\"state\":\"running\","
		"\"pid\":\"7\"}",
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		if (record_parse(&f->c, "x", bad[i], strlen(bad[i]),
		                 &f->e) == 0)
			fail_msg("taken: %s", bad[i]);
}

static void
names_are_letters_digits_and_three_signs(void **state)
{
	static const struct {
		const char *name;
		int good;
	} rows[] = {
		{ "a", 1 }, { "A9_.-", 1 }, { "0", 1 }, { "web.1", 1 },
		{ "", 0 }, { "-x", 0 }, { ".", 0 }, { "..", 0 }, { ".x", 0 },
		{ "_x", 0 }, { "../x", 0 }, { "/abs", 0 }, { "a/b", 0 },
		{ "a b", 0 }, { "a\n", 0 }, { "\xc3\xa4", 0 }, { "a+b", 0 },
	};
	struct fixture *f = *state;
	char long_name[257];

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if ((container_check_name(rows[i].name, &f->e) == 0) !=
		    rows[i].good)
			fail_msg("'%s'", rows[i].name);
	memset(long_name, 'x', 256);
	long_name[256] = '\0';
	assert_int_equal(container_check_name(long_name, &f->e), -1);
	long_name[255] = '\0';
	assert_int_equal(container_check_name(long_name, &f->e), 0);
}

static void
made_up_names_are_names(void **state)
{
	struct fixture *f = *state;

	for (int i = 0; i < 1000; i++)
		assert_int_equal(container_check_name(
		                 container_invent(&f->a), &f->e), 0);
}

static void
times_are_read_as_they_are_written(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(container_seconds("1970-01-02T00:00:01.5Z"), 86401);
	assert_int_equal(container_seconds("2024-02-29T00:00:00Z"),
	                 1709164800);
	assert_int_equal(container_seconds("yesterday"), -1);
	assert_int_equal(container_seconds(NULL), -1);
	assert_true(llabs(container_seconds(clock_now(&f->a)) -
	                  (long long)time(NULL)) <= 1);
}

static void
a_new_container_has_all_that_it_needs(void **state)
{
	struct fixture *f = *state;
	struct record *r = &f->c.record;
	struct spec *s = &f->c.spec;
	char id[13];

	assert_int_equal(create_as(f, &f->c, "web", true), 0);
	assert_int_equal(strlen(r->id), 64);
	assert_int_equal(strspn(r->id, "0123456789abcdef"), 64);
	memcpy(id, r->id, 12);
	id[12] = '\0';
	assert_string_equal(s->hostname, id);
	assert_string_equal(s->process->env.v[0],
	                    arena_format(&f->a, "HOSTNAME=%s", id));
	assert_string_equal(s->linux_part->cgroups_path,
	                    arena_format(&f->a, "/mydocker/%s", r->id));
	assert_string_equal(r->cgroup, s->linux_part->cgroups_path);
	assert_int_equal(container_state(&f->c), CONTAINER_CREATED);
	assert_int_equal(faccessat(f->c.dir, "config.json", F_OK, 0), 0);
	assert_int_equal(access(f->c.path, F_OK), 0);
}

static void
the_parent_of_a_cgroup_can_be_chosen(void **state)
{
	struct fixture *f = *state;
	struct record wanted = { .remove = true };
	struct spec spec;

	new_spec(&spec, false);
	spec.linux_part->cgroups_path = "/mine";
	assert_int_equal(container_create(&f->c, &wanted, &spec, &f->e), 0);
	assert_string_equal(f->c.record.cgroup,
	                    arena_format(&f->a, "/mine/%s", f->c.record.id));
	/* and without a UTS namespace there is nothing to name */
	assert_null(f->c.spec.hostname);
	assert_int_equal(f->c.spec.process->env.n, 0);
}

static void
a_name_in_use_leaves_nothing_behind(void **state)
{
	struct fixture *f = *state;
	struct words ids = { 0 };

	assert_int_equal(create_as(f, &f->c, "web", true), 0);
	assert_int_equal(create_as(f, &f->other, "web", true), -1);
	assert_int_equal(f->e.code, EEXIST);
	assert_string_equal(f->e.text, arena_format(&f->a, "the name 'web' is"
	                    " in use by %.12s", f->c.record.id));
	assert_int_equal(container_list(&f->a, &ids, &f->e), 0);
	assert_int_equal(ids.n, 1);
	assert_int_equal(create_as(f, &f->other, "../x", true), -1);
	assert_int_equal(f->e.code, EINVAL);
}

static void
found_by_name_id_and_beginning(void **state)
{
	struct fixture *f = *state;
	char prefix[64];

	assert_int_equal(create_as(f, &f->c, "web", true), 0);
	assert_int_equal(container_open(&f->other, "web", &f->e), 0);
	assert_string_equal(f->other.record.id, f->c.record.id);
	auto_container(&f->other);
	assert_int_equal(container_open(&f->other, f->c.record.id, &f->e), 0);
	auto_container(&f->other);
	snprintf(prefix, sizeof(prefix), "%.9s", f->c.record.id);
	assert_int_equal(container_open(&f->other, prefix, &f->e), 0);
	assert_string_equal(f->other.record.name, "web");
	auto_container(&f->other);
	assert_int_equal(container_open(&f->other, "we", &f->e), -1);
	assert_int_equal(f->e.code, ENOENT);
	assert_string_equal(f->e.text, "no such container: 'we'");
	assert_int_equal(container_open(&f->other, "", &f->e), -1);
	assert_int_equal(container_open(&f->other, "../..", &f->e), -1);
}

static void
an_ambiguous_beginning_lists_them(void **state)
{
	struct fixture *f = *state;
	char first[2] = "", seen[16] = "";
	char *ids[16] = { NULL };

	/* Of 17 ids two begin with the same digit. */
	for (int i = 0; i < 17; i++) {
		size_t digit;

		assert_int_equal(create_as(f, &f->c, NULL, true), 0);
		first[0] = f->c.record.id[0];
		digit = strtoul(first, NULL, 16);
		if (seen[digit])
			break;
		seen[digit] = 1;
		ids[digit] = arena_text(&f->a, f->c.record.id);
		auto_container(&f->c);
	}
	assert_int_equal(container_open(&f->other, first, &f->e), -1);
	assert_int_equal(f->e.code, EEXIST);
	assert_non_null(strstr(f->e.text, arena_bytes(&f->a, f->c.record.id,
	                                              16)));
	assert_non_null(strstr(f->e.text, arena_bytes(&f->a,
	                ids[strtoul(first, NULL, 16)], 16)));
}

static void
a_damaged_record_makes_a_dead_container(void **state)
{
	AUTO(buf) struct buf broken = { 0 };
	struct fixture *f = *state;

	assert_int_equal(create_as(f, &f->c, "web", false), 0);
	buf_text(&broken, "{");
	assert_int_equal(store_write(f->c.dir, "record.json", &broken, false,
	                             &f->e), 0);
	assert_int_equal(container_open(&f->other, "web", &f->e), 0);
	assert_int_equal(container_state(&f->other), CONTAINER_DEAD);
	assert_string_equal(f->other.record.name, "web");
	assert_int_equal(container_remove(&f->other, false, &f->e), -1);
	assert_int_equal(container_remove(&f->other, true, &f->e), 0);
	auto_container(&f->other);
	assert_int_equal(container_open(&f->other, "web", &f->e), -1);
	assert_int_equal(f->e.code, ENOENT);
}

/* What a monitor does; we are the first process, too. */
static int
start(struct fixture *f)
{
	return container_watch(&f->c, getpid(), &f->e) < 0
	       ? -1 : container_started(&f->c, &f->e);
}

/* A child that does what a command would, and dies. */
static void
in_child(struct fixture *f, bool rm, bool started)
{
	int status;
	pid_t child = fork();

	if (child == 0) {
		int done = create_as(f, &f->c, "web", rm);

		if (done == 0 && started)
			done = start(f);
		_exit(done == 0 ? 0 : 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

static void
one_whose_processes_are_gone_has_exited(void **state)
{
	struct fixture *f = *state;

	in_child(f, false, true);
	assert_int_equal(container_open(&f->c, "web", &f->e), 0);
	assert_int_equal(container_state(&f->c), CONTAINER_EXITED);
	assert_int_equal(f->c.record.exit_status.value, 255);
	assert_false(f->c.record.monitor.set);
	assert_non_null(f->c.record.finished);
}

static void
one_to_be_removed_goes_with_its_processes(void **state)
{
	struct fixture *f = *state;
	struct words ids = { 0 };

	in_child(f, true, true);
	assert_int_equal(container_open(&f->c, "web", &f->e), -1);
	assert_int_equal(f->e.code, ENOENT);
	assert_int_equal(container_list(&f->a, &ids, &f->e), 0);
	assert_int_equal(ids.n, 0);
	in_child(f, true, false);
	assert_int_equal(container_open(&f->c, "web", &f->e), -1);
}

static void
one_that_was_never_started_stays_created(void **state)
{
	struct fixture *f = *state;

	in_child(f, false, false);
	assert_int_equal(container_open(&f->c, "web", &f->e), 0);
	assert_int_equal(container_state(&f->c), CONTAINER_CREATED);
	assert_int_equal(container_remove(&f->c, false, &f->e), 0);
}

/* Before that its process is still on the host's root. */
static void
only_a_started_one_can_be_entered(void **state)
{
	struct fixture *f = *state;
	int pidfd;

	assert_int_equal(create_as(f, &f->c, "web", false), 0);
	assert_int_equal(container_watch(&f->c, getpid(), &f->e), 0);
	assert_int_equal(container_open(&f->other, "web", &f->e), 0);
	assert_int_equal(container_pidfd(&f->other, &pidfd, &f->e), -1);
	assert_int_equal(f->e.code, ESRCH);
	assert_int_equal(container_started(&f->c, &f->e), 0);
	auto_container(&f->other);
	assert_int_equal(container_open(&f->other, "web", &f->e), 0);
	assert_int_equal(container_pidfd(&f->other, &pidfd, &f->e), 0);
	close(pidfd);
}

static void
a_recycled_pid_is_not_believed(void **state)
{
	struct fixture *f = *state;
	int pidfd;

	assert_int_equal(create_as(f, &f->c, "web", false), 0);
	assert_int_equal(start(f), 0);
	assert_int_equal(container_pidfd(&f->c, &pidfd, &f->e), 0);
	close(pidfd);
	/* Our pid, but of a process that started at another time. */
	f->c.record.start_time.value--;
	assert_int_equal(container_pidfd(&f->c, &pidfd, &f->e), -1);
	assert_int_equal(f->e.code, ESRCH);
	f->c.record.monitor.set = false;
	assert_int_equal(container_save(&f->c, true, &f->e), 0);
	assert_int_equal(container_open(&f->other, "web", &f->e), 0);
	assert_int_equal(container_state(&f->other), CONTAINER_EXITED);
}

static void
after_a_reboot_nothing_runs(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(create_as(f, &f->c, "web", false), 0);
	assert_int_equal(start(f), 0);
	f->c.record.boot_id = "00000000-0000-0000-0000-000000000000";
	assert_int_equal(container_save(&f->c, true, &f->e), 0);
	assert_int_equal(container_open(&f->other, "web", &f->e), 0);
	assert_int_equal(container_state(&f->other), CONTAINER_EXITED);
}

static void
a_status_that_was_written_is_kept(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(create_as(f, &f->c, "web", false), 0);
	assert_int_equal(start(f), 0);
	f->c.record.exit_status = (struct number){ true, 7 };
	f->c.record.start_time.value--;
	f->c.record.monitor.set = false;
	assert_int_equal(container_save(&f->c, true, &f->e), 0);
	assert_int_equal(container_open(&f->other, "web", &f->e), 0);
	assert_int_equal(f->other.record.exit_status.value, 7);
}

static void
an_end_is_recorded_and_may_be_so_twice(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(create_as(f, &f->c, "web", false), 0);
	assert_int_equal(start(f), 0);
	assert_int_equal(container_ended(&f->c, 3, &f->e), 0);
	assert_int_equal(container_ended(&f->c, 3, &f->e), 0);
	assert_int_equal(container_open(&f->other, "web", &f->e), 0);
	assert_int_equal(container_state(&f->other), CONTAINER_EXITED);
	assert_int_equal(f->other.record.exit_status.value, 3);
	assert_null(f->other.record.error);
}

static void
the_end_of_one_to_be_removed_frees_its_name(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(create_as(f, &f->c, "web", true), 0);
	assert_int_equal(container_ended(&f->c, 0, &f->e), 0);
	assert_int_equal(container_ended(&f->c, 0, &f->e), 0);
	assert_int_equal(create_as(f, &f->other, "web", true), 0);
	/* and a late repetition does not take it from the new owner */
	assert_int_equal(container_ended(&f->c, 0, &f->e), 0);
	assert_non_null(store_owner(&f->other.store, "web", &f->a));
}

static void
the_newest_is_listed_first(void **state)
{
	struct fixture *f = *state;
	struct words ids = { 0 };

	assert_int_equal(create_as(f, &f->c, "a", true), 0);
	assert_int_equal(create_as(f, &f->other, "b", false), 0);
	assert_int_equal(container_list(&f->a, &ids, &f->e), 0);
	assert_int_equal(ids.n, 2);
	assert_string_equal(ids.v[0], f->other.record.id);
	assert_string_equal(ids.v[1], f->c.record.id);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_record_comes_back_as_it_was),
		TEST(a_damaged_record_is_refused),
		TEST(names_are_letters_digits_and_three_signs),
		TEST(made_up_names_are_names),
		TEST(times_are_read_as_they_are_written),
		TEST(a_new_container_has_all_that_it_needs),
		TEST(the_parent_of_a_cgroup_can_be_chosen),
		TEST(a_name_in_use_leaves_nothing_behind),
		TEST(found_by_name_id_and_beginning),
		TEST(an_ambiguous_beginning_lists_them),
		TEST(a_damaged_record_makes_a_dead_container),
		TEST(one_whose_processes_are_gone_has_exited),
		TEST(one_to_be_removed_goes_with_its_processes),
		TEST(one_that_was_never_started_stays_created),
		TEST(only_a_started_one_can_be_entered),
		TEST(a_recycled_pid_is_not_believed),
		TEST(after_a_reboot_nothing_runs),
		TEST(a_status_that_was_written_is_kept),
		TEST(an_end_is_recorded_and_may_be_so_twice),
		TEST(the_end_of_one_to_be_removed_frees_its_name),
		TEST(the_newest_is_listed_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
