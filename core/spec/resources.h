/* SPDX-License-Identifier: ISC */
/* Part of spec.h: linux.resources, what a cgroup is told. */
#ifndef SPEC_RESOURCES_H
#define SPEC_RESOURCES_H

#include "base/json.h"

struct device_rule {
	bool allow;
	char *type; /* "a", "b", "c"; NULL as "a" */
	struct number major, minor; /* not set or -1: all */
	char *access; /* of "rwm"; NULL: all */
};

struct memory {
	struct number limit, reservation, swap; /* bytes; -1 lifts */
	struct number kernel, kernel_tcp, swappiness;
	bool disable_oom_killer, use_hierarchy, check_before_update;
};

struct cpu {
	struct number shares, quota, burst, period; /* microseconds */
	struct number realtime_runtime, realtime_period, idle;
	char *cpus, *mems;
};

struct weight_device {
	struct number major, minor, weight, leaf_weight;
};

struct throttle_device {
	struct number major, minor, rate; /* bytes or operations a second */
};

struct block_io {
	struct number weight, leaf_weight;
	struct weight_device *weight_devices;
	size_t n_weight_devices;
	struct throttle_device *read_bps, *write_bps, *read_iops, *write_iops;
	size_t n_read_bps, n_write_bps, n_read_iops, n_write_iops;
};

struct huge_page_limit {
	char *page_size; /* "2MB" */
	uint64_t limit;  /* bytes */
};

struct interface_priority {
	char *name;
	uint32_t priority;
};

struct network_class {
	struct number class_id;
	struct interface_priority *priorities;
	size_t n_priorities;
};

struct rdma_limit {
	char *device; /* first: the key of the map */
	struct number handles, objects;
};

struct pids {
	struct number limit;
};

struct resources {
	struct device_rule *devices;
	size_t n_devices;
	struct memory *memory;
	struct cpu *cpu;
	struct pids *pids;
	struct block_io *block_io;
	struct huge_page_limit *huge_pages;
	size_t n_huge_pages;
	struct network_class *network;
	struct rdma_limit *rdma;
	size_t n_rdma;
	struct pairs unified; /* v2 file name to text */
};

/* What is new replaces the old, number by number or list by list; it is not
 * copied. */
void spec_merge_resources(struct resources *to, const struct resources *from,
                          struct arena *a);

/*
 * What to give cgroup_limit for an update: v2 has a limit for swap alone, and
 * what it is depends on memory's, which may have been said before.
 */
struct resources spec_update_of(const struct resources *r,
                                const struct resources *old, struct arena *a);

#endif
