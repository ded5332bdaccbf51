/* SPDX-License-Identifier: ISC */
/* Regular expressions: what they find, and which are none. */
/* links: base */
#include "base/pattern.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

struct sample {
	const char *pattern, *found, *missed; /* texts; either may be NULL */
};

static void
check(const struct sample *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		AUTO(arena) struct arena a = { 0 };
		struct pattern p = { 0 };
		struct err e = { 0 };

		if (pattern_compile(&p, rows[i].pattern, &a, &e) < 0)
			fail_msg("%s", e.text);
		if (rows[i].found && !pattern_finds(&p, rows[i].found))
			fail_msg("%s: not in '%s'", rows[i].pattern,
			         rows[i].found);
		if (rows[i].missed && pattern_finds(&p, rows[i].missed))
			fail_msg("%s: in '%s'", rows[i].pattern,
			         rows[i].missed);
	}
}

static void
text_is_found_anywhere(void **state)
{
	static const struct sample rows[] = {
		{ "", "", NULL },          { "", "web", NULL },
		{ "web", "myweb1", "we" }, { "b", "abc", "" },
		{ "aab", "aaab", "aba" },  { "a}b", "a}b", "ab" },
		{ "]", "]", "[" },         { "a{b", "a{b", "ab" },
		{ "a{,2}", "a{,2}", "aa" },
	};

	check(rows, COUNT(rows));
}

static void
anchors_hold_where_they_stand(void **state)
{
	static const struct sample rows[] = {
		{ "^web", "web1", "myweb" },    { "web$", "myweb", "web1" },
		{ "^$", "", "a" },              { "^a|b$", "ac", "ca" },
		{ "^a|b$", "cb", "bc" },        { "^(a|b)$", "b", "ab" },
		{ "a^", NULL, "a^" },           { "$a", NULL, "a" },
		{ "\\Aweb\\z", "web", "web " }, { "^/?web$", "/web", "//web" },
		{ "\\bb", "a b", "ab" },        { "\\Bb", "ab", "a b" },
		{ "b\\b", "b-a", "ba" },        { "^a$", "a", "a\n" },
	};

	check(rows, COUNT(rows));
}

static void
repetitions_count(void **state)
{
	static const struct sample rows[] = {
		{ "^a*$", "", "b" },           { "^a*$", "aaa", "aab" },
		{ "^a+$", "aa", "" },          { "^a?b$", "b", "aab" },
		{ "^a{2}$", "aa", "aaa" },     { "^a{2}$", NULL, "a" },
		{ "^a{2,}$", "aaaa", "a" },    { "^a{0}$", "", "a" },
		{ "^a{1,3}$", "aaa", "aaaa" }, { "^a{1,3}$", "a", "" },
		{ "^a{0,1}$", "", "aa" },      { "^(ab)*$", "abab", "aba" },
		{ "^(a|b)+$", "abba", "abc" }, { "^(a*)*$", "aaa", "b" },
		{ "^(a*)+$", "", "b" },        { "^(a?){3}$", "aa", "aaaa" },
		{ "^a+?b*?$", "aab", "b" },    { "^(a|b*)*c$", "abbac", "abd" },
		{ "^()*$", "", "a" },          { "^(ab{2}|c)+$", "abbc", "abc" },
	};

	check(rows, COUNT(rows));
}

static void
choices_are_of_rows(void **state)
{
	static const struct sample rows[] = {
		{ "a|b|c", "c", "d" },         { "^(ab|cd|ef)$", "cd", "ad" },
		{ "^(|a)b$", "b", "aab" },     { "^(a|)b$", "ab", "aab" },
		{ "^((a|b)|c)d$", "cd", "d" }, { "^a(b|c)*d$", "acbd", "aed" },
		{ "x|", "anything", NULL },    { "^(?:a|b)$", "b", "ab" },
	};

	check(rows, COUNT(rows));
}

static void
sets_are_of_bytes(void **state)
{
	static const struct sample rows[] = {
		{ "^[a-c]$", "b", "d" },           { "^[^a-c]$", "d", "b" },
		{ "^[]a]$", "]", "b" },            { "^[^]a]$", "b", "]" },
		{ "^[a-]$", "-", "b" },            { "^[-a]$", "-", "b" },
		{ "^[[:alpha:]_]+$", "a_", "1" },  { "^[[:digit:]]$", "7", "a" },
		{ "^[\\]x]$", "]", "\\" },         { "^[\\d.]+$", "1.2", "a" },
		{ "^[\\Da]$", "b", "1" },          { "^[[:punct:]]$", "-", "a" },
		{ "^[a.b]$", ".", "c" },           { "^[\\x41-C]$", "B", "D" },
		{ "^[[:space:]]$", "\v", "a" },    { "^[^[:alnum:]]$", "-", "a" },
		{ "^.$", "a", "\n" },              { "^.$", NULL, "" },
		{ "^\\d\\D\\w\\W\\s\\S$", "1aa- x", "11a- x" },
	};

	check(rows, COUNT(rows));
}

static void
escapes_are_bytes(void **state)
{
	static const struct sample rows[] = {
		{ "a\\.b", "a.b", "acb" },    { "\\x41\\x5a", "AZ", "az" },
		{ "\\t\\n", "\t\n", "tn" },   { "\\\\", "\\", "/" },
		{ "\\*\\+\\?", "*+?", "a" },  { "\\(a\\)", "(a)", "a" },
		{ "^\\s$", "\f", "\v" },      { "\xc3\xbc+$", "\xc3\xbc\xc3\xbc", "\xc3" },
		{ "^\xc3\xbc*$", "\xc3\xbc\xc3\xbc", "\xc3\xbc\xbc" },
	};

	check(rows, COUNT(rows));
}

static void
letters_may_be_of_either_case(void **state)
{
	static const struct sample rows[] = {
		{ "(?i)Web", "wEB", "we" },       { "^(?i:a)b$", "Ab", "AB" },
		{ "^a(?i)b|c$", "aB", "AB" },     { "^((?i)a)b$", "Ab", "aB" },
		{ "(?i)^[a-c]$", "B", "D" },      { "(?i)^[^a]$", "b", "A" },
		{ "(?i)_", "_", "\x7f" },
	};

	check(rows, COUNT(rows));
}

static void
what_is_no_expression_is_told(void **state)
{
	static const struct {
		const char *pattern, *why;
	} rows[] = {
		{ "a(b", "missing ')'" },   { "a)b", "missing '('" },
		{ "[a", "missing ']'" },    { "[", "missing ']'" },
		{ "[]", "missing ']'" },    { "[a-", "missing ']'" },
		{ "*a", "nothing in front" },
		{ "a|+", "nothing in front" },
		{ "(?", "only (?: and (?i" },
		{ "(?P<n>a)", "only (?: and (?i" },
		{ "(?i", "only (?: and (?i" },
		{ "a**", "repetition of a repetition" },
		{ "a{2}{3}", "repetition of a repetition" },
		{ "a{3,2}", "a largest number below the least" },
		{ "a{1001}", "more than 1000" },
		{ "a{99999999999999999999}", "more than 1000" },
		{ "(a{1000}){1000}", "too large" },
		{ "[c-a]", "ends before it begins" },
		{ "[[:vowel:]]", "unknown class" },
		{ "[\xc3\xbc]", "only ASCII" },
		{ "\\", "last backslash" }, { "[\\", "last backslash" },
		{ "\\y", "unknown escape" }, { "\\x4", "unknown escape" },
		{ "\\pL", "unknown escape" },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		AUTO(arena) struct arena a = { 0 };
		struct pattern p = { 0 };
		struct err e = { 0 };

		assert_int_equal(pattern_compile(&p, rows[i].pattern, &a, &e),
		                 -1);
		if (!strstr(e.text, rows[i].why))
			fail_msg("%s", e.text);
	}
}

/* Each of these would take a backtracking matcher, or a recursion without
 * end, longer than the machine lasts. */
static void
no_expression_takes_long(void **state)
{
	static const char *const patterns[] = { "^(a*)*b$", "(a|a)*b",
	        "(a?){1000}b", "(((a+)+)+)+b" };
	AUTO(arena) struct arena a = { 0 };
	char text[1001] = "", bars[100001] = "";
	struct pattern p = { 0 };
	struct err e = { 0 };
	clock_t start = clock();

	memset(text, 'a', sizeof(text) - 1);
	for (size_t i = 0; i < COUNT(patterns); i++) {
		p = (struct pattern){ 0 };
		assert_int_equal(pattern_compile(&p, patterns[i], &a, &e), 0);
		assert_false(pattern_finds(&p, text));
	}
	assert_true(clock() - start < 10 * CLOCKS_PER_SEC);
	for (const char *c = "|(a"; *c; c++) {
		memset(bars, *c, sizeof(bars) - 1);
		p = (struct pattern){ 0 };
		assert_int_equal(pattern_compile(&p, bars, &a, &e), -1);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_is_found_anywhere),
		cmocka_unit_test(anchors_hold_where_they_stand),
		cmocka_unit_test(repetitions_count),
		cmocka_unit_test(choices_are_of_rows),
		cmocka_unit_test(sets_are_of_bytes),
		cmocka_unit_test(escapes_are_bytes),
		cmocka_unit_test(letters_may_be_of_either_case),
		cmocka_unit_test(what_is_no_expression_is_told),
		cmocka_unit_test(no_expression_takes_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
