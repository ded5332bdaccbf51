/* SPDX-License-Identifier: ISC */
/* update: new limits for the group, for systemd, and for who asks later. */
#include "cgroup/cgroup.h"
#include "oci/box.h"
#include "sys/fd.h"

#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

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

int
oci_read_resources(struct oci *c, const char *path, struct resources *r,
                   struct err *e)
{
	AUTO(close) int fd = strcmp(path, "-") == 0
	        ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);
	AUTO(buf) struct buf text = { 0 };

	if (fd < 0 || fd_read(fd, BOX_MOST, &text) < 0)
		return fail_sys(e, "'%s'", path);
	return spec_read_resources(r, text.data ? text.data : "", text.n,
	                           &c->arena, e);
}

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

/* What is new to the old replaces it, number by number or list by list. */
static void
merge_all(struct resources *to, const struct resources *from, struct arena *a)
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

/* v2 has a limit for swap alone: what it is depends on memory's, which may have
 * been said before. */
static struct resources
complete(const struct resources *r, const struct resources *old,
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

/*
 * The group first, as it may refuse; then systemd, or it would undo that at its
 * next reload. What is noted is for a later update, and for who reads it.
 */
int
oci_update(struct oci *c, const struct resources *r, struct err *e)
{
	AUTO(cgroup) struct cgroup g = { 0 };
	struct linux_part *l;
	struct resources now;

	if (box_lock(c, e) < 0 || box_read(c, e) < 0 || box_spec(c, e) < 0 ||
	    box_group(c, &g, e) < 0)
		return -1;
	l = c->spec.linux_part;
	if (!l->resources)
		l->resources = arena_new(&c->spec.arena,
		                         sizeof(*l->resources));
	now = complete(r, l->resources, &c->arena);
	if (cgroup_limit(&g, &now, e) < 0)
		return -1;
	merge_all(l->resources, r, &c->spec.arena);
	if (c->record.scope.name &&
	    systemd_limit(&c->record.scope, l->resources, e) < 0)
		return -1;
	return box_write_spec(c, e);
}
