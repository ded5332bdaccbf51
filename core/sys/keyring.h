/* SPDX-License-Identifier: ISC */
/* The session keyring of this process; errno on failure. */
#ifndef SYS_KEYRING_H
#define SYS_KEYRING_H

#include "base/auto.h"

/*
 * Leave the session keyring that we came with, for a new one or, if there is
 * one of that name that we may search, for that.
 *
 * name    NULL: a new one without a name
 * errors  ENOSYS  the kernel has no keys; EDQUOT  too many of them
 * source  keyctl_join_session_keyring(3)
 */
int keyring_join(const char *name) MUST;

#endif
