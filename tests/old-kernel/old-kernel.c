/* SPDX-License-Identifier: ISC */
/* old-kernel COMMAND…: run it as if the kernel were of the time of 5.4. */
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifdef __x86_64__
#define ARCHITECTURE AUDIT_ARCH_X86_64
#else
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

/*
 * What is younger than the floor that core/ARCHITECTURE.md sets, or may be
 * left out of a kernel of that age; the numbers are the same everywhere.
 */
static const int hidden[] = {
	428, /* open_tree, 5.2 */
	429, /* move_mount */
	430, /* fsopen */
	431, /* fsconfig */
	432, /* fsmount */
	433, /* fspick */
	434, /* pidfd_open, 5.3 */
	435, /* clone3, 5.3 */
	436, /* close_range, 5.9 */
	437, /* openat2, 5.6 */
	438, /* pidfd_getfd, 5.6 */
	439, /* faccessat2, 5.8 */
	441, /* epoll_pwait2, 5.11 */
	442, /* mount_setattr, 5.12 */
	457, /* statmount, 6.8 */
	458, /* listmount, 6.8 */
	467, /* open_tree_attr, 6.15 */
};

#define COUNT (sizeof hidden / sizeof *hidden)

int
main(int argc, char **argv)
{
	struct sock_filter code[5 + 2 * COUNT], *at = code;
	struct sock_fprog program = { .filter = code };
	size_t i;

	if (argc < 2) {
		fprintf(stderr, "usage: old-kernel COMMAND [ARG...]\n");
		return 125;
	}
	*at++ = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
	        offsetof(struct seccomp_data, arch));
	*at++ = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
	        ARCHITECTURE, 1, 0);
	*at++ = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K,
	        SECCOMP_RET_ALLOW);
	*at++ = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
	        offsetof(struct seccomp_data, nr));
	for (i = 0; i < COUNT; i++) {
		*at++ = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K,
		        (unsigned)hidden[i], 0, 1);
		*at++ = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K,
		        SECCOMP_RET_ERRNO | ENOSYS);
	}
	*at++ = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K,
	        SECCOMP_RET_ALLOW);
	program.len = (unsigned short)(at - code);

	/* root needs no no_new_privs, which would change what is tested */
	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) < 0 &&
	    (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
	     syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) < 0)) {
		fprintf(stderr, "old-kernel: seccomp: %s\n", strerror(errno));
		return 125;
	}
	execvp(argv[1], argv + 1);
	fprintf(stderr, "old-kernel: %s: %s\n", argv[1], strerror(errno));
	return 127;
}
