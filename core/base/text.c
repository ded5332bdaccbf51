/* SPDX-License-Identifier: ISC */
/* Reads UTF-8 strictly and shows whatever could move a terminal's cursor. */
#include "base/text.h"

#include <stdint.h>
#include <string.h>

/* Ranges of code points that are shown by number. */
static const struct range {
	uint32_t first, last;
} unseen[] = {
	{ 0x80, 0x9f },       /* C1 controls; 0x9b starts an escape sequence */
	{ 0x61c, 0x61c },     /* the direction of writing */
	{ 0x200e, 0x200f },   /* … */
	{ 0x2028, 0x2029 },   /* line and paragraph separators */
	{ 0x202a, 0x202e },   /* the direction of writing again */
	{ 0x2066, 0x2069 },   /* … */
	{ 0xfeff, 0xfeff },   /* byte order mark */
	{ 0xfff9, 0xfffb },   /* annotations between the lines */
	{ 0xe0000, 0xe007f }, /* tags: text that nobody sees */
};

/*
 * How many bytes the character at `s` has, and which it is; 0 where the bytes
 * are not UTF-8. Overlong forms and surrogates are not (RFC 3629).
 */
static size_t
decode(const unsigned char *s, uint32_t *point)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t n = s[0] < 0x80 ? 1
	         : s[0] < 0xc0 ? 0
	         : s[0] < 0xe0 ? 2
	         : s[0] < 0xf0 ? 3
	         : s[0] < 0xf8 ? 4 : 0;
	uint32_t p = n < 2 ? s[0] : s[0] & (0x7fu >> n);

	for (size_t i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		p = p << 6 | (s[i] & 0x3f);
	}
	if (n && (p < least[n] || p > 0x10ffff || (p >= 0xd800 && p < 0xe000)))
		return 0;
	*point = p;
	return n;
}

static int
is_unseen(uint32_t point)
{
	for (size_t i = 0; i < sizeof(unseen) / sizeof(*unseen); i++)
		if (point >= unseen[i].first && point <= unseen[i].last)
			return 1;
	return 0;
}

void
text_escape(struct buf *out, const char *text)
{
	const unsigned char *s = (const unsigned char *)text;
	uint32_t point = 0;
	size_t n;

	buf_text(out, "");
	for (; *s; s += n ? n : 1) {
		n = decode(s, &point);
		if (n == 0 || *s < 0x20 || *s == 0x7f)
			buf_format(out, "\\x%02x", *s);
		else if (is_unseen(point))
			buf_format(out, "\\u{%x}", (unsigned)point);
		else
			buf_add(out, s, n);
	}
}

size_t
text_width(const char *text)
{
	const unsigned char *s = (const unsigned char *)text;
	uint32_t point;
	size_t n, width = 0;

	for (; *s; s += n ? n : 1, width++)
		n = decode(s, &point);
	return width;
}
