/* SPDX-License-Identifier: ISC */
/* "linux.resources" as tables; config-linux.md is the source. */
#include "spec/tables.h"

static const struct json_field device_rule[] = {
	JSON_NEED(struct device_rule, JSON_FLAG_SHOWN, "allow", allow),
	JSON(struct device_rule, JSON_TEXT, "type", type),
	JSON(struct device_rule, JSON_NUMBER, "major", major),
	JSON(struct device_rule, JSON_NUMBER, "minor", minor),
	JSON(struct device_rule, JSON_TEXT, "access", access),
	JSON_FIELD_END
};

static const struct json_field memory[] = {
	JSON(struct memory, JSON_NUMBER, "limit", limit),
	JSON(struct memory, JSON_NUMBER, "reservation", reservation),
	JSON(struct memory, JSON_NUMBER, "swap", swap),
	JSON(struct memory, JSON_NUMBER, "kernel", kernel),
	JSON(struct memory, JSON_NUMBER, "kernelTCP", kernel_tcp),
	JSON(struct memory, JSON_NUMBER, "swappiness", swappiness),
	JSON(struct memory, JSON_FLAG, "disableOOMKiller", disable_oom_killer),
	JSON(struct memory, JSON_FLAG, "useHierarchy", use_hierarchy),
	JSON(struct memory, JSON_FLAG, "checkBeforeUpdate", check_before_update),
	JSON_FIELD_END
};

static const struct json_field cpu[] = {
	JSON(struct cpu, JSON_NUMBER, "shares", shares),
	JSON(struct cpu, JSON_NUMBER, "quota", quota),
	JSON(struct cpu, JSON_NUMBER, "burst", burst),
	JSON(struct cpu, JSON_NUMBER, "period", period),
	JSON(struct cpu, JSON_NUMBER, "realtimeRuntime", realtime_runtime),
	JSON(struct cpu, JSON_NUMBER, "realtimePeriod", realtime_period),
	JSON(struct cpu, JSON_TEXT, "cpus", cpus),
	JSON(struct cpu, JSON_TEXT, "mems", mems),
	JSON(struct cpu, JSON_NUMBER, "idle", idle),
	JSON_FIELD_END
};

static const struct json_field pids[] = {
	JSON(struct pids, JSON_NUMBER, "limit", limit),
	JSON_FIELD_END
};

static const struct json_field weight_device[] = {
	JSON_NEED(struct weight_device, JSON_NUMBER, "major", major),
	JSON_NEED(struct weight_device, JSON_NUMBER, "minor", minor),
	JSON(struct weight_device, JSON_NUMBER, "weight", weight),
	JSON(struct weight_device, JSON_NUMBER, "leafWeight", leaf_weight),
	JSON_FIELD_END
};

static const struct json_field throttle_device[] = {
	JSON_NEED(struct throttle_device, JSON_NUMBER, "major", major),
	JSON_NEED(struct throttle_device, JSON_NUMBER, "minor", minor),
	JSON_NEED(struct throttle_device, JSON_NUMBER, "rate", rate),
	JSON_FIELD_END
};

#define DEVICES(name, member, fields) \
	JSON_LIST(struct block_io, JSON_MANY, name, member, n_##member, fields)

static const struct json_field block_io[] = {
	JSON(struct block_io, JSON_NUMBER, "weight", weight),
	JSON(struct block_io, JSON_NUMBER, "leafWeight", leaf_weight),
	DEVICES("weightDevice", weight_devices, weight_device),
	DEVICES("throttleReadBpsDevice", read_bps, throttle_device),
	DEVICES("throttleWriteBpsDevice", write_bps, throttle_device),
	DEVICES("throttleReadIOPSDevice", read_iops, throttle_device),
	DEVICES("throttleWriteIOPSDevice", write_iops, throttle_device),
	JSON_FIELD_END
};

static const struct json_field huge_page_limit[] = {
	JSON_NEED(struct huge_page_limit, JSON_TEXT, "pageSize", page_size),
	JSON_NEED(struct huge_page_limit, JSON_U64, "limit", limit),
	JSON_FIELD_END
};

static const struct json_field interface_priority[] = {
	JSON_NEED(struct interface_priority, JSON_TEXT, "name", name),
	JSON_NEED(struct interface_priority, JSON_U32, "priority", priority),
	JSON_FIELD_END
};

static const struct json_field network_class[] = {
	JSON(struct network_class, JSON_NUMBER, "classID", class_id),
	JSON_LIST(struct network_class, JSON_MANY, "priorities", priorities,
	          n_priorities, interface_priority),
	JSON_FIELD_END
};

static const struct json_field rdma_limit[] = {
	JSON(struct rdma_limit, JSON_NUMBER, "hcaHandles", handles),
	JSON(struct rdma_limit, JSON_NUMBER, "hcaObjects", objects),
	JSON_FIELD_END
};

#define ONE(name, member, fields) \
	JSON_SUB(struct resources, JSON_ONE, name, member, fields)
#define LIST(kind, name, member, fields) \
	JSON_LIST(struct resources, kind, name, member, n_##member, fields)

const struct json_field spec_resources_fields[] = {
	LIST(JSON_MANY, "devices", devices, device_rule),
	ONE("memory", memory, memory),
	ONE("cpu", cpu, cpu),
	ONE("pids", pids, pids),
	ONE("blockIO", block_io, block_io),
	LIST(JSON_MANY, "hugepageLimits", huge_pages, huge_page_limit),
	ONE("network", network, network_class),
	LIST(JSON_MAP, "rdma", rdma, rdma_limit),
	JSON(struct resources, JSON_PAIRS, "unified", unified),
	JSON_FIELD_END
};
