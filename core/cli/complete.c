/* SPDX-License-Identifier: ISC */
/* Completion scripts for shells of the Bourne family. */
#include "cli/complete.h"

#include <errno.h>
#include <string.h>

/* `_mydocker_next KEY WORD` prints the key behind WORD; false: an operand. */
static void
print_next(const struct applets *all, struct arena *a)
{
	const char *last = "", *synonym;
	char *name;

	cli_print("_mydocker_next() {\n\tcase \"$1,$2\" in\n");
	for (size_t i = 0; i < all->n; i++) {
		const struct applet *applet = all->v[i];
		const char *key = complete_key(applet, a);

		if (strcmp(applet->group, last) != 0)
			cli_print("\t',%s') echo '%s' ;;\n", applet->group,
			          applet->group);
		last = applet->group;
		cli_print("\t'%s,%s'", applet->group, applet->verb);
		synonym = names_synonym(applet->verb);
		if (synonym)
			cli_print(" | '%s,%s'", applet->group, synonym);
		for (size_t j = 0; (name = names_at(applet->alias, j, a)); j++)
			cli_print(" | ',%s'", name);
		cli_print(") echo '%s' ;;\n", key);
	}
	cli_print("\t*) return 1 ;;\n\tesac\n}\n");
}

static void
print_value(const char *key, const struct opt *o, struct arena *a)
{
	char *name;

	cli_print("\t");
	for (size_t i = 0; (name = names_at(o->name, i, a)); i++)
		cli_print("%s'%s,--%s'", i ? " | " : "", key, name);
	if (o->letter)
		cli_print("%s'%s,-%c'", o->name ? " | " : "", key, o->letter);
	cli_print(") echo '%s' ;;\n", complete_choices(o, a));
}

static void
print_values_of(const char *key, const struct rows *rows, struct arena *a)
{
	for (size_t i = 0; i < rows->n; i++)
		if (rows->v[i].opt->value)
			print_value(key, rows->v[i].opt, a);
}

/* `_mydocker_value KEY OPTION` prints what the option's value may be; false:
 * it has none. */
static void
print_values(const struct applets *all, struct arena *a)
{
	struct rows globals = { 0 };

	cli_print("_mydocker_value() {\n\tcase \"$1,$2\" in\n");
	rows_global(&globals, &cli_top, a);
	print_values_of("", &globals, a);
	for (size_t i = 0; i < all->n; i++) {
		struct rows rows = { 0 };

		complete_rows(all->v[i], &rows, a);
		print_values_of(complete_key(all->v[i], a), &rows, a);
	}
	cli_print("\t*) return 1 ;;\n\tesac\n}\n");
}

/* One word that may come next, and what it is. */
static void
print_word(enum complete_shell shell, const char *word, const char *what,
           struct arena *a)
{
	if (shell == COMPLETE_ZSH)
		word = arena_format(a, "%s:%s", word, what);
	cli_print(" \\\n\t\t%s", complete_quoted(word, "'\\''", a));
}

static void
print_option_words(enum complete_shell shell, const struct rows *rows,
                   struct arena *a)
{
	for (size_t i = 0; i < rows->n; i++) {
		const struct opt *o = rows->v[i].opt;

		if (o->name)
			print_word(shell, opt_spelling(o, a), o->what, a);
		if (o->letter)
			print_word(shell, arena_format(a, "-%c", o->letter),
			           o->what, a);
	}
}

/* `_mydocker_options KEY`: one a line. */
static void
print_options(enum complete_shell shell, const struct applets *all,
              struct arena *a)
{
	struct rows top = { 0 };

	rows_shown(&top, cli_top.options, a);
	rows_global(&top, &cli_top, a);
	cli_print("_mydocker_options() {\n\tcase \"$1\" in\n");
	cli_print("\t'') printf '%%s\\n'");
	print_option_words(shell, &top, a);
	cli_print(" ;;\n");
	for (size_t i = 0; i < all->n; i++) {
		struct rows rows = { 0 };

		complete_rows(all->v[i], &rows, a);
		if (rows.n == 0)
			continue;
		cli_print("\t'%s') printf '%%s\\n'",
		          complete_key(all->v[i], a));
		print_option_words(shell, &rows, a);
		cli_print(" ;;\n");
	}
	cli_print("\tesac\n}\n");
}

/* `_mydocker_commands KEY`: one a line; nothing behind a verb. */
static void
print_commands(enum complete_shell shell, const struct applets *all,
               struct arena *a)
{
	struct words names = { 0 };
	const char *last = "";
	size_t used;

	names_all(all, &names, a);
	cli_print("_mydocker_commands() {\n\tcase \"$1\" in\n"
	          "\t'') printf '%%s\\n'");
	for (size_t i = 0; i < names.n; i++)
		print_word(shell, names.v[i],
		           cli_find(all, &names.v[i], &used)->what, a);
	for (size_t i = 0; i < all->n; i++) {
		if (strcmp(all->v[i]->group, last) != 0)
			print_word(shell, all->v[i]->group,
			           usage_group(all->v[i]->group), a);
		last = all->v[i]->group;
	}
	for (size_t i = 0; i < all->n; i++) {
		const struct applet *applet = all->v[i];

		if (i == 0 || strcmp(applet->group, last) != 0)
			cli_print(" ;;\n\t'%s') printf '%%s\\n'",
			          applet->group);
		last = applet->group;
		if (!applet->refusal)
			print_word(shell, applet->verb, applet->what, a);
	}
	cli_print(" ;;\n\tesac\n}\n");
}

/* `_mydocker_operands KEY N`: what may be operand number N, one a line; $root
 * is what was said of --root. */
static void
print_operands(const struct applets *all, struct arena *a)
{
	cli_print("_mydocker_operands() {\n"
	          "\tlocal list\n"
	          "\tcase \"$1,$2\" in\n");
	for (size_t i = 0; i < all->n; i++) {
		bool any;

		if (!complete_has_containers(all->v[i], &any))
			continue;
		cli_print("\t'%s',%s) list='%s' ;;\n",
		          complete_key(all->v[i], a), any ? "*" : "0",
		          complete_lister(all->v[i]));
	}
	cli_print("\t*) return ;;\n\tesac\n"
	          "\teval \"mydocker ${root:+--root=\\\"\\$root\\\"} "
	          "ps $list --format {{.Names}}\" 2>/dev/null\n}\n");
}

static const char bash_script[] =
	"_mydocker() {\n"
	"\tlocal word=${COMP_WORDS[COMP_CWORD]} before key= next values i\n"
	"\tlocal root= option\n"
	"\tlocal IFS=$' \\t\\n'\n"
	"\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
	"\t\tif [[ ${COMP_WORDS[i]} == -* ]]; then\n"
	"\t\t\toption=${COMP_WORDS[i]}\n"
	"\t\t\t[[ $option != --root=* ]] || root=${option#--root=}\n"
	"\t\t\t_mydocker_value \"$key\" \"$option\" >/dev/null || continue\n"
	"\t\t\t[[ ${COMP_WORDS[i+1]} != = ]] || i=$((i + 1))\n"
	"\t\t\ti=$((i + 1))\n"
	"\t\t\t[[ $option != --root ]] || root=${COMP_WORDS[i]}\n"
	"\t\telse\n"
	"\t\t\tnext=$(_mydocker_next \"$key\" \"${COMP_WORDS[i]}\") || break\n"
	"\t\t\tkey=$next\n"
	"\t\tfi\n"
	"\tdone\n"
	"\tbefore=${COMP_WORDS[COMP_CWORD-1]}\n"
	"\t[[ $word != = ]] || word=\n"
	"\t[[ $before != = ]] || before=${COMP_WORDS[COMP_CWORD-2]}\n"
	"\tif [ $i = $COMP_CWORD ] && [[ $word == -* ]]; then\n"
	"\t\tvalues=$(_mydocker_options \"$key\")\n"
	"\telif ! values=$(_mydocker_value \"$key\" \"$before\"); then\n"
	"\t\tvalues=$(_mydocker_commands \"$key\"\n"
	"\t\t\t_mydocker_operands \"$key\" $((COMP_CWORD - i)))\n"
	"\tfi\n"
	"\tCOMPREPLY=($(compgen -W \"$values\" -- \"$word\"))\n"
	"}\n"
	"complete -o bashdefault -o default -F _mydocker mydocker\n";

static const char zsh_script[] =
	"_mydocker() {\n"
	"\tlocal key= next values i root=\n"
	"\tlocal -a found\n"
	"\tfor ((i = 2; i < CURRENT; i++)); do\n"
	"\t\tif [[ ${words[i]} == -* ]]; then\n"
	"\t\t\tcase ${words[i]} in\n"
	"\t\t\t--root) root=${(Q)words[i+1]} ;;\n"
	"\t\t\t--root=*) root=${(Q)words[i]#--root=} ;;\n"
	"\t\t\tesac\n"
	"\t\t\t_mydocker_value \"$key\" \"${words[i]}\" >/dev/null &&\n"
	"\t\t\t\ti=$((i + 1))\n"
	"\t\telse\n"
	"\t\t\tnext=$(_mydocker_next \"$key\" \"${words[i]}\") || break\n"
	"\t\t\tkey=$next\n"
	"\t\tfi\n"
	"\tdone\n"
	"\tif ((i > CURRENT)); then\n"
	"\t\tvalues=$(_mydocker_value \"$key\" \"${words[CURRENT-1]}\")\n"
	"\t\tif [[ -n $values ]]; then\n"
	"\t\t\tcompadd -- ${=values}\n"
	"\t\telse\n"
	"\t\t\t_files\n"
	"\t\tfi\n"
	"\telif ((i == CURRENT)) && [[ ${words[CURRENT]} == -* ]]; then\n"
	"\t\tfound=(\"${(@f)$(_mydocker_options \"$key\")}\")\n"
	"\t\t_describe -o option found\n"
	"\telse\n"
	"\t\tfound=(\"${(@f)$(_mydocker_commands \"$key\")}\")\n"
	"\t\tvalues=$(_mydocker_operands \"$key\" $((CURRENT - i)))\n"
	"\t\tif [[ -n ${found[1]} ]] && ((i == CURRENT)); then\n"
	"\t\t\t_describe command found\n"
	"\t\telif [[ -n $values ]]; then\n"
	"\t\t\tcompadd -- ${(f)values}\n"
	"\t\telse\n"
	"\t\t\t_files\n"
	"\t\tfi\n"
	"\tfi\n"
	"}\n"
	"if [[ ${funcstack[1]} == _mydocker ]]; then\n"
	"\t_mydocker \"$@\"\n"
	"else\n"
	"\tcompdef _mydocker mydocker\n"
	"fi\n";

static void
complete_sh(enum complete_shell shell, const struct applets *all)
{
	AUTO(arena) struct arena a = { 0 };

	if (shell == COMPLETE_ZSH)
		cli_print("#compdef mydocker\n");
	print_next(all, &a);
	print_values(all, &a);
	print_options(shell, all, &a);
	print_commands(shell, all, &a);
	print_operands(all, &a);
	cli_print("%s", shell == COMPLETE_ZSH ? zsh_script : bash_script);
}

int
cli_completion(const struct applets *all, const char *shell, struct err *e)
{
	if (strcmp(shell, "bash") == 0)
		complete_sh(COMPLETE_BASH, all);
	else if (strcmp(shell, "zsh") == 0)
		complete_sh(COMPLETE_ZSH, all);
	else if (strcmp(shell, "fish") == 0)
		complete_fish(all);
	else
		return fail(e, EINVAL, "'%s' is not a shell that is known "
		            "here: bash, zsh or fish", shell);
	return 0;
}
