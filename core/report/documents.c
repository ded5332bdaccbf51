/* SPDX-License-Identifier: ISC */
/* What `inspect` prints: a list of documents, or a template's words on each. */
#include "report/report.h"

#include <string.h>

#define STATUS_NO_TEMPLATE 64 /* docker's */

static void
auto_documents(struct report_documents *d)
{
	auto_arena(&d->arena);
	auto_buf(&d->text);
}

static int
begin(struct report_documents *d, const char *format, struct err *e)
{
	d->list = value_list(&d->arena);
	if (format && strcmp(format, "json") == 0)
		format = "{{json .}}";
	if (format && *format &&
	    template_parse(&d->arena, format, &d->t, e) < 0)
		return fail_in(e, "--format");
	return 0;
}

/* As docker, which has a struct first, and where that fails the JSON. */
static int
run(struct report_documents *d, const struct value *document, struct err *e)
{
	size_t before = d->text.n;

	if (template_run(d->t, document, TEMPLATE_TYPED, &d->text, e) == 0)
		return 0;
	d->text.n = before;
	if (template_run(d->t, document, TEMPLATE_STRICT, &d->text, e) == 0)
		return 0;
	d->text.n = before;
	return -1;
}

int
report_documents_add(struct report_documents *d, struct value *document,
                     struct err *e)
{
	if (!d->t) {
		value_add(&d->arena, d->list, document);
		return 0;
	}
	if (run(d, document, e) < 0)
		return fail_in(e, "--format");
	buf_text(&d->text, "\n");
	return 0;
}

int
report_documents(const struct applet *applet, const char *format,
                 char **names, report_document *add, struct err *e)
{
	AUTO(documents) struct report_documents d = { 0 };
	struct err failed = { 0 };
	int done = 0;

	if (begin(&d, format, e) < 0)
		return fail_status(e, STATUS_NO_TEMPLATE);
	for (; *names; names++) {
		if (add(&d, *names, e) == 0)
			continue;
		if (done < 0)
			cli_error(applet, &failed);
		failed = *e;
		done = -1;
	}
	if (!d.t) {
		value_json(&d.text, d.list, true);
		buf_text(&d.text, "\n");
	}
	table_plain(d.text.data ? d.text.data : "");
	*e = failed;
	return done < 0 ? fail_status(e, STATUS_FAILED) : 0;
}
