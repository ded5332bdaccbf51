/* SPDX-License-Identifier: ISC */
/* Interfaces of the host that become the container's. */
#include "init/init.h"
#include "sys/netdev.h"

#include <fcntl.h>
#include <stdio.h>

int
init_net_devices(const struct spec *spec, int space, pid_t pid, struct err *e)
{
	const struct linux_part *l = spec->linux_part;
	AUTO(close) int own = -1;
	char path[32];

	if (!l || l->n_net_devices == 0)
		return 0;
	if (space < 0) {
		snprintf(path, sizeof(path), "/proc/%d/ns/net", pid);
		space = own = open(path, O_RDONLY | O_CLOEXEC);
		if (own < 0)
			return fail_sys(e, "%s", path);
	}
	for (size_t i = 0; i < l->n_net_devices; i++) {
		const struct net_device *d = &l->net_devices[i];
		const char *name = d->name ? d->name : d->host_name;

		if (netdev_move(d->host_name, name, space, e) < 0)
			return fail_in(e, "netDevices");
	}
	return 0;
}
