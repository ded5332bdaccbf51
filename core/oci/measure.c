/* SPDX-License-Identifier: ISC */
/* ps, and how often memory ran out. */
#include "cgroup/cgroup.h"
#include "oci/box.h"
#include "sys/fd.h"
#include "sys/process.h"
#include "sys/signal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int
box_group(const struct oci *c, struct cgroup *g, struct err *e)
{
	if (!box_is_alive(c))
		return fail(e, ESRCH, "container not running");
	if (!c->record.cgroup)
		return fail(e, ENOTSUP, "the container has no cgroup");
	return cgroup_open(g, c->record.cgroup, e);
}

int
oci_pids(const struct oci *c, struct arena *a, pid_t **pids, size_t *n,
         struct err *e)
{
	AUTO(cgroup) struct cgroup g = { 0 };

	*n = 0;
	if (box_group(c, &g, e) < 0)
		return -1;
	return cgroup_pids(&g, a, pids, n, e);
}

int64_t
oci_ooms(const struct oci *c)
{
	return c->record.cgroup ? cgroup_oom_kills_at(c->record.cgroup) : -1;
}

/* ---- ps: the machine's own, of which only our lines are shown ------------ */

static int
run_ps(char **options, struct buf *out, struct err *e)
{
	AUTO(close) int ours = -1, theirs = -1;
	int pair[2], status;
	struct words w = { 0 };
	AUTO(arena) struct arena a = { 0 };
	pid_t pid;

	words_add(&a, &w, "ps");
	for (; *options; options++)
		words_add(&a, &w, *options);
	if (w.n == 1)
		words_add(&a, &w, "-ef");
	if (fd_pipe(pair, e) < 0)
		return -1;
	ours = pair[0];
	theirs = pair[1];
	pid = fork();
	if (pid < 0)
		return fail_sys(e, "fork");
	if (pid == 0) {
		signal_reset();
		if (dup2(theirs, STDOUT_FILENO) >= 0)
			execvp("ps", w.v);
		_exit(STATUS_NOT_FOUND);
	}
	close(take_fd(&theirs));
	if (fd_read(ours, BOX_MOST, out) < 0)
		return fail_sys(e, "ps");
	if (process_wait(pid, &status, e) < 0)
		return -1;
	return status ? fail(e, ECHILD, "ps: exit status %d", status) : 0;
}

/* The number of the word `PID` in the heading, -1: there is none. */
static int
find_column(char *heading)
{
	char *at = NULL, *word = strtok_r(heading, " \t", &at);

	for (int i = 0; word; i++, word = strtok_r(NULL, " \t", &at))
		if (strcmp(word, "PID") == 0)
			return i;
	return -1;
}

static bool
is_among(char *line, int column, const pid_t *pids, size_t n)
{
	char *at = NULL, *word = strtok_r(line, " \t", &at);

	for (int i = 0; word && i < column; i++)
		word = strtok_r(NULL, " \t", &at);
	for (size_t i = 0; word && i < n; i++)
		if (atoi(word) == pids[i])
			return true;
	return false;
}

int
oci_ps(const struct oci *c, char **options, struct buf *out, struct err *e)
{
	AUTO(arena) struct arena a = { 0 };
	AUTO(buf) struct buf all = { 0 };
	char *rest, *line;
	pid_t *pids = NULL;
	int column;
	size_t n;

	if (oci_pids(c, &a, &pids, &n, e) < 0 || run_ps(options, &all, e) < 0)
		return -1;
	rest = all.data;
	line = rest ? strsep(&rest, "\n") : NULL;
	column = line ? find_column(arena_text(&a, line)) : -1;
	if (column < 0)
		return fail(e, EINVAL, "ps: its heading has no PID");
	buf_format(out, "%s\n", line);
	while ((line = strsep(&rest, "\n")))
		if (is_among(arena_text(&a, line), column, pids, n))
			buf_format(out, "%s\n", line);
	return 0;
}
