/* SPDX-License-Identifier: ISC */
/* The door of `cli`: what an applet is; options, help and tables. */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/json.h"
#include "base/mem.h"

/*
 * One option. The value macros below fill in `set` and `at`; they do not
 * compile unless the member has the type that they write.
 *
 * letter   0: none
 * name     the long spelling; "a|b" gives it a second, hidden one
 * value    what the usage calls its value; NULL: a flag
 * what     for the usage; NULL hides the row
 */
struct opt {
	char letter;
	const char *name, *value;
	int (*set)(void *member, const char *value, struct arena *a,
	           struct err *e);
	size_t at;
	const struct opt *more; /* OPT_MORE: another table spliced in here */
	const char *what;
};

/* The struct whose members the rows fill; a table may define its own first. */
#define OPT_STRUCT struct args

#define OPT_MEMBER(setter, type, member) \
	setter, \
	offsetof(OPT_STRUCT, member) + \
	0 * sizeof((type *)0 == &((OPT_STRUCT *)0)->member), NULL

#define FLAG(member)   OPT_MEMBER(opt_flag, bool, member)
#define TEXT(member)   OPT_MEMBER(opt_text, char *, member)
#define LIST(member)   OPT_MEMBER(opt_list, struct words, member)
#define BYTES(member)  OPT_MEMBER(opt_bytes, uint64_t, member)
#define SIZE(member)   OPT_MEMBER(opt_size, struct number, member)
#define NUMBER(member) OPT_MEMBER(opt_number, struct number, member)
#define SECONDS(member) OPT_MEMBER(opt_seconds, struct number, member)
/* Words of the form KEY[=VALUE] collected in order. */
#define PAIRS(member)  OPT_MEMBER(opt_pairs, struct pairs, member)
/* Another kind: a setter of the applet's own. */
#define VALUE(setter, type, member) OPT_MEMBER(setter, type, member)

/* Splice in a table whose struct is the member `member` of this one. */
#define OPT_MORE(table, member) \
	{ 0, NULL, NULL, NULL, offsetof(OPT_STRUCT, member), table, NULL }
#define OPT_END { 0, NULL, NULL, NULL, 0, NULL, NULL }

/*
 * The setters behind the macros. Sizes are docker's: a number, perhaps with a
 * fraction, and b k m g t p in either case, perhaps followed by b or ib;
 * powers of 1024. SIZE also takes -1. SECONDS takes whole seconds.
 *
 * errors   EINVAL  "'10gg' is not a size, such as 512m or 2g"
 */
int opt_flag(void *member, const char *value, struct arena *a, struct err *e);
int opt_text(void *member, const char *value, struct arena *a, struct err *e);
int opt_list(void *member, const char *value, struct arena *a, struct err *e);
int opt_bytes(void *member, const char *value, struct arena *a, struct err *e);
int opt_size(void *member, const char *value, struct arena *a, struct err *e);
int opt_number(void *member, const char *value, struct arena *a,
               struct err *e);
int opt_seconds(void *member, const char *value, struct arena *a,
                struct err *e);
int opt_pairs(void *member, const char *value, struct arena *a, struct err *e);

/* Parse one size as opt_bytes does. */
int opt_parse_size(const char *text, uint64_t *bytes, struct err *e) MUST;

/*
 * A command. `run` gets the operands, ended by NULL, and returns the exit
 * status, or -1 with *e filled in.
 *
 * args     the synopsis of the operands and their arity: a word outside
 *          brackets is required, "..." repeats
 * alias    the short spelling, NULL: none; "a|b" for two
 * stops    options end at the first operand
 * raw      no options at all: every word is an operand (`init`)
 */
struct applet {
	const char *group, *verb, *alias, *args, *what;
	const struct opt *options;
	void *into;
	bool stops, raw;
	int (*run)(char **operands, struct err *e);
};

/* At the end of applets/GROUP/VERB.c. */
#define APPLET(group_, verb_, ...) \
	extern const struct applet applet_##group_##_##verb_; \
	const struct applet applet_##group_##_##verb_ = { \
		.group = #group_, .verb = #verb_, __VA_ARGS__ \
	}

/*
 * Fill an applet's struct from the words behind its name, and leave the
 * operands in *operands. Bundles (-it), --name=x, --name x, -name x where that
 * cannot be a bundle, and "--". Lists lie in the arena. A flag takes =true
 * and =false.
 *
 * errors   EINVAL  an unknown option (with a suggestion), a value missing or
 *                  wrong ("--memory: '10gg' is not a size"), operands too few
 *                  or too many
 */
int opt_parse(const struct applet *applet, char **words, struct arena *a,
              char ***operands, struct err *e) MUST;

/* The global options, which every applet takes: --root, --log-level, … */
extern const struct opt cli_globals[];

/*
 * The table of applets, as main() has it, for help and completion.
 */
struct applets {
	const struct applet *const *v;
	size_t n;
};

const struct applet *cli_find(const struct applets *all, char **words,
                              size_t *used);
const char *cli_nearest(const struct applets *all, const char *word);

/* What help, completion and manual print, all of it from the rows. */
void cli_usage(const struct applet *applet);
void cli_manual(const struct applet *applet);
void cli_overview(const struct applets *all);
int cli_completion(const struct applets *all, const char *shell,
                   struct err *e) MUST;

/* Print on stdout; cli_flush tells whether all of it arrived. */
void cli_print(const char *format, ...) __attribute__((format(printf, 1, 2)));
int cli_flush(struct err *e) MUST;

/* The one line that a failure is: "mydocker run: …" on stderr, escaped. */
void cli_error(const struct applet *applet, const struct err *e);

/* Untrusted text made printable: control bytes, escapes and invalid UTF-8. */
char *cli_escape(struct arena *a, const char *text);

/*
 * A table with a heading, columns as wide as their widest cell and three
 * spaces between them, as docker prints them. Cells are copied and escaped.
 */
struct table {
	struct arena arena;
	size_t columns;
	struct words cells;
};

void table_begin(struct table *t, char *const *heading);
void table_cell(struct table *t, const char *format, ...)
        __attribute__((format(printf, 2, 3)));
void table_print(struct table *t);
void auto_table(struct table *t);

/* "5 minutes", "About an hour": docker's words for a span of seconds. */
char *cli_ago(struct arena *a, int64_t seconds);

#endif
