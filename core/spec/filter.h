/* SPDX-License-Identifier: ISC */
/* Part of spec.h: a seccomp profile becomes a program for the kernel. */
#ifndef SPEC_FILTER_H
#define SPEC_FILTER_H

#include "base/err.h"
#include "base/mem.h"
#include "spec/linux.h"

#include <linux/filter.h>
#include <linux/seccomp.h>

/* What spec_seccomp_number answers for a call that is not to be had. */
enum { SECCOMP_NOT_HERE = -1, SECCOMP_NOWHERE = -2 };

/*
 * The number of a call on an architecture ("SCMP_ARCH_X86_64"), below zero if
 * it has none or if nobody knows the name. Tables of that are a library's.
 */
typedef int spec_seccomp_number(const char *architecture, const char *call);

/*
 * Compile a profile into struct sock_filter, one after the other.
 *
 * Of the rules for one call the first that matches counts; conditions on the
 * same argument are alternatives, on different ones they must all hold. A call
 * that comes through an architecture that is not listed gives ENOSYS. A
 * multiplexed call (socketcall, ipc) has no rules but its own.
 *
 * s        with at least one architecture
 * errors   EINVAL  an unknown action or operator (see spec_check)
 *          E2BIG   more than the kernel takes
 */
int spec_seccomp_program(const struct seccomp *s, spec_seccomp_number *number,
                         struct buf *program, struct err *e) MUST;

/*
 * What a program, of n instructions such as those above, answers to a call:
 * SECCOMP_RET_…; SECCOMP_RET_KILL_PROCESS where it is not such a program.
 */
uint32_t spec_seccomp_answer(const struct sock_filter *program, size_t n,
                             const struct seccomp_data *data);

#endif
