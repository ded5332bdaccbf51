/* SPDX-License-Identifier: ISC */
/* Inside `init`, and for the tool that compiles the default profile. */
#ifndef INIT_SECCOMP_H
#define INIT_SECCOMP_H

#include "spec/spec.h"

#include <linux/filter.h>
#include <stdint.h>

/*
 * Compile a profile to a program of struct sock_filter, appended to *program.
 * System calls whose names are unknown here are left out. The architectures
 * are those listed and no other, at least one.
 *
 * errors   EINVAL   an action, operator or architecture that is not known
 */
int init_seccomp_compile(const struct seccomp *s, struct buf *program,
                         struct err *e) MUST;

/*
 * A profile that was compiled with us: seccomp_baked.h, which is generated,
 * has an array of them, `seccomp_baked`, ended by a row without a program.
 *
 * key    spec_seccomp_key of the profile
 * flags  of seccomp(2)
 */
struct seccomp_baked {
	uint64_t key;
	uint32_t count, flags;
	const struct sock_filter *program;
};

#endif
