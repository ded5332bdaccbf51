/* SPDX-License-Identifier: ISC */
/* The kinds of values that options take: text in, a member of a struct out. */
#include "cli/opt.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

int
opt_flag(void *member, const char *value, struct arena *a, struct err *e)
{
	/* Go's */
	static const char *const words[] = {
		"false", "true", "0", "1", "f", "t", "F", "T", "False",
		"True", "FALSE", "TRUE",
	};

	(void)a;
	if (!value)
		value = "true";
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (strcmp(value, words[i]) == 0) {
			*(bool *)member = i & 1;
			return 0;
		}
	return fail(e, EINVAL, "'%s' is neither true nor false", value);
}

int
opt_text(void *member, const char *value, struct arena *a, struct err *e)
{
	(void)e;
	*(char **)member = arena_text(a, value);
	return 0;
}

int
opt_list(void *member, const char *value, struct arena *a, struct err *e)
{
	(void)e;
	words_add(a, member, value);
	return 0;
}

/* Without the blanks at both ends. */
static char *
trimmed(struct arena *a, const char *text, size_t n)
{
	for (; n && isspace((unsigned char)*text); n--)
		text++;
	while (n && isspace((unsigned char)text[n - 1]))
		n--;
	return arena_bytes(a, text, n);
}

int
opt_filter(void *member, const char *value, struct arena *a, struct err *e)
{
	const char *equals = strchr(value, '=');
	char *key;

	if (!*value)
		return 0;
	if (!equals)
		return fail(e, EINVAL, "'%s' is not KEY=VALUE", value);
	key = trimmed(a, value, (size_t)(equals - value));
	for (char *c = key; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	value = trimmed(a, equals + 1, strlen(equals + 1));
	words_add(a, member, arena_format(a, "%s=%s", key, value));
	return 0;
}

/* What stands behind the point, as a part of `unit`. */
static uint64_t
fraction_part(const char *digits, char **end, uint64_t unit)
{
	double part = 0, place = (double)unit;

	for (; isdigit((unsigned char)*digits); digits++) {
		place /= 10;
		part += place * (*digits - '0');
	}
	*end = (char *)digits;
	return (uint64_t)part;
}

/* "m", "MB", "mib", "b" or nothing: the bits to shift by, -1: none of these. */
static int
unit_shift(const char *text)
{
	static const char units[] = "kmgtp";
	const char *unit = *text ? strchr(units, tolower((unsigned char)*text))
	                         : NULL;
	int shift = 0;

	if (unit) {
		shift = 10 * (int)(unit - units + 1);
		text++;
		if (tolower((unsigned char)text[0]) == 'i' &&
		    tolower((unsigned char)text[1]) == 'b')
			text++;
	}
	if (tolower((unsigned char)*text) == 'b')
		text++;
	return *text ? -1 : shift;
}

static int
read_size(const char *text, uint64_t *bytes)
{
	uint64_t whole, fraction = 0;
	char *unit, *digits = NULL;
	int shift;

	if (!isdigit((unsigned char)*text))
		return EINVAL;
	/* what is too large for this becomes the largest, still too large */
	whole = strtoull(text, &unit, 10);
	if (*unit == '.' && isdigit((unsigned char)unit[1])) {
		digits = unit + 1;
		unit += 1 + strspn(digits, "0123456789");
	}
	shift = unit_shift(unit);
	if (shift < 0)
		return EINVAL;
	if (digits)
		fraction = fraction_part(digits, &unit, 1ull << shift);
	if (whole > (uint64_t)INT64_MAX >> shift)
		return ERANGE;
	*bytes = (whole << shift) + fraction;
	return 0;
}

int
opt_parse_size(const char *text, uint64_t *bytes, struct err *e)
{
	int code = read_size(text, bytes);

	if (code == ERANGE)
		return fail(e, code, "'%s' is too large", text);
	if (code)
		return fail(e, code, "'%s' is not a size, such as 512m or 2g",
		            text);
	return 0;
}

int
opt_bytes(void *member, const char *value, struct arena *a, struct err *e)
{
	(void)a;
	return opt_parse_size(value, member, e);
}

int
opt_size(void *member, const char *value, struct arena *a, struct err *e)
{
	struct number *number = member;
	uint64_t bytes = 0;

	(void)a;
	if (strcmp(value, "-1") == 0) {
		*number = (struct number){ true, -1 };
		return 0;
	}
	if (opt_parse_size(value, &bytes, e) < 0)
		return -1;
	*number = (struct number){ true, (int64_t)bytes };
	return 0;
}

int
opt_number(void *member, const char *value, struct arena *a, struct err *e)
{
	const char *digits = value + (*value == '-');
	long long number;

	(void)a;
	if (!*digits || digits[strspn(digits, "0123456789")])
		return fail(e, EINVAL, "'%s' is not a whole number", value);
	errno = 0;
	number = strtoll(value, NULL, 10);
	if (errno)
		return fail(e, ERANGE, "'%s' is too large", value);
	*(struct number *)member = (struct number){ true, number };
	return 0;
}

int
opt_seconds(void *member, const char *value, struct arena *a, struct err *e)
{
	struct number seconds = { 0 };

	if (opt_number(&seconds, value, a, e) < 0 || seconds.value < -1)
		return fail(e, EINVAL, "'%s' is not a number of seconds, "
		            "or -1 for ever", value);
	*(struct number *)member = seconds;
	return 0;
}

int
opt_pairs(void *member, const char *value, struct arena *a, struct err *e)
{
	size_t n = strcspn(value, "=");

	if (n == 0)
		return fail(e, EINVAL, "'%s' has no name in front of the '='",
		            value);
	pairs_set(a, member, arena_bytes(a, value, n),
	          value[n] ? value + n + 1 : "");
	return 0;
}
