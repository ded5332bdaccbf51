/* SPDX-License-Identifier: ISC */
/* Limits, scheduling and other numbers of the process. */
#include "init/child.h"

#include <errno.h>
#include <inttypes.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define COUNT(table) (sizeof(table) / sizeof(*(table)))

/* A number of the kernel's for a word of the specification. */
struct named {
	const char *name;
	uint64_t value;
};

/* sched(7); the libcs lack some of the names */
static const struct named policies[] = {
	{ "SCHED_OTHER", 0 }, { "SCHED_FIFO", 1 }, { "SCHED_RR", 2 },
	{ "SCHED_BATCH", 3 }, { "SCHED_ISO", 4 },  { "SCHED_IDLE", 5 },
	{ "SCHED_DEADLINE", 6 },
};

/* linux/sched.h */
static const struct named scheduler_flags[] = {
	{ "SCHED_FLAG_RESET_ON_FORK", 0x01 },
	{ "SCHED_FLAG_RECLAIM", 0x02 },
	{ "SCHED_FLAG_DL_OVERRUN", 0x04 },
	{ "SCHED_FLAG_KEEP_POLICY", 0x08 },
	{ "SCHED_FLAG_KEEP_PARAMS", 0x10 },
	{ "SCHED_FLAG_UTIL_CLAMP_MIN", 0x20 },
	{ "SCHED_FLAG_UTIL_CLAMP_MAX", 0x40 },
};

/* ioprio_set(2) */
static const struct named io_classes[] = {
	{ "IOPRIO_CLASS_RT", 1 }, { "IOPRIO_CLASS_BE", 2 },
	{ "IOPRIO_CLASS_IDLE", 3 },
};

#define IO_CLASS_SHIFT 13
#define IO_WHO_PROCESS 1

/* sched_setattr(2), version 0 */
struct scheduling {
	uint32_t size, policy;
	uint64_t flags;
	int32_t nice;
	uint32_t priority;
	uint64_t runtime, deadline, period;
};

static int
find(const struct named *table, size_t n, const char *name, uint64_t *value,
     struct err *e)
{
	for (size_t i = 0; i < n; i++) {
		if (name && strcmp(table[i].name, name) == 0) {
			*value = table[i].value;
			return 0;
		}
	}
	return fail(e, EINVAL, "'%s': no such name", name ? name : "");
}

/*
 * Raising the hard limit takes CAP_SYS_RESOURCE. Without it the container gets
 * what there is, and a word about it.
 */
static int
set_limit(const struct child *c, const struct rlimit_row *row, struct err *e)
{
	int which = spec_rlimit_number(row->type);
	struct rlimit want = { row->soft, row->hard }, now;

	if (which < 0)
		return fail(e, EINVAL, "'%s': no such limit", row->type);
	if (prlimit(0, which, &want, NULL) == 0)
		return 0;
	if (errno != EPERM || prlimit(0, which, NULL, &now) < 0)
		return fail_sys(e, "%s", row->type);
	if (want.rlim_max > now.rlim_max)
		want.rlim_max = now.rlim_max;
	if (want.rlim_cur > want.rlim_max)
		want.rlim_cur = want.rlim_max;
	if (prlimit(0, which, &want, NULL) < 0)
		return fail_sys(e, "%s", row->type);
	init_warn(c, "%s: %" PRIu64 ":%" PRIu64 " instead of %" PRIu64
	          ":%" PRIu64 "; raising it needs CAP_SYS_RESOURCE", row->type,
	          (uint64_t)want.rlim_cur, (uint64_t)want.rlim_max, row->soft,
	          row->hard);
	return 0;
}

static int
set_io_priority(const struct io_priority *io, struct err *e)
{
	uint64_t class;

	if (find(io_classes, COUNT(io_classes), io->class, &class, e) < 0)
		return fail_in(e, "ioPriority.class");
	if (syscall(SYS_ioprio_set, IO_WHO_PROCESS, 0,
	            class << IO_CLASS_SHIFT | (uint64_t)io->priority.value) < 0)
		return fail_sys(e, "ioPriority");
	return 0;
}

static int
set_scheduler(const struct scheduler *s, pid_t pid, struct err *e)
{
	struct scheduling want = {
		.size = sizeof(want),
		.nice = (int32_t)s->nice.value,
		.priority = (uint32_t)s->priority.value,
		.runtime = (uint64_t)s->runtime.value,
		.deadline = (uint64_t)s->deadline.value,
		.period = (uint64_t)s->period.value,
	};
	uint64_t policy, flag;

	if (find(policies, COUNT(policies), s->policy, &policy, e) < 0)
		return fail_in(e, "scheduler.policy");
	want.policy = (uint32_t)policy;
	for (size_t i = 0; i < s->flags.n; i++) {
		if (find(scheduler_flags, COUNT(scheduler_flags),
		         s->flags.v[i], &flag, e) < 0)
			return fail_in(e, "scheduler.flags");
		want.flags |= flag;
	}
	if (syscall(SYS_sched_setattr, pid, &want, 0) < 0)
		return fail_sys(e, "scheduler");
	return 0;
}

/* "0-3,7"; what is wrong with it is for the caller to say. */
static int
read_cpus(const char *text, cpu_set_t *set)
{
	CPU_ZERO(set);
	while (*text) {
		char *end;
		unsigned long first, last;

		first = last = strtoul(text, &end, 10);
		if (end == text)
			return -1;
		if (*end == '-')
			last = strtoul(text = end + 1, &end, 10);
		if (end == text || last >= CPU_SETSIZE || first > last)
			return -1;
		for (; first <= last; first++)
			CPU_SET(first, set);
		text = end + (*end == ',');
		if (*end && *end != ',')
			return -1;
	}
	return 0;
}

int
init_set_affinity(const char *cpus, struct err *e)
{
	cpu_set_t set;

	if (!cpus || !*cpus)
		return 0;
	if (read_cpus(cpus, &set) < 0)
		return fail(e, EINVAL, "execCPUAffinity '%s': not a list such "
		            "as 0-3,7", cpus);
	if (sched_setaffinity(0, sizeof(set), &set) < 0)
		return fail_sys(e, "execCPUAffinity '%s'", cpus);
	return 0;
}

static int
set_memory_policy(const struct memory_policy *m, struct err *e)
{
	int mode = spec_word_value(spec_memory_modes, m->mode);
	cpu_set_t nodes; /* the same form, bit by bit */
	bool any = m->nodes && *m->nodes;

	for (size_t i = 0; i < m->flags.n; i++)
		mode |= spec_word_value(spec_memory_flags, m->flags.v[i]);
	if (read_cpus(any ? m->nodes : "", &nodes) < 0)
		return fail(e, EINVAL, "memoryPolicy.nodes '%s': not a list "
		            "such as 0-3,7", m->nodes);
	if (syscall(SYS_set_mempolicy, mode, any ? &nodes : NULL,
	            any ? CPU_SETSIZE + 1 : 0) < 0)
		return fail_sys(e, "memoryPolicy %s", m->mode);
	return 0;
}

static int
set_personality(const struct personality *p, struct err *e)
{
	if (!p || !p->domain || strcmp(p->domain, "LINUX") == 0)
		return 0;
	if (strcmp(p->domain, "LINUX32") != 0)
		return fail(e, EINVAL, "personality '%s': not known",
		            p->domain);
	return personality(PER_LINUX32) < 0 ? fail_sys(e, "personality") : 0;
}

int
init_set_scheduler(const struct spec *spec, pid_t pid, struct err *e)
{
	const struct process *p = spec->process;

	return p->scheduler ? set_scheduler(p->scheduler, pid, e) : 0;
}

int
init_limits(struct child *c, struct err *e)
{
	const struct process *p = c->spec.process;
	const struct linux_part *l = c->spec.linux_part;

	for (size_t i = 0; i < p->n_rlimits; i++)
		if (set_limit(c, &p->rlimits[i], e) < 0)
			return -1;
	if (p->io_priority && set_io_priority(p->io_priority, e) < 0)
		return -1;
	/* Some policies do not come over a fork, and some allow none. */
	if (!init_is_to_be_born(c) &&
	    init_set_scheduler(&c->spec, 0, e) < 0)
		return -1;
	/* Of an additional process; `initial` was before the cgroup. */
	if (c->plan->exec && p->cpu_affinity &&
	    init_set_affinity(p->cpu_affinity->final, e) < 0)
		return -1;
	if (l && l->memory_policy &&
	    set_memory_policy(l->memory_policy, e) < 0)
		return -1;
	umask(p->user.umask.set ? (mode_t)p->user.umask.value : 022);
	return l ? set_personality(l->personality, e) : 0;
}
