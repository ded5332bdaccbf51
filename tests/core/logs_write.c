/* SPDX-License-Identifier: ISC */
/* links: base logs sys/clock.c sys/fd.c sys/watch.c */
/* What a container writes, through the log and back again. */
#include "logs/logs.h"

#include "logs/parts.h"
#include "logs/read.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

/* A directory for the files, and the log that writes there. */
struct place {
	char path[64];
	int dir;
	struct logs log;
};

static int
begin(void **state)
{
	struct place *p = mem_new(sizeof(*p));

	strcpy(p->path, "/tmp/logs.XXXXXX");
	assert_non_null(mkdtemp(p->path));
	p->dir = open(p->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	*state = p;
	return 0;
}

static int
end(void **state)
{
	struct place *p = *state;
	char name[32];

	auto_logs(&p->log);
	for (unsigned i = 0; i < 1000; i++) {
		file_name(name, i);
		unlinkat(p->dir, name, 0);
	}
	close(p->dir);
	assert_int_equal(rmdir(p->path), 0);
	free(p);
	return 0;
}

/* Options: pairs of key and value, ended by NULL. */
static void
open_with(struct place *p, const char *const *options)
{
	AUTO(arena) struct arena a = { 0 };
	struct pairs all = { 0 }, labels = { 0 };
	struct words env = { 0 };
	struct logs_how how = {
		.options = &all, .labels = &labels, .env = &env,
		.id = "0123456789abcdef", .name = "web", .image = "/r",
		.kept = true,
	};
	struct err e;

	pairs_set(&a, &labels, "owner", "\"A\" & b");
	pairs_set(&a, &labels, "tier", "1");
	words_add(&a, &env, "LANG=C");
	for (; options && *options; options += 2)
		pairs_set(&a, &all, options[0], options[1]);
	if (logs_open(&p->log, p->dir, &how, &e) < 0)
		fail_msg("%s", e.text);
}

static void
write_text(struct place *p, enum logs_stream s, const char *text)
{
	logs_write(&p->log, s, text, strlen(text));
}

/* A file's bytes. */
static void
slurp(struct place *p, const char *name, struct buf *out)
{
	int fd = openat(p->dir, name, O_RDONLY);

	out->n = 0;
	assert_true(fd >= 0);
	for (ssize_t got = 1; got > 0; out->n += (size_t)got) {
		buf_room(out, 65536);
		got = read(fd, out->data + out->n, 65536);
		assert_true(got >= 0);
	}
	buf_text(out, "");
	close(fd);
}

/* Everything by logs_read: stdout's bytes and stderr's. */
static void
read_back(struct place *p, struct logs_query q, struct buf out[2])
{
	struct err e;

	for (int i = 0; i < 2; i++)
		q.to[i] = memfd_create("lines", MFD_CLOEXEC);
	if (logs_read(p->dir, &q, &e) < 0)
		fail_msg("%s", e.text);
	for (int i = 0; i < 2; i++) {
		off_t n = lseek(q.to[i], 0, SEEK_END);

		out[i].n = 0;
		buf_room(&out[i], (size_t)n);
		assert_int_equal(pread(q.to[i], out[i].data, (size_t)n, 0), n);
		out[i].n = (size_t)n;
		out[i].data[n] = '\0';
		close(q.to[i]);
	}
}

#define ALL { .since = INT64_MIN, .until = INT64_MAX, .tail = -1 }

static void
expect_tail(struct place *p, int64_t lines, const char *text)
{
	struct logs_query q = ALL;
	struct buf out[2] = { { 0 }, { 0 } };

	q.tail = lines;
	read_back(p, q, out);
	assert_string_equal(out[0].data, text);
	auto_buf(&out[0]);
	auto_buf(&out[1]);
}

static void
a_line_is_as_docker_writes_it(void **state)
{
	struct place *p = *state;
	AUTO(buf) struct buf text = { 0 };

	open_with(p, NULL);
	write_text(p, LOGS_OUT, "a\"b\\c\td\x01\x7f\xff\xc3\xa4\r\n");
	write_text(p, LOGS_ERR, "e\n");
	slurp(p, "log.json", &text);
	assert_memory_equal(text.data, "{\"log\":\"a\\\"b\\\\c\\td\\u0001\x7f"
	                    "\xff\xc3\xa4\\r\\n\",\"stream\":\"stdout\","
	                    "\"time\":\"2", 61);
	text.data[text.n - 1] = '\0';
	assert_non_null(strstr(text.data, "Z\"}\n{\"log\":\"e\\n\",\"stream\":"
	                       "\"stderr\",\"time\":\"2"));
	assert_string_equal(text.data + text.n - 4, "Z\"}");
}

static void
the_file_is_ours_alone(void **state)
{
	struct place *p = *state;
	struct stat st;

	open_with(p, NULL);
	assert_int_equal(fstatat(p->dir, "log.json", &st, 0), 0);
	assert_int_equal(st.st_mode, S_IFREG | 0600);
}

/* Every byte, in lines that touch all limits. */
static void
make_text(struct buf *b)
{
	for (int i = 0; i < 256; i++)
		buf_add(b, &(char){ (char)i }, 1);
	buf_text(b, "\n\n\\n\n\\\\n\n\"}\n");
	for (int n = LOGS_LINE - 2; n <= LOGS_LINE + 2; n++) {
		for (int i = 0; i < n; i++)
			buf_add(b, "abcdefghi\n" + i % 9, 1);
		buf_text(b, "\n");
	}
	for (int i = 0; i < 3 * LOGS_LINE + 7; i++)
		buf_add(b, "", 1);
	buf_text(b, "\nend without a newline");
}

static void
write_pieces(struct place *p, const struct buf *b, size_t first, size_t each)
{
	logs_write(&p->log, LOGS_OUT, b->data, first);
	for (size_t at = first; at < b->n; at += each)
		logs_write(&p->log, LOGS_OUT, b->data + at,
		           b->n - at < each ? b->n - at : each);
	logs_flush(&p->log);
}

/* The file without its times. */
static void
strip(struct buf *b)
{
	char *to = b->data, *from = b->data, *time;

	while ((time = memmem(from, b->n - (size_t)(from - b->data),
	                      "\"time\":\"", 8)) != NULL) {
		memmove(to, from, (size_t)(time - from));
		to += time - from;
		from = time + 38;
	}
	b->n = (size_t)(to - b->data);
}

static void
pieces_do_not_matter(void **state)
{
	static const size_t each[] = { 1, 3, 4096, 16383, 16384, 16385, 65536 };
	struct place *p = *state;
	AUTO(buf) struct buf b = { 0 }, first = { 0 }, now = { 0 };
	struct buf out[2] = { { 0 }, { 0 } };

	make_text(&b);
	for (size_t i = 0; i < 24 + sizeof(each) / sizeof(*each); i++) {
		struct logs_query q = ALL;
		size_t split = i < 24 ? i * 7919 % b.n : 0;

		open_with(p, NULL);
		write_pieces(p, &b, split, i < 24 ? b.n : each[i - 24]);
		read_back(p, q, out);
		assert_int_equal(out[0].n, b.n);
		assert_memory_equal(out[0].data, b.data, b.n);
		assert_int_equal(out[1].n, 0);
		slurp(p, "log.json", i ? &now : &first);
		strip(i ? &now : &first);
		if (i)
			assert_int_equal(now.n, first.n);
		if (i)
			assert_memory_equal(now.data, first.data, now.n);
		auto_logs(&p->log);
		unlinkat(p->dir, "log.json", 0);
	}
	auto_buf(&out[0]);
	auto_buf(&out[1]);
}

/* At every boundary of a text that has a bit of everything. */
static void
every_boundary(void **state)
{
	static const char text[] = "a\nbc\n\n\"\\\n\xff\r\n\x01no end\\";
	struct place *p = *state;
	struct buf b = { (char *)text, sizeof(text) - 1, 0 };
	struct buf out[2] = { { 0 }, { 0 } };

	for (size_t i = 0; i <= b.n; i++)
		for (size_t j = 1; j <= b.n - i; j++) {
			struct logs_query q = ALL;

			open_with(p, NULL);
			write_pieces(p, &b, i, j);
			read_back(p, q, out);
			assert_int_equal(out[0].n, b.n);
			assert_memory_equal(out[0].data, text, b.n);
			auto_logs(&p->log);
			unlinkat(p->dir, "log.json", 0);
		}
	auto_buf(&out[0]);
	auto_buf(&out[1]);
}

static void
streams_are_held_apart(void **state)
{
	struct place *p = *state;
	struct logs_query q = ALL;
	struct buf out[2] = { { 0 }, { 0 } };

	open_with(p, NULL);
	write_text(p, LOGS_OUT, "one");
	write_text(p, LOGS_ERR, "two\nthr");
	write_text(p, LOGS_OUT, "1\n");
	logs_flush(&p->log);
	read_back(p, q, out);
	assert_string_equal(out[0].data, "one1\n");
	assert_string_equal(out[1].data, "two\nthr");
	auto_buf(&out[0]);
	auto_buf(&out[1]);
}

static void
random_bytes_come_back(void **state)
{
	struct place *p = *state;
	struct buf b[2] = { { 0 }, { 0 } };
	struct buf out[2] = { { 0 }, { 0 } };
	struct logs_query q = ALL;

	srandom(1);
	open_with(p, NULL);
	for (int i = 0; i < 3000; i++) {
		char piece[500];
		size_t n = 1 + (size_t)random() % sizeof(piece);
		int s = random() & 1;

		for (size_t k = 0; k < n; k++)
			piece[k] = random() % 60 ? (char)random() : '\n';
		logs_write(&p->log, (enum logs_stream)s, piece, n);
		buf_add(&b[s], piece, n);
	}
	logs_flush(&p->log);
	read_back(p, q, out);
	for (int s = 0; s < 2; s++) {
		assert_int_equal(out[s].n, b[s].n);
		assert_memory_equal(out[s].data, b[s].data, b[s].n);
		auto_buf(&out[s]);
		auto_buf(&b[s]);
	}
}

static off_t
size_of(struct place *p, unsigned number)
{
	struct stat st;
	char name[32];

	file_name(name, number);
	return fstatat(p->dir, name, &st, 0) < 0 ? -1 : st.st_size;
}

static void
write_numbers(struct place *p, int from, int to)
{
	char line[32];

	for (int i = from; i <= to; i++) {
		snprintf(line, sizeof(line), "line %d\n", i);
		write_text(p, LOGS_OUT, line);
	}
}

static void
files_turn(void **state)
{
	static const char *const options[] = { "max-size", "1k", "max-file",
	                                       "3", NULL };
	struct place *p = *state;
	AUTO(buf) struct buf wanted = { 0 };
	struct buf out[2] = { { 0 }, { 0 } };
	struct logs_query q = ALL;
	int first;

	open_with(p, options);
	write_numbers(p, 1, 100);
	assert_true(size_of(p, 0) > 0 && size_of(p, 0) <= 1000);
	assert_true(size_of(p, 1) > 900 && size_of(p, 1) <= 1000);
	assert_true(size_of(p, 2) > 900 && size_of(p, 2) <= 1000);
	assert_int_equal(size_of(p, 3), -1);
	read_back(p, q, out);
	assert_int_equal(sscanf(out[0].data, "line %d", &first), 1);
	assert_true(first > 60 && first < 85);
	for (; first <= 100; first++)
		buf_format(&wanted, "line %d\n", first);
	assert_string_equal(out[0].data, wanted.data);
	expect_tail(p, 2, "line 99\nline 100\n");
	auto_buf(&out[0]);
	auto_buf(&out[1]);
}

static void
one_piece_may_turn_files_often(void **state)
{
	static const char *const options[] = { "max-size", "1k", "max-file",
	                                       "5", NULL };
	struct place *p = *state;
	AUTO(buf) struct buf all = { 0 };

	open_with(p, options);
	for (int i = 1; i <= 1000; i++)
		buf_format(&all, "line %d\n", i);
	logs_write(&p->log, LOGS_OUT, all.data, all.n);
	for (unsigned i = 1; i < 5; i++)
		assert_true(size_of(p, i) > 900 && size_of(p, i) <= 1000);
	expect_tail(p, 3, "line 998\nline 999\nline 1000\n");
}

static void
one_file_begins_again(void **state)
{
	static const char *const options[] = { "max-size", "1k", "max-file",
	                                       "1", NULL };
	struct place *p = *state;

	open_with(p, options);
	write_numbers(p, 1, 100);
	assert_true(size_of(p, 0) > 0 && size_of(p, 0) <= 1000);
	assert_int_equal(size_of(p, 1), -1);
	expect_tail(p, 1, "line 100\n");
}

static void
a_size_is_kept_over_lives(void **state)
{
	static const char *const options[] = { "max-size", "1k", NULL };
	struct place *p = *state;

	for (int i = 0; i < 40; i++) {
		open_with(p, options);
		write_numbers(p, i, i);
		auto_logs(&p->log);
		assert_true(size_of(p, 0) <= 1000);
	}
	assert_true(size_of(p, 2) > 0);
	assert_int_equal(size_of(p, 3), -1);
}

static void
a_torn_line_is_passed_over(void **state)
{
	struct place *p = *state;

	open_with(p, NULL);
	write_numbers(p, 1, 2);
	assert_int_equal(ftruncate(p->log.fd, size_of(p, 0) - 5), 0);
	auto_logs(&p->log);
	expect_tail(p, -1, "line 1\n");
	open_with(p, NULL);
	write_numbers(p, 3, 4);
	expect_tail(p, -1, "line 1\nline 3\nline 4\n");
	expect_tail(p, 2, "line 3\nline 4\n");
	expect_tail(p, 3, "line 1\nline 3\nline 4\n");
}

/* A file that may have no more than so many bytes stands for a full disk. */
static void
limit(rlim_t bytes)
{
	struct rlimit now;

	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &now), 0);
	now.rlim_cur = bytes;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &now), 0);
}

static void
a_full_disk_leaves_whole_lines_and_a_note(void **state)
{
	struct place *p = *state;
	AUTO(buf) struct buf text = { 0 };
	struct logs_query q = ALL;
	struct buf out[2] = { { 0 }, { 0 } };

	open_with(p, NULL);
	write_text(p, LOGS_OUT, "1\n2\n");
	limit((rlim_t)size_of(p, 0) + 100);
	write_text(p, LOGS_OUT, "3\n4\n5\n");
	write_text(p, LOGS_ERR, "6\n");
	slurp(p, "log.json", &text);
	limit(RLIM_INFINITY);
	assert_string_equal(text.data + text.n - 4, "Z\"}\n");
	write_text(p, LOGS_OUT, "7\n");
	read_back(p, q, out);
	assert_string_equal(out[0].data, "1\n2\n3\n7\n");
	assert_string_equal(out[1].data, "mydocker: 3 lines are missing here:"
	                    " File too large\n");
	auto_buf(&out[0]);
	auto_buf(&out[1]);
}

static void
attributes_go_along(void **state)
{
	static const char *const options[] = {
		"labels", "owner,none", "labels-regex", "^ti", "env", "LANG",
		"tag", "{{.Name}}/{{ .ID }}", NULL
	};
	struct place *p = *state;
	AUTO(buf) struct buf text = { 0 };
	struct logs_query q = ALL;
	struct buf out[2] = { { 0 }, { 0 } };

	open_with(p, options);
	write_text(p, LOGS_OUT, "x\n");
	slurp(p, "log.json", &text);
	assert_non_null(strstr(text.data, "\"stdout\",\"attrs\":{\"LANG\":\"C\""
	        ",\"owner\":\"\\\"A\\\" & b\",\"tier\":\"1\","
	        "\"tag\":\"web/0123456789ab\"},\"time\":\""));
	q.details = true;
	read_back(p, q, out);
	assert_string_equal(out[0].data, "LANG=C,owner=%22A%22+%26+b,"
	                    "tag=web%2F0123456789ab,tier=1 x\n");
	auto_buf(&out[0]);
	auto_buf(&out[1]);
}

static void
times_stand_in_front_of_whole_lines(void **state)
{
	struct place *p = *state;
	struct logs_query q = ALL;
	struct buf out[2] = { { 0 }, { 0 } };
	AUTO(buf) struct buf b = { 0 };
	int n = 0;

	for (int i = 0; i < LOGS_LINE + 10; i++)
		buf_text(&b, "x");
	buf_text(&b, "\ny\n");
	open_with(p, NULL);
	logs_write(&p->log, LOGS_OUT, b.data, b.n);
	q.times = true;
	read_back(p, q, out);
	assert_int_equal(out[0].n, b.n + 2 * 31);
	assert_int_equal(sscanf(out[0].data, "2%*d-%*2d-%*2dT%*2d:%*2d:%*2d."
	                        "%*9dZ xxx%n", &n), 0);
	assert_int_equal(n, 34);
	auto_buf(&out[0]);
	auto_buf(&out[1]);
}

/* A file of records with times that are known: 2026-01-01T00:00:NN. */
static void
plant(struct place *p, const char *const *texts)
{
	int fd = openat(p->dir, "log.json", O_WRONLY | O_CREAT | O_TRUNC, 0600);

	for (int i = 0; texts[i]; i++)
		dprintf(fd, "{\"log\":\"%s\",\"stream\":\"stdout\",\"time\":"
		        "\"2026-01-01T00:00:%02d.000000000Z\"}\n", texts[i], i);
	close(fd);
}

#define NEW_YEAR INT64_C(1767225600)
#define SECOND INT64_C(1000000000)

static void
since_and_until_include_their_moment(void **state)
{
	static const char *const texts[] = { "0\\n", "1\\n", "2\\n", "3\\n",
	                                     NULL };
	struct place *p = *state;
	struct logs_query q = ALL;
	struct buf out[2] = { { 0 }, { 0 } };

	plant(p, texts);
	q.since = (NEW_YEAR + 1) * SECOND;
	q.until = (NEW_YEAR + 2) * SECOND;
	read_back(p, q, out);
	assert_string_equal(out[0].data, "1\n2\n");
	q.since++;
	q.until--;
	read_back(p, q, out);
	assert_int_equal(out[0].n, 0);
	q = (struct logs_query)ALL;
	q.tail = 2;
	q.until = (NEW_YEAR + 2) * SECOND;
	read_back(p, q, out);
	assert_string_equal(out[0].data, "2\n");
	auto_buf(&out[0]);
	auto_buf(&out[1]);
}

static void
parts_are_one_line_to_tail(void **state)
{
	static const char *const texts[] = { "a\\n", "b", "c", "d\\n", "\\\\n",
	                                     "e\\n", "f", "g", NULL };
	struct place *p = *state;

	plant(p, texts);
	expect_tail(p, 0, "");
	expect_tail(p, 1, "fg");
	expect_tail(p, 2, "\\ne\nfg");
	expect_tail(p, 3, "bcd\n\\ne\nfg");
	expect_tail(p, 4, "a\nbcd\n\\ne\nfg");
	expect_tail(p, 5, "a\nbcd\n\\ne\nfg");
}

/* As a naive reader does it. */
static void
tail_is_the_end_of_all(void **state)
{
	static const char *const options[] = { "max-size", "700k", "max-file",
	                                       "4", NULL };
	struct place *p = *state;
	AUTO(buf) struct buf b = { 0 };

	open_with(p, options);
	srandom(2);
	for (int i = 0; i < 4000; i++) {
		char piece[700];
		size_t n = (size_t)random() % sizeof(piece);

		memset(piece, random() % 9 ? 'a' + i % 26 : 1, sizeof(piece));
		buf_add(&b, piece, n);
		buf_text(&b, "\n");
	}
	logs_write(&p->log, LOGS_OUT, b.data, b.n);
	assert_true(size_of(p, 2) > 0);
	for (int64_t lines = 0; lines < 1500; lines = lines * 3 / 2 + 1) {
		const char *at = b.data + b.n;

		for (int64_t i = 0; i <= lines; i++)
			at = memrchr(b.data, '\n', (size_t)(at - b.data));
		expect_tail(p, lines, at + 1);
	}
}

/* Garbage of all kinds: nothing of it is shown, nothing is misread. */
static void
garbage_is_passed_over(void **state)
{
	static const char *const garbage[] = {
		"", "{", "{\"log\":\"", "{\"log\":\"x\\",
		"{\"log\":\"x\\n\",\"stream\":\"stdout\",\"time\":\"2026\"}",
		"{\"log\":\"x\",\"stream\":\"stdin\",\"time\":"
		"\"2026-01-01T00:00:00.000000000Z\"}",
		"{\"log\":\"x\",\"stream\":\"stdout\","
		"\"time\":\"2026-01-01T00:00:00.000000000Z\"",
		"{\"log\":\"x\",\"stream\":\"stdout\",\"a\":1,"
		"\"time\":\"2026-01-01T00:00:00.000000000Z\"}",
	};
	struct place *p = *state;
	AUTO(buf) struct buf b = { 0 };
	int fd;

	open_with(p, NULL);
	write_numbers(p, 1, 1);
	fd = openat(p->dir, "log.json", O_WRONLY | O_APPEND);
	for (size_t i = 0; i < sizeof(garbage) / sizeof(*garbage); i++)
		dprintf(fd, "%s\n", garbage[i]);
	for (int i = 0; i < 600000; i++)
		buf_text(&b, "z");
	dprintf(fd, "%s\n", b.data);
	close(fd);
	write_numbers(p, 2, 2);
	expect_tail(p, -1, "line 1\nline 2\n");
	expect_tail(p, 1, "line 2\n");
	expect_tail(p, 2, "line 1\nline 2\n");
}

/* Every record with one byte changed: read or passed over, never worse. */
static void
damage_harms_nothing(void **state)
{
	static const char line[] = "{\"log\":\"a\\\\\\u0001b\\n\",\"stream\":"
	        "\"stderr\",\"attrs\":{\"a\":\"b\"},\"time\":"
	        "\"2026-01-02T03:04:05.123456789Z\"}";
	AUTO(buf) struct buf out = { 0 };
	struct scan s;

	(void)state;
	assert_true(scan_record(line, sizeof(line) - 1, &s));
	scan_text(&s, &out);
	assert_string_equal(out.data, "a\\\001b\n");
	assert_memory_equal(s.attributes, "{\"a\":\"b\"}", s.n_attributes);
	for (size_t n = 0; n < sizeof(line) - 1; n++)
		assert_false(scan_record(line, n, &s));
	for (size_t i = 0; i < sizeof(line) - 1; i++)
		for (int c = 0; c < 256; c++) {
			char *copy = malloc(sizeof(line) - 1);

			memcpy(copy, line, sizeof(line) - 1);
			copy[i] = (char)c;
			if (scan_record(copy, sizeof(line) - 1, &s))
				scan_text(&s, &out);
			free(copy);
		}
}

/* ---- following ---- */

/* lives: so often it is asked before the answer is no. */
struct life {
	struct place *p;
	int left, from;
};

static bool
lives(void *with, int fds[2])
{
	struct life *life = with;
	int pair[2];

	if (life->left-- == 0)
		return false;
	write_numbers(life->p, life->from, life->from + 9);
	life->from += 10;
	/* an end that is ready at once: so the question comes again */
	assert_int_equal(pipe(pair), 0);
	close(pair[1]);
	fds[0] = pair[0];
	return true;
}

static void
following_goes_over_turned_files(void **state)
{
	static const char *const options[] = { "max-size", "500", "max-file",
	                                       "6", NULL };
	struct place *p = *state;
	struct life life = { p, 30, 3 };
	struct logs_query q = ALL;
	AUTO(buf) struct buf wanted = { 0 };
	struct buf out[2] = { { 0 }, { 0 } };

	open_with(p, options);
	write_numbers(p, 1, 2);
	q.lives = lives;
	q.with = &life;
	read_back(p, q, out);
	for (int i = 1; i < 303; i++)
		buf_format(&wanted, "line %d\n", i);
	assert_string_equal(out[0].data, wanted.data);
	assert_true(size_of(p, 5) > 0);
	auto_buf(&out[0]);
	auto_buf(&out[1]);
}

static bool
empties(void *with, int fds[2])
{
	struct life *life = with;

	assert_int_equal(ftruncate(life->p->log.fd, 0), 0);
	return lives(with, fds);
}

static void
following_sees_a_file_emptied(void **state)
{
	struct place *p = *state;
	struct life life = { p, 3, 20 };
	struct logs_query q = ALL;
	struct buf out[2] = { { 0 }, { 0 } };

	open_with(p, NULL);
	write_numbers(p, 1, 19);
	q.tail = 1;
	q.lives = empties;
	q.with = &life;
	read_back(p, q, out);
	assert_memory_equal(out[0].data, "line 19\nline 20\n", 16);
	auto_buf(&out[0]);
	auto_buf(&out[1]);
}

/* Lines that are written while they are read. */
static void *
write_many(void *with)
{
	write_numbers(with, 1, 20000);
	return NULL;
}

struct writing {
	struct place *p;
	pthread_t thread;
	bool begun;
};

static bool
writes_on(void *with, int fds[2])
{
	struct writing *w = with;
	int pair[2];

	if (!w->begun)
		pthread_create(&w->thread, NULL, write_many, w->p);
	w->begun = true;
	if (pthread_tryjoin_np(w->thread, NULL) == 0)
		return false;
	assert_int_equal(pipe(pair), 0);
	close(pair[1]);
	fds[0] = pair[0];
	return true;
}

static void
following_a_fast_writer(void **state)
{
	static const char *const options[] = { "max-size", "10k", "max-file",
	                                       "500", NULL };
	struct place *p = *state;
	struct writing w = { .p = p };
	struct logs_query q = ALL;
	AUTO(buf) struct buf wanted = { 0 };
	struct buf out[2] = { { 0 }, { 0 } };

	open_with(p, options);
	q.lives = writes_on;
	q.with = &w;
	read_back(p, q, out);
	for (int i = 1; i <= 20000; i++)
		buf_format(&wanted, "line %d\n", i);
	assert_int_equal(out[0].n, wanted.n);
	assert_string_equal(out[0].data, wanted.data);
	assert_true(size_of(p, 100) > 0);
	auto_buf(&out[0]);
	auto_buf(&out[1]);
}

static bool
lives_on(void *with, int fds[2])
{
	(void)with;
	(void)fds;
	return true;
}

static void *
write_later(void *with)
{
	struct place *p = with;

	usleep(50000);
	write_numbers(p, 2, 2);
	return NULL;
}

static void
following_ends_at_a_time(void **state)
{
	struct place *p = *state;
	struct logs_query q = ALL;
	struct buf out[2] = { { 0 }, { 0 } };
	struct timespec now;
	pthread_t other;

	open_with(p, NULL);
	write_numbers(p, 1, 1);
	clock_gettime(CLOCK_REALTIME, &now);
	q.lives = lives_on;
	q.until = now.tv_sec * SECOND + now.tv_nsec + 400000000;
	pthread_create(&other, NULL, write_later, p);
	read_back(p, q, out);
	pthread_join(other, NULL);
	assert_string_equal(out[0].data, "line 1\nline 2\n");
	auto_buf(&out[0]);
	auto_buf(&out[1]);
}

static void
following_ends_with_who_listens(void **state)
{
	struct place *p = *state;
	struct logs_query q = ALL;
	struct err e;
	int pair[2];

	open_with(p, NULL);
	assert_int_equal(pipe(pair), 0);
	close(pair[0]);
	q.lives = lives_on;
	q.to[0] = q.to[1] = pair[1];
	assert_int_equal(logs_read(p->dir, &q, &e), -1);
	assert_int_equal(e.code, EPIPE);
	assert_string_equal(e.text, "");
	close(pair[1]);
}

static void
nothing_is_read_from_what_is_no_file(void **state)
{
	struct place *p = *state;
	struct logs_how how = { .kept = true, .id = "0" };
	struct err e;

	assert_int_equal(mkfifoat(p->dir, "log.json", 0600), 0);
	expect_tail(p, -1, "");
	assert_int_equal(logs_open(&p->log, p->dir, &how, &e), -1);
	unlinkat(p->dir, "log.json", 0);
	assert_int_equal(symlinkat("/tmp/x", p->dir, "log.json"), 0);
	expect_tail(p, -1, "");
	assert_int_equal(logs_open(&p->log, p->dir, &how, &e), -1);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)
	const struct CMUnitTest tests[] = {
		TEST(a_line_is_as_docker_writes_it),
		TEST(the_file_is_ours_alone),
		TEST(pieces_do_not_matter),
		TEST(every_boundary),
		TEST(streams_are_held_apart),
		TEST(random_bytes_come_back),
		TEST(files_turn),
		TEST(one_piece_may_turn_files_often),
		TEST(one_file_begins_again),
		TEST(a_size_is_kept_over_lives),
		TEST(a_torn_line_is_passed_over),
		TEST(a_full_disk_leaves_whole_lines_and_a_note),
		TEST(attributes_go_along),
		TEST(times_stand_in_front_of_whole_lines),
		TEST(since_and_until_include_their_moment),
		TEST(parts_are_one_line_to_tail),
		TEST(tail_is_the_end_of_all),
		TEST(garbage_is_passed_over),
		TEST(damage_harms_nothing),
		TEST(following_goes_over_turned_files),
		TEST(following_sees_a_file_emptied),
		TEST(following_a_fast_writer),
		TEST(following_ends_at_a_time),
		TEST(following_ends_with_who_listens),
		TEST(nothing_is_read_from_what_is_no_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
