/* SPDX-License-Identifier: ISC */
/* The options that make a container, by docker's names. */
#include "specgen/inside.h"

#include <errno.h>
#include <string.h>

#undef OPT_STRUCT
#define OPT_STRUCT struct specgen_flags

static int
set_switch(void *member, const char *value, struct arena *a, struct err *e)
{
	struct specgen_switch *s = member;

	s->given = true;
	return opt_flag(&s->on, value, a, e);
}

/* 0 is docker's word for "as if it were not given". */
static int
set_limit(void *member, const char *value, struct arena *a, struct err *e)
{
	struct number *n = member;

	if (opt_number(n, value, a, e) < 0)
		return -1;
	n->set = n->value != 0;
	return 0;
}

static int
set_size_limit(void *member, const char *value, struct arena *a, struct err *e)
{
	struct number *n = member;

	if (opt_size(n, value, a, e) < 0)
		return -1;
	n->set = n->value != 0;
	return 0;
}

/* What docker has and we do not: taken where it asks for what is so anyway. */
static int
take_isolation(void *member, const char *value, struct arena *a, struct err *e)
{
	(void)member, (void)a;
	return strcmp(value, "default") == 0 ? 0
	       : fail(e, ENOTSUP, "'%s' is for Windows", value);
}

static int
take_runtime(void *member, const char *value, struct arena *a, struct err *e)
{
	(void)member, (void)a;
	return strcmp(value, "runc") == 0 || strcmp(value, "mydocker") == 0 ||
	       strcmp(value, "io.containerd.runc.v2") == 0 ? 0
	       : fail(e, ENOTSUP, "'%s': mydocker runs containers by itself",
	              value);
}

static int
take_no_trust(void *member, const char *value, struct arena *a, struct err *e)
{
	bool disabled = true;

	(void)member;
	if (opt_flag(&disabled, value, a, e) < 0)
		return -1;
	return disabled ? 0 : fail(e, ENOTSUP, "there is no content trust");
}

static int
refuse_windows(void *member, const char *value, struct arena *a, struct err *e)
{
	(void)member, (void)value, (void)a;
	return fail(e, ENOTSUP, "is for Windows");
}

static int
refuse_link(void *member, const char *value, struct arena *a, struct err *e)
{
	(void)member, (void)value, (void)a;
	return fail(e, ENOTSUP, "there are no links; containers find each "
	            "other by name in a network");
}

static int
refuse_kernel_memory(void *member, const char *value, struct arena *a,
                     struct err *e)
{
	(void)member, (void)value, (void)a;
	return fail(e, ENOTSUP, "kernels have no such limit any more; "
	            "--memory counts that, too");
}

static int
refuse_api(void *member, const char *value, struct arena *a, struct err *e)
{
	(void)member, (void)value, (void)a;
	return fail(e, ENOTSUP, "there is no daemon and no socket of one");
}

/* A row that writes nothing. */
#define TAKEN(setter) setter, 0
#define LIMIT(member) VALUE(set_limit, struct number, member)
#define SIZE_LIMIT(member) VALUE(set_size_limit, struct number, member)

/* What can be changed of a container that runs, too. */
const struct opt specgen_update_options[] = {
	{ 0, "blkio-weight", "N", LIMIT(blkio_weight), "weigh block I/O, between 10 and 1000" },
	{ 0, "cpu-period", "MICROSECONDS", LIMIT(cpu_period), "set the period of --cpu-quota" },
	{ 0, "cpu-quota", "MICROSECONDS", LIMIT(cpu_quota), "cap CPU time in each period" },
	{ 0, "cpu-rt-period", "MICROSECONDS", NUMBER(cpu_rt_period),
	  "set the period of --cpu-rt-runtime" },
	{ 0, "cpu-rt-runtime", "MICROSECONDS", NUMBER(cpu_rt_runtime),
	  "cap real-time CPU time in each period" },
	{ 'c', "cpu-shares", "N", LIMIT(cpu_shares), "weigh CPU time; 1024 is average" },
	{ 0, "cpus", "N", TEXT(cpus), "cap CPU time to N processors, such as 1.5" },
	{ 0, "cpuset-cpus|cpuset", "LIST", TEXT(cpuset_cpus),
	  "run on these CPUs only, such as 0-3,7" },
	{ 0, "cpuset-mems", "LIST", TEXT(cpuset_mems), "use memory of these NUMA nodes only" },
	{ 0, "kernel-memory", "SIZE", TAKEN(refuse_kernel_memory), NULL },
	{ 'm', "memory|mem", "SIZE", SIZE_LIMIT(memory), "cap memory, such as 512m or 2g" },
	{ 0, "memory-reservation", "SIZE", SIZE_LIMIT(memory_reservation),
	  "keep this much when memory is short" },
	{ 0, "memory-swap", "SIZE", SIZE_LIMIT(memory_swap),
	  "cap memory and swap together; -1 lifts it" },
	{ 0, "pids-limit", "N", NUMBER(pids_limit), "cap the number of processes; -1 lifts it" },
	{ 0, "restart", "POLICY", TEXT(restart),
	  "start it again when it ends: no, on-failure[:N], always or unless-stopped" },
	OPT_END
};

const struct opt specgen_options[] = {
	OPT_ALSO(specgen_update_options),
	OPT_ALSO(specgen_later_options),
	{ 0, "annotation", "NAME=VALUE", LIST(annotations), "add an annotation to the OCI spec" },
	{ 'a', "attach", "stdin|stdout|stderr", LIST(attach), "show only these of its streams" },
	{ 0, "blkio-weight-device", "PATH:N", LIST(blkio_weight_device),
	  "weigh I/O of one device" },
	{ 0, "cap-add", "CAP", LIST(cap_add), "add a Linux capability, or ALL" },
	{ 0, "cap-drop", "CAP", LIST(cap_drop), "drop a Linux capability, or ALL" },
	{ 0, "cgroup-parent", "PATH", TEXT(cgroup_parent),
	  "put the container's cgroup below PATH" },
	{ 0, "cgroupns", "private|host", TEXT(cgroupns), "use this cgroup namespace" },
	{ 0, "cidfile", "FILE", TEXT(cidfile), "write the container's id to FILE" },
	{ 0, "cpu", "PERCENT", NUMBER(cpu_percent), NULL },
	{ 0, "cpu-count", "N", TAKEN(refuse_windows), NULL },
	{ 0, "cpu-percent", "N", TAKEN(refuse_windows), NULL },
	{ 'd', "detach", NULL, FLAG(detach), "print its id and leave it running" },
	{ 0, "detach-keys", "KEYS", TEXT(detach_keys),
	  "the keys that detach, ctrl-p,ctrl-q if not given" },
	{ 0, "device", "PATH[:PATH[:rwm]]", LIST(devices), "give access to a device" },
	{ 0, "device-cgroup-rule", "RULE", LIST(device_rules),
	  "allow devices by number, such as 'c 42:* rwm'" },
	{ 0, "device-read-bps", "PATH:SIZE", LIST(read_bps),
	  "cap bytes read from a device a second" },
	{ 0, "device-read-iops", "PATH:N", LIST(read_iops), "cap reads from a device a second" },
	{ 0, "device-write-bps", "PATH:SIZE", LIST(write_bps),
	  "cap bytes written to a device a second" },
	{ 0, "device-write-iops", "PATH:N", LIST(write_iops), "cap writes to a device a second" },
	{ 0, "disable-content-trust", NULL, TAKEN(take_no_trust), NULL },
	{ 0, "domainname", "NAME", TEXT(domainname), "set the NIS domain name" },
	{ 0, "entrypoint", "COMMAND", TEXT(entrypoint),
	  "run COMMAND with the operands as its arguments" },
	{ 'e', "env", "NAME[=VALUE]", LIST(env), "set an environment variable" },
	{ 0, "env-file", "FILE", LIST(env_file), "read environment variables from FILE" },
	{ 0, "gidmap", "INSIDE:OUTSIDE:COUNT", LIST(gidmap), "map group ids in a user namespace" },
	{ 0, "group-add", "GROUP", LIST(group_add), "be a member of GROUP, too" },
	{ 0, "health-cmd", "COMMAND", TEXT(health_cmd), "ask this of a shell in it how it is" },
	{ 0, "health-interval", "TIME", DURATION(health_interval), "how often, 30s if not given" },
	{ 0, "health-retries", "N", NUMBER(health_retries),
	  "it is unhealthy after N failures in a row, 3 if not given" },
	{ 0, "health-start-interval", "TIME", DURATION(health_start_interval),
	  "how often while it starts, 5s if not given" },
	{ 0, "health-start-period", "TIME", DURATION(health_start_period),
	  "failures do not count for so long at the start" },
	{ 0, "health-timeout", "TIME", DURATION(health_timeout),
	  "how long an answer may take, 30s if not given" },
	{ 'h', "hostname", "NAME", TEXT(hostname), "set the host name" },
	{ 0, "init", NULL, FLAG(init),
	  "run a small init as process 1 that reaps and forwards signals" },
	{ 'i', "interactive", NULL, FLAG(interactive), "pass stdin on to the command" },
	{ 0, "io-maxbandwidth", "SIZE", TAKEN(refuse_windows), NULL },
	{ 0, "io-maxiops", "N", TAKEN(refuse_windows), NULL },
	{ 0, "ipc", "private|none|host|container:NAME|ns:PATH", TEXT(ipc),
	  "use this IPC namespace" },
	{ 0, "isolation", "NAME", TAKEN(take_isolation), NULL },
	{ 'l', "label", "NAME[=VALUE]", LIST(labels), "put a label on the container" },
	{ 0, "label-file", "FILE", LIST(label_file), "read labels from FILE" },
	{ 0, "link", "CONTAINER", TAKEN(refuse_link), NULL },
	{ 0, "log-driver", "json-file|none|passthrough|journald|syslog", TEXT(log_driver),
	  "where its output is kept" },
	{ 0, "log-opt", "NAME=VALUE", PAIRS(log_options),
	  "an option of that, such as max-size=10m or max-file=3" },
	{ 0, "memory-swappiness", "N", NUMBER(memory_swappiness), "how readily to swap, 0 to 100" },
	{ 0, "mount", "KEY=VALUE,...", LIST(mounts),
	  "mount a volume, bind or tmpfs, such as type=bind,src=/a,dst=/b" },
	{ 0, "name", "NAME", TEXT(name), "call the container NAME" },
	{ 0, "network|net", "none|host|container:NAME|ns:PATH", TEXT(network), "use this network" },
	{ 0, "no-healthcheck", NULL, FLAG(no_healthcheck), "do not ask how it is" },
	{ 0, "oom-kill-disable", NULL, FLAG(oom_kill_disable),
	  "wait rather than be killed when memory is short" },
	{ 0, "oom-score-adj", "N", NUMBER(oom_score_adj),
	  "be killed earlier or later, -1000 to 1000" },
	{ 0, "overlay", NULL, FLAG(overlay),
	  "write above the root, to what goes with the container" },
	{ 0, "pid", "private|host|container:NAME|ns:PATH", TEXT(pid), "use this PID namespace" },
	{ 0, "privileged", NULL, FLAG(privileged), "take nearly all of the isolation away" },
	{ 0, "read-only", NULL, FLAG(read_only), "make the root read-only" },
	{ 0, "rm", NULL, FLAG(rm), "remove the container when it ends" },
	{ 0, "rootfs", "DIR", TEXT(rootfs), "use DIR as the root instead of the host's own" },
	{ 0, "runtime", "NAME", TAKEN(take_runtime), NULL },
	{ 0, "security-opt", "OPTION", LIST(security_opt),
	  "seccomp=, no-new-privileges, apparmor=, systempaths=, mask=, unmask=" },
	{ 0, "shm-size", "SIZE", SIZE_LIMIT(shm_size), "size of /dev/shm, 64m if not given" },
	{ 0, "sig-proxy", NULL, VALUE(set_switch, struct specgen_switch, sig_proxy),
	  "pass signals on to the command; true if not given" },
	{ 0, "stop-signal", "SIGNAL", TEXT(stop_signal),
	  "the signal that asks the container to stop" },
	{ 0, "stop-timeout", "SECONDS", SECONDS(stop_timeout), "how long to wait for that" },
	{ 0, "sysctl", "NAME=VALUE", LIST(sysctls),
	  "set a kernel parameter of the container's namespaces" },
	{ 0, "time", "private|host|container:NAME|ns:PATH", TEXT(time), "use this time namespace" },
	{ 0, "time-offset", "CLOCK=SECONDS", LIST(time_offset), "shift 'monotonic' or 'boottime'" },
	{ 0, "tmpfs", "DIR[:OPTIONS]", LIST(tmpfs), "mount a tmpfs at DIR" },
	{ 't', "tty", NULL, FLAG(tty), "give the command a terminal" },
	{ 0, "uidmap", "INSIDE:OUTSIDE:COUNT", LIST(uidmap), "map user ids in a user namespace" },
	{ 0, "ulimit", "NAME=SOFT[:HARD]", LIST(ulimits),
	  "set a resource limit, such as nofile=1024" },
	{ 0, "umask", "MODE", TEXT(umask), "set the umask, 0022 if not given" },
	{ 0, "use-api-socket", NULL, TAKEN(refuse_api), NULL },
	{ 'u', "user", "USER[:GROUP]", TEXT(user), "run as this user, by name or number" },
	{ 0, "userns", "private|host|container:NAME|ns:PATH", TEXT(userns),
	  "use this user namespace" },
	{ 0, "uts", "private|host|container:NAME|ns:PATH", TEXT(uts), "use this UTS namespace" },
	{ 'v', "volume", "[SRC:]DST[:OPTIONS]", LIST(volumes),
	  "show a path of the host or a volume at DST" },
	{ 0, "volume-driver", "local", TEXT(volume_driver), "who makes volumes" },
	{ 0, "volumes-from", "CONTAINER[:ro]", LIST(volumes_from),
	  "mount what is mounted in another container" },
	{ 'w', "workdir", "DIR", TEXT(workdir), "start in this directory of the container" },
	OPT_END
};
