/* SPDX-License-Identifier: ISC */
/* links: base sys logs monitor */
/* The loop beside a process: nothing is lost, and nobody is waited for who
 * does not answer. */
#include "monitor/loop.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "sys/fd.h"
#include "sys/signal.h"

#define MANY 300000

/* What health checks ask of the rooms that this program does without. */
int
container_health_write(const struct container *c, const struct health *h,
                       struct err *e)
{
	(void)c;
	(void)h;
	(void)e;
	return -1;
}

enum container_state
container_refresh_state(const struct container *c)
{
	(void)c;
	return CONTAINER_RUNNING;
}

int
container_pidfd(const struct container *c, int *pidfd, struct err *e)
{
	(void)c;
	(void)pidfd;
	(void)e;
	return -1;
}

void
container_plan(const struct container *c, struct runtime_plan *plan)
{
	(void)c;
	(void)plan;
}

int
runtime_exec(const struct spec *spec, const struct runtime_plan *plan,
             int into, struct runtime_child *child, struct err *e)
{
	(void)spec;
	(void)plan;
	(void)into;
	(void)child;
	(void)e;
	return -1;
}

void
container_tell(const struct container *c, const char *action,
               const char *const *more)
{
	(void)c;
	(void)action;
	(void)more;
}

void
container_tell_exec(const struct container *c, struct exec_id *id,
                    const struct words *command)
{
	(void)c, (void)id, (void)command;
}

void
container_tell_exec_end(const struct container *c, const struct exec_id *id,
                        int status)
{
	(void)c, (void)id, (void)status;
}

void
auto_runtime_child(struct runtime_child *c)
{
	(void)c;
}

/* A process with pipes, a loop beside it, and the other end of its client. */
struct scene {
	struct runtime_child child;
	struct loop loop;
	int watcher;
};

static void
make_pipes(struct stdio *io)
{
	struct err e;
	int pair[2];

	for (int i = 0; i < 3; i++) {
		assert_int_equal(fd_pipe(pair, &e), 0);
		io->child[i] = pair[i ? 1 : 0];
		io->made[i] = true;
		io->ours[i] = pair[i ? 0 : 1];
		fcntl(io->ours[i], F_SETFL, O_NONBLOCK);
	}
}

static void
become(const struct stdio *io, const char *script)
{
	for (int i = 0; i < 3; i++)
		dup2(io->child[i], i);
	signal_reset();
	execl("/bin/sh", "sh", "-c", script, NULL);
	_exit(99);
}

static void
begin(struct scene *s, const char *script)
{
	struct stdio io = STDIO_NONE;
	struct err e;
	sigset_t set;
	int pair[2];

	make_pipes(&io);
	assert_int_equal(fd_socketpair(pair, &e), 0);
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, SIGPIPE); /* as a monitor has it */
	sigprocmask(SIG_BLOCK, &set, NULL);
	s->child = (struct runtime_child){ fork(), -1, -1 };
	if (s->child.pid == 0)
		become(&io, script);
	stdio_close_child(&io);
	loop_begin(&s->loop, &s->child, &io);
	assert_int_equal(signal_open(&set, &s->loop.signals, &e), 0);
	s->watcher = pair[0];
	loop_add_client(&s->loop, pair[1], false);
}

static void
end(struct scene *s)
{
	auto_loop(&s->loop);
	auto_close(&s->watcher);
}

/* In a process of its own, so that both sides can wait for each other:
 * count the bytes of a kind until the socket ends. */
static pid_t
count(struct scene *s, enum frame_kind kind, int result)
{
	struct frame f;
	size_t n = 0;
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	close(s->loop.clients[0].fd);
	while (frame_receive(s->watcher, &f) == 1)
		n += f.kind == (uint32_t)kind ? f.n : 0;
	_exit(write(result, &n, sizeof(n)) != sizeof(n));
}

static size_t
counted(struct scene *s, pid_t pid, int result)
{
	size_t n = 0;

	close(s->loop.clients[0].fd);
	s->loop.clients[0].fd = -1;
	assert_int_equal(read(result, &n, sizeof(n)), sizeof(n));
	waitpid(pid, NULL, 0);
	return n;
}

static void
the_status_is_that_of_a_shell(void **state)
{
	struct scene s;
	struct err e;

	(void)state;
	begin(&s, "exit 7");
	assert_int_equal(loop_run(&s.loop, &e), 0);
	assert_int_equal(s.loop.status, 7);
	end(&s);
	begin(&s, "kill -9 $$");
	assert_int_equal(loop_run(&s.loop, &e), 0);
	assert_int_equal(s.loop.status, 137);
	end(&s);
}

static void
all_output_arrives(void **state)
{
	struct scene s;
	struct err e;
	int result[2];
	pid_t pid;

	(void)state;
	assert_int_equal(pipe(result), 0);
	begin(&s, "head -c 300000 /dev/zero");
	pid = count(&s, FRAME_OUT, result[1]);
	assert_int_equal(loop_run(&s.loop, &e), 0);
	loop_drain(&s.loop);
	loop_finish(&s.loop);
	assert_int_equal(counted(&s, pid, result[0]), MANY);
	end(&s);
	close(result[0]);
	close(result[1]);
}

static void
a_watcher_who_sleeps_gets_the_rest_when_he_wakes(void **state)
{
	struct scene s;
	struct err e;
	int result[2];
	pid_t pid;

	(void)state;
	assert_int_equal(pipe(result), 0);
	begin(&s, "head -c 65536 /dev/zero");
	/* a buffer so small that most has to wait */
	setsockopt(s.loop.clients[0].fd, SOL_SOCKET, SO_SNDBUF, &(int){ 20000 },
	           sizeof(int));
	pid = count(&s, FRAME_OUT, result[1]);
	kill(pid, SIGSTOP);
	assert_int_equal(loop_run(&s.loop, &e), 0);
	loop_drain(&s.loop);
	kill(pid, SIGCONT);
	loop_finish(&s.loop);
	assert_int_equal(counted(&s, pid, result[0]), 65536);
	end(&s);
	close(result[0]);
	close(result[1]);
}

static int64_t
milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000) + now.tv_nsec / 1000000;
}

static void
nobody_waits_for_a_grandchild_that_holds_the_pipe(void **state)
{
	int64_t before = milliseconds();
	struct scene s;
	struct err e;

	(void)state;
	begin(&s, "sleep 30 & echo $!; exit 3");
	assert_int_equal(loop_run(&s.loop, &e), 0);
	loop_drain(&s.loop);
	assert_int_equal(s.loop.status, 3);
	assert_true(milliseconds() - before < 3000);

	struct frame f;

	assert_int_equal(frame_receive(s.watcher, &f), 1);
	f.bytes[f.n] = '\0';
	kill(atoi(f.bytes), SIGKILL);
	end(&s);
}

static void
without_a_watcher_output_is_dropped(void **state)
{
	struct scene s;
	struct err e;

	(void)state;
	begin(&s, "head -c 300000 /dev/zero; exit 4");
	close(s.watcher);
	s.watcher = -1;
	assert_int_equal(loop_run(&s.loop, &e), 0);
	assert_int_equal(s.loop.status, 4);
	end(&s);
}

static void
input_is_taken_and_then_ends(void **state)
{
	struct scene s;
	struct frame f;
	struct err e;

	(void)state;
	begin(&s, "read a; read b || exit ${#a}");
	assert_int_equal(frame_send(s.watcher, FRAME_STDIN, "hello\n", 6), 0);
	assert_int_equal(frame_send(s.watcher, FRAME_STDIN, NULL, 0), 0);
	assert_int_equal(loop_run(&s.loop, &e), 0);
	assert_int_equal(s.loop.status, 5);
	assert_int_equal(frame_receive(s.watcher, &f), 1);
	assert_int_equal(f.kind, FRAME_TAKEN);
	end(&s);
}

static void
a_signal_overtakes_input_that_is_not_read(void **state)
{
	static char much[FRAME_BYTES];
	struct scene s;
	struct err e;

	(void)state;
	begin(&s, "exec sleep 30");
	fcntl(s.loop.in, F_SETPIPE_SZ, 4096);
	assert_int_equal(frame_send(s.watcher, FRAME_STDIN, much,
	                            sizeof(much)), 0);
	assert_int_equal(frame_send(s.watcher, FRAME_SIGNAL,
	                            &(int32_t){ SIGTERM }, 4), 0);
	assert_int_equal(loop_run(&s.loop, &e), 0);
	assert_int_equal(s.loop.status, 128 + SIGTERM);
	end(&s);
}

static void
a_packet_that_is_no_frame_ends_the_watching_only(void **state)
{
	struct scene s;
	struct err e;

	(void)state;
	begin(&s, "sleep 0.2; exit 6");
	assert_int_equal(send(s.watcher, "\11\0\0\0x", 5, 0), 5);
	assert_int_equal(loop_run(&s.loop, &e), 0);
	assert_int_equal(s.loop.status, 6);
	assert_int_equal(s.loop.clients[0].fd, -1);
	end(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_status_is_that_of_a_shell),
		cmocka_unit_test(all_output_arrives),
		cmocka_unit_test(
		        a_watcher_who_sleeps_gets_the_rest_when_he_wakes),
		cmocka_unit_test(
		        nobody_waits_for_a_grandchild_that_holds_the_pipe),
		cmocka_unit_test(without_a_watcher_output_is_dropped),
		cmocka_unit_test(input_is_taken_and_then_ends),
		cmocka_unit_test(a_signal_overtakes_input_that_is_not_read),
		cmocka_unit_test(
		        a_packet_that_is_no_frame_ends_the_watching_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
