/* SPDX-License-Identifier: ISC */
/* links: base */
/* JSON in and out of structs: what is read, refused with its place, written. */
#include "base/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct point {
	char *name;
	struct number x;
};

struct thing {
	bool flag, shown;
	uint32_t small;
	uint64_t big;
	struct number number;
	char *text;
	struct words words;
	struct pairs pairs;
	int64_t *numbers;
	struct point here, *one, *many, *map;
	size_t n_numbers, n_many, n_map;
};

static const struct json_field point[] = {
	JSON(struct point, JSON_NUMBER, "x", x),
	JSON_FIELD_END
};

static const struct json_field named[] = {
	JSON_NEED(struct point, JSON_TEXT, "name", name),
	JSON(struct point, JSON_NUMBER, "x", x),
	JSON_FIELD_END
};

static const struct json_field thing[] = {
	JSON(struct thing, JSON_FLAG, "flag", flag),
	JSON(struct thing, JSON_FLAG_SHOWN, "shown", shown),
	JSON(struct thing, JSON_U32, "small", small),
	JSON(struct thing, JSON_U64, "big", big),
	JSON(struct thing, JSON_NUMBER, "number", number),
	JSON(struct thing, JSON_TEXT, "text", text),
	JSON(struct thing, JSON_WORDS, "words", words),
	JSON(struct thing, JSON_PAIRS, "pairs", pairs),
	JSON_LIST(struct thing, JSON_NUMBERS, "numbers", numbers, n_numbers, NULL),
	JSON_INSIDE(struct thing, "here", here, point),
	JSON_SUB(struct thing, JSON_ONE, "one", one, named),
	JSON_LIST(struct thing, JSON_MANY, "many", many, n_many, named),
	JSON_LIST(struct thing, JSON_MAP, "map", map, n_map, point),
	JSON_FIELD_END
};

/* What is read is written the same; all kinds at once. */
static void
test_a_document_survives_reading_and_writing(void **state)
{
	static const char text[] =
	        "{\"flag\":true,\"shown\":false,\"small\":4294967295,"
	        "\"big\":18446744073709551615,"
	        "\"number\":-9223372036854775808,\"text\":\"a\\nb\","
	        "\"words\":[\"\",\"x\"],\"pairs\":{\"k\":\"v\",\"a\":\"b\"},"
	        "\"numbers\":[-1,0,2],\"here\":{\"x\":0},"
	        "\"one\":{\"name\":\"n\"},\"many\":[{\"name\":\"m\",\"x\":1},"
	        "{\"name\":\"o\"}],\"map\":{\"p\":{\"x\":3},\"q\":{}}}";
	AUTO(arena) struct arena a = { 0 };
	AUTO(buf) struct buf out = { 0 };
	struct thing t = { 0 };
	struct err e;

	assert_int_equal(json_read(BUF_OF(text, strlen(text)), thing, &t, &a,
	                           &e), 0);
	json_write(&out, thing, &t, false);
	assert_string_equal(out.data, text);
}

static void
test_what_is_absent_is_not_written(void **state)
{
	AUTO(buf) struct buf out = { 0 };
	struct thing t = { 0 };

	json_write(&out, thing, &t, false);
	assert_string_equal(out.data, "{\"shown\":false,\"small\":0,\"big\":0}");
}

static void
test_pretty_text_is_indented_by_tabs(void **state)
{
	AUTO(buf) struct buf out = { 0 };
	struct thing t = { .n_numbers = 1,
		           .numbers = (int64_t[]){ 7 } };

	json_write(&out, thing, &t, true);
	assert_string_equal(out.data, "{\n\t\"shown\": false,\n\t\"small\": 0,\n"
	                    "\t\"big\": 0,\n\t\"numbers\": [\n\t\t7\n\t]\n}\n");
}

static const struct {
	const char *text, *says;
} bad[] = {
	{ "", "not JSON" },
	{ "{", "not JSON" },
	{ "[]", "not an object" },
	{ "{} x", "not JSON" },
	{ "{\"text\":\"\xff\"}", "not JSON" },
	{ "{\"flag\":1}", "flag: not true or false" },
	{ "{\"small\":4294967296}", "small: a number out of range" },
	{ "{\"small\":-1}", "small: a number out of range" },
	{ "{\"big\":18446744073709551616}", "big: not a whole number" },
	{ "{\"number\":9223372036854775808}", "number: a number out of range" },
	{ "{\"number\":1.5}", "number: not a whole number" },
	{ "{\"number\":\"1\"}", "number: not a whole number" },
	{ "{\"text\":1}", "text: not a string" },
	{ "{\"text\":\"a\\u0000b\"}", "text: a string with a NUL in it" },
	{ "{\"words\":\"x\"}", "words: not a list" },
	{ "{\"words\":[\"x\",1]}", "words[1]: not a string" },
	{ "{\"pairs\":{\"a.b\":1}}", "pairs.a.b: not a string" },
	{ "{\"pairs\":{\"a\\u0000\":\"\"}}", "pairs: a string with a NUL" },
	{ "{\"numbers\":[1,null]}", "numbers[1]: not a whole number" },
	{ "{\"here\":[]}", "here: not an object" },
	{ "{\"one\":{}}", "one.name: missing" },
	{ "{\"one\":{\"name\":null}}", "one.name: missing" },
	{ "{\"many\":[{\"name\":\"\"},{}]}", "many[1].name: missing" },
	{ "{\"map\":{\"k\":{\"x\":\"\"}}}", "map.k.x: not a whole number" },
	{ "{\"text\":\"a\",\"text\":\"b\"}", "text: given twice" },
};

static void
test_an_error_names_the_place(void **state)
{
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		AUTO(arena) struct arena a = { 0 };
		struct thing t = { 0 };
		struct err e = { 0 };

		if (json_read(BUF_OF(bad[i].text, strlen(bad[i].text)), thing,
		              &t, &a, &e) == 0)
			fail_msg("%s was read", bad[i].text);
		assert_int_equal(e.code, EINVAL);
		if (strncmp(e.text, bad[i].says, strlen(bad[i].says)) != 0)
			fail_msg("%s: %s", bad[i].text, e.text);
	}
}

static void
test_unknown_keys_and_nulls_are_passed_over(void **state)
{
	static const char text[] = "{\"x\":{\"y\":[1,{}]},\"words\":null}";
	AUTO(arena) struct arena a = { 0 };
	struct thing t = { 0 };
	struct err e;

	assert_int_equal(json_read(BUF_OF(text, strlen(text)), thing, &t, &a,
	                           &e), 0);
	assert_int_equal(t.words.n, 0);
}

static void
test_a_hundred_thousand_brackets_do_no_harm(void **state)
{
	AUTO(arena) struct arena a = { 0 };
	AUTO(buf) struct buf text = { 0 };
	struct thing t = { 0 };
	struct err e;

	buf_text(&text, "{\"deep\":");
	for (int i = 0; i < 100000; i++)
		buf_text(&text, "[");
	for (int i = 0; i < 100000; i++)
		buf_text(&text, "]");
	buf_text(&text, "}");
	assert_int_equal(json_read(&text, thing, &t, &a, &e), 0);
	assert_int_equal(json_read(BUF_OF(text.data, text.n - 9), thing, &t,
	                           &a, &e), -1);
}

/* Every prefix of a document, and every byte of it changed: no crash. */
static void
test_garbage_does_no_harm(void **state)
{
	char text[] = "{\"many\":[{\"name\":\"m\",\"x\":1}],\"map\":{\"k\":{}},"
	              "\"pairs\":{\"a\":\"b\"},\"numbers\":[1,-2]}";
	size_t n = strlen(text);

	for (size_t i = 0; i < n; i++)
		for (int c = 0; c < 256; c += i % 2 ? 1 : 17) {
			AUTO(arena) struct arena a = { 0 };
			struct thing t = { 0 };
			struct err e;
			char was = text[i];

			(void)!json_read(BUF_OF(text, i), thing, &t, &a, &e);
			text[i] = (char)c;
			(void)!json_read(BUF_OF(text, n), thing, &t, &a, &e);
			text[i] = was;
		}
}

static void
test_a_quoted_string_is_valid_json(void **state)
{
	static const char *const words[][2] = {
		{ "plain", "\"plain\"" },
		{ "\"\\", "\"\\\"\\\\\"" },
		{ "\n\r\t\b\f", "\"\\n\\r\\t\\b\\f\"" },
		{ "\x01\x1b\x7f", "\"\\u0001\\u001b\\u007f\"" },
		{ "\xc3\xa4\xf0\x9f\x90\xb3", "\"\xc3\xa4\xf0\x9f\x90\xb3\"" },
		{ "\xff\xc0\xaf", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"" },
		{ "\xed\xa0\x80", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"" },
		{ "\xe2\x82", "\"\xef\xbf\xbd\xef\xbf\xbd\"" },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		AUTO(buf) struct buf out = { 0 };

		json_quote(&out, words[i][0]);
		assert_string_equal(out.data, words[i][1]);
	}
}

static void
test_a_key_that_is_set_twice_keeps_its_place(void **state)
{
	AUTO(arena) struct arena a = { 0 };
	struct pairs p = { 0 };

	pairs_set(&a, &p, "a", "1");
	pairs_set(&a, &p, "b", "2");
	pairs_set(&a, &p, "a", "3");
	assert_int_equal(p.n, 2);
	assert_string_equal(p.v[0].value, "3");
	assert_string_equal(pairs_get(&p, "b"), "2");
	assert_null(pairs_get(&p, "c"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_document_survives_reading_and_writing),
		cmocka_unit_test(test_what_is_absent_is_not_written),
		cmocka_unit_test(test_pretty_text_is_indented_by_tabs),
		cmocka_unit_test(test_an_error_names_the_place),
		cmocka_unit_test(test_unknown_keys_and_nulls_are_passed_over),
		cmocka_unit_test(test_a_hundred_thousand_brackets_do_no_harm),
		cmocka_unit_test(test_garbage_does_no_harm),
		cmocka_unit_test(test_a_quoted_string_is_valid_json),
		cmocka_unit_test(test_a_key_that_is_set_twice_keeps_its_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
