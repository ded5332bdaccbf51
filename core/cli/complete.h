/* SPDX-License-Identifier: ISC */
/* Inside `cli`: what the completion scripts have in common. */
#ifndef CLI_COMPLETE_H
#define CLI_COMPLETE_H

#include "cli/cli.h"
#include "cli/rows.h"

enum complete_shell { COMPLETE_BASH, COMPLETE_ZSH };

/* "container run" */
char *complete_key(const struct applet *applet, struct arena *a);

/* All rows that are shown behind the applet's name. */
void complete_rows(const struct applet *applet, struct rows *rows,
                   struct arena *a);

/* Text in single quotes; `quote` is how the shell writes one inside. */
char *complete_quoted(const char *text, const char *quote, struct arena *a);

/* The words to choose from: "none host" of "none|host|ns:PATH"; "" of "FILE",
 * and of what has no value. */
char *complete_choices(const struct opt *o, struct arena *a);

/* Whether operands are containers, all of them or the first one. */
bool complete_has_containers(const struct applet *applet, bool *all);

/* The option of `ps` that tells of those that may be meant. */
const char *complete_lister(const struct applet *applet);

/* The script for fish, which wants a line for each option. */
void complete_fish(const struct applets *all);

#endif
