/* SPDX-License-Identifier: ISC */
/* The memory controller, v1 and v2. */
#include "cgroup/parts.h"

#include <errno.h>
#include <inttypes.h>
#include <unistd.h>

/* A limit of 0 is none: docker and runc write it so. */
static bool
is_asked(struct number n)
{
	return n.set && n.value != 0;
}

static int
put(const struct cgroup_tree *t, const char *file, int64_t bytes,
    struct err *e)
{
	if (bytes < -1)
		return fail(e, EINVAL, "%s: %" PRId64 " is no size", file,
		            bytes);
	if (bytes < 0 && !*t->name)
		return cgroup_write(t, file, e, "max");
	return cgroup_write(t, file, e, "%" PRId64, bytes);
}

/* The kernel would kill (v2) or try for long to reclaim (v1). */
static int
check_usage(const struct cgroup_tree *t, const struct memory *m,
            const char *file, struct err *e)
{
	int64_t usage;

	if (!m->check_before_update || !is_asked(m->limit) ||
	    m->limit.value < 0)
		return 0;
	usage = cgroup_number(t, file);
	if (usage <= m->limit.value)
		return 0;
	return fail(e, EBUSY, "memory.limit: %" PRId64 " bytes are in use, "
	            "more than the limit of %" PRId64, usage, m->limit.value);
}

/* A kernel without swap (no /proc/swaps) has no knob, and needs none. */
static int
put_swap(const struct cgroup_tree *t, const char *file, int64_t bytes,
         struct err *e)
{
	if (put(t, file, bytes, e) == 0)
		return 0;
	if (e->code != ENOENT)
		return -1;
	if (bytes < 0 || access("/proc/swaps", F_OK) < 0)
		return 0;
	return fail(e, ENOTSUP, "memory.swap: %s is not there, as this kernel "
	            "does not count swap; boot with swapaccount=1, or leave "
	            "swap unlimited (-1)", file);
}

static int
explain_limit(const struct cgroup_tree *t, int64_t limit, struct err *e)
{
	int64_t both = cgroup_number(t, "memory.memsw.limit_in_bytes");

	if (e->code == EBUSY)
		return fail(e, EBUSY, "memory.limit: more than %" PRId64
		            " bytes are in use, and the kernel cannot "
		            "reclaim them", limit);
	if (e->code == EINVAL && both >= 0 && limit > both)
		return fail(e, EINVAL, "memory.limit: %" PRId64 " is more "
		            "than the limit of memory and swap, %" PRId64
		            "; raise that too", limit, both);
	return -1;
}

/*
 * The kernel holds limit <= memsw at every moment, and says EINVAL if a write
 * would break that. So the limit goes first, unless it is being raised above
 * the old memsw.
 *
 * source   mem_cgroup_resize_max in mm/memcontrol-v1.c
 */
static int
limit_both(const struct cgroup_tree *t, int64_t limit, int64_t both,
           struct err *e)
{
	static const char memory[] = "memory.limit_in_bytes";
	static const char memsw[] = "memory.memsw.limit_in_bytes";

	if (limit && put(t, memory, limit, e) < 0) {
		if (e->code != EINVAL || !both)
			return explain_limit(t, limit, e);
		if (put_swap(t, memsw, both, e) < 0)
			return -1;
		if (put(t, memory, limit, e) < 0)
			return explain_limit(t, limit, e);
		return 0;
	}
	return both ? put_swap(t, memsw, both, e) : 0;
}

/* Kernels since 5.16 refuse it, and still later ones just ignore it. */
static int
limit_kernel(const struct cgroup_tree *t, const struct memory *m,
             struct err *e)
{
	static const char file[] = "memory.kmem.limit_in_bytes";
	int64_t wanted = m->kernel.value;

	if (is_asked(m->kernel)) {
		if (put(t, file, wanted, e) < 0 && e->code != EOPNOTSUPP &&
		    e->code != ENOENT)
			return -1;
		if (wanted > 0 && (cgroup_number(t, file) < 0 ||
		                   cgroup_number(t, file) == INT64_MAX))
			return fail(e, ENOTSUP, "memory.kernel: this kernel "
			            "has no limit of kernel memory any more");
	}
	if (!is_asked(m->kernel_tcp))
		return 0;
	return put(t, "memory.kmem.tcp.limit_in_bytes", m->kernel_tcp.value,
	           e);
}

static int
set_swappiness(const struct cgroup_tree *t, const struct memory *m,
               struct err *e)
{
	if (!m->swappiness.set || m->swappiness.value == -1)
		return 0;
	if (m->swappiness.value < 0 || m->swappiness.value > 100)
		return fail(e, EINVAL, "memory.swappiness: %" PRId64
		            " is not from 0 to 100", m->swappiness.value);
	return cgroup_write(t, "memory.swappiness", e, "%" PRId64,
	                    m->swappiness.value);
}

int
cgroup_memory_v1(const struct cgroup_tree *t, const struct resources *r,
                 struct err *e)
{
	const struct memory *m = r->memory;
	int64_t limit = m->limit.set ? m->limit.value : 0;
	int64_t both = m->swap.set ? m->swap.value : 0;

	if (both > 0 && limit > both)
		return fail(e, EINVAL, "memory.swap: it counts memory and "
		            "swap together, and so must not be less than the "
		            "limit of memory");
	/* Kernel memory first: once there are processes, it is too late. */
	if (limit_kernel(t, m, e) < 0)
		return -1;
	if (m->use_hierarchy &&
	    cgroup_number(t, "memory.use_hierarchy") == 0 &&
	    cgroup_write(t, "memory.use_hierarchy", e, "1") < 0)
		return -1;
	if (check_usage(t, m, "memory.usage_in_bytes", e) < 0)
		return -1;
	if (limit == -1 && !both)
		both = -1;
	if (limit_both(t, limit, both, e) < 0)
		return -1;
	if (is_asked(m->reservation) &&
	    put(t, "memory.soft_limit_in_bytes", m->reservation.value, e) < 0)
		return -1;
	if (set_swappiness(t, m, e) < 0)
		return -1;
	return m->disable_oom_killer
	               ? cgroup_write(t, "memory.oom_control", e, "1")
	               : 0;
}

static int
refuse_v1_words(const struct memory *m, struct err *e)
{
	const char *word = is_asked(m->kernel)       ? "kernel"
	                   : is_asked(m->kernel_tcp) ? "kernelTCP"
	                   : m->disable_oom_killer   ? "disableOOMKiller"
	                   : m->swappiness.set && m->swappiness.value != -1
	                           ? "swappiness"
	                           : NULL;

	if (!word)
		return 0;
	return fail(e, ENOTSUP, "memory.%s: cgroup v2 has nothing like it",
	            word);
}

static int
limit_swap_v2(const struct cgroup_tree *t, const struct memory *m,
              struct err *e)
{
	int64_t limit = m->limit.set ? m->limit.value : 0, swap = -1;

	if (!is_asked(m->swap))
		return limit == -1 ? put_swap(t, "memory.swap.max", -1, e) : 0;
	if (limit == 0) {
		limit = cgroup_number(t, "memory.max");
		if (limit == INT64_MAX)
			limit = 0;
	}
	if (cgroup_swap(limit, m->swap.value, &swap, e) < 0)
		return -1;
	return put_swap(t, "memory.swap.max", swap, e);
}

/*
 * The kernel takes a memory.max below what is in use, reclaims, and kills.
 * Swap goes first: if it is refused, nothing has been changed.
 */
int
cgroup_memory_v2(const struct cgroup_tree *t, const struct resources *r,
                 struct err *e)
{
	const struct memory *m = r->memory;

	if (refuse_v1_words(m, e) < 0 ||
	    check_usage(t, m, "memory.current", e) < 0 ||
	    limit_swap_v2(t, m, e) < 0)
		return -1;
	if (is_asked(m->limit) && put(t, "memory.max", m->limit.value, e) < 0)
		return -1;
	if (is_asked(m->reservation) && m->reservation.value == -1)
		return cgroup_write(t, "memory.low", e, "0");
	if (is_asked(m->reservation) &&
	    put(t, "memory.low", m->reservation.value, e) < 0)
		return -1;
	return 0;
}
