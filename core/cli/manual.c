/* SPDX-License-Identifier: ISC */
/* A manual page in man(7)'s macros, from the rows. */
#include "cli/cli.h"
#include "cli/rows.h"

#include <ctype.h>
#include <string.h>

/* Text for roff: dashes stay dashes, nothing at a line's start is a request. */
static char *
roff(const char *text, struct arena *a)
{
	AUTO(buf) struct buf out = { 0 };

	if (*text == '.' || *text == '\'')
		buf_text(&out, "\\&");
	for (; *text; text++)
		if (*text == '-')
			buf_text(&out, "\\-");
		else if (*text == '\\')
			buf_text(&out, "\\e");
		else
			buf_add(&out, text, 1);
	return arena_bytes(a, out.data ? out.data : "", out.n);
}

static void
print_option(const struct opt *o, struct arena *a)
{
	cli_print(".TP\n");
	if (o->letter)
		cli_print("\\fB\\-%c\\fR%s", o->letter, o->name ? ", " : "");
	if (o->name)
		cli_print("\\fB%s\\fR", roff(opt_spelling(o, a), a));
	if (o->value)
		cli_print(" \\fI%s\\fR", roff(o->value, a));
	cli_print("\n%s\n", roff(o->what, a));
}

static void
print_rows(const char *heading, const struct rows *rows, struct arena *a)
{
	if (rows->n)
		cli_print(".SH %s\n", heading);
	for (size_t i = 0; i < rows->n; i++)
		print_option(rows->v[i].opt, a);
}

static void
print_options(const struct applet *applet)
{
	AUTO(arena) struct arena a = { 0 };
	struct rows own = { 0 }, global = { 0 };

	rows_shown(&own, applet->options, &a);
	print_rows("OPTIONS", &own, &a);
	rows_global(&global, applet, &a);
	print_rows("\"GLOBAL OPTIONS\"", &global, &a);
}

static const struct status {
	const char *number, *what;
	bool of_a_command; /* only where one is run */
} statuses[] = {
	{ "0", "It worked.", false },
	{ "125", "It did not, and standard error says why.", false },
	{ "126", "The command is there and cannot be executed.", true },
	{ "127", "The command is not there.", true },
	{ "128 + n", "Signal n ended the command.", true },
	{ "else", "The exit status of the command.", true },
};

static void
print_statuses(const struct applet *applet)
{
	cli_print(".SH \"EXIT STATUS\"\n");
	for (size_t i = 0; i < sizeof(statuses) / sizeof(*statuses); i++)
		if (applet->stops || !statuses[i].of_a_command)
			cli_print(".TP\n.B %s\n%s\n", statuses[i].number,
			          statuses[i].what);
}

void
cli_manual(const struct applet *applet)
{
	AUTO(arena) struct arena a = { 0 };
	char *title = cli_title(&a, applet), *dashed = arena_text(&a, title);
	char *capitals;

	for (char *at = dashed; (at = strchr(at, ' ')); )
		*at = '-';
	capitals = arena_text(&a, dashed);
	for (char *at = capitals; *at; at++)
		*at = (char)toupper((unsigned char)*at);
	cli_print(".TH %s 1\n.SH NAME\n%s \\- %s\n.SH SYNOPSIS\n%s\n",
	          capitals, roff(dashed, &a), roff(applet->what, &a),
	          roff(cli_synopsis(applet, &a), &a));
	if (!applet->raw)
		print_options(applet);
	print_statuses(applet);
}
