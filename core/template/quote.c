/* SPDX-License-Identifier: ISC */
/* Text in quotes, as Go writes it. */
#include "template/tree.h"
#include "template/verb.h"

size_t
quote_decode(const unsigned char *s, uint32_t *rune)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t n = *s < 0x80   ? 1
	           : *s < 0xc2 ? 0
	           : *s < 0xe0 ? 2
	           : *s < 0xf0 ? 3
	           : *s < 0xf5 ? 4
	                       : 0;

	*rune = n < 2 ? *s : *s & (0x7fu >> n);
	for (size_t i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		*rune = *rune << 6 | (s[i] & 0x3f);
	}
	return n && *rune >= least[n] && *rune <= 0x10ffff &&
	               (*rune < 0xd800 || *rune > 0xdfff) ? n : 0;
}

void
quote_rune(struct buf *out, uint32_t rune, char quote)
{
	static const char named[] = "\aa\bb\ff\nn\rr\tt\vv\\\\";
	const char *at = named;

	while (*at && (uint32_t)*at != rune)
		at += 2;
	if (*at || rune == (uint32_t)quote)
		buf_format(out, "\\%c", *at ? at[1] : quote);
	else if (rune < 0x20 || rune == 0x7f)
		buf_format(out, "\\x%02x", rune);
	else if ((rune >= 0x80 && rune < 0xa1) || rune == 0xad ||
	         (rune >= 0x2000 && rune < 0x2010) ||
	         (rune >= 0x2028 && rune < 0x2030) || rune == 0xfeff)
		buf_format(out, "\\u%04x", rune);
	else
		lex_add_rune(out, rune);
}

void
template_quote(struct buf *out, const char *text)
{
	const unsigned char *s = (const unsigned char *)text;
	uint32_t rune;
	size_t n;

	buf_text(out, "\"");
	for (; *s; s += n ? n : 1) {
		n = quote_decode(s, &rune);
		if (n)
			quote_rune(out, rune, '"');
		else
			buf_format(out, "\\x%02x", *s);
	}
	buf_text(out, "\"");
}
