/* SPDX-License-Identifier: ISC */
/* The door of `specgen`: command line + image configuration -> spec. Pure. */
#ifndef SPECGEN_SPECGEN_H
#define SPECGEN_SPECGEN_H

#include "base/err.h"
#include "cli/cli.h"
#include "spec/spec.h"

#include <stdbool.h>

/* A flag of which it counts whether it was given at all. */
struct specgen_switch {
	bool given, on;
};

/* What `run` and `create` take; filled in by specgen_options. */
struct specgen_flags {
	bool interactive, tty, init, rm, privileged, read_only, overlay;
	bool oom_kill_disable, detach, no_healthcheck;
	char *name, *rootfs, *entrypoint, *workdir, *user, *hostname;
	char *domainname, *cidfile, *stop_signal, *cgroup_parent, *detach_keys;
	char *ipc, *pid, *uts, *network, *cgroupns, *userns, *time;
	char *cpuset_cpus, *cpuset_mems, *cpus, *umask, *volume_driver;
	struct words env, env_file, volumes, mounts, tmpfs, group_add;
	struct words volumes_from;
	struct words cap_add, cap_drop, security_opt, devices, ulimits;
	struct words sysctls, uidmap, gidmap, time_offset, labels, label_file;
	struct words annotations, device_rules, blkio_weight_device;
	struct words read_bps, write_bps, read_iops, write_iops;
	struct number memory, memory_swap, memory_reservation;
	struct number memory_swappiness, shm_size, pids_limit, cpu_shares;
	struct number cpu_period, cpu_quota, cpu_percent, blkio_weight;
	struct number cpu_rt_period, cpu_rt_runtime;
	struct number oom_score_adj, stop_timeout;
	char *restart, *log_driver, *health_cmd;
	struct pairs log_options;
	struct number health_interval, health_timeout, health_retries;
	struct number health_start_period, health_start_interval;
	struct words attach;
	struct specgen_switch sig_proxy;
};

/* The rows, and those of them that `update` takes; OPT_STRUCT is struct
 * specgen_flags. */
extern const struct opt specgen_options[];
extern const struct opt specgen_update_options[];

/* An option whose value is a signal, as a number, or nothing: 0, the usual one.
 * Its member is an int. As docker's, whose daemon reads it, a wrong one ends
 * with STATUS_FAILED. */
int specgen_signal(void *member, const char *value, struct arena *a,
                   struct err *e) MUST;
#define SPECGEN_SIGNAL(member) VALUE(specgen_signal, int, member)

/* What `stop` and `restart` take: the signal, 0 for the usual one, and how long
 * to wait. */
struct specgen_stop {
	int signal;
	struct number seconds;
};

extern const struct opt specgen_stop_options[];

/*
 * What else is known of a container, beside its spec.
 *
 * restart       a policy's name, NULL: no; restart_most is on-failure's N
 * attached      which of stdin, stdout and stderr are the caller's
 */
struct specgen_result {
	char *restart;
	struct number restart_most;
	struct health_plan health;
	bool attached[3];
	struct spec spec;
	struct pairs labels;
	char *stop_signal;
	char *image; /* what was named: the root's path */
	struct words env; /* what the user has set of it */
	struct words sources; /* of -v: made, where they are not there */
	struct words binds; /* -v, as docker lists it */
	struct mount_point *points; /* the user's mounts */
	size_t n_points;
};

/*
 * Merge defaults and flags into a spec. With no --rootfs the root is the
 * host's own, "/", and the working directory is kept. Without --hostname the
 * spec has none, nor the variable HOSTNAME: container_create, which makes the
 * id that the host is called after, fills in both. linux.cgroupsPath is
 * --cgroup-parent, and that of the container below it is container_create's,
 * too, as is the source of a volume's mount.
 *
 * command  the operands; with --entrypoint its arguments
 * errors   EINVAL  a wrong value, in the words of the option
 */
int specgen_build(const struct specgen_flags *flags, char **command,
                  const struct host *host, struct specgen_result *out,
                  struct err *e) MUST;

/*
 * A restart policy, "on-failure:3": its name, NULL for no, and its number.
 *
 * errors   EINVAL  "--restart: …"
 */
int specgen_restart(const char *text, struct arena *a, char **policy,
                    struct number *most, struct err *e) MUST;

/*
 * The limits alone, for `update`: what no flag names is not in them, nor is the
 * swap that follows from --memory.
 *
 * a  where they lie
 */
int specgen_limits(const struct specgen_flags *flags, const struct host *host,
                   struct arena *a, struct resources *out,
                   struct err *e) MUST;

/*
 * What `exec` changes of a container's spec: its process.
 *
 * rootfs   where the container's root is now, for the files of its users
 */
struct specgen_exec {
	bool tty, privileged;
	const char *rootfs;
	char *user, *workdir;
	struct words env, env_file;
};

int specgen_exec(struct spec *s, const struct specgen_exec *flags,
                 char **command, const struct host *host,
                 struct err *e) MUST;

/*
 * Docker's profile with our changes, for the capabilities that are kept.
 *
 * errors   ENOTSUP  there is none for this machine
 */
int specgen_seccomp(struct seccomp *out, uint64_t caps, const char *machine,
                    struct arena *a, struct err *e) MUST;

#endif
