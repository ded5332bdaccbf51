/* SPDX-License-Identifier: ISC */
/* links: base sys monitor */
/* Frames: what the other side said before it went is heard. */
#include "monitor/frame.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <unistd.h>

#include "sys/fd.h"

/* A command of a millisecond ends before its monitor has heard of the size of
 * the caller's terminal; Linux tells the caller of that first. */
static void
the_status_is_heard_of_a_monitor_that_did_not_listen(void **state)
{
	struct frame_size size = { 24, 80 };
	struct frame f;
	struct err e;
	int32_t status = 7;
	int pair[2];

	(void)state;
	assert_int_equal(fd_socketpair(pair, &e), 0);
	assert_int_equal(frame_send(pair[0], FRAME_RESIZE, &size,
	                            sizeof(size)), 0);
	assert_int_equal(frame_send(pair[1], FRAME_EXITED, &status,
	                            sizeof(status)), 0);
	close(pair[1]);
	assert_int_equal(frame_receive(pair[0], &f), 1);
	assert_int_equal(f.kind, FRAME_EXITED);
	assert_int_equal(f.number, 7);
	assert_int_equal(frame_receive(pair[0], &f), 0);
	close(pair[0]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		        the_status_is_heard_of_a_monitor_that_did_not_listen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
