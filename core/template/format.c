/* SPDX-License-Identifier: ISC */
/* printf: a format and its arguments. */
#include "template/functions.h"
#include "template/verb.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

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
	print_pad(out, v, from->kind == VALUE_NULL ? "<nil>" : print_type(from),
	          false);
}

/* One "%…", behind the "%". */
static void
format_verb(struct format *f, struct buf *out)
{
	struct verb v = VERB_PLAIN;
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
		print_verb(out, &v, f->call->args[f->next++]);
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
