/* SPDX-License-Identifier: ISC */
/* Part of cgroup.h: all that is told of what a group uses. */
#ifndef CGROUP_DETAILS_H
#define CGROUP_DETAILS_H

#include "base/mem.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cgroup;

/*
 * All that an OCI runtime tells, in the arena; 0 is not known, a limit of
 * UINT64_MAX is none. `raw` and `size` are names, the values as the kernel's.
 *
 * swap    memory and swap together, under v2, too
 * op      "Read", "Write"…, "": there is none
 * source  runc's types/events.go, and the files of both versions
 */
struct cgroup_amount {
	uint64_t limit, usage, max, failures;
};

struct cgroup_fact {
	char *name;
	uint64_t value;
};

struct cgroup_huge {
	char *size;
	struct cgroup_amount amount;
};

struct cgroup_io {
	uint64_t major, minor, value;
	char *op;
};

struct cgroup_io_list {
	struct cgroup_io *v;
	size_t n;
};

enum cgroup_io_kind {
	CGROUP_IO_BYTES, CGROUP_IO_TIMES, CGROUP_IO_QUEUED, CGROUP_IO_SERVICE,
	CGROUP_IO_WAIT, CGROUP_IO_MERGED, CGROUP_IO_TIME, CGROUP_IO_SECTORS,
	CGROUP_IO_KINDS,
};

/* How much of the time somebody waits, or all do: percents times 100 of the
 * last 10, 60 and 300 seconds, and microseconds since the beginning. */
struct cgroup_stalls {
	unsigned int average[3];
	uint64_t total;
};

struct cgroup_pressure {
	struct cgroup_stalls some, full;
	bool is_known;
};

/* Numbers of v1's cpuset, by their names. */
#define CGROUP_CPUSET_FACTS 9
extern const char *const cgroup_cpuset_facts[CGROUP_CPUSET_FACTS];

struct cgroup_details {
	uint64_t cpu, cpu_user, cpu_system, throttled; /* nanoseconds */
	uint64_t periods, throttled_periods;
	uint64_t *each_cpu, *each_user, *each_system; /* v1, nanoseconds */
	size_t n_each_cpu, n_each_user, n_each_system;
	uint64_t cache, pids, pids_limit;
	struct cgroup_amount memory, swap, kernel, kernel_tcp;
	struct cgroup_fact *raw;
	struct cgroup_huge *huge;
	struct cgroup_io_list io[CGROUP_IO_KINDS];
	size_t n_raw, n_huge;
	struct cgroup_pressure cpu_pressure, memory_pressure, io_pressure;
	uint64_t *cpus, *mems;
	size_t n_cpus, n_mems;
	int64_t cpuset[CGROUP_CPUSET_FACTS];
};

void cgroup_details(const struct cgroup *g, struct arena *a,
                    struct cgroup_details *d);

/* How often the OOM killer ended a process of it; -1: not counted. */
int64_t cgroup_oom_kills(const struct cgroup *g);
int64_t cgroup_oom_kills_at(const char *path);

/* What is in use; -1 is not known, a limit of INT64_MAX is none. */
struct cgroup_stats {
	int64_t memory, memory_limit, memory_cache, swap; /* bytes */
	int64_t cpu, cpu_user, cpu_system;                /* nanoseconds */
	int64_t throttled;                                /* nanoseconds */
	int64_t pids, pids_limit;
	int64_t read_bytes, write_bytes;
	int64_t oom_kills;
};

void cgroup_stats(const struct cgroup *g, struct cgroup_stats *s);

#endif
