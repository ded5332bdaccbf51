/* SPDX-License-Identifier: ISC */
/* path: names that try to leave their root, with openat2 and without it. */
/* links: base sys */
#include "sys/path.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "sys/missing.h"

/*
 * A tree with a root in it, and one file outside that no name may reach:
 *
 *	secret            root/dir/file      root/up    -> ..
 *	root/file         root/abs  -> /dir  root/out   -> ../../secret
 *	root/loop -> loop root/deep -> abs/../dir/file
 */
struct tree {
	char top[64];
	int root;
};

static int
make_tree(void **state)
{
	struct tree *t = calloc(1, sizeof(*t));
	int fd;

	strcpy(t->top, "/tmp/sys_path.XXXXXX");
	assert_non_null(mkdtemp(t->top));
	fd = open(t->top, O_DIRECTORY | O_RDONLY);
	assert_int_equal(mknodat(fd, "secret", S_IFREG | 0600, 0), 0);
	assert_int_equal(mkdirat(fd, "root", 0755), 0);
	t->root = openat(fd, "root", O_DIRECTORY | O_RDONLY);
	close(fd);
	assert_int_equal(mkdirat(t->root, "dir", 0755), 0);
	assert_int_equal(mknodat(t->root, "file", S_IFREG | 0600, 0), 0);
	assert_int_equal(mknodat(t->root, "dir/file", S_IFREG | 0600, 0), 0);
	assert_int_equal(symlinkat("/dir", t->root, "abs"), 0);
	assert_int_equal(symlinkat("..", t->root, "up"), 0);
	assert_int_equal(symlinkat("../../secret", t->root, "out"), 0);
	assert_int_equal(symlinkat("loop", t->root, "loop"), 0);
	assert_int_equal(symlinkat("abs/../dir/file", t->root, "deep"), 0);
	assert_int_equal(symlinkat("nothing", t->root, "dangling"), 0);
	*state = t;
	return 0;
}

static int
drop_tree(void **state)
{
	struct tree *t = *state;
	char command[128];

	close(t->root);
	snprintf(command, sizeof(command), "rm -rf '%s'", t->top);
	assert_int_equal(system(command), 0);
	free(t);
	return 0;
}

/* Where a name leads: a path below the root, or an errno. */
static const struct {
	const char *name, *leads_to;
	int code;
} names[] = {
	{ "/", ".", 0 },
	{ "dir", "dir", 0 },
	{ "/dir/file", "dir/file", 0 },
	{ "//dir//.//file", "dir/file", 0 },
	{ "..", ".", 0 },
	{ "../../../dir", "dir", 0 },
	{ "dir/../../file", "file", 0 },
	{ "up", ".", 0 },
	{ "up/up/dir", "dir", 0 },
	{ "abs", "dir", 0 },
	{ "abs/file", "dir/file", 0 },
	{ "abs/..", ".", 0 },
	{ "deep", "dir/file", 0 },
	{ "out", NULL, ENOENT },
	{ "loop", NULL, ELOOP },
	{ "missing", NULL, ENOENT },
	{ "dangling", NULL, ENOENT },
	{ "file/", NULL, ENOTDIR },
	{ "file/x", NULL, ENOTDIR },
	{ "", NULL, ENOENT },
};

/* Returns how many names led elsewhere, after saying which. */
static int
count_wrong(int root)
{
	int wrong = 0;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		int fd = path_open_in(root, names[i].name, O_PATH);
		int code = fd < 0 ? errno : 0;
		struct stat got = { 0 }, want = { 0 };

		if (fd >= 0)
			fstat(fd, &got);
		if (names[i].leads_to)
			fstatat(root, names[i].leads_to, &want, 0);
		if (code != names[i].code || got.st_ino != want.st_ino) {
			fprintf(stderr, "'%s': errno %d, inode %ju\n",
			        names[i].name, code, (uintmax_t)got.st_ino);
			wrong++;
		}
		if (fd >= 0)
			close(fd);
	}
	return wrong;
}

/* What would leave the root is refused. */
static const struct {
	const char *name;
	int code;
} beneath[] = {
	{ "dir/file", 0 },         { "dir/../file", 0 },
	{ "deep", EXDEV },         { "abs", EXDEV },
	{ "/dir", EXDEV },         { "..", EXDEV },
	{ "up", EXDEV },           { "dir/../..", EXDEV },
	{ "out", EXDEV },          { "loop", ELOOP },
	{ "missing", ENOENT },
};

static int
count_escapes(int root)
{
	int wrong = 0;

	for (size_t i = 0; i < sizeof(beneath) / sizeof(*beneath); i++) {
		int fd = path_open_beneath(root, beneath[i].name, O_PATH);
		int code = fd < 0 ? errno : 0;

		if (code != beneath[i].code) {
			fprintf(stderr, "'%s': errno %d\n", beneath[i].name,
			        code);
			wrong++;
		}
		if (fd >= 0)
			close(fd);
	}
	return wrong;
}

/* Run in a process for which the kernel has no openat2. */
static int
without_openat2(int (*run)(int), int root)
{
	struct sock_filter program[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
		         offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat2, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog filter = { 4, program };
	int status;
	pid_t pid = fork();

	if (pid == 0) {
		if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
		    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) < 0)
			_exit(99);
		_exit(run(root));
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void
names_stay_in_the_root(void **state)
{
	assert_int_equal(count_wrong(((struct tree *)*state)->root), 0);
}

static void
names_stay_in_the_root_without_openat2(void **state)
{
	struct tree *t = *state;

	assert_int_equal(without_openat2(count_wrong, t->root), 0);
}

static void
a_path_beneath_does_not_leave_the_root(void **state)
{
	struct tree *t = *state;

	assert_int_equal(count_escapes(t->root), 0);
	assert_int_equal(without_openat2(count_escapes, t->root), 0);
}

static void
a_plain_path_has_no_link_in_it(void **state)
{
	struct tree *t = *state;
	int fd = path_open_plain(t->root, "dir/file", O_PATH);

	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(path_open_plain(t->root, "abs/file", O_PATH), -1);
	assert_int_equal(errno, ELOOP);
}

static int
count_followed(int root)
{
	int fd = path_open_plain(root, "abs/file", O_PATH);
	bool refused = fd < 0 && errno == ELOOP;
	int link = path_open_in(root, "abs", O_PATH | O_NOFOLLOW);
	struct stat st;

	return !refused +
	       (link < 0 || fstat(link, &st) < 0 || !S_ISLNK(st.st_mode));
}

static void
links_are_refused_without_openat2(void **state)
{
	struct tree *t = *state;

	assert_int_equal(without_openat2(count_followed, t->root), 0);
}

/* Those that lead to an object; others, as "self", are links as any. */
static int
count_magic_followed(int host)
{
	char name[40];
	int magic, plain;

	snprintf(name, sizeof(name), "/proc/self/fd/%d", host);
	magic = path_open_in(host, name, O_PATH);
	plain = magic < 0 && errno == ELOOP
	        ? path_open_in(host, "/proc/self/status", O_PATH) : -1;
	return (magic >= 0) + (plain < 0);
}

static void
links_of_procfs_are_refused(void **state)
{
	int host = open("/", O_PATH | O_DIRECTORY);

	(void)state;
	assert_int_equal(count_magic_followed(host), 0);
	assert_int_equal(without_openat2(count_magic_followed, host), 0);
	close(host);
}

static int
count_unmade(int root)
{
	struct stat st;
	int dir = path_make_dir(root, "/abs/../new/a/b");
	int file = path_make_file(root, "abs/deep/er");

	return (dir < 0 || fstatat(root, "new/a/b", &st, 0) < 0 ||
	        !S_ISDIR(st.st_mode)) +
	       (file < 0 || fstatat(root, "dir/deep/er", &st, 0) < 0 ||
	        !S_ISREG(st.st_mode));
}

static void
what_is_missing_is_made(void **state)
{
	assert_int_equal(count_unmade(((struct tree *)*state)->root), 0);
}

static void
what_is_missing_is_made_without_openat2(void **state)
{
	struct tree *t = *state;

	assert_int_equal(without_openat2(count_unmade, t->root), 0);
}

static void
nothing_is_made_through_a_dangling_link(void **state)
{
	struct tree *t = *state;
	struct stat st;

	assert_int_equal(path_make_dir(t->root, "dangling/x"), -1);
	assert_int_equal(fstatat(t->root, "nothing", &st, 0), -1);
	assert_int_equal(path_make_file(t->root, "dangling"), -1);
	assert_int_equal(fstatat(t->root, "nothing", &st, 0), -1);
}

static void
kinds_are_not_mixed_up(void **state)
{
	struct tree *t = *state;

	assert_int_equal(path_make_dir(t->root, "file"), -1);
	assert_int_equal(errno, ENOTDIR);
	assert_int_equal(path_make_file(t->root, "dir"), -1);
	assert_int_equal(errno, EISDIR);
	assert_int_equal(path_make_dir(t->root, "none/.."), -1);
	assert_int_equal(errno, EINVAL);
}

static void
names_are_compared_by_component(void **state)
{
	(void)state;
	assert_true(path_is("/proc", "proc"));
	assert_true(path_is("//proc/./", "/proc"));
	assert_true(path_is("", "/"));
	assert_false(path_is("/process", "/proc"));
	assert_false(path_is("/proc/self", "/proc"));
	assert_true(path_is_below("/proc//self", "/proc"));
	assert_true(path_is_below("/x", "/"));
	assert_false(path_is_below("/proc/", "/proc"));
	assert_false(path_is_below("/process/x", "/proc"));
	assert_false(path_is_below("/a", "/a/b"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(names_stay_in_the_root,
		                                make_tree, drop_tree),
		cmocka_unit_test_setup_teardown(
		        names_stay_in_the_root_without_openat2, make_tree,
		        drop_tree),
		cmocka_unit_test_setup_teardown(
		        a_path_beneath_does_not_leave_the_root, make_tree,
		        drop_tree),
		cmocka_unit_test_setup_teardown(a_plain_path_has_no_link_in_it,
		                                make_tree, drop_tree),
		cmocka_unit_test_setup_teardown(
		        links_are_refused_without_openat2, make_tree,
		        drop_tree),
		cmocka_unit_test(links_of_procfs_are_refused),
		cmocka_unit_test_setup_teardown(what_is_missing_is_made,
		                                make_tree, drop_tree),
		cmocka_unit_test_setup_teardown(
		        what_is_missing_is_made_without_openat2, make_tree,
		        drop_tree),
		cmocka_unit_test_setup_teardown(
		        nothing_is_made_through_a_dangling_link, make_tree,
		        drop_tree),
		cmocka_unit_test_setup_teardown(kinds_are_not_mixed_up,
		                                make_tree, drop_tree),
		cmocka_unit_test(names_are_compared_by_component),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
