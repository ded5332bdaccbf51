/* SPDX-License-Identifier: ISC */
/* The session keyring of this process, by keyctl(2). */
#include "sys/keyring.h"

#include <linux/keyctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/*
 * Whoever owns the key may search it, which is how a second process finds the
 * keyring by its name: possessor all, user view, read, search and link. See
 * Documentation/security/keys/core.rst, "Key access permissions".
 */
#define PERMISSIONS 0x3f1b0000

int
keyring_join(const char *name)
{
	long key = syscall(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, name);

	if (key < 0)
		return -1;
	/* One that we joined may be somebody else's to change. */
	if (name)
		(void)syscall(SYS_keyctl, KEYCTL_SETPERM, key, PERMISSIONS);
	return 0;
}
