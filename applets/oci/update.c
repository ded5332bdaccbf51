/* SPDX-License-Identifier: ISC */
/* oci update: change the limits of a container. */
#include "cli/cli.h"
#include "oci/oci.h"

static struct args {
	struct oci_globals globals;
	char *file, *cpus, *mems, *l3, *bandwidth;
	struct number weight, period, quota, burst, shares, rt_period;
	struct number rt_runtime, idle, memory, reservation, swap, kernel;
	struct number kernel_tcp, pids;
} args;

static const struct opt options[] = {
	{ 0, "blkio-weight", "WEIGHT", NUMBER(weight), "share of the disks, 10 to 1000" },
	{ 0, "cpu-burst", "US", NUMBER(burst), "what may be saved up of the quota" },
	{ 0, "cpu-idle", "0|1", NUMBER(idle), "run only when nobody else does" },
	{ 0, "cpu-period", "US", NUMBER(period), "the period of the quota" },
	{ 0, "cpu-quota", "US", NUMBER(quota), "processor time in a period" },
	{ 0, "cpu-rt-period", "US", NUMBER(rt_period), "the period of the realtime quota" },
	{ 0, "cpu-rt-runtime", "US", NUMBER(rt_runtime), "realtime in a period" },
	{ 0, "cpu-share", "SHARES", NUMBER(shares), "share of the processors" },
	{ 0, "cpuset-cpus", "CPUS", TEXT(cpus), "run on these" },
	{ 0, "cpuset-mems", "NODES", TEXT(mems), "use the memory of these" },
	{ 0, "kernel-memory", "BYTES", SIZE(kernel), NULL },
	{ 0, "kernel-memory-tcp", "BYTES", SIZE(kernel_tcp), NULL },
	{ 0, "l3-cache-schema", "SCHEMA", TEXT(l3), "share of the third cache, L3:0=ff;1=f" },
	{ 0, "mem-bw-schema", "SCHEMA", TEXT(bandwidth), "share of the memory bandwidth, MB:0=50" },
	{ 0, "memory", "BYTES", SIZE(memory), "most memory" },
	{ 0, "memory-reservation", "BYTES", SIZE(reservation), "memory that is left to it" },
	{ 0, "memory-swap", "BYTES", SIZE(swap), "most memory and swap; -1: any" },
	{ 0, "pids-limit", "N", NUMBER(pids), "most processes" },
	{ 'r', "resources", "FILE", TEXT(file), "read all limits from FILE, as JSON; -: stdin" },
	OPT_END
};

/* A part of the limits is only there if one of its numbers is. */
static void
fill(struct resources *r, struct arena *a)
{
	struct memory m = {
		.limit = args.memory, .reservation = args.reservation,
		.swap = args.swap, .kernel = args.kernel,
		.kernel_tcp = args.kernel_tcp,
	};
	struct cpu c = {
		.shares = args.shares, .quota = args.quota,
		.burst = args.burst, .period = args.period,
		.realtime_runtime = args.rt_runtime,
		.realtime_period = args.rt_period, .idle = args.idle,
		.cpus = args.cpus, .mems = args.mems,
	};

	r->memory = arena_new(a, sizeof(m));
	*r->memory = m;
	r->cpu = arena_new(a, sizeof(c));
	*r->cpu = c;
	if (args.pids.set) {
		r->pids = arena_new(a, sizeof(*r->pids));
		r->pids->limit = args.pids;
	}
	if (args.weight.set) {
		r->block_io = arena_new(a, sizeof(*r->block_io));
		r->block_io->weight = args.weight;
	}
}

static int
run(char **words, struct err *e)
{
	AUTO(oci) struct oci c = OCI_NONE;
	struct resources r = { 0 };
	struct intel_rdt rdt = { .l3_cache_schema = args.l3,
		                 .mem_bw_schema = args.bandwidth };

	if (oci_begin(&args.globals, NULL, e) < 0 ||
	    oci_open(&c, &args.globals, words[0], e) < 0)
		return -1;
	if (!args.file)
		fill(&r, &c.arena);
	else if (oci_read_resources(&c, args.file, &r, e) < 0)
		return fail_in(e, "--resources");
	return oci_update(&c, &r, args.l3 || args.bandwidth ? &rdt : NULL, e);
}

APPLET(oci, update,
	.args    = "ID",
	.what    = "change the limits of a container",
	.options = options, .into = &args,
	.before  = oci_options, .before_into = &args.globals, .failure = 1,
	.run     = run);
