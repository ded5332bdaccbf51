/* SPDX-License-Identifier: ISC */
/* What `run` and `exec` tell specgen about this machine. */
#ifndef CONTAINER_APPLET_HOST_H
#define CONTAINER_APPLET_HOST_H

#include <stdlib.h>

#include "container/container.h"
#include "specgen/specgen.h"

static inline const char *
host_variable(const char *name)
{
	return getenv(name);
}

static inline int
host_fill(struct specgen_host *host, struct arena *a, struct err *e)
{
	char *cwd, *machine, *kernel;

	if (container_host_cwd(&cwd, a, e) < 0 ||
	    container_host_kernel(&machine, &kernel, a, e) < 0)
		return -1;
	*host = (struct specgen_host){
		.cwd = cwd,
		.machine = machine,
		.kernel = kernel,
		.uid = container_host_uid(),
		.gid = container_host_gid(),
		.nofile = container_host_nofile(),
		.last_cap = container_host_last_cap(),
		.ns_path = container_host_ns_path,
		.device = container_host_device,
		.all_devices = container_host_all_devices,
		.read_file = container_host_read_file,
		.user = container_host_user,
		.environment = host_variable,
	};
	return 0;
}

#endif
