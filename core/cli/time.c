/* SPDX-License-Identifier: ISC */
/* Moments as docker's --since and --until take them, and spans of time. */
#include "cli/opt.h"
#include "sys/clock.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SECOND INT64_C(1000000000)

/* Take digits, `least` to `most` of them, off *text. */
static bool
take_number(const char **text, size_t least, size_t most, int64_t *number)
{
	size_t n = strspn(*text, "0123456789");

	if (n < least || n > most)
		return false;
	*number = strtoll(*text, NULL, 10);
	*text += n;
	return true;
}

/* The digits behind a point, as nanoseconds; those beyond are dropped. */
static bool
take_fraction(const char **text, int64_t *ns)
{
	int64_t place = SECOND;

	*ns = 0;
	if (**text != '.')
		return true;
	for (++*text; **text >= '0' && **text <= '9'; ++*text) {
		place /= 10;
		*ns += place * (**text - '0');
	}
	return place < SECOND;
}

/* ---- durations ---- */

static const struct unit {
	const char *name;
	int64_t ns;
} units[] = {
	{ "ns", 1 }, { "us", 1000 }, { "\u00b5s", 1000 }, { "\u03bcs", 1000 },
	{ "ms", 1000000 }, { "s", SECOND }, { "m", 60 * SECOND },
	{ "h", 3600 * SECOND },
};

static int64_t
take_unit(const char **text)
{
	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++) {
		size_t n = strlen(units[i].name);

		if (strncmp(*text, units[i].name, n) == 0) {
			*text += n;
			return units[i].ns;
		}
	}
	return 0;
}

/* Go's time.ParseDuration: "1h30m", "1.5s", "-2m", "0". */
static bool
read_duration(const char *text, int64_t *ns)
{
	bool below = *text == '-';

	*ns = 0;
	text += *text == '-' || *text == '+';
	if (strcmp(text, "0") == 0)
		return true;
	if (!*text)
		return false;
	while (*text) {
		int64_t whole = 0, fraction, unit;
		bool digits = take_number(&text, 1, 12, &whole);

		if ((!digits && *text != '.') ||
		    !take_fraction(&text, &fraction))
			return false;
		unit = take_unit(&text);
		if (!unit || whole > INT64_MAX / 4 / unit)
			return false;
		*ns += whole * unit +
		       (int64_t)((double)fraction / SECOND * (double)unit);
		if (*ns > INT64_MAX / 4)
			return false;
	}
	if (below)
		*ns = -*ns;
	return true;
}

int
opt_parse_duration(const char *text, int64_t *ns, struct err *e)
{
	if (read_duration(text, ns))
		return 0;
	return fail(e, EINVAL, "'%s' is not a time, such as 30s or 1m30s",
	            text);
}

int
opt_duration(void *member, const char *value, struct arena *a, struct err *e)
{
	int64_t ns;

	(void)a;
	if (opt_parse_duration(value, &ns, e) < 0)
		return -1;
	*(struct number *)member = (struct number){ true, ns };
	return 0;
}

/* ---- dates ---- */

static bool
take(const char **text, char c)
{
	if (**text != c)
		return false;
	++*text;
	return true;
}

static bool
take_two(const char **text, int64_t least, int64_t most, int *into)
{
	int64_t n;

	if (!take_number(text, 2, 2, &n) || n < least || n > most)
		return false;
	*into = (int)n;
	return true;
}

/* 15, 15:04, 15:04:05 and 15:04:05.6 */
static bool
take_clock(const char **text, struct tm *t, int64_t *ns)
{
	if (!take_two(text, 0, 23, &t->tm_hour))
		return false;
	if (!take(text, ':'))
		return true;
	if (!take_two(text, 0, 59, &t->tm_min))
		return false;
	if (!take(text, ':'))
		return true;
	return take_two(text, 0, 59, &t->tm_sec) && take_fraction(text, ns);
}

/* Z or +01:00, in seconds; *has says whether there is any. */
static bool
take_zone(const char **text, int *zone, bool *has)
{
	int sign = **text == '-' ? -1 : 1, hours, minutes;

	*has = **text != '\0';
	*zone = 0;
	if (!*has || take(text, 'Z'))
		return **text == '\0';
	if (!take(text, '-') && !take(text, '+'))
		return false;
	if (!take_two(text, 0, 23, &hours) || !take(text, ':') ||
	    !take_two(text, 0, 59, &minutes))
		return false;
	*zone = sign * (hours * 3600 + minutes * 60);
	return **text == '\0';
}

/* 30 February is no day: timegm would make it one of March. */
static bool
is_day(const struct tm *t)
{
	struct tm copy = { .tm_year = t->tm_year, .tm_mon = t->tm_mon,
		           .tm_mday = t->tm_mday };

	timegm(&copy);
	return copy.tm_mon == t->tm_mon;
}

static bool
read_date(const char *text, int64_t *moment)
{
	struct tm t = { .tm_isdst = -1 };
	int64_t year, ns = 0;
	time_t seconds;
	int zone;
	bool has;

	if (!take_number(&text, 4, 4, &year) || !take(&text, '-') ||
	    !take_two(&text, 1, 12, &t.tm_mon) || !take(&text, '-') ||
	    !take_two(&text, 1, 31, &t.tm_mday))
		return false;
	t.tm_year = (int)year - 1900;
	t.tm_mon--;
	if ((take(&text, 'T') && !take_clock(&text, &t, &ns)) ||
	    !take_zone(&text, &zone, &has) || !is_day(&t))
		return false;
	seconds = has ? timegm(&t) - zone : mktime(&t);
	if (seconds < INT64_MIN / SECOND + 1 ||
	    seconds > INT64_MAX / SECOND - 1)
		return false;
	*moment = seconds * SECOND + ns;
	return true;
}

/* ---- the whole ---- */

static bool
read_seconds(const char *text, int64_t *moment)
{
	int64_t whole, ns;

	if (!take_number(&text, 1, 10, &whole) ||
	    whole > INT64_MAX / SECOND - 1 || !take_fraction(&text, &ns) ||
	    *text)
		return false;
	*moment = whole * SECOND + ns;
	return true;
}

static bool
read_ago(const char *text, int64_t *moment)
{
	int64_t ago;

	if (!read_duration(text, &ago))
		return false;
	*moment = clock_wall() - ago;
	return true;
}

int
opt_time(void *member, const char *value, struct arena *a, struct err *e)
{
	struct number *number = member;

	(void)a;
	if (!read_ago(value, &number->value) &&
	    !read_date(value, &number->value) &&
	    !read_seconds(value, &number->value))
		return fail(e, EINVAL, "'%s' is not a time, such as 10m,"
		            " 2026-01-02T15:04:05 or 1767362645", value);
	number->set = true;
	return 0;
}
