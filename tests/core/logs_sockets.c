/* SPDX-License-Identifier: ISC */
/* links: base logs sys/clock.c sys/fd.c sys/watch.c */
/* Drivers, their options, and what arrives at a journal or a syslog server. */
#include "logs/logs.h"
#include "sys/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

static struct logs l;
static struct arena arena;

static int
end(void **state)
{
	(void)state;
	auto_logs(&l);
	auto_arena(&arena);
	return 0;
}

static struct pairs
options(const char *const *words)
{
	struct pairs all = { 0 };

	for (; words && *words; words += 2)
		pairs_set(&arena, &all, words[0], words[1]);
	return all;
}

static int
try_open(const char *driver, const char *const *words, struct err *e)
{
	static struct pairs all, labels;
	const struct logs_how how = {
		.driver = driver, .options = &all, .labels = &labels,
		.id = "0123456789abcdef0123", .name = "web", .image = "/r",
	};

	labels = (struct pairs){ 0 };
	pairs_set(&arena, &labels, "com.site-name", "x\ny");
	all = options(words);
	return logs_open(&l, -1, &how, e);
}

static void
open_log(const char *driver, const char *const *words)
{
	struct err e;

	if (try_open(driver, words, &e) < 0)
		fail_msg("%s", e.text);
}

static void
say(enum logs_stream s, const char *text)
{
	logs_write(&l, s, text, strlen(text));
}

/* A server's socket of the machine; a message is waited for a second. */
static int
serve_unix(const char *path, int type)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);
	struct timeval second = { 1, 0 };

	strcpy(at.sun_path, path);
	unlink(path);
	assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &second,
	                            sizeof(second)), 0);
	if (type == SOCK_STREAM)
		assert_int_equal(listen(fd, 5), 0);
	return fd;
}

static int
serve_inet(int type, unsigned *port)
{
	struct sockaddr_in at = { .sin_family = AF_INET };
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);
	struct timeval second = { 1, 0 };
	socklen_t n = sizeof(at);

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(fd, (struct sockaddr *)&at, n), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &n), 0);
	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &second,
	                            sizeof(second)), 0);
	if (type == SOCK_STREAM)
		assert_int_equal(listen(fd, 5), 0);
	*port = ntohs(at.sin_port);
	return fd;
}

static char got[70000];

static char *
receive(int fd)
{
	ssize_t n = recv(fd, got, sizeof(got) - 1, 0);

	got[n < 0 ? 0 : n] = '\0';
	return got;
}

/* Does the text have the shape? 0 is a digit, a A letter, ? anything; what
 * follows the shape is returned. */
static const char *
behind(const char *shape, const char *text)
{
	for (; *shape; shape++, text++)
		if (*shape == '0'   ? *text < '0' || *text > '9'
		    : *shape == '?' ? !*text
		                    : *shape != *text)
			fail_msg("'%s' where '%s' is wanted", text, shape);
	return text;
}

static char path[64];

static char *
url(const char *scheme)
{
	snprintf(path, sizeof(path), "/tmp/logs.socket.%d", getpid());
	return arena_format(&arena, "%s%s", scheme, path);
}

static void
syslog_in_the_form_of_a_local_program(void **state)
{
	const char *words[] = { "syslog-address", url("unixgram://"), NULL };
	int fd = serve_unix(path, SOCK_DGRAM);
	char wanted[64];

	(void)state;
	open_log("syslog", words);
	say(LOGS_OUT, "hello\n");
	snprintf(wanted, sizeof(wanted), " 0123456789ab[%d]: hello\n",
	         getpid());
	assert_string_equal(behind("<30>??? ?0 00:00:00", receive(fd)),
	                    wanted);
	say(LOGS_ERR, "x\xff\n\n");
	behind("<27>??? ?0 00:00:00 0123456789ab[", receive(fd));
	assert_string_equal(strrchr(got, ':'), ": x\xff\n");
	assert_string_equal(strrchr(receive(fd), ':'), ": \n");
	close(fd);
	unlink(path);
}

static void
syslog_formats(void **state)
{
	static const struct {
		const char *name, *shape, *end;
	} all[] = {
		{ "rfc3164", "<158>??? ?0 00:00:00 HOST web/r[PID", "]: m\n" },
		{ "rfc5424", "<158>1 0000-00-00T00:00:00Z HOST web/r PID",
		  " web/r - m\n" },
		{ "rfc5424micro", "<158>1 0000-00-00T00:00:00.000000Z HOST "
		  "web/r PID", " web/r - m\n" },
	};
	char host[256], *shape;

	(void)state;
	gethostname(host, sizeof(host));
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		const char *words[] = {
			"syslog-address", url("unixgram://"),
			"syslog-format", all[i].name, "tag",
			"{{.Name}}{{ .ImageName }}", "syslog-facility",
			"local3", NULL
		};
		int fd = serve_unix(path, SOCK_DGRAM);
		const char *at = strstr(all[i].shape, "HOST"), *text;

		open_log("syslog", words);
		say(LOGS_OUT, "m\n");
		text = receive(fd);
		shape = arena_bytes(&arena, all[i].shape,
		                    (size_t)(at - all[i].shape));
		text = behind(shape, text);
		assert_memory_equal(text, host, strlen(host));
		text += strlen(host);
		shape = arena_bytes(&arena, at + 4,
		                    (size_t)(strstr(at, "PID") - at - 4));
		text = behind(shape, text);
		assert_int_equal(strtol(text, NULL, 10), getpid());
		text += strspn(text, "0123456789");
		assert_string_equal(text, all[i].end);
		auto_logs(&l);
		close(fd);
	}
	unlink(path);
}

static void
syslog_over_udp(void **state)
{
	unsigned port;
	int fd = serve_inet(SOCK_DGRAM, &port);
	const char *words[] = { "syslog-address",
		arena_format(&arena, "udp://127.0.0.1:%u", port), NULL };

	(void)state;
	open_log("syslog", words);
	say(LOGS_OUT, "over udp\n");
	assert_non_null(strstr(receive(fd), ": over udp\n"));
	close(fd);
}

/* A server that goes and comes back: what was lost is counted. */
static void
syslog_over_tcp_comes_again(void **state)
{
	unsigned port;
	int fd = serve_inet(SOCK_STREAM, &port), one;
	const char *words[] = { "syslog-address",
		arena_format(&arena, "tcp://localhost:%u", port), NULL };
	struct sockaddr_in at = { .sin_family = AF_INET };
	int reuse = 1;

	(void)state;
	open_log("syslog", words);
	one = accept(fd, NULL, NULL);
	say(LOGS_OUT, "first\n");
	assert_non_null(strstr(receive(one), ": first\n"));
	close(one);
	close(fd);
	for (int i = 0; i < 20; i++) {
		say(LOGS_OUT, "lost\n");
		usleep(1000);
	}
	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &reuse, sizeof(reuse));
	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	at.sin_port = htons((uint16_t)port);
	assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	assert_int_equal(listen(fd, 5), 0);
	usleep(1100000);
	say(LOGS_OUT, "second\n");
	one = accept(fd, NULL, NULL);
	usleep(50000);
	assert_non_null(strstr(receive(one), "lines are missing here: Conn"));
	assert_non_null(strstr(got, ": second\n"));
	close(one);
	close(fd);
}

/* Nobody reads: one second is waited, and then no more. */
static void
who_does_not_read_is_not_waited_for(void **state)
{
	const char *words[] = { "syslog-address", url("unixgram://"), NULL };
	int fd = serve_unix(path, SOCK_DGRAM);
	int64_t start = clock_ms();

	(void)state;
	open_log("syslog", words);
	for (int i = 0; i < 2000; i++)
		say(LOGS_OUT, "line\n");
	assert_in_range(clock_ms() - start, 900, 3000);
	assert_true(l.lost > 1000);
	auto_logs(&l);
	close(fd);
	fd = serve_unix(path, SOCK_DGRAM);
	words[1] = url("unixgram://");
	start = clock_ms();
	open_log("syslog", (const char *[]){ "mode", "non-blocking",
	         "syslog-address", words[1], NULL });
	for (int i = 0; i < 2000; i++)
		say(LOGS_OUT, "line\n");
	assert_in_range(clock_ms() - start, 0, 800);
	close(fd);
	unlink(path);
}

static void
a_server_that_is_not_there_is_an_error(void **state)
{
	struct err e;
	const char *words[] = { "syslog-address", url("unix://"), NULL };

	(void)state;
	assert_int_equal(try_open("syslog", words, &e), -1);
	assert_int_equal(e.code, ENOENT);
	assert_memory_equal(e.text, "log driver syslog: unix:///tmp/logs.", 36);
}

/* A mount namespace of our own, where /run and /dev are empty. */
static bool
own_world(void)
{
	return unshare(CLONE_NEWNS) == 0 &&
	       mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
	       mount("none", "/run", "tmpfs", 0, NULL) == 0 &&
	       mount("none", "/dev", "tmpfs", 0, NULL) == 0;
}

static void
the_journal_gets_dockers_fields(void **state)
{
	const char *words[] = { "labels", "com.site-name", NULL };
	struct err e;
	char *text;
	int fd;

	(void)state;
	if (!own_world())
		skip();
	assert_int_equal(try_open("journald", words, &e), -1);
	assert_non_null(strstr(e.text, "journald is not running here"));
	mkdir("/run/systemd", 0755);
	mkdir("/run/systemd/journal", 0755);
	fd = serve_unix("/run/systemd/journal/socket", SOCK_DGRAM);
	open_log("journald", words);
	say(LOGS_ERR, "a line\n");
	text = receive(fd);
	assert_memory_equal(text, "PRIORITY=3\nSYSLOG_TIMESTAMP=2", 29);
	assert_string_equal(strstr(text, "MESSAGE"),
	        "MESSAGE=a line\nCONTAINER_ID=0123456789ab\n"
	        "CONTAINER_ID_FULL=0123456789abcdef0123\nCONTAINER_NAME=web\n"
	        "CONTAINER_TAG=0123456789ab\nSYSLOG_IDENTIFIER=0123456789ab\n"
	        "IMAGE_NAME=/r\nCOM_SITE_NAME\n\3");
	assert_memory_equal(strstr(text, "NAME\n\3") + 6,
	                    "\0\0\0\0\0\0\0x\ny\n", 11);
	for (int i = 0; i < LOGS_LINE / 8; i++)
		say(LOGS_OUT, "12345678");
	say(LOGS_OUT, "9\n");
	text = receive(fd);
	assert_non_null(strstr(text, "PRIORITY=6\n"));
	assert_non_null(strstr(text, "\nCONTAINER_PARTIAL_MESSAGE=true\n"));
	text = receive(fd);
	assert_null(strstr(text, "PARTIAL"));
	assert_non_null(strstr(text, "\nMESSAGE=9\n"));
	close(fd);
}

static void
syslog_finds_the_local_server(void **state)
{
	struct err e;
	int fd, one;

	(void)state;
	if (!own_world())
		skip();
	assert_int_equal(try_open("syslog", NULL, &e), -1);
	assert_non_null(strstr(e.text, "no syslog server listens"));
	fd = serve_unix("/dev/log", SOCK_DGRAM);
	open_log("syslog", NULL);
	say(LOGS_OUT, "x\n");
	assert_non_null(strstr(receive(fd), ": x\n"));
	auto_logs(&l);
	close(fd);
	fd = serve_unix("/dev/log", SOCK_STREAM);
	open_log("syslog", NULL);
	one = accept(fd, NULL, NULL);
	say(LOGS_OUT, "y\n");
	assert_non_null(strstr(receive(one), ": y\n"));
	close(one);
	close(fd);
}

/* ---- options ---- */

static void
what_can_be_had(void **state)
{
	static const struct {
		const char *driver, *words[5];
	} all[] = {
		{ NULL, { NULL } }, { "none", { NULL } },
		{ "passthrough", { NULL } },
		{ "json-file", { "max-size", "10m", "max-file", "5" } },
		{ "json-file", { "max-size", "-1" } },
		{ "json-file", { "max-size", "1.5GiB", "compress", "false" } },
		{ "json-file", { "mode", "non-blocking", "max-buffer-size",
		                 "4m" } },
		{ "json-file", { "env-regex", "^A", "labels", "a,b" } },
		{ "journald", { "tag", "{{.Name}}/x" } },
		{ "syslog", { "syslog-address", "udp://[::1]:514" } },
		{ "syslog", { "syslog-address", "udp://::1" } },
		{ "syslog", { "syslog-address", "tcp://10.0.0.1" } },
		{ "syslog", { "syslog-facility", "23", "syslog-format",
		              "rfc5424" } },
	};
	struct err e;

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		struct pairs p = options(all[i].words);

		if (logs_check(all[i].driver, &p, &e) < 0)
			fail_msg("%s", e.text);
	}
	assert_int_equal(logs_check("none", NULL, &e), 0);
}

static void
what_cannot_be_had(void **state)
{
	static const struct {
		const char *driver, *key, *value, *text;
	} all[] = {
		{ "local", "a", "b", "log driver 'local' is not supported" },
		{ "fluentd", "a", "b", "log driver 'fluentd' is not supp" },
		{ "jsonfile", "a", "b", "no log driver is called 'jsonfile'" },
		{ "none", "max-size", "1m", "none has no option 'max-size'" },
		{ "journald", "max-file", "1", "no option 'max-file'" },
		{ NULL, "max-size", "ten", "max-size: 'ten' is not a size" },
		{ NULL, "max-size", "0", "max-size: '0' is not a size" },
		{ NULL, "max-size", "1mm", "max-size: '1mm' is not a size" },
		{ NULL, "max-size", "", "max-size: '' is not a size" },
		{ NULL, "max-file", "0", "max-file: '0' is not a number" },
		{ NULL, "max-file", "1000", "'1000' is not a number from" },
		{ NULL, "max-file", "1x", "max-file: '1x' is not" },
		{ NULL, "compress", "true", "compress: old files are not" },
		{ NULL, "compress", "x", "'x' is neither true nor false" },
		{ NULL, "mode", "x", "mode: 'x' is neither blocking nor" },
		{ NULL, "max-buffer-size", "x", "'x' is not a size" },
		{ NULL, "env-regex", "(", "env-regex: " },
		{ NULL, "tag", "{{.Nothing}}", "'{{.Nothing}}' is none of" },
		{ NULL, "tag", "{{.ID", "tag: '{{.ID' is none of" },
		{ NULL, "tag", "a\nb", "tag: a control character" },
		{ "syslog", "syslog-address", "tcp://log.example:514",
		  "'log.example' is a name" },
		{ "syslog", "syslog-address", "tcp+tls://1.2.3.4", "TLS" },
		{ "syslog", "syslog-address", "http://x", "does not begin" },
		{ "syslog", "syslog-address", "udp://1.2.3.4:0", "is not a p" },
		{ "syslog", "syslog-address", "udp://1.2.3.4:99999", "not a p" },
		{ "syslog", "syslog-address", "udp://[::1]x", "behind the ']'" },
		{ "syslog", "syslog-address", "unix://x", "absolute path" },
		{ "syslog", "syslog-facility", "x", "no facility is called" },
		{ "syslog", "syslog-facility", "24", "no facility is called" },
		{ "syslog", "syslog-format", "rfc1", "is none of rfc3164" },
		{ "syslog", "syslog-tls-cert", "x", "no option 'syslog-tls" },
	};
	struct err e;

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		const char *words[] = { all[i].key, all[i].value, NULL };
		struct pairs p = options(words);

		e.text[0] = '\0';
		if (logs_check(all[i].driver, &p, &e) == 0)
			fail_msg("%s=%s is taken", all[i].key, all[i].value);
		assert_int_equal(e.code, EINVAL);
		if (!strstr(e.text, all[i].text))
			fail_msg("'%s' does not say '%s'", e.text,
			         all[i].text);
	}
}

static void
what_can_be_read(void **state)
{
	(void)state;
	assert_true(logs_is_readable(NULL));
	assert_true(logs_is_readable("json-file"));
	assert_false(logs_is_readable("none"));
	assert_false(logs_is_readable("journald"));
	assert_false(logs_is_readable("nosuch"));
}

static void
none_takes_everything(void **state)
{
	(void)state;
	open_log("none", NULL);
	say(LOGS_OUT, "x\n");
	logs_flush(&l);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_teardown(f, end)
	const struct CMUnitTest tests[] = {
		TEST(syslog_in_the_form_of_a_local_program),
		TEST(syslog_formats),
		TEST(syslog_over_udp),
		TEST(syslog_over_tcp_comes_again),
		TEST(who_does_not_read_is_not_waited_for),
		TEST(a_server_that_is_not_there_is_an_error),
		TEST(what_can_be_had),
		TEST(what_cannot_be_had),
		TEST(what_can_be_read),
		TEST(none_takes_everything),
		TEST(the_journal_gets_dockers_fields),
		TEST(syslog_finds_the_local_server),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
