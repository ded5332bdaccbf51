/* SPDX-License-Identifier: ISC */
/* bpf(2), as far as device rules of cgroup v2 need it. */
#include "sys/bpf.h"

#include <errno.h>
#include <linux/bpf.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>

static int
call(int command, union bpf_attr *attr)
{
	return (int)syscall(SYS_bpf, command, attr, sizeof(*attr));
}

/*
 * Before 5.11 a program counts as locked memory, of which root too has but
 * 64 KiB by default, and too little shows as EPERM.
 */
static int
load_unlimited(union bpf_attr *attr)
{
	struct rlimit old, most = { RLIM_INFINITY, RLIM_INFINITY };
	int fd, code;

	if (getrlimit(RLIMIT_MEMLOCK, &old) < 0)
		return -1;
	if (setrlimit(RLIMIT_MEMLOCK, &most) < 0) {
		most.rlim_cur = most.rlim_max = old.rlim_max;
		if (setrlimit(RLIMIT_MEMLOCK, &most) < 0) {
			errno = EPERM;
			return -1;
		}
	}
	fd = call(BPF_PROG_LOAD, attr);
	code = errno;
	setrlimit(RLIMIT_MEMLOCK, &old);
	errno = code;
	return fd;
}

int
bpf_load_device(const struct bpf_insn *code, size_t n)
{
	union bpf_attr attr;
	int fd;

	memset(&attr, 0, sizeof(attr));
	attr.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE;
	attr.insns = (uintptr_t)code;
	attr.insn_cnt = (uint32_t)n;
	attr.license = (uintptr_t)"ISC";
	memcpy(attr.prog_name, "mydocker_device", 16);
	fd = call(BPF_PROG_LOAD, &attr);
	return fd < 0 && errno == EPERM ? load_unlimited(&attr) : fd;
}

int
bpf_attach_device(int cgroup, int program)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.target_fd = (uint32_t)cgroup;
	attr.attach_bpf_fd = (uint32_t)program;
	attr.attach_type = BPF_CGROUP_DEVICE;
	attr.attach_flags = BPF_F_ALLOW_MULTI;
	return call(BPF_PROG_ATTACH, &attr);
}

int
bpf_detach_device(int cgroup, int program)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.target_fd = (uint32_t)cgroup;
	attr.attach_bpf_fd = (uint32_t)program;
	attr.attach_type = BPF_CGROUP_DEVICE;
	return call(BPF_PROG_DETACH, &attr);
}

int
bpf_attached_devices(int cgroup, uint32_t ids[], uint32_t *n)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.query.target_fd = (uint32_t)cgroup;
	attr.query.attach_type = BPF_CGROUP_DEVICE;
	attr.query.prog_ids = (uintptr_t)ids;
	attr.query.prog_cnt = *n;
	if (call(BPF_PROG_QUERY, &attr) < 0)
		return -1;
	*n = attr.query.prog_cnt;
	return 0;
}

int
bpf_open(uint32_t id)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.prog_id = id;
	return call(BPF_PROG_GET_FD_BY_ID, &attr);
}
