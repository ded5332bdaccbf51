/* SPDX-License-Identifier: ISC */
/* Part of spec.h: the "linux" object, except its resources. */
#ifndef SPEC_LINUX_H
#define SPEC_LINUX_H

#include "base/json.h"

/* In the order in which a process joins them: user first, as it grants. */
enum namespace_kind {
	NAMESPACE_USER,
	NAMESPACE_PID,
	NAMESPACE_NETWORK,
	NAMESPACE_IPC,
	NAMESPACE_UTS,
	NAMESPACE_TIME,
	NAMESPACE_CGROUP,
	NAMESPACE_MOUNT,
	NAMESPACE_KINDS
};

/* What is known of a kind: "network", "net" in /proc/PID/ns, CLONE_NEWNET. */
struct namespace_fact {
	const char *name, *file;
	uint64_t clone_flag;
};

extern const struct namespace_fact spec_namespaces[NAMESPACE_KINDS];

struct namespace_row {
	char *type;
	char *path; /* NULL: a new one */
};

struct device {
	char *path, *type; /* "c", "b", "u", "p" */
	struct number major, minor, file_mode, uid, gid;
};

struct net_device {
	char *host_name, *name; /* name in the container, NULL: the same */
};

struct time_offset {
	char *clock; /* "monotonic", "boottime" */
	struct number secs, nanosecs;
};

struct seccomp_arg {
	uint32_t index;
	uint64_t value, value_two;
	char *op; /* "SCMP_CMP_EQ" */
};

struct seccomp_rule {
	struct words names;
	char *action;
	struct number errno_ret;
	struct seccomp_arg *args;
	size_t n_args;
};

struct seccomp {
	char *default_action, *listener_path, *listener_metadata;
	struct number default_errno_ret;
	struct words architectures, flags;
	struct seccomp_rule *rules; /* "syscalls" */
	size_t n_rules;
};

struct intel_rdt {
	char *clos_id, *l3_cache_schema, *mem_bw_schema;
	struct words schemata;
	bool enable_monitoring, enable_cmt, enable_mbm;
};

struct memory_policy {
	char *mode; /* "MPOL_BIND" */
	char *nodes; /* "0-3,7" */
	struct words flags;
};

struct personality {
	char *domain; /* "LINUX", "LINUX32" */
	struct words flags;
};

struct linux_part {
	struct namespace_row *namespaces;
	size_t n_namespaces;
	struct id_map *uid_maps, *gid_maps;
	size_t n_uid_maps, n_gid_maps;
	struct time_offset *time_offsets;
	size_t n_time_offsets;
	struct device *devices;
	size_t n_devices;
	struct net_device *net_devices;
	size_t n_net_devices;
	char *cgroups_path, *rootfs_propagation, *mount_label;
	struct resources *resources;
	struct pairs sysctl;
	struct seccomp *seccomp;
	struct words masked_paths, readonly_paths;
	struct intel_rdt *intel_rdt;
	struct memory_policy *memory_policy;
	struct personality *personality;
};

/* Words of a profile that are known, ended by NULL; and architecture number i,
 * NULL: no more. */
extern const char *const spec_seccomp_actions[];
extern const char *const spec_seccomp_operators[];
extern const char *const spec_seccomp_flags[];
const char *spec_seccomp_arch(size_t i);

#endif
