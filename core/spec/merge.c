/* SPDX-License-Identifier: ISC */
/* New limits and those that there were. */
#include "spec/spec.h"

#include <stddef.h>

#define COUNT(table) (sizeof(table) / sizeof(*(table)))

static const size_t memory_numbers[] = {
	offsetof(struct memory, limit), offsetof(struct memory, reservation),
	offsetof(struct memory, swap), offsetof(struct memory, kernel),
	offsetof(struct memory, kernel_tcp),
	offsetof(struct memory, swappiness),
};

static const size_t cpu_numbers[] = {
	offsetof(struct cpu, shares), offsetof(struct cpu, quota),
	offsetof(struct cpu, burst), offsetof(struct cpu, period),
	offsetof(struct cpu, realtime_runtime),
	offsetof(struct cpu, realtime_period), offsetof(struct cpu, idle),
};

static void
merge(void *to, const void *from, const size_t *at, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct number *new =
		        (const void *)((const char *)from + at[i]);

		if (new->set)
			*(struct number *)((char *)to + at[i]) = *new;
	}
}

static void
merge_cpu(struct cpu *to, const struct cpu *from)
{
	merge(to, from, cpu_numbers, COUNT(cpu_numbers));
	if (from->cpus && *from->cpus)
		to->cpus = from->cpus;
	if (from->mems && *from->mems)
		to->mems = from->mems;
}

void
spec_merge_resources(struct resources *to, const struct resources *from,
                     struct arena *a)
{
	if (from->memory) {
		if (!to->memory)
			to->memory = arena_new(a, sizeof(*to->memory));
		merge(to->memory, from->memory, memory_numbers,
		      COUNT(memory_numbers));
	}
	if (from->cpu) {
		if (!to->cpu)
			to->cpu = arena_new(a, sizeof(*to->cpu));
		merge_cpu(to->cpu, from->cpu);
	}
	if (from->pids && from->pids->limit.set)
		to->pids = from->pids;
	if (from->block_io)
		to->block_io = from->block_io;
	if (from->n_huge_pages) {
		to->huge_pages = from->huge_pages;
		to->n_huge_pages = from->n_huge_pages;
	}
	if (from->n_rdma) {
		to->rdma = from->rdma;
		to->n_rdma = from->n_rdma;
	}
	for (size_t i = 0; i < from->unified.n; i++)
		pairs_set(a, &to->unified, from->unified.v[i].key,
		          from->unified.v[i].value);
}

struct resources
spec_update_of(const struct resources *r, const struct resources *old,
               struct arena *a)
{
	struct resources now = *r;

	if (!r->memory || !r->memory->swap.set || r->memory->limit.set ||
	    !old->memory)
		return now;
	now.memory = arena_new(a, sizeof(*now.memory));
	*now.memory = *r->memory;
	now.memory->limit = old->memory->limit;
	return now;
}
