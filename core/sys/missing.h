/* SPDX-License-Identifier: ISC */
/* What a libc or the kernel headers of a build machine may lack. */
#ifndef SYS_MISSING_H
#define SYS_MISSING_H

#include <fcntl.h>
#include <linux/mount.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>

/* System calls since 5.2 have the same number everywhere (asm-generic). */
#ifndef SYS_open_tree
#define SYS_open_tree 428
#define SYS_move_mount 429
#define SYS_fsopen 430
#define SYS_fsconfig 431
#define SYS_fsmount 432
#define SYS_fspick 433
#endif
#ifndef SYS_pidfd_send_signal
#define SYS_pidfd_send_signal 424
#endif
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_clone3
#define SYS_clone3 435
#endif
#ifndef SYS_close_range
#define SYS_close_range 436
#endif
#ifndef SYS_openat2
#define SYS_openat2 437
#endif
#ifndef SYS_mount_setattr
#define SYS_mount_setattr 442
#endif

/*
 * clone3 with CLONE_VM and CLONE_VFORK on the caller's own stack: the child
 * may not return through a libc function whose return address it overwrites
 * for its parent, so the call stands in the caller's code. Returns as the
 * kernel does, -errno on failure.
 */
static inline __attribute__((always_inline)) long
clone3_in_place(void *args, unsigned long bytes)
{
#if defined(__x86_64__)
	long result;

	__asm__ volatile("syscall" : "=a"(result)
	                 : "0"((long)SYS_clone3), "D"(args), "S"(bytes)
	                 : "rcx", "r11", "memory");
	return result;
#elif defined(__aarch64__)
	register long call __asm__("x8") = SYS_clone3;
	register void *first __asm__("x0") = args;
	register unsigned long second __asm__("x1") = bytes;

	__asm__ volatile("svc 0" : "+r"(first)
	                 : "r"(call), "r"(second) : "memory", "cc");
	return (long)first;
#else
	return -38; /* ENOSYS: the caller forks instead */
#endif
}

#ifndef CLOSE_RANGE_CLOEXEC
#define CLOSE_RANGE_CLOEXEC (1U << 2)
#endif

#ifndef RENAME_NOREPLACE
#define RENAME_NOREPLACE (1 << 0)
#endif
#ifndef RENAME_EXCHANGE
#define RENAME_EXCHANGE (1 << 1)
#endif

#ifndef MOUNT_ATTR_NOSYMFOLLOW
#define MOUNT_ATTR_NOSYMFOLLOW 0x00200000
#endif
#ifndef MOUNT_ATTR_IDMAP
#define MOUNT_ATTR_IDMAP 0x00100000
#endif
#ifndef MS_NOSYMFOLLOW
#define MS_NOSYMFOLLOW 256
#endif
#ifndef ST_NOSYMFOLLOW
#define ST_NOSYMFOLLOW 0x2000
#endif
#ifndef ST_RELATIME
#define ST_RELATIME 4096
#endif

#ifndef STATX_ATTR_MOUNT_ROOT
#define STATX_ATTR_MOUNT_ROOT 0x00002000
#endif

/* Linux 5.8; and where in struct statx it stands, which musl does not say. */
#ifndef STATX_MNT_ID
#define STATX_MNT_ID 0x1000
#endif
#define STATX_MNT_ID_AT 0x90

#endif
