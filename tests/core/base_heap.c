/* SPDX-License-Identifier: ISC */
/* links: base/mem.c base/err.c */
/* malloc as the binary has it, under other names beside the sanitizers' own. */
#define malloc heap_malloc
#define free heap_free
#define calloc heap_calloc
#define realloc heap_realloc
#define aligned_alloc heap_aligned_alloc
void *heap_malloc(unsigned long bytes);
void heap_free(void *p);
void *heap_calloc(unsigned long count, unsigned long each);
void *heap_realloc(void *old, unsigned long bytes);
void *heap_aligned_alloc(unsigned long align, unsigned long bytes);
#include "../../core/base/heap.c"
#undef malloc
#undef free
#undef calloc
#undef realloc
#undef aligned_alloc

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const size_t sizes[] = {
	0, 1, 31, 32, 33, 4000, 4096, 32767, 32768, 32769, 65536, 1000000,
};

#define COUNT (sizeof(sizes) / sizeof(*sizes))

static void
test_blocks_are_apart_and_aligned(void **state)
{
	unsigned char *p[COUNT * 4];

	for (size_t i = 0; i < COUNT * 4; i++) {
		p[i] = heap_malloc(sizes[i % COUNT]);
		assert_non_null(p[i]);
		assert_int_equal((uintptr_t)p[i] % 16, 0);
		memset(p[i], (int)i, sizes[i % COUNT]);
	}
	for (size_t i = 0; i < COUNT * 4; i++) {
		for (size_t k = 0; k < sizes[i % COUNT]; k++)
			assert_int_equal(p[i][k], i);
		heap_free(p[i]);
	}
}

static void
test_what_was_freed_is_used_again_and_cleared(void **state)
{
	for (size_t i = 0; i < COUNT; i++) {
		unsigned char *p = heap_malloc(sizes[i]), *q;

		memset(p, 0xff, sizes[i]);
		heap_free(p);
		q = heap_calloc(1, sizes[i]);
		if (sizes[i] <= 32768)
			assert_ptr_equal(p, q);
		for (size_t k = 0; k < sizes[i]; k++)
			assert_int_equal(q[k], 0);
		heap_free(q);
	}
}

static void
test_a_block_that_grows_keeps_its_bytes(void **state)
{
	unsigned char *p = heap_realloc(NULL, 1);

	p[0] = 1;
	for (size_t n = 2; n <= 200000; n += n / 2) {
		p = heap_realloc(p, n);
		assert_int_equal(p[0], 1);
		assert_int_equal(p[n / 2 - 1], n / 2 == 1 ? 1 : p[n / 2 - 1]);
		memset(p + 1, 2, n - 1);
	}
	for (size_t i = 1; i < 100000; i++)
		assert_int_equal(p[i], 2);
	heap_free(p);
}

static size_t
resident(void)
{
	size_t n = 0;

	for (struct step *s = heap.last; s; s = s->before) {
		unsigned char pages[STEP / 4096];

		assert_int_equal(mincore(s, STEP, pages), 0);
		for (size_t i = 0; i < sizeof(pages); i++)
			n += pages[i] & 1;
	}
	return n;
}

static size_t
steps(void)
{
	size_t n = 0;

	for (struct step *s = heap.last; s; s = s->before)
		n++;
	return n;
}

/* Many small blocks of which a few stay: a page for each of these, at most two
 * where it lies on both, one for each step. */
static void
test_trim_gives_back_pages_and_keeps_what_is_used(void **state)
{
	unsigned char *p[4000], *keep[4];
	size_t settled = 0;

	for (int round = 0; round < 20; round++) {
		for (size_t i = 0; i < 4000; i++) {
			p[i] = heap_malloc(i % 100 + 1);
			memset(p[i], (int)i, i % 100 + 1);
		}
		for (size_t i = 0; i < 4000; i++)
			if (i % 1000 == 500)
				keep[i / 1000] = p[i];
			else
				heap_free(p[i]);
		heap_trim();
		assert_true(resident() <= steps() + 2 * 4);
		for (size_t i = 0; i < 4; i++)
			assert_int_equal(*keep[i], (i * 1000 + 500) % 256);
		p[0] = heap_calloc(1, 32768);
		for (size_t i = 0; i < 32768; i++)
			assert_int_equal(p[0][i], 0);
		heap_free(p[0]);
		for (size_t i = 0; i < 4; i++)
			heap_free(keep[i]);
		if (round == 9)
			settled = steps();
	}
	assert_int_equal(steps(), settled);
}

static void
test_too_much_is_refused(void **state)
{
	assert_null(heap_malloc(SIZE_MAX));
	assert_null(heap_malloc((size_t)PTRDIFF_MAX));
	assert_null(heap_calloc(SIZE_MAX / 2, 3));
	assert_null(heap_aligned_alloc(4096, 1));
	heap_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_blocks_are_apart_and_aligned),
		cmocka_unit_test(test_what_was_freed_is_used_again_and_cleared),
		cmocka_unit_test(test_a_block_that_grows_keeps_its_bytes),
		cmocka_unit_test(test_trim_gives_back_pages_and_keeps_what_is_used),
		cmocka_unit_test(test_too_much_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
