/* SPDX-License-Identifier: ISC */
/* update: change the limits and the restart policy of containers. */
#include "cli/cli.h"
#include "container/container.h"
#include "specgen/specgen.h"

#include <errno.h>
#include <string.h>

#undef OPT_STRUCT
#define OPT_STRUCT struct specgen_flags

static struct specgen_flags args;

static const struct opt options[] = {
	{ 0, "blkio-weight", "N", NUMBER(blkio_weight), "weigh block I/O, between 10 and 1000" },
	{ 0, "cpu-period", "MICROSECONDS", NUMBER(cpu_period), "set the period of --cpu-quota" },
	{ 0, "cpu-quota", "MICROSECONDS", NUMBER(cpu_quota), "cap CPU time in each period" },
	{ 0, "cpu-rt-period", "MICROSECONDS", NUMBER(cpu_rt_period),
	  "set the period of --cpu-rt-runtime" },
	{ 0, "cpu-rt-runtime", "MICROSECONDS", NUMBER(cpu_rt_runtime),
	  "cap real-time CPU time in each period" },
	{ 'c', "cpu-shares", "N", NUMBER(cpu_shares), "weigh CPU time; 1024 is average" },
	{ 0, "cpus", "N", TEXT(cpus), "cap CPU time to N processors, such as 1.5" },
	{ 0, "cpuset-cpus", "LIST", TEXT(cpuset_cpus), "run on these CPUs only, such as 0-3,7" },
	{ 0, "cpuset-mems", "LIST", TEXT(cpuset_mems), "use memory of these NUMA nodes only" },
	{ 'm', "memory", "SIZE", SIZE(memory), "cap memory, such as 512m or 2g" },
	{ 0, "memory-reservation", "SIZE", SIZE(memory_reservation),
	  "keep this much when memory is short" },
	{ 0, "memory-swap", "SIZE", SIZE(memory_swap),
	  "cap memory and swap together; -1 lifts it" },
	{ 0, "pids-limit", "N", NUMBER(pids_limit), "cap the number of processes; -1 lifts it" },
	{ 0, "restart", "POLICY", TEXT(restart),
	  "start it again when it ends: no, on-failure[:N], always or unless-stopped" },
	OPT_END
};

extern const struct applet applet_container_update;

/* What is wanted of each of the containers; cli_each passes on nothing. */
static int
update_one(const char *name, struct err *e)
{
	AUTO(container) struct container c = { 0 };
	AUTO(arena) struct arena a = { 0 };
	struct resources limits;
	struct number most = { 0 };
	struct host host;
	char *policy = NULL;

	if (args.restart && specgen_restart(args.restart, &a, &policy, &most,
	                                    e) < 0)
		return -1;
	if (container_host(&host, &a, e) < 0 ||
	    specgen_limits(&args, &host, &a, &limits, e) < 0 ||
	    container_open(&c, name, e) < 0)
		return -1;
	return container_update(&c, &limits, !args.restart ? NULL
	                        : policy ? policy : "", &most, e);
}

/* What is wrong is so for all of them, and is said once, before any is
 * changed. */
static int
check(struct err *e)
{
	static const struct specgen_flags nothing;
	AUTO(arena) struct arena a = { 0 };
	struct resources limits;
	struct number most;
	struct host host;
	char *policy;

	if (memcmp(&args, &nothing, sizeof(args)) == 0) {
		fail(e, EINVAL, "nothing is to be changed; see --help");
		return fail_status(e, STATUS_FAILED);
	}
	if (args.restart && specgen_restart(args.restart, &a, &policy, &most,
	                                    e) < 0)
		return -1;
	return container_host(&host, &a, e) < 0 ? -1
	       : specgen_limits(&args, &host, &a, &limits, e);
}

static int
run(char **names, struct err *e)
{
	if (check(e) < 0)
		return -1;
	return cli_each(&applet_container_update, names, update_one, e);
}

APPLET(container, update,
	.alias   = "update",
	.args    = "CONTAINER...",
	.what    = "change the limits and the restart policy of containers",
	.options = options, .into = &args,
	.run     = run);
