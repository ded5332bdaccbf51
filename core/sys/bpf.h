/* SPDX-License-Identifier: ISC */
/* bpf(2), as far as device rules of cgroup v2 need it. */
#ifndef SYS_BPF_H
#define SYS_BPF_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

struct bpf_insn;

/* All of these return -1 with errno, so that the caller can tell a kernel
 * without the feature (ENOSYS, EINVAL, EPERM) from a failure. */

/* Load a BPF_PROG_TYPE_CGROUP_DEVICE program; returns its descriptor. */
int bpf_load_device(const struct bpf_insn *code, size_t n) MUST;

/* Attach it beside those that are there: a device must please all of them. */
int bpf_attach_device(int cgroup, int program) MUST;
int bpf_detach_device(int cgroup, int program) MUST;

/* The ids of the device programs attached to the group itself; *n holds the
 * room and receives the count. bpf_open gives a descriptor of one. */
int bpf_attached_devices(int cgroup, uint32_t ids[], uint32_t *n) MUST;
int bpf_open(uint32_t id) MUST;

#endif
