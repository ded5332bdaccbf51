/* SPDX-License-Identifier: ISC */
/* Capabilities of this process, by the kernel's own calls. */
#include "sys/caps.h"

#include <errno.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

int
caps_get(struct caps *caps)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct half[2];

	if (syscall(SYS_capget, &header, half) < 0)
		return -1;
	caps->effective = half[0].effective |
	                  (uint64_t)half[1].effective << 32;
	caps->permitted = half[0].permitted |
	                  (uint64_t)half[1].permitted << 32;
	caps->inheritable = half[0].inheritable |
	                    (uint64_t)half[1].inheritable << 32;
	return 0;
}

int
caps_set(const struct caps *caps)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct half[2];

	for (int i = 0; i < 2; i++) {
		half[i].effective = (uint32_t)(caps->effective >> 32 * i);
		half[i].permitted = (uint32_t)(caps->permitted >> 32 * i);
		half[i].inheritable = (uint32_t)(caps->inheritable >> 32 * i);
	}
	return (int)syscall(SYS_capset, &header, half);
}

/*
 * The first number that the kernel does not know ends the list. Without
 * CAP_SETPCAP it refuses even what is not there to be dropped.
 */
int
caps_bound(uint64_t keep)
{
	for (int i = 0; i < 64; i++) {
		if (keep >> i & 1 || prctl(PR_CAPBSET_DROP, i, 0, 0, 0) == 0)
			continue;
		if (errno == EINVAL)
			break;
		if (prctl(PR_CAPBSET_READ, i, 0, 0, 0) != 0)
			return -1;
	}
	return 0;
}

int
caps_ambient(uint64_t set)
{
	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0)
		return -1;
	for (int i = 0; i < 64; i++)
		if ((set >> i & 1) &&
		    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, i, 0, 0) < 0)
			return -1;
	return 0;
}
