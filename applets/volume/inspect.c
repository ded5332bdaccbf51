/* SPDX-License-Identifier: ISC */
/* inspect: tell all that is known of volumes. */
#include "cli/cli.h"
#include "report/report.h"

static struct args {
	char *format;
} args;

static const struct opt options[] = {
	{ 'f', "format", "TEMPLATE", TEXT(format),
	  "json, or a template of Go's, such as '{{.Mountpoint}}'" },
	OPT_END
};

extern const struct applet applet_volume_inspect;

static int
add(struct report_documents *d, const char *name, struct err *e)
{
	AUTO(store) struct store s = { .data = -1, .run = -1 };
	AUTO(volume) struct volume v = { 0 };

	if (store_open(&s, e) < 0 || store_find_data(&s, e) < 0 ||
	    volume_open(&v, &s, name, e) < 0)
		return -1;
	return report_documents_add(d, report_volume(&v, &d->arena), e);
}

static int
run(char **names, struct err *e)
{
	return report_documents(&applet_volume_inspect, args.format, names,
	                        add, e);
}

APPLET(volume, inspect,
	.args    = "VOLUME...",
	.what    = "tell all that is known of volumes",
	.options = options, .into = &args,
	.run     = run);
