/* SPDX-License-Identifier: ISC */
/* Takes a template's text apart into words, as text/template/parse/lex.go. */
#include "template/template.h"
#include "template/tree.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define BLANKS " \t\r\n"

int
lex_fail(const struct lex *l, size_t at, struct err *e, const char *format,
         ...)
{
	char what[400];
	va_list args;
	size_t line = 1;

	for (size_t i = 0; i < at; i++)
		line += l->text[i] == '\n';
	va_start(args, format);
	vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	return fail(e, EINVAL, "template: :%zu: %s", line, what);
}

/* Letters of other scripts count as letters, whatever they are. */
static bool
is_letter(char c)
{
	return c == '_' || isalnum((unsigned char)c) || (c & 0x80);
}

static bool
is_blank(char c)
{
	return c && strchr(BLANKS, c);
}

static bool
has(const struct lex *l, size_t at, const char *word)
{
	return strncmp(l->text + at, word, strlen(word)) == 0;
}

/* The end of an action here: how many bytes it has, with " -" or without. */
static size_t
closing(const struct lex *l, bool *trims)
{
	*trims = is_blank(l->text[l->at]) && has(l, l->at + 1, "-}}");
	return *trims ? 4 : has(l, l->at, "}}") ? 2 : 0;
}

/* A comment has all of an action to itself. */
static int
skip_comment(struct lex *l, struct err *e)
{
	const char *end = strstr(l->text + l->at + 2, "*/");
	bool trims;
	size_t n;

	if (!end)
		return lex_fail(l, l->at, e, "unclosed comment");
	l->at = (size_t)(end - l->text) + 2;
	n = closing(l, &trims);
	if (!n)
		return lex_fail(l, l->at, e, "comment ends before closing"
		                " delimiter");
	l->at += n;
	l->trim = trims;
	return 0;
}

/* Behind "{{": its "- ", and whether a comment follows. */
static size_t
opening(const struct lex *l, size_t at)
{
	return l->text[at + 2] == '-' && is_blank(l->text[at + 3]) ? 4 : 2;
}

static int
next_text(struct lex *l, struct token *t, struct err *e)
{
	const char *open;
	size_t end;

	if (l->trim)
		l->at += strspn(l->text + l->at, BLANKS);
	l->trim = false;
	open = strstr(l->text + l->at, "{{");
	end = open ? (size_t)(open - l->text) : strlen(l->text);
	*t = (struct token){ TOKEN_TEXT, false, l->at, end - l->at };
	if (open && opening(l, end) == 4)
		while (t->n && is_blank(l->text[t->at + t->n - 1]))
			t->n--;
	l->at = end;
	if (t->n)
		return 0;
	if (!open) {
		t->kind = TOKEN_END;
		return 0;
	}
	l->at += opening(l, end);
	if (has(l, l->at, "/*"))
		return skip_comment(l, e) < 0 ? -1 : next_text(l, t, e);
	*t = (struct token){ TOKEN_OPEN, false, end, l->at - end };
	l->action = end;
	l->inside = true;
	l->parentheses = 0;
	return 0;
}

static int
close_action(struct lex *l, struct token *t, size_t n, bool trims)
{
	*t = (struct token){ TOKEN_CLOSE, t->spaced || trims, l->at, n };
	l->at += n;
	l->trim = trims;
	l->inside = false;
	return 0;
}

/* How long the quoted text is that begins here; 0: it does not end. */
static size_t
quoted(const char *text)
{
	size_t n = 1;

	while (text[n] && text[n] != *text) {
		if (text[n] == '\n' && *text != '`')
			return 0;
		n += *text != '`' && text[n] == '\\' && text[n + 1] ? 2 : 1;
	}
	return text[n] ? n + 1 : 0;
}

static int
lex_quoted(struct lex *l, struct token *t, struct err *e)
{
	char c = l->text[l->at];

	t->n = quoted(l->text + l->at);
	t->kind = c == '\'' ? TOKEN_CHAR : TOKEN_STRING;
	if (t->n == 0)
		return lex_fail(l, l->at, e, "unterminated %s",
		                c == '`'   ? "raw quoted string"
		                : c == '"' ? "quoted string"
		                           : "character constant");
	l->at += t->n;
	return 0;
}

/* What may stand behind a word. */
static bool
is_terminator(const struct lex *l, size_t at)
{
	char c = l->text[at];

	return !c || strchr(BLANKS ".,|:=()", c) || has(l, at, "}}");
}

static int
lex_word(struct lex *l, struct token *t, enum token_kind kind, struct err *e)
{
	size_t n = kind != TOKEN_WORD; /* the dot, the dollar */

	while (is_letter(l->text[l->at + n]))
		n++;
	if (!is_terminator(l, l->at + n))
		return lex_fail(l, l->at, e, "bad character U+%04X '%c'",
		                (unsigned char)l->text[l->at + n],
		                l->text[l->at + n]);
	t->kind = kind == TOKEN_FIELD && n == 1 ? TOKEN_DOT : kind;
	t->n = n;
	l->at += n;
	return 0;
}

/* Its spelling is looked at by who makes a number of it. */
static int
lex_number(struct lex *l, struct token *t, struct err *e)
{
	const char *text = l->text + l->at;
	size_t n = strspn(text, "+-");

	while (is_letter(text[n]) || text[n] == '.' ||
	       (n && strchr("+-", text[n]) && text[n] &&
	        strchr("eEpP", text[n - 1]) && strncmp(text, "0x", 2) != 0))
		n++;
	if (!is_terminator(l, l->at + n))
		n++;
	t->kind = TOKEN_NUMBER;
	t->n = n;
	l->at += n;
	return !is_terminator(l, l->at)
	       ? lex_fail(l, t->at, e, "bad number syntax: \"%.*s\"", (int)n,
	                  text)
	       : 0;
}

static int
lex_sign(struct lex *l, struct token *t, struct err *e)
{
	static const struct {
		const char *text;
		enum token_kind kind;
	} signs[] = {
		{ ":=", TOKEN_DECLARE }, { "=", TOKEN_ASSIGN },
		{ "|", TOKEN_PIPE },     { ",", TOKEN_COMMA },
		{ "(", TOKEN_LEFT },     { ")", TOKEN_RIGHT },
	};
	unsigned char c = (unsigned char)l->text[l->at];

	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++) {
		if (!has(l, l->at, signs[i].text))
			continue;
		t->kind = signs[i].kind;
		t->n = strlen(signs[i].text);
		l->at += t->n;
		l->parentheses += t->kind == TOKEN_LEFT;
		if (t->kind == TOKEN_RIGHT && l->parentheses-- == 0)
			return lex_fail(l, t->at, e,
			                "unexpected right paren");
		return 0;
	}
	if (c == ':')
		return lex_fail(l, l->at, e, "expected :=");
	return lex_fail(l, l->at, e, "unexpected \"%c\" in operand",
	                c < 0x20 || c > 0x7e ? '?' : c);
}

int
lex_next(struct lex *l, struct token *t, struct err *e)
{
	size_t blanks, n;
	bool trims;
	char c;

	if (!l->inside)
		return next_text(l, t, e);
	*t = (struct token){ .at = l->at };
	n = closing(l, &trims);
	blanks = strspn(l->text + l->at, BLANKS);
	while (!n && blanks--) {
		t->spaced = true;
		l->at++;
		n = closing(l, &trims);
	}
	t->at = l->at;
	c = l->text[l->at];
	if (n && l->parentheses)
		return lex_fail(l, l->at, e, "unclosed left paren");
	if (n)
		return close_action(l, t, n, trims);
	if (!c)
		return lex_fail(l, l->action, e, "unclosed action");
	if (strchr("\"`'", c))
		return lex_quoted(l, t, e);
	if (c == '$')
		return lex_word(l, t, TOKEN_VARIABLE, e);
	if (c == '.' && !isdigit((unsigned char)l->text[l->at + 1]))
		return lex_word(l, t, TOKEN_FIELD, e);
	if (strchr("+-.", c) || isdigit((unsigned char)c))
		return lex_number(l, t, e);
	return is_letter(c) ? lex_word(l, t, TOKEN_WORD, e)
	                    : lex_sign(l, t, e);
}

/* ---- what is quoted ---- */

void
lex_add_rune(struct buf *out, uint32_t r)
{
	char bytes[4];
	size_t n = r < 0x80 ? 1 : r < 0x800 ? 2 : r < 0x10000 ? 3 : 4;
	static const unsigned char first[] = { 0, 0, 0xc0, 0xe0, 0xf0 };

	if (r > 0x10ffff || (r >= 0xd800 && r < 0xe000)) {
		buf_text(out, "\xef\xbf\xbd");
		return;
	}
	for (size_t i = n; i-- > 1; r >>= 6)
		bytes[i] = (char)(0x80 | (r & 0x3f));
	bytes[0] = (char)(first[n] | r);
	buf_add(out, bytes, n);
}

/* The value of that many digits, or -1. */
static int64_t
digits(const char *text, size_t n, int base)
{
	char word[9] = "";
	char *end;
	long value;

	for (size_t i = 0; i < n; i++)
		if (!isxdigit((unsigned char)text[i]))
			return -1;
	memcpy(word, text, n);
	value = strtol(word, &end, base);
	return *end ? -1 : value;
}

/*
 * One escape behind a backslash: appended to *out, and *s moved behind it.
 * \x and octals are bytes, \u and \U characters. A NUL is refused, as no text
 * of ours can hold it.
 */
static int
unescape(const char **s, char quote, struct buf *out, int64_t *rune)
{
	static const char named[] = "a\ab\bf\fn\nr\rt\tv\v\\\\";
	const char *c = *s, *at = named;
	size_t n = *c == 'x' ? 2 : *c == 'u' ? 4 : *c == 'U' ? 8 : 0;

	while (*at && *at != *c)
		at += 2;
	if (n) {
		*rune = digits(c + 1, n, 16);
		*s += 1 + n;
	} else if (*c >= '0' && *c <= '7') {
		*rune = digits(c, 3, 8);
		*s += 3;
		n = 2;
	} else if (*at || *c == quote) {
		*rune = *at ? at[1] : *c;
		*s += 1;
	} else {
		return -1;
	}
	if (*rune <= 0 || *rune > (n == 2 ? 255 : 0x10ffff))
		return -1;
	if (n == 2)
		buf_add(out, &(char){ (char)*rune }, 1);
	else
		lex_add_rune(out, (uint32_t)*rune);
	return 0;
}

int
lex_unquote(const struct lex *l, const struct token *t, struct arena *a,
            char **text, struct err *e)
{
	AUTO(buf) struct buf out = { 0 };
	const char *s = l->text + t->at + 1, *end = s + t->n - 2;
	char quote = s[-1];
	int64_t rune;

	buf_text(&out, "");
	while (s < end) {
		if (*s != '\\' || quote == '`') {
			buf_add(&out, s++, 1);
			continue;
		}
		s++;
		if (unescape(&s, quote, &out, &rune) < 0 || s > end)
			return lex_fail(l, t->at, e, "invalid syntax");
	}
	*text = arena_bytes(a, out.data, out.n);
	return 0;
}

/* One character of UTF-8, which `s` has room for. */
static int64_t
decode(const unsigned char *s, size_t n)
{
	int64_t rune = n < 2 ? *s : *s & (0x7f >> n);

	if ((n == 1 && *s >= 0x80) || n == 0 || n > 4)
		return -1;
	for (size_t i = 1; i < n; i++)
		rune = rune << 6 | (s[i] & 0x3f);
	return rune;
}

int
lex_char(const struct lex *l, const struct token *t, int64_t *n,
         struct err *e)
{
	AUTO(buf) struct buf out = { 0 };
	const char *s = l->text + t->at + 1, *end = s + t->n - 2;

	*n = -1;
	if (*s == '\\') {
		s++;
		if (unescape(&s, '\'', &out, n) < 0 || s != end)
			*n = -1;
	} else {
		*n = decode((const unsigned char *)s, (size_t)(end - s));
	}
	return *n < 0 ? lex_fail(l, t->at, e, "malformed character constant:"
	                         " %.*s", (int)t->n, l->text + t->at)
	              : 0;
}
