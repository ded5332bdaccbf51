/* SPDX-License-Identifier: ISC */
/* Part of container.h: what was asked for, in the user's words. */
#ifndef CONTAINER_ASKED_H
#define CONTAINER_ASKED_H

#include "base/json.h"
#include "base/mem.h"

#include <stdbool.h>

/* What the spec does not tell any more, or in other words; for `inspect`. */
struct asked {
	struct words cap_add, cap_drop, security_opt, group_add;
	struct words binds, tmpfs, volumes_from, annotations, env, attached;
	struct words devices, device_rules, ulimits, sysctls, weight_devices;
	struct words read_bps, write_bps, read_iops, write_iops;
	char *user, *entrypoint, *cidfile, *cpus, *cgroup_parent;
	char *volume_driver;
	char *network, *pid, *ipc, *uts, *cgroupns, *userns;
	bool privileged, overlay;
};

#endif
