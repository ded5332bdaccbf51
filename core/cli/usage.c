/* SPDX-License-Identifier: ISC */
/* Help: of one applet, of a group, of the whole file. */
#include "cli/cli.h"
#include "base/text.h"
#include "cli/rows.h"

#include <string.h>

/* A left column wider than this has its explanation on a line below. */
#define LEFT_MOST 36

/* Two columns of text. */
struct columns {
	char *(*v)[2];
	size_t n;
};

static void
columns_add(struct columns *c, char *left, const char *right, struct arena *a)
{
	char *(*pair)[2] = LIST_ADD(a, c->v, c->n);

	(*pair)[0] = left;
	(*pair)[1] = arena_text(a, right);
}

static void
columns_print(const char *heading, const struct columns *c)
{
	size_t width = print_width(), left = 0, n;

	if (c->n == 0)
		return;
	for (size_t i = 0; i < c->n; i++) {
		n = text_width(c->v[i][0]) + 3;
		if (n <= LEFT_MOST && n > left)
			left = n;
	}
	cli_print("\n%s:\n", heading);
	for (size_t i = 0; i < c->n; i++) {
		n = text_width(c->v[i][0]) + 3;
		if (n > left)
			cli_print("  %s\n%*s", c->v[i][0], (int)left + 2, "");
		else
			cli_print("  %s%*s", c->v[i][0],
			          (int)(left - n) + 3, "");
		print_wrapped(c->v[i][1], left + 2, width);
	}
}

/* "-e, --env NAME[=VALUE]" */
static char *
option_words(const struct opt *o, struct arena *a)
{
	char letter[] = { '-', o->letter, o->name ? ',' : '\0', '\0' };

	return arena_format(a, "%s%s%s%s%s", o->letter ? letter : "   ",
	                    o->name ? " " : "",
	                    o->name ? opt_spelling(o, a) : "",
	                    o->value ? " " : "", o->value ? o->value : "");
}

static void
print_rows(const char *heading, const struct rows *rows, struct arena *a)
{
	struct columns c = { 0 };

	for (size_t i = 0; i < rows->n; i++) {
		const struct opt *o = rows->v[i].opt;

		columns_add(&c, option_words(o, a), o->what, a);
	}
	columns_print(heading, &c);
}

static void
print_options(const struct applet *applet)
{
	AUTO(arena) struct arena a = { 0 };
	struct rows own = { 0 }, global = { 0 };

	rows_shown(&own, applet->options, &a);
	print_rows("Options", &own, &a);
	rows_global(&global, applet, &a);
	print_rows("Global options", &global, &a);
}

char *
cli_synopsis(const struct applet *applet, struct arena *a)
{
	const char *args = applet->args ? applet->args : "";

	return arena_format(a, "%s%s%s%s", cli_title(a, applet),
	                    applet->raw ? "" : " [OPTIONS]", *args ? " " : "",
	                    args);
}

/* All that it may be called, where that is more than one name. */
static void
print_aliases(const struct applet *applet, struct arena *a)
{
	const char *synonym = names_synonym(applet->verb);
	char *name;

	if (!applet->alias && !synonym)
		return;
	cli_print("\nAliases:\n  mydocker %s %s", applet->group, applet->verb);
	if (synonym)
		cli_print(", mydocker %s %s", applet->group, synonym);
	for (size_t i = 0; (name = names_at(applet->alias, i, a)); i++)
		cli_print(", mydocker %s", name);
	cli_print("\n");
}

void
cli_usage(const struct applet *applet)
{
	AUTO(arena) struct arena a = { 0 };

	cli_print("Usage:  %s\n\n", cli_synopsis(applet, &a));
	print_wrapped(applet->what, 0, print_width());
	print_aliases(applet, &a);
	if (!applet->raw)
		print_options(applet);
}

/* What the groups are, in the order in which they are shown. */
static const struct group {
	const char *name, *what;
} groups[] = {
	{ "container", "containers: make, run, look at and remove them" },
	{ "image", "images: get, keep, look at and remove them" },
	{ "network", "networks between containers" },
	{ "volume", "volumes that outlive their containers" },
	{ "registry", "accounts at registries" },
	{ "system", "this engine and this machine" },
	{ "oci", "the command line of an OCI runtime" },
	{ "self", "help, and what this file executes itself as" },
};

const char *
usage_group(const char *group)
{
	for (size_t i = 0; i < sizeof(groups) / sizeof(*groups); i++)
		if (strcmp(groups[i].name, group) == 0)
			return groups[i].what;
	return "more commands";
}

static void
print_groups(const struct applets *all)
{
	AUTO(arena) struct arena a = { 0 };
	struct columns c = { 0 };
	const char *last = "";

	for (size_t i = 0; i < all->n; i++) {
		const char *group = all->v[i]->group;

		if (strcmp(group, last) != 0)
			columns_add(&c, arena_text(&a, group),
			            usage_group(group), &a);
		last = group;
	}
	columns_print("Groups of commands", &c);
}

static void
print_commands(const struct applets *all)
{
	AUTO(arena) struct arena a = { 0 };
	struct words names = { 0 };
	struct columns c = { 0 };
	size_t used;

	names_all(all, &names, &a);
	for (size_t i = 0; i < names.n; i++) {
		const struct applet *applet;

		applet = cli_find(all, &names.v[i], &used);
		if (applet)
			columns_add(&c, names.v[i], applet->what, &a);
	}
	columns_print("Commands", &c);
}

void
cli_overview(const struct applets *all)
{
	cli_print("Usage:  mydocker [OPTIONS] COMMAND [ARG...]\n\n"
	          "A container engine in one file.\n");
	print_commands(all);
	print_groups(all);
	print_options(&cli_top);
	cli_print("\n'mydocker COMMAND --help' tells more about a command.\n");
}

void
cli_group(const struct applets *all, const char *group)
{
	AUTO(arena) struct arena a = { 0 };
	struct columns c = { 0 };

	cli_print("Usage:  mydocker %s COMMAND [ARG...]\n\n%s\n", group,
	          usage_group(group));
	for (size_t i = 0; i < all->n; i++)
		if (strcmp(all->v[i]->group, group) == 0 &&
		    !all->v[i]->refusal)
			columns_add(&c, arena_text(&a, all->v[i]->verb),
			            all->v[i]->what, &a);
	columns_print("Commands", &c);
	cli_print("\n'mydocker %s COMMAND --help' tells more about a command."
	          "\n", group);
}
