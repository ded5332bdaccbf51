/* SPDX-License-Identifier: ISC */
/* Shared by the files of this room: finding trees, and their knobs. */
#ifndef CGROUP_PARTS_H
#define CGROUP_PARTS_H

#include "cgroup/cgroup.h"

#include <linux/bpf.h>

/* find.c: the mounts, with dir -1; checks and keeps the path. */
int cgroup_find(struct cgroup *g, const char *path, struct err *e) MUST;
/* The mount point itself (O_PATH), if a cgroup file system is there. */
int cgroup_base(const struct cgroup_tree *t) MUST;
/* The tree with that v1 controller; "" finds the one of v2. */
const struct cgroup_tree *cgroup_tree(const struct cgroup *g,
                                      const char *controller);
/* Where all processes of the group are listed, or NULL. */
const struct cgroup_tree *cgroup_main_tree(const struct cgroup *g);

/* knob.c: files of a group. The first three return -1 with errno. */
int cgroup_knob_open(int dir, const char *file, int flags) MUST;
int cgroup_knob_put(int dir, const char *file, const char *text) MUST;
/* The first bytes, ended by NUL, without the last newline; the length. */
ssize_t cgroup_knob_get(int dir, const char *file, char *text,
                        size_t room) MUST;
bool cgroup_knob_is(const struct cgroup_tree *t, const char *file);
int cgroup_write(const struct cgroup_tree *t, const char *file,
                 struct err *e, const char *format, ...)
        __attribute__((format(printf, 4, 5))) MUST;
/* Fill in *e for a write that failed with errno. */
int cgroup_refused(const char *file, const char *text, struct err *e) MUST;
/* A number, or what stands behind the word `key` in a file of many. */
int64_t cgroup_number(const struct cgroup_tree *t, const char *file);
int64_t cgroup_number_of(const struct cgroup_tree *t, const char *file,
                         const char *key);

/* v2.c: controllers on the way down. */
void cgroup_enable(const struct cgroup_tree *t, const char *path);
bool cgroup_has_controller(const struct cgroup_tree *t,
                           const char *controller);
int cgroup_missing_v2(const struct cgroup *g, const struct cgroup_tree *t,
                      const char *controller, struct err *e) MUST;

/* remove.c: with patience for `wait` nanoseconds; -1 with errno. */
int cgroup_rmdir(int base, const char *path, int64_t wait) MUST;
int cgroup_first_child(int dir, char name[256]) MUST;

/* pids.c: are there processes in the group or its sub-groups? */
bool cgroup_is_busy(int dir);

/* knob.c: sleep longer each time; false when it is over, by clock_ns. */
bool cgroup_nap(int64_t *nap, int64_t end);

/* What one controller does with its part of the resources. */
typedef int cgroup_limiter(const struct cgroup_tree *t,
                           const struct resources *r, struct err *e);
cgroup_limiter cgroup_memory_v1, cgroup_memory_v2, cgroup_cpu_v1,
        cgroup_cpu_v2, cgroup_cpuset, cgroup_pids_max, cgroup_io_v1,
        cgroup_io_v2, cgroup_hugetlb_v1, cgroup_hugetlb_v2, cgroup_net_cls,
        cgroup_net_prio, cgroup_rdma, cgroup_unified;

/*
 * Device rules, reduced to what is left of them: all devices but those of the
 * list, or none but those.
 */
enum { CGROUP_MKNOD = 1, CGROUP_READ = 2, CGROUP_WRITE = 4 };

struct cgroup_device {
	char type;            /* 'b', 'c' */
	int64_t major, minor; /* -1: all */
	int access;           /* CGROUP_MKNOD | … */
};

struct cgroup_devices {
	bool allow; /* what is not listed */
	struct cgroup_device *v;
	size_t n;
};

int cgroup_reduce_devices(const struct device_rule *rules, size_t n,
                          struct arena *a, struct cgroup_devices *out,
                          struct err *e) MUST;
int cgroup_device_access(const char *text, int *access,
                         struct err *e) MUST;

/* The same rules as a BPF program, in the arena. */
struct cgroup_program {
	struct bpf_insn *code;
	size_t n;
};

int cgroup_device_program(const struct device_rule *rules, size_t n,
                          struct arena *a, struct cgroup_program *out,
                          struct err *e) MUST;

int cgroup_limit_devices(const struct cgroup *g, const struct resources *r,
                         struct err *e) MUST;

#endif
