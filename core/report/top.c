/* SPDX-License-Identifier: ISC */
/* The processes of a container, in the words and columns of ps(1). */
#include "report/report.h"
#include "cgroup/cgroup.h"
#include "report/process.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define USUAL "user=UID,pid,ppid,c,stime,tty,time,cmd"
#define BERKELEY \
	"user,pid,%cpu,%mem,vsz,rss,tty,stat,start,bsdtime,args"

void
auto_report_top(struct report_top *t)
{
	auto_arena(&t->arena);
}

/* ---- what is asked for ---- */

struct columns {
	const struct process_column **v;
	size_t n;
	bool pid;
};

/* A list with commas or blanks; a heading of one's own takes the rest. */
static int
read_columns(struct report_top *t, struct columns *all, const char *list,
             struct err *e)
{
	char *rest = arena_text(&t->arena, list), *word;

	while ((word = strsep(&rest, ", "))) {
		char *heading = strchr(word, '=');
		const struct process_column *column;

		if (!*word)
			continue;
		if (heading)
			*heading++ = '\0';
		column = process_column(word);
		if (!column)
			return fail(e, EINVAL, "'%s' is not a column that is"
			            " known here", word);
		*LIST_ADD(&t->arena, all->v, all->n) = column;
		all->pid |= strcmp(column->heading, "PID") == 0;
		words_add(&t->arena, &t->cells,
		          heading && *heading ? heading : column->heading);
	}
	return 0;
}

/* Those that only choose among all processes say nothing here. */
static bool
is_choice(const char *word)
{
	static const char *const choices[] = { "-e", "-A", "ax", "-a", "x",
	        "-ax" };

	for (size_t i = 0; i < sizeof(choices) / sizeof(*choices); i++)
		if (strcmp(word, choices[i]) == 0)
			return true;
	return false;
}

/* "-o", "-eo" and "o" take the next word, or what stands behind the o. */
static int
read_option(struct report_top *t, struct columns *all, char ***words,
            struct err *e)
{
	char *word = **words, *o = strchr(word, 'o');

	if (o && (strspn(word, "-eaAx") == (size_t)(o - word))) {
		if (!o[1] && !*++*words)
			return fail(e, EINVAL, "'%s' needs columns", word);
		return read_columns(t, all, o[1] ? o + 1 : **words, e);
	}
	if (is_choice(word))
		return 0;
	if (strcmp(word, "-ef") == 0 || strcmp(word, "-f") == 0)
		return read_columns(t, all, USUAL, e);
	if (strcmp(word, "aux") == 0 || strcmp(word, "-aux") == 0 ||
	    strcmp(word, "u") == 0)
		return read_columns(t, all, BERKELEY, e);
	return fail(e, EINVAL, "'%s': of ps's options -ef, aux and -o COLUMNS"
	            " are known here", word);
}

static int
read_options(struct report_top *t, struct columns *all, char **words,
             struct err *e)
{
	for (; *words; words++)
		if (read_option(t, all, &words, e) < 0)
			return -1;
	if (!all->n && read_columns(t, all, USUAL, e) < 0)
		return -1;
	return all->pid ? 0
	       : fail(e, EINVAL, "Couldn't find PID field in ps output");
}

/* ---- who is in there ---- */

struct pid_list {
	pid_t *v;
	size_t n;
};

/* Where there are no cgroups: who has the same pid namespace. */
static int
pids_of_namespace(const struct container *c, struct pid_list *pids,
                  struct arena *a, struct err *e)
{
	struct stat first, one;
	struct words all = { 0 };

	if (stat(arena_format(a, "/proc/%d/ns/pid",
	                      (int)c->record.pid.value), &first) < 0)
		return fail_sys(e, "process %d", (int)c->record.pid.value);
	process_all(&all, a);
	for (size_t i = 0; i < all.n; i++)
		if (stat(arena_format(a, "/proc/%s/ns/pid", all.v[i]),
		         &one) == 0 && one.st_ino == first.st_ino)
			*LIST_ADD(a, pids->v, pids->n) =
			        (pid_t)strtol(all.v[i], NULL, 10);
	return 0;
}

static int
find_pids(const struct container *c, struct pid_list *pids, struct arena *a,
          struct err *e)
{
	AUTO(cgroup) struct cgroup g = { 0 };

	if (c->record.cgroup && cgroup_open(&g, c->record.cgroup, e) < 0)
		return -1;
	if (cgroup_pids(&g, a, &pids->v, &pids->n, e) < 0)
		return -1;
	return pids->n ? 0 : pids_of_namespace(c, pids, a, e);
}

static int
by_number(const void *a, const void *b)
{
	pid_t one = *(const pid_t *)a, other = *(const pid_t *)b;

	return (one > other) - (one < other);
}

int
report_top(struct container *c, char **options, struct report_top *t,
           struct err *e)
{
	AUTO(close) int pidfd = -1;
	struct columns columns = { 0 };
	struct pid_list pids = { 0 };

	if (container_pidfd(c, &pidfd, e) < 0 ||
	    read_options(t, &columns, options, e) < 0 ||
	    find_pids(c, &pids, &t->arena, e) < 0)
		return -1;
	t->columns = columns.n;
	if (pids.n)
		qsort(pids.v, pids.n, sizeof(*pids.v), by_number);
	for (size_t i = 0; i < pids.n; i++) {
		struct process_look p;

		if ((i && pids.v[i] == pids.v[i - 1]) ||
		    process_look(&p, pids.v[i], &t->arena) < 0)
			continue; /* it has ended */
		for (size_t k = 0; k < columns.n; k++)
			words_add(&t->arena, &t->cells,
			          columns.v[k]->show(&p, &t->arena));
	}
	return 0;
}
