/* SPDX-License-Identifier: ISC */
/* Measuring what a group uses. */
#include "cgroup/parts.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct cgroup_tree *
tree_of(const struct cgroup *g, const char *v1)
{
	const struct cgroup_tree *t = cgroup_tree(g, v1);

	if (!t)
		t = cgroup_tree(g, "");
	return t && t->dir >= 0 ? t : NULL;
}

/* v1 counts for the group alone, v2 for its sub-groups too. */
int64_t
cgroup_oom_kills(const struct cgroup *g)
{
	const struct cgroup_tree *t = tree_of(g, "memory");

	if (!t)
		return -1;
	return cgroup_number_of(t, *t->name ? "memory.oom_control"
	                                    : "memory.events", "oom_kill");
}

int64_t
cgroup_oom_kills_at(const char *path)
{
	struct cgroup g;
	struct cgroup_tree *t;
	AUTO(close) int base = -1;
	AUTO(close) int dir = -1;
	struct err ignored;

	if (cgroup_find(&g, path, &ignored) < 0)
		return -1;
	for (t = g.trees; t < g.trees + g.n_trees; t++)
		if (cgroup_tree(&g, "memory") == t ||
		    (!cgroup_tree(&g, "memory") && !*t->name))
			break;
	base = t < g.trees + g.n_trees ? cgroup_base(t) : -1;
	if (base >= 0)
		dir = openat(base, path + 1, O_PATH | O_DIRECTORY | O_CLOEXEC |
		                             O_NOFOLLOW);
	if (dir < 0)
		return -1;
	t->dir = dir;
	return cgroup_oom_kills(&g);
}

static int64_t
times(int64_t n, int64_t factor)
{
	return n < 0 || n == INT64_MAX ? n : n * factor;
}

static void
measure_memory(const struct cgroup_tree *t, struct cgroup_stats *s)
{
	int64_t both;

	if (!*t->name) {
		s->memory = cgroup_number(t, "memory.current");
		s->memory_limit = cgroup_number(t, "memory.max");
		s->memory_cache = cgroup_number_of(t, "memory.stat", "file");
		s->swap = cgroup_number(t, "memory.swap.current");
		return;
	}
	s->memory = cgroup_number(t, "memory.usage_in_bytes");
	s->memory_limit = cgroup_number(t, "memory.limit_in_bytes");
	s->memory_cache = cgroup_number_of(t, "memory.stat", "total_cache");
	both = cgroup_number(t, "memory.memsw.usage_in_bytes");
	if (both >= 0 && s->memory >= 0)
		s->swap = both > s->memory ? both - s->memory : 0;
}

static void
measure_cpu(const struct cgroup *g, struct cgroup_stats *s)
{
	const struct cgroup_tree *account = cgroup_tree(g, "cpuacct");
	const struct cgroup_tree *t = tree_of(g, "cpu");
	int64_t tick = 1000000000 / sysconf(_SC_CLK_TCK);

	if (account && account->dir >= 0) {
		s->cpu = cgroup_number(account, "cpuacct.usage");
		s->cpu_user = times(cgroup_number_of(account, "cpuacct.stat",
		                                     "user"), tick);
		s->cpu_system = times(cgroup_number_of(account, "cpuacct.stat",
		                                       "system"), tick);
	}
	if (!t)
		return;
	if (*t->name) {
		s->throttled = cgroup_number_of(t, "cpu.stat",
		                                "throttled_time");
		return;
	}
	s->cpu = times(cgroup_number_of(t, "cpu.stat", "usage_usec"), 1000);
	s->cpu_user = times(cgroup_number_of(t, "cpu.stat", "user_usec"), 1000);
	s->cpu_system = times(cgroup_number_of(t, "cpu.stat", "system_usec"),
	                      1000);
	s->throttled = times(cgroup_number_of(t, "cpu.stat", "throttled_usec"),
	                     1000);
}

/* The number behind `key` in a line, if it is there. */
static int64_t
number_behind(const char *line, const char *key)
{
	const char *at = strstr(line, key);

	return at ? strtoll(at + strlen(key), NULL, 10) : 0;
}

/* "254:0 rbytes=1 wbytes=2 …" (v2), "254:0 Read 1" (v1), a device a line. */
static void
measure_io(const struct cgroup_tree *t, struct cgroup_stats *s)
{
	const char *file = *t->name ? "blkio.throttle.io_service_bytes_"
	                              "recursive"
	                            : "io.stat";
	char text[8192], *rest = text, *line;

	if (cgroup_knob_get(t->dir, file, text, sizeof(text)) < 0)
		return;
	s->read_bytes = s->write_bytes = 0;
	while ((line = strsep(&rest, "\n"))) {
		s->read_bytes += number_behind(line, *t->name ? " Read "
		                                              : " rbytes=");
		s->write_bytes += number_behind(line, *t->name ? " Write "
		                                               : " wbytes=");
	}
}

void
cgroup_stats(const struct cgroup *g, struct cgroup_stats *s)
{
	const struct cgroup_tree *t;

	*s = (struct cgroup_stats){
		-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
	};
	if ((t = tree_of(g, "memory")))
		measure_memory(t, s);
	measure_cpu(g, s);
	if ((t = tree_of(g, "pids"))) {
		s->pids = cgroup_number(t, "pids.current");
		s->pids_limit = cgroup_number(t, "pids.max");
	}
	if ((t = tree_of(g, "blkio")))
		measure_io(t, s);
	s->oom_kills = cgroup_oom_kills(g);
}
