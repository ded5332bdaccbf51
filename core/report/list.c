/* SPDX-License-Identifier: ISC */
/* Lists in the format that the user wishes, as docker's formatter. */
#include "report/report.h"

#include <errno.h>
#include <string.h>

void
auto_report_list(struct report_list *l)
{
	auto_buf(&l->out);
	auto_arena(&l->arena);
}

/* Docker takes \t and \n in a format for a tab and a line's end. */
static char *
unescape(struct arena *a, const char *format)
{
	char *text = arena_text(a, format), *to = text;

	while (*format) {
		if (format[0] == '\\' && (format[1] == 't' ||
		                          format[1] == 'n')) {
			*to++ = format[1] == 't' ? '\t' : '\n';
			format += 2;
		} else {
			*to++ = *format++;
		}
	}
	*to = '\0';
	return text;
}

static int
add(struct report_list *l, const struct value *row, enum template_mode mode,
    struct err *e)
{
	if (template_run(l->t, row, mode, &l->out, e) < 0)
		return fail_in(e, "--format");
	buf_text(&l->out, "\n");
	return 0;
}

static int
add_heading(struct report_list *l, const char *const *headings,
            struct err *e)
{
	AUTO(arena) struct arena a = { 0 };
	struct value *map = value_map(&a);

	for (; *headings; headings += 2)
		value_set(&a, map, headings[0], value_text(&a, headings[1]));
	return add(l, map, TEMPLATE_HEADING, e);
}

int
report_list_begin(struct report_list *l, const char *format,
                  const char *usual, const char *const *headings,
                  struct err *e)
{
	AUTO(arena) struct arena words = { 0 };
	static const char table[] = "table";
	size_t n = sizeof(table) - 1;

	if (!format || !*format || strcmp(format, table) == 0)
		format = usual;
	l->table = strncmp(format, table, n) == 0 &&
	           (format[n] == ' ' || format[n] == '\t');
	if (l->table)
		format += n + 1;
	if (strcmp(format, "json") == 0)
		format = "{{json .}}";
	if (template_parse(&l->arena, unescape(&words, format), &l->t, e) < 0)
		return fail_in(e, "--format");
	return l->table ? add_heading(l, headings, e) : 0;
}

int
report_list_add(struct report_list *l, const struct value *row,
                struct err *e)
{
	return add(l, row, TEMPLATE_LOOSE, e);
}
