/* SPDX-License-Identifier: ISC */
/* links: base sys store */
/* The store: roots, files, removal, names. Each test has a root of its own. */
#include "store/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>

#define ID_A "aa0000000000000000000000000000000000000000000000000000000000000a"
#define ID_B "bb0000000000000000000000000000000000000000000000000000000000000b"

struct fixture {
	char top[64];
	int dir;
	struct store s;
	struct err e;
	struct arena a;
};

static int
setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	strcpy(f->top, "/tmp/store-test.XXXXXX");
	assert_non_null(mkdtemp(f->top));
	f->dir = open(f->top, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	setenv("MYDOCKER_ROOT", f->top, 1);
	assert_int_equal(store_open(&f->s, &f->e), 0);
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;
	char command[128];

	auto_store(&f->s);
	auto_arena(&f->a);
	close(f->dir);
	snprintf(command, sizeof(command), "rm -rf '%s'", f->top);
	assert_int_equal(system(command), 0);
	free(f);
	return 0;
}

static mode_t
mode_of(int dir, const char *path)
{
	struct stat st;

	assert_int_equal(fstatat(dir, path, &st, AT_SYMLINK_NOFOLLOW), 0);
	return st.st_mode & 07777;
}

static bool
is_there(int dir, const char *path)
{
	return faccessat(dir, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

static size_t
entries(int dir)
{
	char command[128], text[32];
	FILE *f;

	snprintf(command, sizeof(command), "ls -A /proc/%d/fd/%d/ | wc -l",
	         getpid(), dir);
	f = popen(command, "r");
	assert_non_null(fgets(text, sizeof(text), f));
	pclose(f);
	return (size_t)atoi(text);
}

static int
put(struct fixture *f, int dir, const char *name, const char *text,
    bool durable)
{
	AUTO(buf) struct buf bytes = { 0 };

	buf_text(&bytes, text);
	return store_write(dir, name, &bytes, durable, &f->e);
}

/* A container's directory, under its name. */
static void
make_container(struct fixture *f, bool kept, const char *id, const char *text)
{
	int dir;

	assert_int_equal(store_prepare(&f->s, kept, id, &dir, &f->e), 0);
	assert_int_equal(put(f, dir, "record.json", text, false), 0);
	assert_int_equal(store_publish(&f->s, kept, id, &f->e), 0);
	close(dir);
}

static void
root_holds_data_and_run(void **state)
{
	struct fixture *f = *state;
	char run[80];

	snprintf(run, sizeof(run), "%s/run", f->top);
	assert_string_equal(f->s.data_path, f->top);
	assert_string_equal(f->s.run_path, run);
	assert_true(f->s.data >= 0);
	assert_int_equal(mode_of(f->dir, "run"), 0700);
}

static void
umask_has_no_say(void **state)
{
	struct fixture *f = *state;
	mode_t mask = umask(0777);
	int dir;

	assert_int_equal(store_dir(f->dir, "x", &dir, &f->e), 0);
	assert_int_equal(put(f, dir, "file", "1", false), 0);
	assert_int_equal(umask(mask), 0777);
	assert_int_equal(mode_of(f->dir, "x"), 0700);
	assert_int_equal(mode_of(dir, "file"), 0600);
	close(dir);
}

static void
world_writable_root_is_refused(void **state)
{
	struct fixture *f = *state;
	struct store s;

	assert_int_equal(chmod(f->top, 0777), 0);
	assert_int_equal(store_open(&s, &f->e), -1);
	assert_int_equal(f->e.code, EPERM);
	assert_int_equal(chmod(f->top, 0700), 0);
}

static void
root_of_another_user_is_refused(void **state)
{
	struct fixture *f = *state;
	struct store s;

	if (geteuid() != 0)
		skip();
	assert_int_equal(chown(f->top, 1000, 0), 0);
	assert_int_equal(store_open(&s, &f->e), -1);
	assert_int_equal(f->e.code, EPERM);
}

static void
link_in_place_of_run_is_not_followed(void **state)
{
	struct fixture *f = *state;
	int dir;

	assert_int_equal(symlinkat("/etc", f->dir, "link"), 0);
	assert_int_equal(store_dir(f->dir, "link", &dir, &f->e), -1);
}

static void
write_replaces_and_leaves_nothing_beside(void **state)
{
	struct fixture *f = *state;
	AUTO(buf) struct buf text = { 0 };

	assert_int_equal(put(f, f->s.run, "a", "one", true), 0);
	assert_int_equal(put(f, f->s.run, "a", "two!", false),
	                 0);
	assert_int_equal(store_read(f->s.run, "a", 100, &text, &f->e), 0);
	assert_string_equal(text.data, "two!");
	assert_int_equal(entries(f->s.run), 1);
}

static void
failed_write_keeps_the_old_file(void **state)
{
	struct fixture *f = *state;
	int dir;

	/* A directory cannot be replaced by a file. */
	assert_int_equal(store_dir(f->s.run, "a", &dir, &f->e), 0);
	close(dir);
	assert_int_equal(put(f, f->s.run, "a", "x", false), -1);
	assert_int_equal(entries(f->s.run), 1);
}

static void
only_regular_files_are_read(void **state)
{
	struct fixture *f = *state;
	AUTO(buf) struct buf text = { 0 };

	assert_int_equal(mkfifoat(f->dir, "fifo", 0600), 0);
	assert_int_equal(symlinkat("/etc/passwd", f->dir, "link"), 0);
	assert_int_equal(store_read(f->dir, "fifo", 9, &text, &f->e), -1);
	assert_int_equal(f->e.code, EINVAL);
	assert_int_equal(store_read(f->dir, "run", 9, &text, &f->e), -1);
	assert_int_equal(store_read(f->dir, "link", 9, &text, &f->e), -1);
	assert_int_equal(f->e.code, ELOOP);
	assert_int_equal(store_read(f->dir, "none", 9, &text, &f->e), -1);
	assert_int_equal(f->e.code, ENOENT);
}

static void
too_large_a_file_is_refused(void **state)
{
	struct fixture *f = *state;
	AUTO(buf) struct buf text = { 0 };

	assert_int_equal(put(f, f->dir, "a", "123", false), 0);
	assert_int_equal(store_read(f->dir, "a", 2, &text, &f->e), -1);
	assert_int_equal(f->e.code, EFBIG);
}

static void
a_very_deep_tree_is_removed(void **state)
{
	struct fixture *f = *state;
	int at, next;

	assert_int_equal(store_dir(f->dir, "deep", &at, &f->e), 0);
	for (int i = 0; i < 5000; i++) {
		assert_int_equal(mkdirat(at, "directory", 0700), 0);
		next = openat(at, "directory", O_RDONLY | O_DIRECTORY);
		assert_true(next >= 0);
		close(at);
		at = next;
	}
	close(at);
	assert_int_equal(store_remove(f->dir, "deep", &f->e), 0);
	assert_int_equal(entries(f->dir), 1);
}

static void
removal_does_not_follow_links(void **state)
{
	struct fixture *f = *state;
	int dir, victim;

	assert_int_equal(store_dir(f->dir, "victim", &victim, &f->e), 0);
	assert_int_equal(put(f, victim, "file", "", false), 0);
	assert_int_equal(store_dir(f->dir, "x", &dir, &f->e), 0);
	assert_int_equal(symlinkat("../victim", dir, "link"), 0);
	assert_int_equal(store_remove(f->dir, "x", &f->e), 0);
	assert_true(is_there(victim, "file"));
	close(dir);
	close(victim);
}

static void
removing_what_is_not_there_is_no_error(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(store_remove(f->dir, "none", &f->e), 0);
}

/* In a mount namespace of a child. */
static int
removal_beside_a_mount(struct fixture *f)
{
	char inside[128];
	int dir;

	if (unshare(CLONE_NEWNS) < 0 ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
	    store_dir(f->dir, "x", &dir, &f->e) < 0 ||
	    mkdirat(dir, "sub", 0700) < 0 ||
	    mkdirat(dir, "sub/mount", 0700) < 0)
		return 1;
	snprintf(inside, sizeof(inside), "%s/x/sub/mount", f->top);
	if (mount("none", inside, "tmpfs", 0, NULL) < 0)
		return 2;
	snprintf(inside, sizeof(inside), "%s/x/sub/mount/file", f->top);
	close(open(inside, O_CREAT | O_WRONLY, 0600));
	dir = open(inside, O_RDONLY);
	if (store_remove(f->dir, "x", &f->e) == 0 || f->e.code != EBUSY)
		return 3;
	/* The directory has moved, the file in the mount is still linked. */
	struct stat st;
	return fstat(dir, &st) == 0 && st.st_nlink == 1 ? 0 : 4;
}

static void
removal_does_not_enter_mounts(void **state)
{
	struct fixture *f = *state;
	int status;
	pid_t child;

	if (geteuid() != 0)
		skip();
	child = fork();
	if (child == 0)
		_exit(removal_beside_a_mount(f));
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

static void
a_name_is_claimed_once(void **state)
{
	struct fixture *f = *state;

	make_container(f, false, ID_A, "{}");
	assert_int_equal(store_claim(&f->s, "web", ID_A, &f->e), 0);
	assert_int_equal(store_claim(&f->s, "web", ID_B, &f->e), -1);
	assert_int_equal(f->e.code, EEXIST);
	assert_string_equal(f->e.text, "the name 'web' is in use by "
	                    "aa0000000000");
	assert_string_equal(store_owner(&f->s, "web", &f->a), ID_A);
	assert_string_equal(store_name(&f->s, ID_A, &f->a), "web");
}

static void
a_stale_name_is_taken_over(void **state)
{
	struct fixture *f = *state;

	make_container(f, false, ID_A, "{}");
	assert_int_equal(store_claim(&f->s, "web", ID_A, &f->e), 0);
	assert_int_equal(store_drop(&f->s, ID_A, &f->e), 0);
	assert_int_equal(store_claim(&f->s, "web", ID_B, &f->e), 0);
	assert_string_equal(store_owner(&f->s, "web", &f->a), ID_B);
}

static void
a_name_of_one_in_the_making_is_not_stale(void **state)
{
	struct fixture *f = *state;
	int dir;

	assert_int_equal(store_prepare(&f->s, false, ID_A, &dir, &f->e), 0);
	assert_int_equal(store_claim(&f->s, "web", ID_A, &f->e), 0);
	assert_int_equal(store_claim(&f->s, "web", ID_B, &f->e), -1);
	/* Its maker dies. */
	close(dir);
	assert_int_equal(store_claim(&f->s, "web", ID_B, &f->e), 0);
}

static void
only_the_owner_releases_a_name(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(store_claim(&f->s, "web", ID_A, &f->e), 0);
	assert_int_equal(store_release(&f->s, "web", ID_B, &f->e), 0);
	assert_string_equal(store_owner(&f->s, "web", &f->a), ID_A);
	assert_int_equal(store_release(&f->s, "web", ID_A, &f->e), 0);
	assert_null(store_owner(&f->s, "web", &f->a));
	assert_int_equal(store_release(&f->s, "web", ID_A, &f->e), 0);
}

static void
of_many_claims_one_wins(void **state)
{
	struct fixture *f = *state;
	int won = 0, status;

	for (int i = 0; i < 20; i++) {
		char id[65];
			int dir;

		snprintf(id, sizeof(id), "%064d", i);
		if (fork() != 0)
			continue;
		if (store_prepare(&f->s, false, id, &dir, &f->e) < 0)
			_exit(2);
		status = store_claim(&f->s, "web", id, &f->e);
		if (status == 0 &&
		    store_publish(&f->s, false, id, &f->e) < 0)
			_exit(3);
		usleep(100000);
		_exit(status == 0 ? 0 : f->e.code == EEXIST ? 1 : 4);
	}
	while (wait(&status) > 0) {
		assert_true(WIFEXITED(status) && WEXITSTATUS(status) < 2);
		won += WEXITSTATUS(status) == 0;
	}
	assert_int_equal(won, 1);
}

static void
names_come_back_after_a_boot(void **state)
{
	struct fixture *f = *state;

	make_container(f, true, ID_A, "{\"id\":\"" ID_A "\",\"name\":\"web\"}");
	make_container(f, true, ID_B, "damaged");
	/* What a reboot does to a root on tmpfs. */
	assert_int_equal(store_remove(f->s.run, "names", &f->e), 0);
	assert_string_equal(store_owner(&f->s, "web", &f->a), ID_A);
}

static void
leftovers_go_when_somebody_lists(void **state)
{
	struct fixture *f = *state;
	struct words ids = { 0 };
	int dir;

	assert_int_equal(store_prepare(&f->s, false, ID_A, &dir, &f->e), 0);
	assert_int_equal(store_ids(&f->s, &f->a, &ids, &f->e), 0);
	assert_int_equal(ids.n, 0);
	assert_true(is_there(f->s.run, "containers/." ID_A));
	close(dir);
	assert_int_equal(store_ids(&f->s, &f->a, &ids, &f->e), 0);
	assert_false(is_there(f->s.run, "containers/." ID_A));
}

static void
a_kept_container_is_in_data(void **state)
{
	struct fixture *f = *state;
	bool kept = false;
	int dir;

	make_container(f, true, ID_A, "{}");
	make_container(f, false, ID_B, "{}");
	assert_true(is_there(f->s.data, "containers/" ID_A));
	assert_true(is_there(f->s.run, "containers/" ID_B));
	assert_int_equal(store_container(&f->s, ID_A, &dir, &kept, &f->e), 0);
	assert_true(kept);
	close(dir);
	assert_int_equal(store_container(&f->s, ID_B, &dir, &kept, &f->e), 0);
	assert_false(kept);
	close(dir);
}

static void
ids_with_slashes_and_dots_are_none(void **state)
{
	static const char *const bad[] = { "..", ".", "../run", ".x", "a/b" };
	struct fixture *f = *state;
	bool kept;
	int dir;

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		assert_int_equal(store_container(&f->s, bad[i], &dir, &kept,
		                                 &f->e), -1);
		assert_int_equal(f->e.code, ENOENT);
	}
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(root_holds_data_and_run),
		TEST(umask_has_no_say),
		TEST(world_writable_root_is_refused),
		TEST(root_of_another_user_is_refused),
		TEST(link_in_place_of_run_is_not_followed),
		TEST(write_replaces_and_leaves_nothing_beside),
		TEST(failed_write_keeps_the_old_file),
		TEST(only_regular_files_are_read),
		TEST(too_large_a_file_is_refused),
		TEST(a_very_deep_tree_is_removed),
		TEST(removal_does_not_follow_links),
		TEST(removing_what_is_not_there_is_no_error),
		TEST(removal_does_not_enter_mounts),
		TEST(a_name_is_claimed_once),
		TEST(a_stale_name_is_taken_over),
		TEST(a_name_of_one_in_the_making_is_not_stale),
		TEST(only_the_owner_releases_a_name),
		TEST(of_many_claims_one_wins),
		TEST(names_come_back_after_a_boot),
		TEST(leftovers_go_when_somebody_lists),
		TEST(a_kept_container_is_in_data),
		TEST(ids_with_slashes_and_dots_are_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
