/* SPDX-License-Identifier: ISC */
/* The door of `cli`: what an applet is; options, help and tables. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "base/err.h"
#include "base/mem.h"
#include "cli/opt.h"
#include "cli/print.h"
#include "cli/table.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * A command. `run` gets the operands, ended by NULL, and returns the exit
 * status, or -1 with *e filled in.
 *
 * alias    the short spelling, NULL: none; "a|b" for two
 * args     the synopsis of the operands and their arity: a word outside
 *          brackets is required, "..." repeats
 * before   rows that stand in front of the verb, one table for the group
 * given    becomes true if one of the options was there; may be NULL
 * failure  the exit status of an error; 0: the one that it brings
 * stops    options end at the first operand
 * running  completion offers only containers that run
 * refusal  others have this command and we do not, for this reason: every use
 *          of it fails, that of --help, too; nobody is shown it, and options
 *          and `run` are not asked for
 * raw      every word is an operand (`init`), but for a lone --help
 */
struct applet {
	const char *group, *verb, *alias, *args, *what, *refusal;
	const struct opt *options;
	void *into;
	bool *given;
	const struct opt *before;
	void *before_into;
	int failure;
	bool stops, raw, running;
	int (*run)(char **operands, struct err *e);
};

/* At the end of applets/GROUP/VERB.c. */
#define APPLET(group_, verb_, ...) \
	extern const struct applet applet_##group_##_##verb_; \
	const struct applet applet_##group_##_##verb_ = { \
		.group = #group_, .verb = #verb_, __VA_ARGS__ \
	}

/* All applets, sorted by group and verb. */
struct applets {
	const struct applet *const *v;
	size_t n;
};

extern const struct applets cli_applets; /* is main()'s */

/*
 * Fill an applet's struct from the words behind its name, and leave the
 * operands in *operands; all that is kept lies in the arena. The global
 * options (--root, --log-level, …) take effect on the way.
 *
 * Options are written as for docker: -it, -eA=B, -e A=B, --name=x, --name x,
 * also among the operands unless `stops`; "--" ends them. A value may begin
 * with a dash. One dash in front of a long name (-name x, -mem=5m) will do
 * where the word cannot be a bundle: not all of it up to "=" are letters of
 * flags, the last one perhaps of an option with a value.
 *
 * returns  1 if --help was there, and nothing behind it was looked at
 * errors   EINVAL  an unknown option (with a suggestion), a value missing or
 *                  wrong ("--memory: '10gg' is not a size"), operands too few
 *                  or too many
 */
int opt_parse(const struct applet *applet, char **words, struct arena *a,
              char ***operands, struct err *e) MUST;

extern const struct opt cli_globals[]; /* which every applet takes */

/*
 * The first thing in main(): descriptors 0 to 2 are open, the umask is 022, a
 * closed pipe is an error (EPIPE) and no death.
 *
 * errors   EPERM  we are run set-user-id, which we are not made for
 */
int cli_start(struct err *e) MUST;

/* What the command line asks for. */
struct call {
	const struct applet *applet; /* for cli_error; NULL: none yet */
	char **operands;
};

/*
 * Read argv: a link's name is an applet's (run, ps) or implies a group
 * (mydocker-oci, runc), else words name it. Its options are parsed.
 *
 * returns  1 if it was answered here: --help, --version, --list, --install
 */
int cli_call(const struct applets *all, char **argv, struct arena *a,
             struct call *call, struct err *e) MUST;

/* The applet that words name ("run", "container run"), and how many of them
 * did; NULL: none. */
const struct applet *cli_find(const struct applets *all, char **words,
                              size_t *used);

/* The name nearest to a mistyped one, below `group` if that is not NULL; NULL
 * if none is near. */
char *cli_nearest(const struct applets *all, const char *group,
                  const char *word, struct arena *a);

/* "mydocker run", as the user writes it. */
char *cli_title(struct arena *a, const struct applet *applet);

void cli_usage(const struct applet *applet);
void cli_manual(const struct applet *applet);
void cli_overview(const struct applets *all);
void cli_group(const struct applets *all, const char *group);
/* `help WORD...`, the same or as a manual page. */
int cli_help(const struct applets *all, char **words, bool manual,
             struct err *e) MUST;
int cli_completion(const struct applets *all, const char *shell,
                   struct err *e) MUST;
void cli_version(void);
const char *cli_release(void); /* what it begins with */
/* A link for each name, made in a directory. What is there already and is not
 * ours is left alone and named. */
int cli_install(const struct applets *all, const char *dir, bool symbolic,
                struct err *e) MUST;

/*
 * Do one thing to each operand. As docker: those that can be done are done and
 * named on stdout, the others are errors, and one of them is enough for the
 * exit status.
 *
 * act      returns 0, 1 where it is well but nothing was done that would be
 *          named, or -1 with *e filled in
 */
int cli_each(const struct applet *applet, char **names,
             int (*act)(const char *name, struct err *e), struct err *e) MUST;

#endif
