/* SPDX-License-Identifier: ISC */
/* Values as Go's fmt prints them. */
#include "template/template.h"
#include "base/text.h"
#include "template/functions.h"
#include "template/tree.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
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

/* ---- quotes ---- */

/* The character at `s` and how many bytes it has; 0 where it is not UTF-8. */
static size_t
decode(const unsigned char *s, uint32_t *rune)
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

static void
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
		n = decode(s, &rune);
		if (n)
			quote_rune(out, rune, '"');
		else
			buf_format(out, "\\x%02x", *s);
	}
	buf_text(out, "\"");
}

/* ---- verbs ---- */

/* "%-8.3q": flags, width and precision, -1 where there is none. */
struct verb {
	bool minus, plus, sharp, space, zero;
	int width, precision;
	char letter;
};

static const struct verb plain = { .width = -1, .precision = -1,
	                           .letter = 'v' };

static void
pad(struct buf *out, const struct verb *v, const char *text, bool zero)
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
		pad(out, v, text.data ? text.data : "", false);
		return;
	}
	if (v->letter == 'U') {
		buf_format(&text, "U+%04" PRIX64, n);
		pad(out, v, text.data, false);
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
	pad(out, v, text.data, v->zero && v->precision < 0);
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
	pad(out, v, text.data, v->zero);
}

/* The first characters of a text, as many as the precision says. */
static void
cut(struct buf *out, const struct verb *v, const char *text)
{
	const unsigned char *s = (const unsigned char *)text;
	uint32_t rune;

	for (int i = 0; *s && (v->precision < 0 || i < v->precision); i++) {
		size_t n = decode(s, &rune);

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
		pad(out, v, quoted.data, false);
	} else {
		pad(out, v, text.data, v->zero);
	}
}

static void format_value(struct buf *out, const struct verb *v,
                         const struct value *from);

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

		if (m->value->kind == VALUE_LOOKUP)
			continue;
		if (written++)
			buf_text(out, " ");
		if (from->kind == VALUE_MAP) {
			format_value(out, v, &key);
			buf_text(out, ":");
		} else if (from->kind == VALUE_RECORD && v->plus) {
			buf_format(out, "%s:", m->key);
		}
		format_value(out, v, m->value);
	}
	buf_text(out, brackets[from->kind][1]);
}

static void
format_value(struct buf *out, const struct verb *v, const struct value *from)
{
	switch (from->kind) {
	case VALUE_FLAG:
		if (strchr("vt", v->letter))
			pad(out, v, from->flag ? "true" : "false", false);
		else
			bad_verb(out, v, from);
		break;
	case VALUE_INT:
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
			pad(out, v, "<nil>", false);
		else
			bad_verb(out, v, from);
	}
}

void
print_value(struct buf *out, const struct value *v)
{
	format_value(out, &plain, v);
}

/* ---- printf ---- */

/* A format and its arguments, while they are gone through. */
struct format {
	const char *at;
	struct call *call;
	size_t next; /* argument; the format is the first */
	bool reordered, bad;
};

#define MOST_WIDTH 1000000

/* A number, or the next argument for "*"; -1: none. */
static int
format_number(struct format *f, bool *none)
{
	int n = 0;

	*none = false;
	if (*f->at == '*') {
		const struct value *v = f->next < f->call->n
		                        ? f->call->args[f->next++] : NULL;

		f->at++;
		*none = !v || v->kind != VALUE_INT ||
		        v->integer > MOST_WIDTH || v->integer < -MOST_WIDTH;
		return *none ? -1 : (int)v->integer;
	}
	if (!isdigit((unsigned char)*f->at))
		return -1;
	for (; isdigit((unsigned char)*f->at); f->at++)
		n = n > MOST_WIDTH ? n : n * 10 + (*f->at - '0');
	*none = n > MOST_WIDTH;
	return *none ? -1 : n;
}

/* "[2]" */
static void
format_index(struct format *f)
{
	char *end;
	unsigned long n;

	if (*f->at != '[')
		return;
	n = strtoul(f->at + 1, &end, 10);
	f->reordered = true;
	f->bad = *end != ']' || n == 0 || n >= f->call->n;
	if (*end == ']')
		f->at = end + 1;
	if (!f->bad)
		f->next = n;
}

static void
format_flags(struct format *f, struct verb *v)
{
	for (; *f->at && strchr("-+# 0", *f->at); f->at++) {
		v->minus |= *f->at == '-';
		v->plus |= *f->at == '+';
		v->sharp |= *f->at == '#';
		v->space |= *f->at == ' ';
		v->zero |= *f->at == '0';
	}
}

static void
format_type(struct buf *out, const struct verb *v, const struct value *from)
{
	pad(out, v, from->kind == VALUE_NULL ? "<nil>" : print_type(from),
	    false);
}

/* One "%…", behind the "%". */
static void
format_verb(struct format *f, struct buf *out)
{
	struct verb v = plain;
	bool none;

	f->bad = false;
	format_flags(f, &v);
	format_index(f);
	v.width = format_number(f, &none);
	if (none)
		buf_text(out, "%!(BADWIDTH)");
	if (v.width < -1) {
		v.minus = true;
		v.width = -v.width;
	}
	if (*f->at == '.') {
		f->at++;
		format_index(f);
		v.precision = format_number(f, &none);
		if (none)
			buf_text(out, "%!(BADPREC)");
		else if (v.precision < 0)
			v.precision = 0;
	}
	format_index(f);
	v.letter = *f->at;
	if (!v.letter) {
		buf_text(out, "%!(NOVERB)");
		return;
	}
	f->at++;
	if (v.letter == '%')
		buf_text(out, "%");
	else if (f->bad)
		buf_format(out, "%%!%c(BADINDEX)", v.letter);
	else if (f->next >= f->call->n)
		buf_format(out, "%%!%c(MISSING)", v.letter);
	else if (v.letter == 'T')
		format_type(out, &v, f->call->args[f->next++]);
	else
		format_value(out, &v, f->call->args[f->next++]);
}

static void
format_rest(const struct format *f, struct buf *out)
{
	if (f->reordered || f->next >= f->call->n)
		return;
	buf_text(out, "%!(EXTRA ");
	for (size_t i = f->next; i < f->call->n; i++) {
		const struct value *v = f->call->args[i];

		buf_text(out, i > f->next ? ", " : "");
		if (v->kind == VALUE_NULL) {
			buf_text(out, "<nil>");
			continue;
		}
		buf_format(out, "%s=", print_type(v));
		print_value(out, v);
	}
	buf_text(out, ")");
}

int
print_format(struct call *c)
{
	AUTO(buf) struct buf out = { 0 };
	struct format f = { .at = c->args[0]->text, .call = c, .next = 1 };

	buf_text(&out, "");
	while (*f.at && out.n <= *c->left) {
		size_t n = strcspn(f.at, "%");

		buf_add(&out, f.at, n);
		f.at += n;
		if (*f.at) {
			f.at++;
			format_verb(&f, &out);
		}
	}
	format_rest(&f, &out);
	return functions_text(c, &out);
}
