/* SPDX-License-Identifier: ISC */
/* oci events: what a container uses. */
#include "cli/cli.h"
#include "oci/oci.h"

#include <errno.h>
#include <unistd.h>

static struct args {
	struct oci_globals globals;
	bool stats;
	struct number interval;
} args;

static const struct opt options[] = {
	{ 0, "interval", "SECONDS", SECONDS(interval), "print them that often, 5 if not said" },
	{ 0, "stats", NULL, FLAG(stats), "print them once" },
	OPT_END
};

static int
print_once(struct oci *c, struct err *e)
{
	AUTO(buf) struct buf text = { 0 };

	if (oci_stats(c, &text, e) < 0)
		return -1;
	cli_print("%s", text.data);
	return cli_flush(e);
}

/* A line for each time that it was more than before. */
static int
print_ooms(const struct oci *c, int64_t *before, struct err *e)
{
	AUTO(buf) struct buf text = { 0 };
	int64_t now = oci_ooms(c);

	if (now > *before && *before >= 0) {
		buf_text(&text, "{\"type\":\"oom\",\"id\":");
		json_quote(&text, c->id);
		cli_print("%s}\n", text.data);
	}
	if (now >= 0)
		*before = now;
	return cli_flush(e);
}

/* Until it has ended, which is no error. */
static int
watch(struct oci *c, int64_t seconds, struct err *e)
{
	int64_t ooms = oci_ooms(c);

	for (int64_t left = seconds; oci_status(c) != OCI_STOPPED; left--) {
		if (left == 0) {
			if (print_once(c, e) < 0)
				return e->code == ESRCH ? 0 : -1;
			left = seconds;
		}
		sleep(1);
		if (print_ooms(c, &ooms, e) < 0)
			return -1;
	}
	return 0;
}

static int
run(char **words, struct err *e)
{
	AUTO(oci) struct oci c = OCI_NONE;
	int64_t seconds = args.interval.set ? args.interval.value : 5;

	if (oci_begin(&args.globals, NULL, e) < 0 ||
	    oci_open(&c, &args.globals, words[0], e) < 0)
		return -1;
	if (seconds <= 0)
		return fail(e, EINVAL, "--interval: not above 0");
	if (print_once(&c, e) < 0)
		return -1;
	return args.stats ? 0 : watch(&c, seconds, e);
}

APPLET(oci, events,
	.args    = "ID",
	.what    = "print what a container uses, as JSON",
	.options = options, .into = &args,
	.before  = oci_options, .before_into = &args.globals, .failure = 1,
	.run     = run);
