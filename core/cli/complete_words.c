/* SPDX-License-Identifier: ISC */
/* What completion in all shells says of applets and options, in their words. */
#include "cli/complete.h"

#include <string.h>

/*
 * What is complete so far is called a key: '' in front of the command,
 * 'container' behind a group, 'container run' behind a verb.
 */
char *
complete_key(const struct applet *applet, struct arena *a)
{
	return arena_format(a, "%s %s", applet->group, applet->verb);
}

void
complete_rows(const struct applet *applet, struct rows *rows, struct arena *a)
{
	if (applet->raw)
		return;
	rows_shown(rows, applet->options, a);
	rows_global(rows, applet, a);
}

char *
complete_quoted(const char *text, const char *quote, struct arena *a)
{
	AUTO(buf) struct buf out = { 0 };

	buf_text(&out, "'");
	for (; *text; text++)
		if (*text == '\'')
			buf_text(&out, quote);
		else
			buf_add(&out, text, 1);
	buf_text(&out, "'");
	return arena_bytes(a, out.data, out.n);
}

char *
complete_choices(const struct opt *o, struct arena *a)
{
	static const char small[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
	const char *value = o->value ? o->value : "";
	char *words = arena_text(a, ""), *word;

	if (!strchr(value, '|'))
		return words;
	for (size_t i = 0; (word = names_at(value, i, a)); i++)
		if (!word[strspn(word, small)])
			words = arena_format(a, "%s%s%s", words,
			                     *words ? " " : "", word);
	return words;
}

bool
complete_has_containers(const struct applet *applet, bool *all)
{
	static const char word[] = "CONTAINER";
	const char *args = applet->args ? applet->args : "";

	*all = strcmp(args, "CONTAINER...") == 0;
	return strncmp(args, word, strlen(word)) == 0;
}

const char *
complete_lister(const struct applet *applet)
{
	return applet->running ? "" : "-a";
}
