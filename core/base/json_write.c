/* SPDX-License-Identifier: ISC */
/* JSON is written straight from the structs, by the tables that read it. */
#include "base/json.h"

#include <inttypes.h>
#include <string.h>

struct writer {
	struct buf *out;
	bool pretty;
	unsigned depth;
	bool first; /* nothing stands yet behind the innermost bracket */
};

/*
 * How many bytes the character at `s` has; 0 if it is not UTF-8 (RFC 3629: no
 * overlong forms, no surrogates, nothing above U+10FFFF).
 */
static size_t
utf8_length(const unsigned char *s)
{
	size_t n = s[0] < 0x80   ? 1
	           : s[0] < 0xc2 ? 0
	           : s[0] < 0xe0 ? 2
	           : s[0] < 0xf0 ? 3
	           : s[0] < 0xf5 ? 4
	                         : 0;

	for (size_t i = 1; i < n; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
	    (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
		return 0;
	return n;
}

/* Control characters, too: what is written here may meet a terminal. */
static void
quote_byte(struct buf *out, unsigned char c)
{
	static const char named[] = "\"\"\\\\\nn\rr\tt\bb\ff";
	const char *at = named;

	while (*at && (unsigned char)*at != c)
		at += 2;
	if (*at)
		buf_format(out, "\\%c", at[1]);
	else if (c < 0x20 || c == 0x7f)
		buf_format(out, "\\u%04x", c);
	else
		buf_add(out, &c, 1);
}

void
json_quote(struct buf *out, const char *text)
{
	const unsigned char *s = (const unsigned char *)text;

	buf_text(out, "\"");
	while (*s) {
		size_t n = utf8_length(s);

		if (n == 1)
			quote_byte(out, *s);
		else if (n)
			buf_add(out, s, n);
		else
			buf_text(out, "\xef\xbf\xbd");
		s += n ? n : 1;
	}
	buf_text(out, "\"");
}

static void
break_line(struct writer *w)
{
	if (!w->pretty)
		return;
	buf_text(w->out, "\n");
	for (unsigned i = 0; i < w->depth; i++)
		buf_text(w->out, "\t");
}

static void
open_bracket(struct writer *w, const char *bracket)
{
	buf_text(w->out, bracket);
	w->depth++;
	w->first = true;
}

static void
close_bracket(struct writer *w, const char *bracket)
{
	w->depth--;
	if (!w->first)
		break_line(w);
	buf_text(w->out, bracket);
	w->first = false;
}

static void
next_item(struct writer *w)
{
	if (!w->first)
		buf_text(w->out, ",");
	w->first = false;
	break_line(w);
}

static void
write_key(struct writer *w, const char *key)
{
	next_item(w);
	json_quote(w->out, key);
	buf_text(w->out, w->pretty ? ": " : ":");
}

static void
write_words(struct writer *w, const struct words *words)
{
	open_bracket(w, "[");
	for (size_t i = 0; i < words->n; i++) {
		next_item(w);
		json_quote(w->out, words->v[i]);
	}
	close_bracket(w, "]");
}

static void
write_pairs(struct writer *w, const struct pairs *pairs)
{
	open_bracket(w, "{");
	for (size_t i = 0; i < pairs->n; i++) {
		write_key(w, pairs->v[i].key);
		json_quote(w->out, pairs->v[i].value);
	}
	close_bracket(w, "}");
}

static void
write_numbers(struct writer *w, const int64_t *v, size_t n)
{
	open_bracket(w, "[");
	for (size_t i = 0; i < n; i++) {
		next_item(w);
		buf_format(w->out, "%" PRId64, v[i]);
	}
	close_bracket(w, "]");
}

static void write_object(struct writer *w, const struct json_field *fields,
                         const void *from);

static void
write_list(struct writer *w, const struct json_field *f, const char *from)
{
	const char *v = *(const char *const *)(const void *)(from + f->at);
	size_t n = *(const size_t *)(const void *)(from + f->count_at);
	bool map = f->kind == JSON_MAP;

	open_bracket(w, map ? "{" : "[");
	for (size_t i = 0; i < n; i++, v += f->each) {
		if (map)
			write_key(w, *(char *const *)(const void *)v);
		else
			next_item(w);
		write_object(w, f->fields, v);
	}
	close_bracket(w, map ? "}" : "]");
}

/* Has the member a value that is not written? A struct inside has none if all
 * of its members have none. */
static bool
is_absent(const struct json_field *f, const char *from)
{
	const void *member = from + f->at;

	switch (f->kind) {
	case JSON_FLAG:
		return !*(const bool *)member;
	case JSON_NUMBER:
		return !((const struct number *)member)->set;
	case JSON_TEXT:
	case JSON_ONE:
		return !*(const void *const *)member;
	case JSON_WORDS:
		return !((const struct words *)member)->n;
	case JSON_PAIRS:
		return !((const struct pairs *)member)->n;
	case JSON_NUMBERS:
	case JSON_MANY:
	case JSON_MAP:
		return !*(const size_t *)(const void *)(from + f->count_at);
	case JSON_HERE:
		for (f = f->fields; f->name; f++)
			if (!is_absent(f, member))
				return false;
		return true;
	default:
		return false;
	}
}

static void
write_field(struct writer *w, const struct json_field *f, const char *from)
{
	const void *member = from + f->at;

	switch (f->kind) {
	case JSON_FLAG:
	case JSON_FLAG_SHOWN:
		buf_text(w->out, *(const bool *)member ? "true" : "false");
		break;
	case JSON_U32:
		buf_format(w->out, "%" PRIu32, *(const uint32_t *)member);
		break;
	case JSON_U64:
		buf_format(w->out, "%" PRIu64, *(const uint64_t *)member);
		break;
	case JSON_NUMBER:
		buf_format(w->out, "%" PRId64,
		           ((const struct number *)member)->value);
		break;
	case JSON_TEXT:
		json_quote(w->out, *(char *const *)member);
		break;
	case JSON_WORDS:
		write_words(w, member);
		break;
	case JSON_PAIRS:
		write_pairs(w, member);
		break;
	case JSON_NUMBERS:
		write_numbers(w, *(int64_t *const *)member,
		              *(const size_t *)(const void *)(from +
		                                              f->count_at));
		break;
	case JSON_HERE:
		write_object(w, f->fields, member);
		break;
	case JSON_ONE:
		write_object(w, f->fields, *(const void *const *)member);
		break;
	default:
		write_list(w, f, from);
	}
}

static void
write_object(struct writer *w, const struct json_field *fields,
             const void *from)
{
	open_bracket(w, "{");
	for (; fields->name; fields++) {
		if (is_absent(fields, from))
			continue;
		write_key(w, fields->name);
		write_field(w, fields, from);
	}
	close_bracket(w, "}");
}

void
json_write(struct buf *out, const struct json_field *fields, const void *from,
           bool pretty)
{
	struct writer w = { .out = out, .pretty = pretty, .first = true };

	write_object(&w, fields, from);
	if (pretty)
		buf_text(out, "\n");
}
