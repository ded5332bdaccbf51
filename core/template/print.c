/* SPDX-License-Identifier: ISC */
/* Values as Go's fmt prints them. */
#include "base/text.h"
#include "template/functions.h"
#include "template/tree.h"
#include "template/verb.h"

#include <inttypes.h>
#include <string.h>

const char *
print_type(const struct value *v)
{
	switch (v->kind) {
	case VALUE_FLAG:
		return "bool";
	case VALUE_INT:
		return "int";
	case VALUE_FLOAT:
		return "float64";
	case VALUE_TEXT:
		return "string";
	case VALUE_LIST:
		return v->texts ? "[]string" : "[]interface {}";
	case VALUE_MAP:
		return v->texts ? "map[string]string"
		                : "map[string]interface {}";
	case VALUE_RECORD:
		return v->text;
	default:
		return "interface {}";
	}
}

bool
print_truth(const struct value *v)
{
	switch (v ? v->kind : VALUE_NULL) {
	case VALUE_FLAG:
		return v->flag;
	case VALUE_INT:
		return v->integer != 0;
	case VALUE_FLOAT:
		return v->number != 0;
	case VALUE_TEXT:
		return *v->text;
	case VALUE_LIST:
	case VALUE_MAP:
		return v->n > 0;
	default:
		return v && v->kind == VALUE_RECORD;
	}
}

void
print_pad(struct buf *out, const struct verb *v, const char *text, bool zero)
{
	size_t width = text_width(text), n = 0;

	if (v->width > 0 && (size_t)v->width > width)
		n = (size_t)v->width - width;
	if (zero && !v->minus && (*text == '-' || *text == '+') && n)
		buf_add(out, text++, 1);
	for (size_t i = 0; i < n && !v->minus; i++)
		buf_text(out, zero ? "0" : " ");
	buf_text(out, text);
	for (size_t i = 0; i < n && v->minus; i++)
		buf_text(out, " ");
}

/* "%!d(string=hi)" */
static void
bad_verb(struct buf *out, const struct verb *v, const struct value *from)
{
	buf_format(out, "%%!%c(", v->letter);
	if (from->kind == VALUE_NULL) {
		buf_text(out, "<nil>)");
		return;
	}
	buf_format(out, "%s=", print_type(from));
	print_value(out, from);
	buf_text(out, ")");
}

/* A number in any base, with the digits of its own. */
static void
put_digits(struct buf *to, uint64_t n, unsigned base, bool upper)
{
	const char *digit = upper ? "0123456789ABCDEF" : "0123456789abcdef";
	char text[65];
	size_t at = sizeof(text) - 1;

	text[at] = '\0';
	do
		text[--at] = digit[n % base];
	while (n /= base);
	buf_text(to, text + at);
}

static void
format_int(struct buf *out, const struct verb *v, const struct value *from)
{
	static const char letters[] = "vdboOxX";
	static const unsigned bases[] = { 10, 10, 2, 8, 8, 16, 16 };
	AUTO(buf) struct buf text = { 0 }, digits = { 0 };
	int64_t n = from->integer;
	const char *at = strchr(letters, v->letter);

	if (v->letter == 'c' || v->letter == 'q') {
		if (v->letter == 'q')
			buf_text(&text, "'");
		if (v->letter == 'q' && n >= 0 && n <= 0x10ffff)
			quote_rune(&text, (uint32_t)n, '\'');
		else
			lex_add_rune(&text, n < 0 || n > 0x10ffff
			             ? 0xfffd : (uint32_t)n);
		if (v->letter == 'q')
			buf_text(&text, "'");
		print_pad(out, v, text.data ? text.data : "", false);
		return;
	}
	if (v->letter == 'U') {
		buf_format(&text, "U+%04" PRIX64, n);
		print_pad(out, v, text.data, false);
		return;
	}
	if (!at) {
		bad_verb(out, v, from);
		return;
	}
	buf_text(&text, n < 0 ? "-" : v->plus ? "+" : v->space ? " " : "");
	if (v->letter == 'O')
		buf_text(&text, "0o");
	else if (v->sharp && strchr("xX", v->letter))
		buf_text(&text, v->letter == 'x' ? "0x" : "0X");
	else if (v->sharp && strchr("bo", v->letter))
		buf_text(&text, v->letter == 'b' ? "0b" : "0");
	put_digits(&digits, n < 0 ? 0 - (uint64_t)n : (uint64_t)n,
	           bases[at - letters], v->letter == 'X');
	for (int i = (int)digits.n; i < v->precision; i++)
		buf_text(&text, "0");
	buf_text(&text, digits.data);
	print_pad(out, v, text.data, v->zero && v->precision < 0);
}

static void
format_float(struct buf *out, const struct verb *v, const struct value *from)
{
	AUTO(buf) struct buf text = { 0 };

	if (!strchr("veEfFgG", v->letter)) {
		bad_verb(out, v, from);
		return;
	}
	buf_text(&text, v->plus && from->number >= 0    ? "+"
	                : v->space && from->number >= 0 ? " "
	                                                : "");
	if (v->precision < 0 && strchr("vgG", v->letter)) {
		value_float_text(&text, from->number, -4, 6);
	} else {
		AUTO(free) char *digits = NULL;

		digits = v->letter == 'e' || v->letter == 'E'
		         ? mem_format("%.*e", v->precision < 0 ? 6
		                      : v->precision, from->number)
		         : strchr("fF", v->letter)
		         ? mem_format("%.*f", v->precision < 0 ? 6
		                      : v->precision, from->number)
		         : mem_format("%.*g", v->precision, from->number);
		buf_text(&text, digits);
	}
	print_pad(out, v, text.data, v->zero);
}

/* The first characters of a text, as many as the precision says. */
static void
cut(struct buf *out, const struct verb *v, const char *text)
{
	const unsigned char *s = (const unsigned char *)text;
	uint32_t rune;

	for (int i = 0; *s && (v->precision < 0 || i < v->precision); i++) {
		size_t n = quote_decode(s, &rune);

		buf_add(out, s, n ? n : 1);
		s += n ? n : 1;
	}
	buf_text(out, "");
}

static void
format_text(struct buf *out, const struct verb *v, const struct value *from)
{
	AUTO(buf) struct buf text = { 0 }, quoted = { 0 };

	if (!strchr("vsqxX", v->letter)) {
		bad_verb(out, v, from);
		return;
	}
	if (strchr("xX", v->letter)) {
		size_t n = strlen(from->text);

		if (v->precision >= 0 && (size_t)v->precision < n)
			n = (size_t)v->precision;
		buf_text(&text, v->sharp && n ? "0x" : "");
		for (size_t i = 0; i < n; i++)
			buf_format(&text, v->letter == 'x' ? "%02x" : "%02X",
			           (unsigned char)from->text[i]);
	} else {
		cut(&text, v, from->text);
	}
	if (v->letter == 'q') {
		template_quote(&quoted, text.data);
		print_pad(out, v, quoted.data, false);
	} else {
		print_pad(out, v, text.data, v->zero);
	}
}

/* Each member is padded by itself. */
static void
format_members(struct buf *out, const struct verb *v, const struct value *from)
{
	static const char *const brackets[][2] = {
		[VALUE_LIST] = { "[", "]" },
		[VALUE_MAP] = { "map[", "]" },
		[VALUE_RECORD] = { "{", "}" },
	};
	size_t written = 0;

	buf_text(out, brackets[from->kind][0]);
	for (size_t i = 0; i < from->n; i++) {
		const struct member *m = &from->v[i];
		struct value key = { .kind = VALUE_TEXT, .text = m->key };

		if (m->value->kind == VALUE_LOOKUP || m->value->hidden)
			continue;
		if (written++)
			buf_text(out, " ");
		if (from->kind == VALUE_MAP) {
			print_verb(out, v, &key);
			buf_text(out, ":");
		} else if (from->kind == VALUE_RECORD && v->plus) {
			buf_format(out, "%s:", m->key);
		}
		print_verb(out, v, m->value);
	}
	buf_text(out, brackets[from->kind][1]);
}

void
print_verb(struct buf *out, const struct verb *v, const struct value *from)
{
	switch (from->kind) {
	case VALUE_FLAG:
		if (strchr("vt", v->letter))
			print_pad(out, v, from->flag ? "true" : "false", false);
		else
			bad_verb(out, v, from);
		break;
	case VALUE_INT:
		if (from->text && strchr("vs", v->letter))
			print_pad(out, v, from->text, false);
		else
			format_int(out, v, from);
		break;
	case VALUE_FLOAT:
		format_float(out, v, from);
		break;
	case VALUE_TEXT:
		format_text(out, v, from);
		break;
	case VALUE_LIST:
	case VALUE_MAP:
	case VALUE_RECORD:
		format_members(out, v, from);
		break;
	default:
		if (v->letter == 'v')
			print_pad(out, v, "<nil>", false);
		else
			bad_verb(out, v, from);
	}
}

void
print_value(struct buf *out, const struct value *v)
{
	print_verb(out, &VERB_PLAIN, v);
}
