/* SPDX-License-Identifier: ISC */
/* Inside `cli`: an applet's rows as one flat list, and the names in them. */
#ifndef CLI_ROWS_H
#define CLI_ROWS_H

#include "cli/cli.h"

/* A row, and the struct that it fills. */
struct row {
	const struct opt *opt;
	char *into;
};

struct rows {
	struct row *v;
	size_t n;
};

/* What the rows of cli_globals fill. */
struct globals {
	bool help, debug;
	char *root, *level, *format;
};

/* Append a table and all that is spliced into it. */
void rows_add(struct rows *rows, const struct opt *table, void *into,
              struct arena *a);

/* Append only the rows that are shown, by name. */
void rows_shown(struct rows *rows, const struct opt *table, struct arena *a);

/* Append those of cli_globals, without the letters that the applet has for
 * something else (-h). */
void rows_global(struct rows *rows, const struct applet *applet,
                 struct arena *a);

/* Is one of the spellings of "name|alias|…" these n bytes? */
bool names_have(const char *names, const char *word, size_t n);

/* Spelling number i of them, NULL behind the last. */
char *names_at(const char *names, size_t i, struct arena *a);

/* "--name", or "-n" where there is no name. */
char *opt_spelling(const struct opt *o, struct arena *a);

/* Is there such a group? And the applet called `verb` in it, by whichever of
 * its names. */
bool names_is_group(const struct applets *all, const char *name);
const struct applet *names_in_group(const struct applets *all,
                                   const char *group, const char *verb);

/* The other word for a verb, NULL: there is none. */
const char *names_synonym(const char *verb);

/* Every name that a link may have, sorted. */
void names_all(const struct applets *all, struct words *names,
                struct arena *a);

/* What a group is about. */
const char *usage_group(const char *group);

/* `mydocker` itself as an applet, for its options. */
extern const struct applet cli_top;

/* "mydocker run [OPTIONS] COMMAND [ARG...]" */
char *cli_synopsis(const struct applet *applet, struct arena *a);

/* Compare the operands with the applet's synopsis. */
int arity_check(const struct applet *applet, const struct words *operands,
                struct arena *a, struct err *e) MUST;

/*
 * Typing errors between two words: letters left out, added, changed or
 * swapped with their neighbour.
 */
size_t names_apart(const char *a, const char *b);

/* Could somebody who typed `word` have meant `meant`? */
bool names_are_near(const char *word, const char *meant);

/* How many columns there are to write in; $COLUMNS overrules. */
size_t print_width(void);

/* Print text in lines no longer than `width`, all but the first indented. */
void print_wrapped(const char *text, size_t indent, size_t width);

#endif
