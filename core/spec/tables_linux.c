/* SPDX-License-Identifier: ISC */
/* The "linux" object except its resources; config-linux.md is the source. */
#include "spec/tables.h"

static const struct json_field namespace_row[] = {
	JSON_NEED(struct namespace_row, JSON_TEXT, "type", type),
	JSON(struct namespace_row, JSON_TEXT, "path", path),
	JSON_FIELD_END
};

static const struct json_field device[] = {
	JSON_NEED(struct device, JSON_TEXT, "path", path),
	JSON_NEED(struct device, JSON_TEXT, "type", type),
	JSON(struct device, JSON_NUMBER, "major", major),
	JSON(struct device, JSON_NUMBER, "minor", minor),
	JSON(struct device, JSON_NUMBER, "fileMode", file_mode),
	JSON(struct device, JSON_NUMBER, "uid", uid),
	JSON(struct device, JSON_NUMBER, "gid", gid),
	JSON_FIELD_END
};

static const struct json_field net_device[] = {
	JSON(struct net_device, JSON_TEXT, "name", name),
	JSON_FIELD_END
};

static const struct json_field time_offset[] = {
	JSON(struct time_offset, JSON_NUMBER, "secs", secs),
	JSON(struct time_offset, JSON_NUMBER, "nanosecs", nanosecs),
	JSON_FIELD_END
};

static const struct json_field seccomp_arg[] = {
	JSON_NEED(struct seccomp_arg, JSON_U32, "index", index),
	JSON_NEED(struct seccomp_arg, JSON_U64, "value", value),
	JSON(struct seccomp_arg, JSON_U64, "valueTwo", value_two),
	JSON_NEED(struct seccomp_arg, JSON_TEXT, "op", op),
	JSON_FIELD_END
};

static const struct json_field seccomp_rule[] = {
	JSON_NEED(struct seccomp_rule, JSON_WORDS, "names", names),
	JSON_NEED(struct seccomp_rule, JSON_TEXT, "action", action),
	JSON(struct seccomp_rule, JSON_NUMBER, "errnoRet", errno_ret),
	JSON_LIST(struct seccomp_rule, JSON_MANY, "args", args, n_args, seccomp_arg),
	JSON_FIELD_END
};

const struct json_field spec_seccomp_fields[] = {
	JSON_NEED(struct seccomp, JSON_TEXT, "defaultAction", default_action),
	JSON(struct seccomp, JSON_NUMBER, "defaultErrnoRet", default_errno_ret),
	JSON(struct seccomp, JSON_WORDS, "architectures", architectures),
	JSON(struct seccomp, JSON_WORDS, "flags", flags),
	JSON(struct seccomp, JSON_TEXT, "listenerPath", listener_path),
	JSON(struct seccomp, JSON_TEXT, "listenerMetadata", listener_metadata),
	JSON_LIST(struct seccomp, JSON_MANY, "syscalls", rules, n_rules, seccomp_rule),
	JSON_FIELD_END
};

static const struct json_field intel_rdt[] = {
	JSON(struct intel_rdt, JSON_TEXT, "closID", clos_id),
	JSON(struct intel_rdt, JSON_WORDS, "schemata", schemata),
	JSON(struct intel_rdt, JSON_TEXT, "l3CacheSchema", l3_cache_schema),
	JSON(struct intel_rdt, JSON_TEXT, "memBwSchema", mem_bw_schema),
	JSON(struct intel_rdt, JSON_FLAG, "enableCMT", enable_cmt),
	JSON(struct intel_rdt, JSON_FLAG, "enableMBM", enable_mbm),
	JSON(struct intel_rdt, JSON_FLAG, "enableMonitoring", enable_monitoring),
	JSON_FIELD_END
};

static const struct json_field memory_policy[] = {
	JSON_NEED(struct memory_policy, JSON_TEXT, "mode", mode),
	JSON(struct memory_policy, JSON_TEXT, "nodes", nodes),
	JSON(struct memory_policy, JSON_WORDS, "flags", flags),
	JSON_FIELD_END
};

static const struct json_field personality[] = {
	JSON_NEED(struct personality, JSON_TEXT, "domain", domain),
	JSON(struct personality, JSON_WORDS, "flags", flags),
	JSON_FIELD_END
};

#define LINUX(kind, name, member) JSON(struct linux_part, kind, name, member)
#define LIST(kind, name, member, fields) \
	JSON_LIST(struct linux_part, kind, name, member, n_##member, fields)
#define ONE(name, member, fields) \
	JSON_SUB(struct linux_part, JSON_ONE, name, member, fields)

const struct json_field spec_linux_fields[] = {
	LIST(JSON_MANY, "uidMappings", uid_maps, spec_id_map_fields),
	LIST(JSON_MANY, "gidMappings", gid_maps, spec_id_map_fields),
	LINUX(JSON_PAIRS, "sysctl", sysctl),
	ONE("resources", resources, spec_resources_fields),
	LINUX(JSON_TEXT, "cgroupsPath", cgroups_path),
	LIST(JSON_MANY, "namespaces", namespaces, namespace_row),
	LIST(JSON_MANY, "devices", devices, device),
	LIST(JSON_MAP, "netDevices", net_devices, net_device),
	ONE("seccomp", seccomp, spec_seccomp_fields),
	LINUX(JSON_TEXT, "rootfsPropagation", rootfs_propagation),
	LINUX(JSON_WORDS, "maskedPaths", masked_paths),
	LINUX(JSON_WORDS, "readonlyPaths", readonly_paths),
	LINUX(JSON_TEXT, "mountLabel", mount_label),
	ONE("intelRdt", intel_rdt, intel_rdt),
	ONE("memoryPolicy", memory_policy, memory_policy),
	ONE("personality", personality, personality),
	LIST(JSON_MAP, "timeOffsets", time_offsets, time_offset),
	JSON_FIELD_END
};
