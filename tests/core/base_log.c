/* SPDX-License-Identifier: ISC */
/* Log lines and escaping: one line each, and nothing that drives a terminal. */
/* links: base */
#include "base/log.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <regex.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"

/* What a log line is, written into a pipe. */
static const char *
line(enum log_level most, bool json, enum log_level level, const char *text)
{
	static char got[4096];
	int ends[2];
	ssize_t n;

	assert_int_equal(pipe(ends), 0);
	log_set(most, json, ends[1]);
	log_line(level, "%s", text);
	close(ends[1]);
	n = read(ends[0], got, sizeof(got) - 1);
	close(ends[0]);
	assert_true(n >= 0);
	got[n] = '\0';
	return got;
}

static void
text_lines_say_what_they_warn_of(void **state)
{
	assert_string_equal(line(LOG_DEBUG, false, LOG_INFO, "init come on"),
	                    "mydocker: init come on\n");
	assert_string_equal(line(LOG_DEBUG, false, LOG_DEBUG, "d"),
	                    "mydocker: d\n");
	assert_string_equal(line(LOG_DEBUG, false, LOG_ERROR, "e"),
	                    "mydocker: e\n");
	assert_string_equal(line(LOG_DEBUG, false, LOG_WARN, "w"),
	                    "mydocker: warning: w\n");
}

static void
the_level_decides_what_is_told(void **state)
{
	assert_string_equal(line(LOG_WARN, false, LOG_INFO, "x"), "");
	assert_string_equal(line(LOG_ERROR, false, LOG_WARN, "x"), "");
	assert_string_not_equal(line(LOG_ERROR, false, LOG_ERROR, "x"), "");
	assert_string_equal(line(LOG_INFO, true, LOG_DEBUG, "x"), "");
	assert_string_not_equal(line(LOG_INFO, true, LOG_INFO, "x"), "");
}

static void
json_lines_have_level_msg_and_time(void **state)
{
	const char *got = line(LOG_INFO, true, LOG_WARN, "a \"b\"\n\033[1m");
	regex_t pattern;

	assert_int_equal(regcomp(&pattern,
	        "^\\{\"level\":\"warning\",\"msg\":\"a \\\\\"b\\\\\"\\\\n"
	        "\\\\u001[bB]\\[1m\",\"time\":\"20[0-9]{2}-[01][0-9]-[0-3][0-9]T"
	        "[0-2][0-9]:[0-5][0-9]:[0-6][0-9]\\.[0-9]{3}Z\"\\}\n$",
	        REG_EXTENDED), 0);
	if (regexec(&pattern, got, 0, NULL, 0) != 0)
		fail_msg("%s", got);
	regfree(&pattern);
}

static void
text_lines_are_one_line_each(void **state)
{
	assert_string_equal(line(LOG_INFO, false, LOG_INFO, "a\nb\rc\033[2J"),
	                    "mydocker: a\\x0ab\\x0dc\\x1b[2J\n");
}

static void
a_log_line_leaves_errno_alone(void **state)
{
	log_set(LOG_INFO, false, -1);
	errno = ENOENT;
	log_info("nowhere to go");
	assert_int_equal(errno, ENOENT);
}

static void
levels_have_names(void **state)
{
	assert_int_equal(log_level_named("error"), LOG_ERROR);
	assert_int_equal(log_level_named("fatal"), LOG_ERROR);
	assert_int_equal(log_level_named("warn"), LOG_WARN);
	assert_int_equal(log_level_named("warning"), LOG_WARN);
	assert_int_equal(log_level_named("info"), LOG_INFO);
	assert_int_equal(log_level_named("debug"), LOG_DEBUG);
	assert_int_equal(log_level_named("trace"), LOG_DEBUG);
	assert_int_equal(log_level_named("loud"), -1);
	assert_int_equal(log_level_named(""), -1);
	for (int level = LOG_ERROR; level <= LOG_DEBUG; level++)
		assert_int_equal(log_level_named(log_level_name(
		                         (enum log_level)level)), level);
}

static void
what_moves_the_cursor_becomes_visible(void **state)
{
	static const struct {
		const char *text, *shown;
	} rows[] = {
		{ "", "" },
		{ "plain 'text' \\ %s", "plain 'text' \\ %s" },
		{ "größe 東京 🙂", "größe 東京 🙂" },
		{ "a\tb", "a\\x09b" },
		{ "a\nb\r", "a\\x0ab\\x0d" },
		{ "\033[31m", "\\x1b[31m" },
		{ "\177", "\\x7f" },
		{ "\302\233" "31m", "\\u{9b}31m" },      /* C1 CSI */
		{ "\302\200\302\237", "\\u{80}\\u{9f}" },
		{ "\302\240", "\302\240" },              /* no C1 any more */
		{ "a\342\200\256b", "a\\u{202e}b" },     /* right to left */
		{ "\342\201\246\342\201\251", "\\u{2066}\\u{2069}" },
		{ "\342\200\217", "\\u{200f}" },
		{ "\330\234", "\\u{61c}" },
		{ "\342\200\250", "\\u{2028}" },         /* a line separator */
		{ "\357\273\277", "\\u{feff}" },
		{ "\363\240\201\201", "\\u{e0041}" },
		/* not UTF-8 */
		{ "\200", "\\x80" },
		{ "\233" "31m", "\\x9b31m" },
		{ "a\377b", "a\\xffb" },
		{ "\303", "\\xc3" },
		{ "\303(", "\\xc3(" },
		{ "\342\202", "\\xe2\\x82" },
		{ "\300\257", "\\xc0\\xaf" },            /* overlong */
		{ "\340\202\233", "\\xe0\\x82\\x9b" },
		{ "\355\240\200", "\\xed\\xa0\\x80" },   /* a surrogate */
		{ "\364\220\200\200", "\\xf4\\x90\\x80\\x80" },
		{ "\370\210\200\200\200", "\\xf8\\x88\\x80\\x80\\x80" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		AUTO(buf) struct buf out = { 0 };

		text_escape(&out, rows[i].text);
		assert_string_equal(out.data, rows[i].shown);
	}
}

static void
width_counts_characters(void **state)
{
	assert_int_equal(text_width(""), 0);
	assert_int_equal(text_width("abc"), 3);
	assert_int_equal(text_width("größe"), 5);
	assert_int_equal(text_width("\377\377"), 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_lines_say_what_they_warn_of),
		cmocka_unit_test(the_level_decides_what_is_told),
		cmocka_unit_test(json_lines_have_level_msg_and_time),
		cmocka_unit_test(text_lines_are_one_line_each),
		cmocka_unit_test(a_log_line_leaves_errno_alone),
		cmocka_unit_test(levels_have_names),
		cmocka_unit_test(what_moves_the_cursor_becomes_visible),
		cmocka_unit_test(width_counts_characters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
