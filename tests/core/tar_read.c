/* SPDX-License-Identifier: ISC */
/* links: base sys tar */
/* Archives, there and back; and those that nobody honest has written. */
#include "tar/tar.h"

#include "tar/inside.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* An archive in the making, and then its reader. */
struct archive {
	int fd;
	struct tar_reader reader;
};

static int
begin(void **state)
{
	struct archive *x = mem_new(sizeof(*x));

	x->fd = memfd_create("archive", MFD_CLOEXEC);
	assert_true(x->fd >= 0);
	*state = x;
	return 0;
}

static int
end(void **state)
{
	struct archive *x = *state;

	auto_tar_reader(&x->reader);
	close(x->fd);
	free(x);
	return 0;
}

static void
put(struct archive *x, const void *bytes, size_t n)
{
	assert_int_equal(write(x->fd, bytes, n), n);
}

static void
set_octal(char *field, size_t room, uint64_t n)
{
	snprintf(field, room, "%0*llo", (int)room - 1, (unsigned long long)n);
}

static struct tar_block
block(char type, const char *name, uint64_t size)
{
	struct tar_block b = { .type = type };

	memcpy(b.name, name, strlen(name));
	set_octal(b.mode, sizeof(b.mode), 0644);
	set_octal(b.size, sizeof(b.size), size);
	memcpy(b.magic, "ustar\0", 6);
	return b;
}

static void
put_block(struct archive *x, struct tar_block *b)
{
	set_octal(b->sum, sizeof(b->sum) - 1, tar_sum(b));
	put(x, b, sizeof(*b));
}

/* A head, its bytes and what fills their last block. */
static void
put_entry(struct archive *x, char type, const char *name, const char *bytes,
          size_t n)
{
	static const char zeros[TAR_BLOCK];
	struct tar_block b = block(type, name, n);

	put_block(x, &b);
	put(x, bytes, n);
	put(x, zeros, (TAR_BLOCK - n % TAR_BLOCK) % TAR_BLOCK);
}

static void
put_text(struct archive *x, char type, const char *text)
{
	put_entry(x, type, "x", text, strlen(text));
}

static void
rewind_to_read(struct archive *x)
{
	assert_int_equal(lseek(x->fd, 0, SEEK_SET), 0);
	x->reader.fd = x->fd;
}

/* Read to the end, of the contents, too. Returns the number of entries, or the
 * code of the error. */
static int
read_all(struct archive *x)
{
	struct tar_entry n;
	char bytes[4096];
	struct err e = { 0 };
	int count = 0, got;

	rewind_to_read(x);
	while ((got = tar_next(&x->reader, &n, &e)) > 0) {
		ssize_t some;

		while ((some = tar_read(&x->reader, bytes, sizeof(bytes),
		                        &e)) > 0)
			continue;
		if (some < 0)
			break;
		count++;
	}
	return e.code ? -e.code : count;
}

static void
read_first(struct archive *x, struct tar_entry *n)
{
	struct err e;

	rewind_to_read(x);
	if (tar_next(&x->reader, n, &e) != 1)
		fail_msg("%s", e.text);
}

static void
test_what_is_written_is_read(void **state)
{
	struct archive *x = *state;
	AUTO(tar_writer) struct tar_writer w = { .fd = x->fd };
	AUTO(arena) struct arena a = { 0 };
	char *name = arena_new(&a, 5000), *target = arena_new(&a, 3000);
	struct tar_attribute attribute = { "user.x", "a\0=\n", 4 };
	struct tar_entry n = {
		.name = name, .target = "", .kind = S_IFREG, .mode = 04755,
		.uid = UINT32_MAX - 1, .gid = 7, .size = 3, .seconds = 1LL << 40,
		.attributes = &attribute, .n_attributes = 1,
	};
	struct tar_entry link = { .name = "l", .target = target,
		                  .kind = S_IFLNK, .seconds = -5 };
	struct err e;
	char bytes[8];

	memset(name, 'n', 4999);
	memset(target, 't', 2999);
	assert_int_equal(tar_head(&w, &n, &e), 0);
	assert_int_equal(tar_data(&w, "abc", 3, &e), 0);
	assert_int_equal(tar_head(&w, &link, &e), 0);
	assert_int_equal(tar_finish(&w, &e), 0);
	read_first(x, &n);
	assert_string_equal(n.name, name);
	assert_int_equal(n.mode, 04755);
	assert_int_equal(n.uid, UINT32_MAX - 1);
	assert_true(n.seconds == 1LL << 40);
	assert_int_equal(n.n_attributes, 1);
	assert_string_equal(n.attributes[0].name, "user.x");
	assert_memory_equal(n.attributes[0].value, "a\0=\n", 4);
	assert_int_equal(tar_read(&x->reader, bytes, 8, &e), 3);
	assert_int_equal(tar_next(&x->reader, &n, &e), 1);
	assert_int_equal(n.kind, S_IFLNK);
	assert_string_equal(n.target, target);
	assert_int_equal(n.seconds, -5);
	assert_int_equal(tar_next(&x->reader, &n, &e), 0);
}

/* It is for those who make the files to trust nothing of it. */
static void
test_names_come_as_they_stand(void **state)
{
	static const char *const names[] = { "../../etc/passwd", "/etc/passwd",
		                             "a/../../b", "a\nb\033[31m" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct archive *x = *state;
		struct tar_block b = block('2', names[i], 0);
		struct tar_entry n;

		memcpy(b.target, "/etc/shadow", 11);
		assert_int_equal(ftruncate(x->fd, 0), 0);
		assert_int_equal(lseek(x->fd, 0, SEEK_SET), 0);
		put_block(x, &b);
		read_first(x, &n);
		assert_string_equal(n.name, names[i]);
		assert_string_equal(n.target, "/etc/shadow");
	}
}

static void
test_gnu_long_names_and_numbers(void **state)
{
	struct archive *x = *state;
	struct tar_block b = block('2', "short", 0);
	AUTO(arena) struct arena a = { 0 };
	char *name = arena_new(&a, 301);
	struct tar_entry n;

	memset(name, 'n', 300);
	put_entry(x, 'L', "././@LongLink", name, 301);
	put_entry(x, 'K', "././@LongLink", "/target", 8);
	memset(b.mtime, 0xff, sizeof(b.mtime));
	b.mtime[11] = (char)0xfe; /* two seconds before 1970 */
	memcpy(b.uid, "\x80\0\0\0\0\x01\x86\xa0", 8);
	put_block(x, &b);
	read_first(x, &n);
	assert_string_equal(n.name, name);
	assert_string_equal(n.target, "/target");
	assert_int_equal(n.seconds, -2);
	assert_int_equal(n.uid, 100000);
}

static void
test_pax_overrides_and_empties(void **state)
{
	struct archive *x = *state;
	struct tar_entry n;

	put_text(x, 'g', "9 uid=12\n");
	put_text(x, 'x', "9 path=p\n8 size=\n8 gid=7\n");
	put_entry(x, '0', "name", "abc", 3);
	read_first(x, &n);
	assert_string_equal(n.name, "p");
	assert_int_equal(n.uid, 12);
	assert_int_equal(n.gid, 7);
	assert_int_equal(n.size, 3);
}

/* Wherever it is cut, but between two entries, that is noticed. */
static void
test_what_is_cut_off_is_refused(void **state)
{
	struct archive *x = *state;
	off_t first, size, cut;

	put_text(x, 'x', "9 path=p\n");
	put_entry(x, '0', "a", "abc", 3);
	first = lseek(x->fd, 0, SEEK_CUR);
	put_text(x, 'L', "long");
	put_entry(x, '0', "b", "", 0);
	size = lseek(x->fd, 0, SEEK_CUR);
	assert_int_equal(read_all(x), 2);
	for (cut = size - 1; cut > 0; cut--) {
		assert_int_equal(ftruncate(x->fd, cut), 0);
		auto_tar_reader(&x->reader);
		x->reader = (struct tar_reader){ 0 };
		assert_int_equal(read_all(x), cut == first ? 1 : -EINVAL);
	}
}

/* Each is the head of one entry, changed. */
static const struct {
	const char *what;
	size_t at, n;
	const char *bytes;
	int code;
} heads[] = {
#define FIELD(member) offsetof(struct tar_block, member)
	{ "a size beyond 2^63", FIELD(size), 12,
	  "\x80\0\0\0\x80\0\0\0\0\0\0\0", EINVAL },
	{ "a size beyond 2^64", FIELD(size), 12,
	  "\x80\0\0\x01\0\0\0\0\0\0\0\0", EINVAL },
	{ "a negative size", FIELD(size), 12,
	  "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", EINVAL },
	{ "a size of 8 EB less a byte, and no such bytes", FIELD(size), 12,
	  "\x80\0\0\0\x7f\xff\xff\xff\xff\xff\xff\xff", EINVAL },
	{ "letters for a size", FIELD(size), 12, "0000000000x", EINVAL },
	{ "nobody's uid", FIELD(uid), 8, "\x80\0\0\0\xff\xff\xff\xff", EINVAL },
	{ "a uid that would be root's", FIELD(uid), 8,
	  "\x80\0\0\x01\0\0\0\0", EINVAL },
	{ "a negative mode", FIELD(mode), 8,
	  "\xff\xff\xff\xff\xff\xff\xff\xff", EINVAL },
	{ "a time beyond 2^63", FIELD(mtime), 12,
	  "\xff\0\0\0\0\0\0\0\0\0\0\0", EINVAL },
	{ "a sparse file of GNU's", FIELD(type), 1, "S", ENOTSUP },
	{ "the rest of another volume", FIELD(type), 1, "M", ENOTSUP },
	{ "no type that there is", FIELD(type), 1, "\x1b", ENOTSUP },
};

static void
test_hostile_heads_are_refused(void **state)
{
	for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++) {
		struct archive *x = NULL;
		struct tar_block b = block('0', "name", 0);
		int got;

		begin((void **)&x);
		memcpy((char *)&b + heads[i].at, heads[i].bytes, heads[i].n);
		put_block(x, &b);
		got = read_all(x);
		if (got != -heads[i].code)
			fail_msg("%s: %d", heads[i].what, got);
		end((void **)&x);
	}
	(void)state;
}

/* What stands in a pax header, or a global one. */
static const struct {
	const char *text;
	int code;
} records[] = {
	{ "", 1 },
	{ "9 path=p\n", 1 },
	{ "path=p\n", -EINVAL },
	{ "0 path=p\n", -EINVAL },
	{ "-1 path=p\n", -EINVAL },
	{ "99999999999999999999999 path=p\n", -EINVAL },
	{ "11 path=p\n", -EINVAL },
	{ "8 path=p\n", -EINVAL },
	{ "9 path_p\n", -EINVAL },
	{ "2 \n", -EINVAL },
	{ "1", -EINVAL },
	{ "11 size=-1\n", -EINVAL },
	{ "28 size=9223372036854775808\n", -EINVAL },
	{ "12 size=9ab\n", -EINVAL },
	{ "18 uid=4294967295\n", -EINVAL },
	{ "22 GNU.sparse.major=1\n", -ENOTSUP },
};

static void
test_hostile_records_are_refused(void **state)
{
	for (size_t i = 0; i < 2 * sizeof(records) / sizeof(*records); i++) {
		struct archive *x = NULL;
		int got;

		begin((void **)&x);
		put_text(x, i & 1 ? 'g' : 'x', records[i / 2].text);
		put_entry(x, '0', "name", "", 0);
		got = read_all(x);
		if (got != records[i / 2].code)
			fail_msg("%s: %d", records[i / 2].text, got);
		end((void **)&x);
	}
	(void)state;
}

static void
test_a_head_whose_sum_is_wrong_is_refused(void **state)
{
	struct archive *x = *state;
	struct tar_block b = block('0', "name", 0);

	set_octal(b.sum, sizeof(b.sum) - 1, tar_sum(&b) + 1);
	put(x, &b, sizeof(b));
	assert_int_equal(read_all(x), -EINVAL);
}

/* Neither a large one, nor many, nor many that are empty. */
static void
test_headers_take_no_memory_without_end(void **state)
{
	static const char types[] = "xgLK";

	for (size_t i = 0; i < 3 * strlen(types); i++) {
		struct archive *x = NULL;
		size_t n = i % 3 == 0 ? (1 << 20) + 1 : i % 3 == 1 ? 1000 : 0;
		char *text = mem_new(n + 1);

		begin((void **)&x);
		memset(text, 'n', n);
		if (n && i < 6) {
			text[snprintf(text, n, "%zu path=", n)] = 'n';
			text[n - 1] = '\n';
		}
		for (int j = 0; j < (i % 3 ? 3000 : 1); j++)
			put_entry(x, types[i / 3], "x", text, n);
		put_entry(x, '0', "name", "", 0);
		assert_int_equal(read_all(x), -EFBIG);
		end((void **)&x);
		free(text);
	}
	(void)state;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_what_is_written_is_read),
		TEST(test_names_come_as_they_stand),
		TEST(test_gnu_long_names_and_numbers),
		TEST(test_pax_overrides_and_empties),
		TEST(test_what_is_cut_off_is_refused),
		cmocka_unit_test(test_hostile_heads_are_refused),
		cmocka_unit_test(test_hostile_records_are_refused),
		TEST(test_a_head_whose_sum_is_wrong_is_refused),
		cmocka_unit_test(test_headers_take_no_memory_without_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
