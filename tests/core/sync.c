/* SPDX-License-Identifier: ISC */
/* links: base sys sync */
/* The words on fd 4: errors, descriptors, the end, and what is no word. */
#include "sync/sync.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sys/fd.h"

static int
make_pair(void **state)
{
	static int pair[2];
	struct err e;

	*state = pair;
	return fd_socketpair(pair, &e);
}

static int
close_pair(void **state)
{
	int *pair = *state;

	close(pair[0]);
	close(pair[1]);
	return 0;
}

static void
an_error_arrives_as_it_was(void **state)
{
	int *pair = *state;
	struct err said = { 0 }, e;
	struct sync_message m;

	(fail)(&said, ENOENT, "mounts: '%s'", "/x");
	fail_status(&said, STATUS_NOT_FOUND);
	assert_int_equal(sync_send(pair[0], SYNC_FAILED, &said, -1, &e), 0);
	assert_int_equal(sync_receive(pair[1], &m, NULL, &e), 1);
	assert_int_equal(m.word, SYNC_FAILED);
	assert_int_equal(m.err.status, 127);
	assert_int_equal(m.err.code, ENOENT);
	assert_string_equal(m.err.text, "mounts: '/x'");
}

static void
a_word_alone_has_no_text(void **state)
{
	int *pair = *state;
	struct sync_message m;
	struct err e;

	memset(&m, 'x', sizeof(m));
	assert_int_equal(sync_send(pair[0], SYNC_GO, NULL, -1, &e), 0);
	assert_int_equal(sync_receive(pair[1], &m, NULL, &e), 1);
	assert_int_equal(m.word, SYNC_GO);
	assert_string_equal(m.err.text, "");
	assert_int_equal(m.err.code, 0);
	assert_int_equal(m.err.status, 0);
}

static void
a_descriptor_comes_along_close_on_exec(void **state)
{
	int *pair = *state, pipe_ends[2], fd = -1;
	struct sync_message m;
	struct err e;
	char byte;

	assert_int_equal(pipe(pipe_ends), 0);
	assert_int_equal(sync_send(pair[0], SYNC_MOUNTED, NULL, pipe_ends[1],
	                           &e), 0);
	assert_int_equal(sync_receive(pair[1], &m, &fd, &e), 1);
	assert_true(fd >= 0);
	assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
	assert_int_equal(write(fd, "!", 1), 1);
	assert_int_equal(read(pipe_ends[0], &byte, 1), 1);
	close(fd);
	close(pipe_ends[0]);
	close(pipe_ends[1]);
}

static void
a_descriptor_that_nobody_wants_is_closed(void **state)
{
	int *pair = *state, pipe_ends[2];
	struct sync_message m;
	struct err e;
	char byte;

	assert_int_equal(pipe(pipe_ends), 0);
	assert_int_equal(sync_send(pair[0], SYNC_MOUNTED, NULL, pipe_ends[1],
	                           &e), 0);
	close(pipe_ends[1]);
	assert_int_equal(sync_receive(pair[1], &m, NULL, &e), 1);
	assert_int_equal(read(pipe_ends[0], &byte, 1), 0);
	close(pipe_ends[0]);
}

static void
the_other_side_may_end(void **state)
{
	int *pair = *state, fd;
	struct sync_message m;
	struct err e;

	/* what it has not read must not turn the end into an error */
	assert_int_equal(sync_send(pair[1], SYNC_GO, NULL, -1, &e), 0);
	close(pair[0]);
	assert_int_equal(sync_receive(pair[1], &m, &fd, &e), 0);
	assert_int_equal(fd, -1);
	assert_int_equal(sync_send(pair[1], SYNC_GO, NULL, -1, &e), -1);
	assert_int_equal(e.code, EPIPE);
	pair[0] = -1;
}

/* Linux tells of what was left unread first, and then the words are there. */
static void
last_words_are_heard_of_one_who_did_not_listen(void **state)
{
	int *pair = *state;
	struct sync_message m;
	struct err e;

	assert_int_equal(sync_send(pair[1], SYNC_GO, NULL, -1, &e), 0);
	assert_int_equal(sync_send(pair[0], SYNC_MOUNTED, NULL, -1, &e), 0);
	close(pair[0]);
	pair[0] = -1;
	assert_int_equal(sync_receive(pair[1], &m, NULL, &e), 1);
	assert_int_equal(m.word, SYNC_MOUNTED);
	assert_int_equal(sync_receive(pair[1], &m, NULL, &e), 0);
}

static void
what_is_no_word_is_refused(void **state)
{
	const uint32_t words[] = { 0, SYNC_FAILED + 1, UINT32_MAX };
	int *pair = *state;
	struct sync_message m;
	struct err e;

	for (size_t i = 0; i < 4; i++) {
		assert_true(send(pair[0], &words[i % 3], i < 3 ? 4 : 1, 0) > 0);
		assert_int_equal(sync_receive(pair[1], &m, NULL, &e), -1);
		assert_int_equal(e.code, EBADMSG);
	}
}

static void
a_text_without_an_end_gets_one(void **state)
{
	int *pair = *state;
	struct err said, e;
	struct sync_message m;

	memset(&said, 'x', sizeof(said));
	assert_int_equal(sync_send(pair[0], SYNC_WARNING, &said, -1, &e), 0);
	assert_int_equal(sync_receive(pair[1], &m, NULL, &e), 1);
	assert_int_equal(strlen(m.err.text), sizeof(m.err.text) - 1);
}

#define TEST(name) \
	cmocka_unit_test_setup_teardown(name, make_pair, close_pair)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_error_arrives_as_it_was),
		TEST(a_word_alone_has_no_text),
		TEST(a_descriptor_comes_along_close_on_exec),
		TEST(a_descriptor_that_nobody_wants_is_closed),
		TEST(the_other_side_may_end),
		TEST(last_words_are_heard_of_one_who_did_not_listen),
		TEST(what_is_no_word_is_refused),
		TEST(a_text_without_an_end_gets_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
