/* SPDX-License-Identifier: ISC */
/* Option rows: what an applet's table of options is made of. */
#ifndef CLI_OPT_H
#define CLI_OPT_H

#include "base/err.h"
#include "base/json.h"
#include "base/mem.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * One option. The value macros below fill in `set` and `at`; they do not
 * compile unless the member has the type that they write.
 *
 * letter   0: none
 * name     the long spelling; "a|b" gives it a second, hidden one
 * value    what the usage calls its value; NULL: a flag. Words in small
 *          letters are the choice that there is: "text|json"
 * what     for the usage; NULL hides the row
 */
struct opt {
	char letter;
	const char *name, *value;
	int (*set)(void *member, const char *value, struct arena *a,
	           struct err *e);
	size_t at;
	union {
		const char *what;
		const struct opt *more; /* without a name: spliced in here */
	};
};

/* The struct whose members the rows fill; a table may define its own first. */
#define OPT_STRUCT struct args

#define OPT_MEMBER(setter, type, member) \
	setter, \
	offsetof(OPT_STRUCT, member) + \
	0 * sizeof((type *)0 == &((OPT_STRUCT *)0)->member)

#define FLAG(member)   OPT_MEMBER(opt_flag, bool, member)
#define TEXT(member)   OPT_MEMBER(opt_text, char *, member)
#define LIST(member)   OPT_MEMBER(opt_list, struct words, member)
/* Words of the form KEY=VALUE, as docker's --filter takes them. */
#define FILTER(member) OPT_MEMBER(opt_filter, struct words, member)
#define BYTES(member)  OPT_MEMBER(opt_bytes, uint64_t, member)
#define SIZE(member)   OPT_MEMBER(opt_size, struct number, member)
#define NUMBER(member) OPT_MEMBER(opt_number, struct number, member)
#define SECONDS(member) OPT_MEMBER(opt_seconds, struct number, member)
#define DURATION(member) OPT_MEMBER(opt_duration, struct number, member)
/* Words of the form KEY[=VALUE] collected in order. */
#define PAIRS(member)  OPT_MEMBER(opt_pairs, struct pairs, member)
/* A moment, in nanoseconds since 1970. */
#define TIME(member)   OPT_MEMBER(opt_time, struct number, member)
/* Another kind: a setter of the applet's own. */
#define VALUE(setter, type, member) OPT_MEMBER(setter, type, member)

/* Splice in a table whose struct is the member `member` of this one. */
#define OPT_MORE(table, member) \
	{ .at = offsetof(OPT_STRUCT, member), .more = table }
/* Splice in a table of the same struct. */
#define OPT_ALSO(table) { .more = table }
#define OPT_END { .more = NULL }

/*
 * The setters behind the macros. Sizes are docker's: a number, perhaps with a
 * fraction, and b k m g t p in either case, perhaps followed by b or ib;
 * powers of 1024, rounded down to whole bytes. SIZE also takes -1. SECONDS
 * takes whole seconds, and -1 for ever. FILTER drops the blanks around the key,
 * which becomes small, and the value; an empty word is none. DURATION takes
 * Go's words, such as 1m30s or 500ms, and gives nanoseconds. A flag takes Go's
 * words, such as true, F and 0; its value is NULL where none was given. TIME
 * takes what docker's --since does: a time of RFC 3339 of which the end may be
 * missing, and the zone, which is our own then; seconds since 1970, perhaps
 * with a fraction; or a duration of Go's (10m, 1h30m), which is so long ago.
 *
 * errors   EINVAL  "'10gg' is not a size, such as 512m or 2g"
 *          ERANGE  the number does not fit
 */
int opt_flag(void *member, const char *value, struct arena *a,
             struct err *e) MUST;
int opt_text(void *member, const char *value, struct arena *a,
             struct err *e) MUST;
int opt_list(void *member, const char *value, struct arena *a,
             struct err *e) MUST;
int opt_filter(void *member, const char *value, struct arena *a,
               struct err *e) MUST;
int opt_bytes(void *member, const char *value, struct arena *a,
              struct err *e) MUST;
int opt_size(void *member, const char *value, struct arena *a,
             struct err *e) MUST;
int opt_number(void *member, const char *value, struct arena *a,
               struct err *e) MUST;
int opt_seconds(void *member, const char *value, struct arena *a,
                struct err *e) MUST;
int opt_duration(void *member, const char *value, struct arena *a,
                 struct err *e) MUST;
int opt_pairs(void *member, const char *value, struct arena *a,
              struct err *e) MUST;
int opt_time(void *member, const char *value, struct arena *a,
             struct err *e) MUST;

/* Parse a duration of Go's, "-1.5h", into nanoseconds. */
int opt_parse_duration(const char *text, int64_t *ns, struct err *e) MUST;

/* Parse one size as opt_bytes does. */
int opt_parse_size(const char *text, uint64_t *bytes, struct err *e) MUST;

#endif
