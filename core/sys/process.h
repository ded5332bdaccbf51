/* SPDX-License-Identifier: ISC */
/* Processes: clone into a cgroup, pidfds, start times, sealed self. */
#ifndef SYS_PROCESS_H
#define SYS_PROCESS_H

#include "base/err.h"
#include "base/mem.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * Fork with namespaces: clone3, or clone where the kernel has none.
 *
 * flags    CLONE_NEW…
 * cgroup   directory of a v2 cgroup to be born in, -1: none. *born tells
 *          whether that was done; if not, somebody has to put the child there
 * pidfd    receives a pidfd; -1 on kernels that have none
 * returns  as fork: 0 in the child, the pid in the parent, -1 with *e
 */
pid_t process_clone(uint64_t flags, int cgroup, bool *born, int *pidfd,
                    struct err *e) MUST;

/*
 * The same for a child that will execute something at once: where it can be
 * done the child has our memory, and we wait until it has executed or ended.
 * That spares a copy of all page tables, and afterwards a fault for each page.
 *
 * child   what it does; it does not return, and what it writes to memory we
 *         may see
 */
struct process_spawn {
	uint64_t flags;
	int cgroup;
	void (*child)(void *with);
	void *with;
	bool born; /* filled in, as is pidfd */
	int pidfd;
};

pid_t process_spawn(struct process_spawn *s, struct err *e) MUST;

/*
 * Fork a child of our parent's: its pid, to us, or 0 in the child. By the old
 * clone, which filters of system calls know, and these flags; errno.
 */
#define PROCESS_SIBLING_FLAGS UINT64_C(0x8000) /* CLONE_PARENT */
pid_t process_sibling(void) MUST;

/* -1 with errno ENOSYS on kernels before 5.3, ESRCH when it is gone. */
int process_pidfd(pid_t pid) MUST;

/* Signal through the pidfd if >= 0, else by pid; ESRCH is success. */
int process_signal(int pidfd, pid_t pid, int signal, struct err *e) MUST;

/*
 * Wait for a child. Returns 0 and its exit status as a shell has it: 128+n
 * for signal n.
 */
int process_wait(pid_t pid, int *status, struct err *e) MUST;

/* A field of the text of /proc/PID/stat, from 3 (the state) on; NULL if there
 * is none. */
const char *process_field(const char *stat, int number);

/* When the process started, in clock ticks since boot (field 22 of
 * /proc/PID/stat); -1 when there is none, or it is a zombie. */
int64_t process_start_time(pid_t pid);

/*
 * Is this still the process that had that pid then? Where there is no /proc (a
 * bare chroot) start times are unknown, ours, too; then a process of that
 * number has to do. With /proc, one without a start time had ended before it
 * could be looked at.
 *
 * start    what process_start_time said, -1: nothing
 * boot     the boot id of then, NULL: not known
 */
bool process_is_same(pid_t pid, int64_t start, const char *boot);

/* A pidfd, or where the kernel has none a directory that ends with it. -1 with
 * errno, ESRCH when it is gone. */
int process_open(pid_t pid) MUST;

/* The path of our own file; "mydocker" where there is no /proc. */
char *process_self(struct arena *a);

/* The boot id of the kernel, for records; NULL where there is no /proc. */
char *process_boot(struct arena *a);

/*
 * A descriptor of our own executable that nobody can write to through
 * /proc/PID/exe: a read-only detached mount of it; a sealed memfd copy where
 * the kernel has no such calls. Close-on-exec.
 */
int process_sealed_self(struct err *e) MUST;

#endif
