/* SPDX-License-Identifier: ISC */
/* The completion script for fish. */
#include "cli/complete.h"

#include <string.h>

static char *
quoted(const char *text, struct arena *a)
{
	return complete_quoted(text, "\\'", a);
}

/* `__mydocker_key` prints what is complete so far: the key of the command.
 * `__mydocker_list [-a]` prints names of containers, in what --root says. */
static void
print_key(const struct applets *all, struct arena *a)
{
	cli_print("function __mydocker_key\n"
	          "\tset -l key\n"
	          "\tfor word in (commandline -opc)[2..-1]\n"
	          "\t\tstring match -q -- '-*' $word; and continue\n"
	          "\t\tswitch \"$key,$word\"\n");
	for (size_t i = 0; i < all->n; i++) {
		const struct applet *applet = all->v[i];
		const char *synonym = names_synonym(applet->verb);
		char *name;

		if (i == 0 || strcmp(all->v[i - 1]->group, applet->group) != 0)
			cli_print("\t\t\tcase ',%s'\n\t\t\t\tset key '%s'\n",
			          applet->group, applet->group);
		cli_print("\t\t\tcase '%s,%s'", applet->group, applet->verb);
		if (synonym)
			cli_print(" '%s,%s'", applet->group, synonym);
		for (size_t j = 0; (name = names_at(applet->alias, j, a)); j++)
			cli_print(" ',%s'", name);
		cli_print("\n\t\t\t\tset key '%s'\n", complete_key(applet, a));
	}
	cli_print("\t\tend\n\tend\n\techo \"$key\"\nend\n"
	          "function __mydocker_at\n"
	          "\ttest (__mydocker_key) = \"$argv\"\nend\n"
	          "function __mydocker_list\n"
	          "\tset -l words (commandline -opc)\n"
	          "\tset -l root\n"
	          "\tfor i in (seq (count $words))\n"
	          "\t\tswitch $words[$i]\n"
	          "\t\t\tcase --root\n"
	          "\t\t\t\tset root $words[(math $i + 1)]\n"
	          "\t\t\tcase '--root=*'\n"
	          "\t\t\t\tset root (string sub -s 8 -- $words[$i])\n"
	          "\t\tend\n\tend\n"
	          "\tmydocker --root=$root ps $argv --format '{{.Names}}' "
	          "2>/dev/null\nend\n"
	          "complete -c mydocker -n '__mydocker_at' -f\n");
}

static void
print_option(const char *key, const struct opt *o, struct arena *a)
{
	const char *choices = complete_choices(o, a);

	cli_print("complete -c mydocker -n \"__mydocker_at %s\"", key);
	if (o->letter)
		cli_print(" -s %c", o->letter);
	if (o->name)
		cli_print(" -l %s", names_at(o->name, 0, a));
	if (*choices)
		cli_print(" -x -a %s", quoted(choices, a));
	else if (o->value)
		cli_print(" -r");
	cli_print(" -d %s\n", quoted(o->what, a));
}

static void
print_rows(const char *key, const struct rows *rows, struct arena *a)
{
	for (size_t i = 0; i < rows->n; i++)
		print_option(key, rows->v[i].opt, a);
}

static void
print_command(const char *key, const char *name, const char *what,
              struct arena *a)
{
	cli_print("complete -c mydocker -n \"__mydocker_at %s\" -f -a %s -d %s"
	          "\n", key, name, quoted(what, a));
}

/* Names of containers, where operands are some. */
static void
print_containers(const struct applet *applet, struct arena *a)
{
	bool all;

	if (complete_has_containers(applet, &all))
		cli_print("complete -c mydocker -n \"__mydocker_at %s\" -f "
		          "-a \"(__mydocker_list %s)\"\n",
		          complete_key(applet, a), complete_lister(applet));
}

void
complete_fish(const struct applets *all)
{
	AUTO(arena) struct arena a = { 0 };
	struct words names = { 0 };
	struct rows top = { 0 };
	size_t used;

	print_key(all, &a);
	rows_shown(&top, cli_top.options, &a);
	rows_global(&top, &cli_top, &a);
	print_rows("", &top, &a);
	names_all(all, &names, &a);
	for (size_t i = 0; i < names.n; i++)
		print_command("", names.v[i],
		              cli_find(all, &names.v[i], &used)->what, &a);
	for (size_t i = 0; i < all->n; i++) {
		const struct applet *applet = all->v[i];
		struct rows rows = { 0 };

		if (i == 0 || strcmp(all->v[i - 1]->group, applet->group) != 0)
			print_command("", applet->group,
			              usage_group(applet->group), &a);
		if (applet->refusal)
			continue;
		print_command(applet->group, applet->verb, applet->what, &a);
		complete_rows(applet, &rows, &a);
		print_rows(complete_key(applet, &a), &rows, &a);
		print_containers(applet, &a);
	}
}
