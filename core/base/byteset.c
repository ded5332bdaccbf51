/* SPDX-License-Identifier: ISC */
/* Sets of bytes, as [a-z] and \w write them. */
#include "base/byteset.h"

#include <ctype.h>
#include <string.h>

/* What [[:name:]] and \x mean: pairs of a first and a last byte. */
static const struct {
	const char *name, *pairs;
} classes[] = {
	{ "d", "09" },
	{ "s", "\t\n\f\r  " },
	{ "w", "09AZ__az" },
	{ "alnum", "09AZaz" },
	{ "alpha", "AZaz" },
	{ "ascii", "\x01\x7f" },
	{ "blank", "\t\t  " },
	{ "cntrl", "\x01\x1f\x7f\x7f" },
	{ "digit", "09" },
	{ "graph", "!~" },
	{ "lower", "az" },
	{ "print", " ~" },
	{ "punct", "!/:@[`{~" },
	{ "space", "\t\r  " },
	{ "upper", "AZ" },
	{ "word", "09AZ__az" },
	{ "xdigit", "09AFaf" },
};

bool
byteset_has(const unsigned char *set, unsigned char c)
{
	return set[c / 8] >> c % 8 & 1;
}

void
byteset_add(unsigned char *set, int first, int last, bool fold)
{
	for (int c = first; c <= last; c++) {
		set[c / 8] |= (unsigned char)(1 << c % 8);
		if (fold && isalpha(c))
			set[(c ^ 32) / 8] |= (unsigned char)(1 << c % 8);
	}
}

void
byteset_turn(unsigned char *set)
{
	for (size_t i = 0; i < BYTESET; i++)
		set[i] = (unsigned char)~set[i];
	set[0] &= 0xfe;
}

bool
byteset_add_class(unsigned char *set, const char *name, size_t length,
                  bool fold)
{
	for (size_t i = 0; i < sizeof(classes) / sizeof(*classes); i++) {
		if (strlen(classes[i].name) != length ||
		    strncmp(classes[i].name, name, length) != 0)
			continue;
		for (const char *c = classes[i].pairs; *c; c += 2)
			byteset_add(set, c[0], c[1], fold);
		return true;
	}
	return false;
}

bool
byteset_add_short(unsigned char *set, char letter, bool fold)
{
	unsigned char members[BYTESET] = { 0 };
	char name = (char)tolower((unsigned char)letter);

	if (!byteset_add_class(members, &name, 1, fold))
		return false;
	if (name != letter)
		byteset_turn(members);
	for (size_t i = 0; i < BYTESET; i++)
		set[i] |= members[i];
	return true;
}
